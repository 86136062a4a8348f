"""Room for templates that nest deeper than Python's stack allows: Helm's limit is 100,000 levels."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
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
    before = sys.getrecursionlimit()
    seeded = not isinstance(ambient.random, random.SystemRandom)
    state = ambient.random.getstate() if seeded else None
    try:
        sys.setrecursionlimit(max(before, _USUAL_RECURSION))
        return job()
    except RecursionError:
        if state is not None:
            ambient.random.setstate(state)
        return _on_deep_thread(job)
    finally:
        sys.setrecursionlimit(before)


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

    size = threading.stack_size(_DEEP_STACK_BYTES)
    try:
        sys.setrecursionlimit(_DEEP_RECURSION)
        # A daemon: whoever is interrupted while waiting for it must be able to leave.
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    result: _Result = outcome[0]
    return result
