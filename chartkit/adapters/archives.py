"""Writing a folder as a tar file: always the same bytes for the same files, and in one step."""

from __future__ import annotations

import os
import tarfile
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from chartkit.errors import InputError

_MODE: Final = 0o644


def write_tar(folder: Path, first: Sequence[str], target: Path, epoch: int) -> None:
    """Write the files of a folder into an uncompressed tar file, which is there only when it is complete.

    Args:
        folder: the folder.
        first: the files that come first, so that a reader has them early; the others follow by their names.
        target: the tar file.
        epoch: the moment that all files carry, in seconds since 1970.

    Raises:
        InputError: it cannot be written; what was there before is untouched.
    """
    if target.exists() and not target.is_file():
        # A file that is renamed over a device takes its place.
        raise InputError(f"cannot write {target}: it is no plain file")
    others = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    names = [*first, *(name for name in others if name not in first)]
    try:
        handle, partial = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
                    for name in names:
                        _add(archive, folder / name, name, epoch)
                stream.flush()
                os.fchmod(stream.fileno(), _MODE)
                os.fsync(stream.fileno())
            os.replace(partial, target)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(partial)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"cannot write {target}: {reason[:1].lower()}{reason[1:]}") from error


def _add(archive: tarfile.TarFile, path: Path, name: str, epoch: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = path.stat().st_size, _MODE, epoch
    with open(path, "rb") as stream:
        archive.addfile(member, stream)
