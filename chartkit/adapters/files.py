"""Writing files so that a reader sees the old content or the new one, never a part."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from chartkit.errors import InputError

_NEW_FILE_MODE = 0o644
_SECRET_FILE_MODE = 0o600


def write_atomic(path: Path, data: bytes, *, is_secret: bool = False) -> None:
    """Write a file in one step, making the folders above it.

    A file that is there keeps its permissions; a symbolic link is followed, not replaced. A file with secrets is for
    its owner alone, whatever it was before. A device or pipe is written to: it holds nothing that could be half.

    Raises:
        InputError: if the file cannot be written; it is then as it was.
    """
    target = Path(os.path.realpath(path))
    try:
        if _is_stream(path):
            # Whoever may write to /dev may also put a file in the place of /dev/null, for all programs.
            path.write_bytes(data)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data, _SECRET_FILE_MODE if is_secret else _mode(target))
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"cannot write {path}: {reason[:1].lower()}{reason[1:]}") from error


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write several files that are there, all or none: none is touched before all of the new ones lie on the disk.

    Raises:
        InputError: if one cannot be written; all are then as they were.
    """
    staged: list[tuple[str, Path]] = []
    old: dict[Path, bytes] = {}
    name = ""
    try:
        for path, data in files.items():
            name, target = str(path), Path(os.path.realpath(path))
            if target.exists() and not target.is_file():
                raise InputError(f"cannot write {path}: it is no plain file")
            staged.append((_staged(target, data, _mode(target)), target))
        while staged:
            temporary, target = staged[0]
            name = str(target)
            before = target.read_bytes()
            os.replace(temporary, target)
            old[target] = before
            staged.pop(0)
    except BaseException as error:
        for target, data in old.items():
            _replace(target, data, _mode(target))
        if not isinstance(error, OSError):
            raise
        reason = error.strerror or str(error)
        raise InputError(f"cannot write {name}: {reason[:1].lower()}{reason[1:]}") from error
    finally:
        for temporary, _ in staged:
            os.unlink(temporary)


def _replace(target: Path, data: bytes, mode: int) -> None:
    name = _staged(target, data, mode)
    try:
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _staged(target: Path, data: bytes, mode: int) -> str:
    """A new file beside another one, ready to take its place."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            os.fchmod(stream.fileno(), mode)
    except BaseException:
        os.unlink(name)
        raise
    return name


def _is_stream(path: Path) -> bool:
    """Whether a path is a device, a pipe or a socket."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _mode(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o7777
    except FileNotFoundError:
        return _NEW_FILE_MODE
