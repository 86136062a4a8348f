"""What `verify-images` and `lint` share: what is checked, and how the report is printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from chartkit.checks.expect_registry import BROKEN
from chartkit.checks.finding import Finding, Severity
from chartkit.checks.formats import FORMATS, write
from chartkit.checks.report import Outcome, Report
from chartkit.checks.subject import Subject
from chartkit.cli.charts import choose_chart, start_folder
from chartkit.cli.exits import describe, message_of, note, tell
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.limits import held_to, read_limits
from chartkit.cli.pipeline import Job, Prepared, prepare, put
from chartkit.cli.request import read_ambient
from chartkit.cli.screen import has_colours, painted_report
from chartkit.cli.subject import SUBJECT, job_of, job_with, with_target
from chartkit.config import Config, Target, load_config
from chartkit.errors import ChartkitError, RegistryError
from chartkit.fleet.attempt import Request
from chartkit.fleet.attempt import attempt as try_request
from chartkit.profile import Profile
from chartkit.record import dataclass, replace

CHECKING: Final = (Flag("format", f"one of {', '.join(FORMATS)} (default: text)", "text"), *SUBJECT)
"""The flags of every check."""


MANY: Final = (
    Flag("matrix", "values files, each for a run of its own after VALUES; wildcards in quotes: 'envs/*.yaml'", "list"),
    Flag("fleet", "a file in the form of chartkit.yaml, whose targets are the runs", "text"),
    Flag("jobs", "how many processes; by default one, and one for each processor above 200 runs", "integer"),
    Flag("dask", "the address of a Dask cluster that reads the same files: tcp://host:8786", "text"),
)
"""The flags of runs over many values."""


@dataclass(frozen=True, slots=True)
class Task:
    """One render that is checked; of a configuration's targets with the target."""

    job: Job
    target: Target | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a task.

    Attributes:
        task: the task.
        subject: what can be checked; `None` if not even the values could be read.
        failure: why it was not rendered.
        refusals: what the chart said against its values in a lenient render.
    """

    task: Task
    subject: Subject | None = None
    failure: ChartkitError | None = None
    refusals: tuple[str, ...] = ()


def configuration(words: Words) -> Config | None:
    """The configuration for what the command line names."""
    return load_config(start_folder([*words.others, *words.texts("values")]))


def chosen_format(words: Words) -> str:
    """The format that is wanted.

    Raises:
        UsageError: there is no such format.
    """
    return chosen(words, "format", tuple(FORMATS), "text")


def chosen(words: Words, flag: str, known: Sequence[str], default: str) -> str:
    """The value of a flag that takes one of a few words.

    Raises:
        UsageError: it is none of them.
    """
    name = words.text(flag, default)
    if name not in known:
        raise UsageError(f'unknown {flag} "{name}": must be one of {", ".join(known)}')
    return name


def tasks_of(words: Words, profile: Profile, config: Config | None) -> list[Task]:
    """What is checked: what the command line names, else the targets of the configuration, else the chart found."""
    named = words.others or any(words.given.get(flag) for flag in ("values", "chart", "target"))
    if named or config is None or not config.targets:
        target = words.text("target")
        return [Task(job_of(words, profile), config.target(target) if config and target else None, target)]
    return targets_of(words, profile, config)


def targets_of(words: Words, profile: Profile, config: Config) -> list[Task]:
    """All targets of a configuration, each with the values files of the command line after its own."""
    targets = [each for target in config.targets for each in target.expand()]
    return [_task(words, profile, replace(each, values=(*each.values, *words.others))) for each in targets]


def _task(words: Words, profile: Profile, target: Target) -> Task:
    chart = choose_chart(str(target.chart or ""), target.values)
    return Task(job_with(with_target(words, target), profile, str(chart.path), target.values), target, target.name)


def attempt(task: Task, *, lenient: bool = False) -> Attempt:
    """Render what a task asks for, and find the images in it; a failure is kept, not raised.

    Raises:
        UsageError: the command line makes no sense.
    """
    try:
        prepared = prepare(task.job)
    except ChartkitError as failure:
        return Attempt(task, failure=_kept(failure))
    with held_to(read_limits(task.job.words).seconds):
        tried = try_request(_request(prepared, task, lenient=lenient))
    if tried.failure is not None:
        return Attempt(task, tried.subject, _kept(tried.failure))
    for warning in tried.warnings:
        note(f"warning: {warning}")
    return Attempt(task, tried.subject, refusals=tried.refusals)


def _kept(failure: ChartkitError) -> ChartkitError:
    if isinstance(failure, (UsageError, RegistryError)):
        raise failure
    return failure


def _request(prepared: Prepared, task: Task, *, lenient: bool) -> Request:
    job, words = prepared.job, prepared.job.words
    return Request(
        prepared.program,
        prepared.values,
        job.release,
        job.capabilities,
        partial(read_ambient, words, job.profile),
        skip_schema=words.switch("skip-schema-validation"),
        lenient=lenient,
        path=os.path.abspath(job.chart),
        base=os.getcwd(),
        target=task.name,
    )


def failed(attempt: Attempt) -> Report:
    """The report on what could not be rendered."""
    failure, task = attempt.failure, attempt.task
    position = failure.position if failure else None
    name = position.source.name if position else ""
    chart = os.path.relpath(task.job.chart)
    file = attempt.subject.shown_file(name) if attempt.subject and name else name
    finding = Finding(
        rule=BROKEN.id,
        severity=Severity.ERROR,
        message=message_of(failure) if failure else "",
        file=file or chart,
        position=position,
        fix=(failure.hint if failure else "") or BROKEN.fix,
        target=task.name,
    )
    return Report((finding,), (Outcome(task.name, "not rendered"),), is_broken=True)


def deliver_report(
    report: Report, attempts: Sequence[Attempt], form: str, dress: Callable[[str], str] = lambda text: text
) -> int:
    """Print a report, and on standard error what could not be rendered; the result is the exit code.

    Args:
        report: what was found.
        attempts: what was rendered, or could not be.
        form: the format.
        dress: puts more around the text of the report.
    """
    for each in attempts:
        if each.failure is not None:
            told = describe(each.failure)
            tell(f"{each.task.name}: {told}" if each.task.name else told)
    # People have been told of failures by then; programs read one stream only.
    findings = tuple(finding for finding in report.findings if form != "text" or finding.rule != BROKEN.id)
    text = dress(write(replace(report, findings=findings), form))
    put(painted_report(text) if form == "text" and has_colours(sys.stdout) else text)
    return report.exit_code
