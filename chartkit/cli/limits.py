"""The limits of a render, out of the configuration and the command line.

limits: {timeout: 30s, loop_steps: 1000000}     in chartkit.yaml
--timeout 30s --limit loop_steps=1000000        on the command line, which counts more
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.errors import LimitError
from chartkit.limits import DEFAULT_LIMITS, LIMIT_NAMES, Limits, hold_nodes
from chartkit.record import replace

LIMITS: Final = (
    Flag("timeout", "how long one render may take: 30s, 2m (default: no limit)", "duration"),
    Flag("limit", f"another limit, as NAME=NUMBER: {', '.join(LIMIT_NAMES)}", "repeated"),
)
"""The flags that bound what a chart may use."""

_UNITS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_SECONDS: Final = "seconds"
# The render looks at the clock itself between its steps; the alarm is for one step that does not end.
_GRACE_S: Final = 0.25


def gather_limits(words: Words, configured: Mapping[str, float]) -> None:
    """Put the limits that hold into the words, where `read_limits` finds them.

    Raises:
        UsageError: the duration is none.
    """
    given = [f"{name}={number!r}" for name, number in configured.items()] + words.texts("limit")
    if words.text("timeout"):
        given.append(f"{_SECONDS}={seconds_of(words.text('timeout'))!r}")
    if given:
        words.given["limit"] = given


def read_limits(words: Words) -> Limits:
    """The limits that the words ask for.

    Raises:
        UsageError: there is no such limit, or its value is no number that makes sense.
    """
    found: dict[str, Any] = {}
    for text in words.texts("limit"):
        name, _, number = text.partition("=")
        if name not in (*LIMIT_NAMES, _SECONDS):
            raise UsageError(f"there is no limit {name}", hint=f"the limits are {', '.join(LIMIT_NAMES)}")
        found[name] = _number(name, number)
    if not found:
        return DEFAULT_LIMITS
    limits = replace(DEFAULT_LIMITS, **found)
    hold_nodes(limits.yaml_nodes)
    return limits


def _number(name: str, text: str) -> float:
    try:
        number = float(text) if name == _SECONDS else int(text.replace("_", ""))
    except ValueError:
        number = -1
    if not 0 <= number < float("inf") or (number == 0 and name != _SECONDS):
        raise UsageError(f"--limit {name}={text}: a whole number above 0 is wanted")
    return number


def seconds_of(duration: str) -> float:
    """The seconds of a duration such as `1m30s`.

    Raises:
        UsageError: it is negative.
    """
    from re import findall

    if duration.startswith("-"):
        raise UsageError(f"--timeout {duration}: a render cannot take less than no time")
    return sum(float(number) * _UNITS[unit] for number, unit in findall(r"([\d.]+)(ns|us|µs|μs|ms|s|m|h)", duration))


@contextmanager
def held_to(seconds: float) -> Iterator[None]:
    """Do something, but not for longer than so many seconds; 0 means no limit.

    Raises:
        LimitError: the time is over.
    """
    if not seconds:
        yield
        return
    import signal
    import threading

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: object) -> None:
        raise LimitError(f"the render takes more than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    # It rings again and again: generated code takes the first for a failure that the exact compiler may not have.
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_S, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
