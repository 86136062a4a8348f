"""Runs spread over workers, their outcomes in the order of the runs."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Final

from chartkit.errors import ChartkitError
from chartkit.fleet.run import Checked, Run
from chartkit.fleet.worker import broken, check, check_batch

BATCH: Final = 32
"""How many runs go to a worker at once: enough to make up for sending them, few enough to spread."""

_AHEAD: Final = 4
_DIED: Final = ChartkitError(
    "the process that rendered it ended by itself",
    hint="mostly the memory was too small: work on fewer at a time (--jobs)",
)


def check_all(
    runs: Iterable[Run],
    *,
    executor: Executor | None = None,
    workers: int = 1,
    batch: int = BATCH,
    renew: Callable[[], Executor] | None = None,
) -> Iterator[Checked]:
    """The outcome of each run, in their order, as soon as it is known.

    No more than a few batches are under way at a time, so that neither runs nor outcomes pile up. A run that fails, and
    even a worker that dies, does not stop the others.

    Args:
        runs: the runs; those of one chart had best follow each other.
        executor: where they are rendered, any of `concurrent.futures`; without one, in this process.
        workers: how many batches the executor works on at a time.
        batch: how many runs make a batch.
        renew: gives another executor for one that broke because a worker died.
    """
    if executor is None:
        yield from map(check, runs)
        return
    pool = _Workers(executor, renew)
    waiting: deque[tuple[list[Run], Future[list[Checked]]]] = deque()
    batches = batches_of(runs, batch)
    try:
        while True:
            for part in islice(batches, workers + _AHEAD - len(waiting)):
                waiting.append((part, pool.submit(part)))
            if not waiting:
                return
            part, future = waiting.popleft()
            yield from _outcomes(part, future)
    finally:
        # A pool that can be renewed belongs to the caller, who ends it; until that is done it takes it ill when futures
        # are cancelled behind its back.
        for _, future in waiting if renew is None else ():
            future.cancel()


def batches_of(runs: Iterable[Run], size: int) -> Iterator[list[Run]]:
    """The runs in batches, each of one chart."""
    part: list[Run] = []
    for run in runs:
        if part and (len(part) >= size or run.chart != part[0].chart):
            yield part
            part = []
        part.append(run)
    if part:
        yield part


def process_pool(workers: int) -> ProcessPoolExecutor:
    """Processes of this machine that leave an interrupt to the one that started them.

    They are started afresh instead of forked: this process may have threads, which do not survive a fork.
    """
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_ignore_interrupt)


def _ignore_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Workers:
    """An executor, and a new one in its place when a worker of this machine has died."""

    def __init__(self, executor: Executor, renew: Callable[[], Executor] | None) -> None:
        self.executor = executor
        self.renew = renew

    def submit(self, part: Sequence[Run]) -> Future[list[Checked]]:
        try:
            return self.executor.submit(check_batch, part)
        except BrokenExecutor as failure:
            if self.renew is None:
                return _failed(failure)
            self.executor = self.renew()
            return self.executor.submit(check_batch, part)


def _failed(failure: Exception) -> Future[list[Checked]]:
    future: Future[list[Checked]] = Future()
    future.set_exception(failure)
    return future


def _outcomes(part: list[Run], future: Future[list[Checked]]) -> list[Checked]:
    """The outcomes of a batch, whatever became of its worker."""
    try:
        return future.result()
    except BrokenExecutor:
        # A worker that dies takes all batches under way with it: most of them are not to blame.
        return _again(part) or [outcome for run in part for outcome in _again([run]) or [broken(run, _DIED)]]
    except Exception as failure:  # an executor from elsewhere may fail in ways of its own
        error = ChartkitError(f"the executor failed: {type(failure).__name__}: {failure}")
        return [broken(run, error) for run in part]


def _again(part: list[Run]) -> list[Checked]:
    """The outcomes of a batch that gets a process to itself; none if that one dies too."""
    with process_pool(1) as pool:
        try:
            return pool.submit(check_batch, part).result()
        except BrokenExecutor:
            return []
