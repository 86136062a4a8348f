"""Files that the command line names, read as text; `-` is the standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chartkit.errors import InputError

if TYPE_CHECKING:
    from chartkit.images.locked import Lock

STDIN: Final = "-"


def read_text(name: str) -> str:
    """The text of a file, undecodable bytes as lone surrogates.

    Raises:
        InputError: it cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {name}: {(error.strerror or str(error)).lower()}") from error
    return data.decode("utf-8", "surrogateescape")


def read_lock_file(name: str) -> Lock:
    """The lock of images in a file of any known format.

    Raises:
        InputError: it cannot be read, or is no lock.
    """
    from chartkit.images.lock import read_lock

    return read_lock(read_text(name), name)
