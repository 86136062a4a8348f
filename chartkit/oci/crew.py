"""Workers that do many things at once, but no more than a few."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import count
from queue import Empty, PriorityQueue
from typing import Final, TypeVar

_Result = TypeVar("_Result")
Task = Callable[[], None]

_LOOK: Final = 0.1
_FAREWELL: Final = 2.0


class Crew:
    """A few workers and a queue of tasks; tasks may add tasks.

    Tasks of the least rank are done first, so that what was begun is finished before more is begun. The workers die
    with the process: a server that answers no more keeps nobody from interrupting.

    Attributes:
        stopped: set when no more shall be done; long tasks look at it.
    """

    def __init__(self, workers: int) -> None:
        self.stopped = threading.Event()
        self._workers = workers
        self._tasks: PriorityQueue[tuple[int, int, Task]] = PriorityQueue()
        self._numbers = count()
        self._failure: BaseException | None = None
        self._threads: list[threading.Thread] = []

    def add(self, task: Task, rank: int = 0) -> None:
        """Add a task; of those of one rank the first comes first."""
        self._tasks.put((rank, next(self._numbers), task))

    def run(self) -> None:
        """Do everything there is to do.

        Raises:
            BaseException: what a task raised; no further task is begun then.
        """
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(self._workers)]
        for thread in self._threads:
            thread.start()
        try:
            self._tasks.join()
        except BaseException:
            self.stop()
            raise
        finally:
            self.stopped.set()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Begin no more tasks, and give those under way a moment to end."""
        self.stopped.set()
        for thread in self._threads:
            thread.join(_FAREWELL / len(self._threads))

    def _work(self) -> None:
        while not self.stopped.is_set() or not self._tasks.empty():
            try:
                _, _, task = self._tasks.get(timeout=_LOOK)
            except Empty:
                continue
            try:
                # After a stop the tasks are only counted off, or nobody could wait for their end.
                if not self.stopped.is_set():
                    task()
            except BaseException as failure:
                self._failure = self._failure or failure
                self.stopped.set()
            finally:
                self._tasks.task_done()


def do_all(work: Sequence[Callable[[], _Result]], workers: int) -> list[_Result]:
    """The results of some work, in its order, a few at a time.

    Raises:
        BaseException: what any of it raised.
    """
    results: dict[int, _Result] = {}

    def keep(number: int) -> Task:
        def task() -> None:
            results[number] = work[number]()

        return task

    crew = Crew(min(workers, max(1, len(work))))
    for number in range(len(work)):
        crew.add(keep(number))
    crew.run()
    return [results[number] for number in range(len(work))]
