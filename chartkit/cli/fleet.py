"""`verify-images` over many values files and many charts: `--matrix`, `--fleet`, `--jobs`, `--dask`.

Outcomes are printed as they come, in the order of the runs; what is printed at the end says each finding once. One run
that fails does not stop the others, and an interrupt ends with what is done.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import active_children
from pathlib import Path
from typing import Final

from chartkit.adapters.clock import standing_clock
from chartkit.checks.expect_registry import Expectation
from chartkit.checks.formats import write
from chartkit.checks.levels import Levels
from chartkit.checks.report import Report, joined
from chartkit.cli.checking import Task
from chartkit.cli.exits import INTERRUPTED, note, tell
from chartkit.cli.flags import UsageError, Words, as_integer
from chartkit.cli.pipeline import given_by, put, read_stdin
from chartkit.cli.screen import stop_signs
from chartkit.config import Config, read_config
from chartkit.errors import InputError
from chartkit.fleet.pool import BATCH, check_all, process_pool
from chartkit.fleet.run import Checked, Run
from chartkit.fleet.tally import Tally, line_of

_MANY: Final = 200
_BIG_BATCH: Final = 128
_MORE: Final = 4


def matrix_files(words: Words) -> list[str]:
    """The files that `--matrix` stands for, in the order of their names.

    Raises:
        InputError: a pattern fits no file.
    """
    from glob import glob

    found: list[str] = []
    for pattern in words.texts("matrix"):
        files = [pattern] if Path(pattern).is_file() else sorted(glob(pattern, recursive=True))
        if not files:
            raise InputError(f"no values file fits {pattern}", hint="quote the wildcards, and mind the folder")
        found += files
    return list(dict.fromkeys(found))


def fleet_of(words: Words) -> Config | None:
    """What the file of `--fleet` says; `None` where the flag is not given.

    Raises:
        InputError: the file cannot be read, or has no targets.
    """
    if not words.text("fleet"):
        return None
    config = read_config(Path(words.text("fleet")))
    if config is None or not config.targets:
        raise InputError(f"{words.text('fleet')} has no targets: there is nothing to run")
    return config


def runs_of(task: Task, files: Sequence[str], expectation: Expectation, levels: Levels) -> Iterator[Run]:
    """The runs of a task: one, or one for each file of the matrix.

    Raises:
        InputError: a flag or SOURCE_DATE_EPOCH makes no sense.
    """
    job, words = task.job, task.job.words
    seed = words.text("seed")
    run = Run(
        chart=job.chart,
        name=task.name or ", ".join(job.values_files) or job.chart,
        given=given_by(job),
        stdin=read_stdin(job),
        release=job.release,
        helm=job.profile.name,
        kube_version=job.capabilities.kube_version,
        api_versions=job.capabilities.api_versions,
        seed=as_integer(seed) if seed else None,
        moment=standing_clock()() if seed else 0,
        skip_schema=words.switch("skip-schema-validation"),
        lenient=words.switch("lenient"),
        expectation=expectation,
        levels=levels,
        base=os.getcwd(),
    )
    if not files:
        yield run
    for name in files:
        title = f"{task.name}: {name}" if task.name else name
        given = given_by(replace(job, values_files=(*job.values_files, name)))
        yield replace(run, name=title, given=given)


def verify_fleet(runs: Sequence[Run], words: Words, form: str) -> int:
    """Render and check the runs, and print what was found; the result is the exit code."""
    counter = _Counter(len(runs), form)
    stop_signs()
    code = 0
    try:
        with _executor(words, len(runs)) as (executor, workers, renew):
            batch = _BIG_BATCH if words.text("dask") else BATCH
            for checked in check_all(runs, executor=executor, workers=workers, batch=batch, renew=renew):
                counter.take(checked)
    except KeyboardInterrupt:
        code = INTERRUPTED
        counter.clear()
        tell(f"interrupted: {counter.tally.runs} of {len(runs)} runs are done")
    counter.finish()
    return code or counter.exit_code


@dataclass(slots=True)
class _Counter:
    """What is told while the runs are under way, and at the end."""

    total: int
    form: str
    tally: Tally = field(default_factory=Tally)
    reports: list[Report] = field(default_factory=list)
    exit_code: int = 0

    def take(self, checked: Checked) -> None:
        """Count an outcome; people read at once about those that are not clean."""
        self.tally.add(checked)
        self.exit_code = max(self.exit_code, checked.report.exit_code)
        if self.form != "text":
            self.reports.append(checked.report)
        elif not checked.is_clean:
            self.clear()
            put(f"{line_of(checked)}\n")
        for warning in checked.warnings:
            self.clear()
            note(f"warning: {checked.name}: {warning}")
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{self.tally.runs}/{self.total} runs")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the progress off the terminal."""
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def finish(self) -> None:
        """Print what all runs came to."""
        self.clear()
        if self.form != "text":
            put(write(joined(self.reports), self.form))
            return
        blank = "\n" if self.tally.clean < self.tally.runs else ""
        put(blank + "".join(f"{line}\n" for line in self.tally.lines()))


@contextmanager
def _executor(words: Words, total: int) -> Iterator[tuple[Executor | None, int, Callable[[], Executor] | None]]:
    """Where the runs are rendered: in this process, in others, or on a cluster."""
    if words.text("dask"):
        if words.text("jobs"):
            raise UsageError("--jobs and --dask do not go together: a cluster has its own workers")
        with _cluster(words.text("dask")) as (executor, workers):
            yield executor, workers, None
        return
    jobs = _jobs(words, total)
    if jobs == 1:
        yield None, 1, None
        return
    pool = process_pool(jobs)
    try:
        yield pool, jobs, partial(process_pool, jobs)
    except BaseException:
        # What is under way is not waited for: whoever interrupts wants an end.
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in active_children():
            worker.terminate()
        raise
    pool.shutdown()


def _jobs(words: Words, total: int) -> int:
    """How many processes there are to be.

    Raises:
        UsageError: the number makes no sense.
    """
    if not words.text("jobs"):
        return (os.cpu_count() or 1) if total > _MANY else 1
    jobs = as_integer(words.text("jobs"))
    if jobs < 1:
        raise UsageError(f"--jobs {jobs}: at least one process is needed")
    return min(jobs, -(-total // BATCH) or 1)


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client
    except ImportError:
        raise InputError("--dask needs the extra `dask`", hint="pip install 'chartkit[dask]'") from None
    try:
        client = Client(address, timeout="5s", set_as_default=False)
    except (OSError, ValueError) as failure:
        raise InputError(f"there is no Dask cluster at {address}: {failure}") from None
    with client:
        workers = len(client.scheduler_info()["workers"])
        yield client.get_executor(pure=False), workers + _MORE
