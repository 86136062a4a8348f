from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from chartkit.ambient import Ambient
from chartkit.engine.deep_stack import with_deep_stack


def test_threads_leave_the_recursion_limit_as_it_was() -> None:
    before = sys.getrecursionlimit()
    started, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        started.set()
        go_on.wait(10)
        return sys.getrecursionlimit()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(with_deep_stack, slow, Ambient())
        started.wait(10)
        # The second begins while the first is under way, and ends before it.
        second = pool.submit(with_deep_stack, sys.getrecursionlimit, Ambient())
        assert second.result() > before
        go_on.set()
        assert first.result() > before
    assert sys.getrecursionlimit() == before
