"""What a terminal gets beside the text: colours, and a sign of life where something takes longer than a moment.

Programs and files get plain text. NO_COLOR switches colours off, FORCE_COLOR on, as https://no-color.org and
https://force-color.org have it; of both NO_COLOR counts.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TextIO

from chartkit.pattern import pattern

_RESET: Final = "\x1b[0m"
_BOLD: Final = "\x1b[1m"
_DIM: Final = "\x1b[2m"
_COLOURS: Final[Mapping[str, str]] = {"error": "\x1b[31m", "warning": "\x1b[33m", "info": "\x1b[36m"}
_FINDING: Final = pattern(r"^(.*?: |)(error|warning|info)( CK\d{3}[: ])", re.MULTILINE)
_DETAIL: Final = pattern(r"^(    (?:target|in|key|at|fix):)", re.MULTILINE)
_TOLD: Final = pattern(r"^(Error|error|warning|hint|note)(:)", re.MULTILINE)
_TOLD_COLOURS: Final[Mapping[str, str]] = {
    "Error": "\x1b[31m", "error": "\x1b[31m", "warning": "\x1b[33m", "hint": "\x1b[36m", "note": "\x1b[36m",
}  # fmt: skip

_PATIENCE: Final = 1.0
_STEP: Final = 0.5
_CLEAR: Final = "\r\x1b[K"


def has_colours(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether colours may go to a stream."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return environment.get("TERM") != "dumb" and stream.isatty()


def painted_report(text: str) -> str:
    """A report for people with its severities in colour."""
    text = _FINDING.sub(lambda found: f"{found[1]}{_BOLD}{_COLOURS[found[2]]}{found[2]}{_RESET}{found[3]}", text)
    return _DETAIL.sub(lambda found: f"{_DIM}{found[1]}{_RESET}", text)


def painted_message(text: str) -> str:
    """What is told on standard error with its first words in colour."""
    return _TOLD.sub(lambda found: f"{_BOLD}{_TOLD_COLOURS[found[1]]}{found[1]}{_RESET}{found[2]}", text)


class _Sign:
    """A line on standard error that says how long something has taken; gone as soon as anything else is printed."""

    def __init__(self) -> None:
        import threading

        self._lock = threading.Lock()
        self._shown = False
        self._ended = threading.Event()

    def watch(self, what: str) -> None:
        started = time.monotonic()
        if self._ended.wait(_PATIENCE):
            return
        while not self._ended.wait(_STEP):
            with self._lock:
                sys.stderr.write(f"{_CLEAR}{what} ... {time.monotonic() - started:.0f} s")
                sys.stderr.flush()
                self._shown = True

    def clear(self) -> None:
        with self._lock:
            if self._shown:
                sys.stderr.write(_CLEAR)
                sys.stderr.flush()
                self._shown = False

    def end(self) -> None:
        self._ended.set()
        self.clear()


_signs: list[_Sign] = []


@contextmanager
def sign_of_life(what: str) -> Iterator[None]:
    """Tell a person, from the second second on, that something is still under way.

    Args:
        what: what is: `chartkit relocate`.
    """
    if not sys.stderr.isatty():
        yield
        return
    sign = _Sign()
    _signs.append(sign)
    import threading

    threading.Thread(target=sign.watch, args=(what,), daemon=True).start()
    try:
        yield
    finally:
        sign.end()
        _signs.remove(sign)


def clear_line() -> None:
    """Make room for a text: take away what says that something is under way."""
    for sign in _signs:
        sign.clear()


def stop_signs() -> None:
    """Tell no more that something is under way: a command that shows its own progress takes over."""
    for sign in _signs:
        sign.end()
