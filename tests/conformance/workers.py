"""Jobs in other processes, each under a time limit: one that takes too long, or brings its process down, ends alone."""

from __future__ import annotations

import multiprocessing
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final

_CONTEXT: Final = multiprocessing.get_context("spawn")
_START_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that gave no result."""

    reason: str


class Worker:
    """One process, started when it is first needed and again after it was lost."""

    def __init__(self, target: Callable[[Any], Any]) -> None:
        self._target = target
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None

    def run(self, job: Any, limit_s: float) -> Any:
        """The job's result, or a `Failure`."""
        pipe = self._pipe or self._start()
        try:
            pipe.send(job)
            if pipe.poll(limit_s):
                return pipe.recv()
            reason = f"took longer than {limit_s:.0f} s"
        except (EOFError, OSError):
            reason = "the process died"
        self.stop()
        return Failure(reason)

    def stop(self) -> None:
        """End the process."""
        if self._process is not None and self._pipe is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None

    def _start(self) -> Connection:
        here, there = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(there, self._target), daemon=True)
        self._process.start()
        there.close()
        self._pipe = here
        # The time that imports take does not count against the first job.
        here.poll(_START_S)
        here.recv()
        return here


def run_all(
    target: Callable[[Any], Any], jobs: Sequence[Any], *, processes: int, limit_s: float
) -> Iterator[tuple[Any, Any, float]]:
    """Each job with its result, or a `Failure`, and its seconds, as they come."""
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[Any, Any, float]] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)

    def work() -> None:
        worker = Worker(target)
        while not waiting.empty():
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                break
            started = time.perf_counter()
            done.put((job, worker.run(job, limit_s), time.perf_counter() - started))
        worker.stop()

    for _ in range(processes):
        threading.Thread(target=work, daemon=True).start()
    for _ in jobs:
        yield done.get()


def _serve(pipe: Connection, target: Callable[[Any], Any]) -> None:
    pipe.send("ready")
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        pipe.send(target(job))
