"""Where a render's time comes from."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from chartkit.errors import InputError

_SECOND = 1_000_000_000


def system_clock() -> Callable[[], int]:
    """The machine's clock, in nanoseconds since 1970."""
    return time.time_ns


def standing_clock(environment: Mapping[str, str] = os.environ) -> Callable[[], int]:
    """A clock that stands still: at SOURCE_DATE_EPOCH where the environment has it, else at the start of 1970.

    Raises:
        InputError: if SOURCE_DATE_EPOCH is not a number of seconds.
    """
    seconds = environment.get("SOURCE_DATE_EPOCH", "0")
    if not seconds.isascii() or not seconds.isdigit():
        raise InputError(f"SOURCE_DATE_EPOCH is {seconds!r}, not a number of seconds since 1970")
    moment = int(seconds) * _SECOND
    return lambda: moment
