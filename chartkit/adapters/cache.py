"""The cache folder: compiled charts between runs.

Entries are code that will be run, so nobody else may have written them: the folder and every file must belong to the
user who runs chartkit and be closed to everybody else's writing, or they are not looked at. Any fault means that there
is no cache; it is never an error.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from chartkit.codecache import CodeCache

VARIABLE: Final = "CHARTKIT_CACHE"
OFF: Final = frozenset({"off", "no", "0", "false"})
_ENDING: Final = ".ck"
_MOST_BYTES: Final = 64 * 1024 * 1024
_MOST_ENTRIES: Final = 1024
_USED_AGAIN_NS: Final = 24 * 3600 * 1_000_000_000
_OTHERS_MAY_WRITE: Final = 0o022
_CLOSED: Final = 0o077


class Usage(NamedTuple):
    """What a cache folder holds."""

    entries: int
    bytes: int


def cache_folder(environment: Mapping[str, str] = os.environ) -> str | None:
    """The folder of the cache: CHARTKIT_CACHE, else `chartkit` in the XDG folder; `None` where it is switched off."""
    chosen = environment.get(VARIABLE, "")
    if chosen.lower() in OFF or not hasattr(os, "geteuid"):
        return None
    if chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    return user_folder(environment)


def user_folder(environment: Mapping[str, str] = os.environ) -> str | None:
    """The folder for what can be had again (the XDG Base Directory Specification); `None` where there is no home."""
    base = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        # The standard says that a relative path there is to be ignored.
        home = environment.get("HOME", "")
        if not os.path.isabs(home):
            return None
        base = os.path.join(home, ".cache")
    return os.path.join(base, "chartkit")


def open_cache(environment: Mapping[str, str] = os.environ) -> CodeCache | None:
    """The user's cache; `None` where it is switched off or not safe to use."""
    folder = cache_folder(environment)
    return FolderCache(folder) if folder is not None and is_safe(folder) else None


class FolderCache:
    """Entries as files of one folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def load(self, name: str) -> bytes | None:
        """What was stored under a name, by this user."""
        path = os.path.join(self.folder, name + _ENDING)
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError:
            return None
        try:
            status = os.fstat(handle)
            if not _is_private_file(status) or status.st_size > _MOST_BYTES:
                return None
            data = _read(handle, status.st_size)
            self._mark_used(handle, status)
        except OSError:
            return None
        finally:
            os.close(handle)
        return data

    def store(self, name: str, data: bytes) -> None:
        """Keep an entry: written beside it under another name first, so that no reader sees a part of it."""
        path = os.path.join(self.folder, name + _ENDING)
        draft = f"{path}.{os.getpid()}.{os.urandom(4).hex()}"
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            if not is_safe(self.folder):
                return
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(data)
                os.replace(draft, path)
            except OSError:
                os.unlink(draft)
                raise
            self.prune()
        except OSError:
            return

    def prune(self) -> None:
        """Remove what was not used for longest, until the cache is within its bounds."""
        files = sorted(self._files(), key=lambda found: found[1].st_mtime_ns)
        count, size = len(files), sum(status.st_size for _, status in files)
        for path, status in files:
            if count <= _MOST_ENTRIES and size <= _MOST_BYTES:
                break
            _remove(path)
            count, size = count - 1, size - status.st_size

    def usage(self) -> Usage:
        """How much is kept."""
        sizes = [status.st_size for path, status in self._files() if path.endswith(_ENDING)]
        return Usage(len(sizes), sum(sizes))

    def clear(self) -> Usage:
        """Remove every entry; gives what was there."""
        held = self.usage()
        for path, _ in self._files():
            _remove(path)
        return held

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        """The entries, and what broken-off writers left behind."""
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    if _ENDING in entry.name and entry.is_file(follow_symlinks=False):
                        yield entry.path, entry.stat(follow_symlinks=False)
        except OSError:
            return

    def _mark_used(self, handle: int, status: os.stat_result) -> None:
        """Note now and then that an entry is in use, so that it is not pruned."""
        import time

        if time.time_ns() - status.st_mtime_ns > _USED_AGAIN_NS:
            os.utime(handle)


def is_safe(folder: str) -> bool:
    """Whether a folder belongs to us alone, or can still be made."""
    try:
        status = os.lstat(folder)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & _CLOSED


def _is_private_file(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_MAY_WRITE


def _read(handle: int, size: int) -> bytes:
    """The whole file."""
    parts = []
    while size > 0:
        part = os.read(handle, size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _remove(path: str) -> None:
    """Remove a file; another process may have been quicker."""
    try:
        os.unlink(path)
    except OSError:
        return
