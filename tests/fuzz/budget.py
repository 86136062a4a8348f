"""Holds one input to its time and memory."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 20.0
"""What one input of at most 60 kB may take, on a machine that is busy with other things and with code instrumented."""


class TookTooLong(BaseException):
    """An input went over its time; no target may catch it."""


@contextmanager
def within(seconds: float = SECONDS) -> Iterator[None]:
    """Do something, but not for longer."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TookTooLong(f"took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def hold_memory(mebibytes: int) -> None:
    """Let this process have no more than so much memory from now on."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (mebibytes * 1024 * 1024,) * 2)
