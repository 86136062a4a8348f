"""What the engine asks of a cache between runs, and how entries are named and sealed.

An entry is a marshalled value made from a chart's own files: parsed metadata and values.yaml, or generated code. It
never holds what a user gives: values files, flags, secrets.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterable
from typing import Any, Final, Protocol

from chartkit.version import __version__

try:
    # hashlib loads OpenSSL, which takes longer than to hash a chart.
    from _blake2 import blake2b
except ImportError:  # pragma: no cover
    from hashlib import blake2b

_FORMAT: Final = b"chartkit1\n"
_DIGEST_SIZE: Final = 20
_SOURCES: Final = (".", "chart", "gotemplate", "goyaml", "values")
"""The packages whose code decides what is in an entry."""


class CodeCache(Protocol):
    """A place for entries; it may lose them at any time, and never raises."""

    def load(self, name: str) -> bytes | None:
        """What was stored under a name."""
        ...

    def store(self, name: str, data: bytes) -> None:
        """Keep an entry, if that can be done."""
        ...


def digest(parts: Iterable[bytes]) -> str:
    """A name for content: no two contents share one."""
    total = blake2b(digest_size=_DIGEST_SIZE)
    for part in parts:
        total.update(b"%d:" % len(part))
        total.update(part)
    return total.hexdigest()


def engine_mark() -> bytes:
    """What an entry depends on besides its content: this Python, and this chartkit down to its source files.

    As Python does for its own compiled files, a source counts as changed when its size or time has.
    """
    folder = os.path.dirname(os.path.abspath(__file__))
    found = [sys.version, sys.implementation.cache_tag or "", __version__]
    for name in _SOURCES:
        try:
            with os.scandir(os.path.join(folder, name)) as entries:
                for entry in entries:
                    if entry.name.endswith(".py"):
                        status = entry.stat()
                        found.append(f"{name}/{entry.name} {status.st_size} {status.st_mtime_ns}")
        except OSError:
            # Not installed as files: then the version has to do.
            continue
    return "\n".join(sorted(found)).encode()


def seal(value: Any) -> bytes:
    """The bytes of an entry, with a checksum.

    Raises:
        ValueError: the value holds something that cannot be kept.
    """
    content = marshal.dumps(value)
    return _FORMAT + blake2b(content, digest_size=_DIGEST_SIZE).digest() + content


def unseal(data: bytes | None) -> Any:
    """What an entry holds; `None` where it is not there or damaged. Damaged bytes are never unmarshalled."""
    if data is None or not data.startswith(_FORMAT):
        return None
    start = len(_FORMAT) + _DIGEST_SIZE
    content = data[start:]
    if blake2b(content, digest_size=_DIGEST_SIZE).digest() != data[len(_FORMAT) : start]:
        return None
    try:
        return marshal.loads(content)
    except (EOFError, ValueError, TypeError):
        return None
