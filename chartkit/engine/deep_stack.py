"""Room for templates that nest deeper than Python's stack allows: Helm's limit is 100,000 levels."""

from __future__ import annotations

import random
import sys
from _thread import allocate_lock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from chartkit.ambient import Ambient
from chartkit.errors import LimitError

_DEEP_STACK_BYTES: Final = 512 * 1024 * 1024
_DEEP_RECURSION: Final = 2_000_000
_USUAL_RECURSION: Final = 12_000
_Result = TypeVar("_Result")


def with_deep_stack(job: Callable[[], _Result], ambient: Ambient) -> _Result:
    """Run a job; one that recurses too deeply for the usual stack is begun anew on a thread with a deep one.

    The job must start from fresh values each time. A seeded generator is put back, so that both tries see the same.

    Raises:
        LimitError: even the deep stack is not enough.
    """
    seeded = not isinstance(ambient.random, random.SystemRandom)
    state = ambient.random.getstate() if seeded else None
    with _limit.at_least(_USUAL_RECURSION):
        try:
            return job()
        except RecursionError:
            if state is not None:
                ambient.random.setstate(state)
            return _on_deep_thread(job)


class _RecursionLimit:
    """Python's limit, which all threads share: it is as high as any of them needs, and put back after the last."""

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._wanted: list[int] = []
        self._before = 0

    @contextmanager
    def at_least(self, wanted: int) -> Iterator[None]:
        with self._lock:
            if not self._wanted:
                self._before = sys.getrecursionlimit()
            self._wanted.append(wanted)
            self._apply()
        try:
            yield
        finally:
            with self._lock:
                self._wanted.remove(wanted)
                self._apply()

    def _apply(self) -> None:
        sys.setrecursionlimit(max(self._before, *self._wanted) if self._wanted else self._before)


_limit: Final = _RecursionLimit()


def _on_deep_thread(job: Callable[[], _Result]) -> _Result:
    import threading

    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(job())
        except RecursionError:
            outcome.append(LimitError("templates are nested too deeply"))
        except BaseException as error:  # carried over to the caller's thread
            outcome.append(error)

    with _limit.at_least(_DEEP_RECURSION):
        size = threading.stack_size(_DEEP_STACK_BYTES)
        try:
            # A daemon: whoever is interrupted while waiting for it must be able to leave.
            thread = threading.Thread(target=run, daemon=True)
            thread.start()
        finally:
            threading.stack_size(size)
        thread.join()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    result: _Result = outcome[0]
    return result
