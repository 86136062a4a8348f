"""What `verify-images` and `lint` share: what is checked, and how the report is printed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from chartkit.checks.expect_registry import BROKEN
from chartkit.checks.finding import Finding, Severity
from chartkit.checks.formats import FORMATS, write
from chartkit.checks.report import Outcome, Report
from chartkit.checks.subject import Subject, make_subject
from chartkit.cli.charts import choose_chart, start_folder
from chartkit.cli.exits import describe, tell
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.pipeline import Job, Prepared, prepare, put
from chartkit.cli.request import read_ambient
from chartkit.cli.subject import SUBJECT, job_of, job_with, with_target
from chartkit.config import Config, Target, load_config
from chartkit.engine.render import Rendering
from chartkit.errors import ChartkitError, RegistryError
from chartkit.images.find import find_images
from chartkit.images.use import ImageUse
from chartkit.profile import Profile

if TYPE_CHECKING:
    from chartkit.engine.trace import Trace
    from chartkit.engine.unread import UnreadKey
    from chartkit.images.explain import Explained, Part

CHECKING: Final = (Flag("format", f"one of {', '.join(FORMATS)} (default: text)", "text"), *SUBJECT)
"""The flags of every check."""


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
    return [_task(words, profile, each) for target in config.targets for each in target.expand()]


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
    try:
        rendering, refusals = _render(prepared, lenient=lenient)
        images = find_images(rendering)
    except ChartkitError as failure:
        return Attempt(task, _subject(prepared, task), _kept(failure))
    for warning in rendering.warnings:
        tell(f"warning: {warning}")
    return Attempt(task, _subject(prepared, task, rendering, images), refusals=refusals)


def _kept(failure: ChartkitError) -> ChartkitError:
    if isinstance(failure, (UsageError, RegistryError)):
        raise failure
    return failure


def _render(prepared: Prepared, *, lenient: bool) -> tuple[Rendering, tuple[str, ...]]:
    words, job = prepared.job.words, prepared.job
    ambient = read_ambient(words, job.profile)
    ambient.lenient = lenient
    rendering = prepared.program.render(
        prepared.values,
        job.release,
        job.capabilities,
        ambient=ambient,
        skip_schema=words.switch("skip-schema-validation"),
        installing=True,
    )
    return rendering, tuple(dict.fromkeys(ambient.refusals))


def _subject(
    prepared: Prepared, task: Task, rendering: Rendering | None = None, images: tuple[ImageUse, ...] = ()
) -> Subject | None:
    """What can be checked; `None` if not even the values can be merged, which the render tells too."""
    tracing = Tracing(prepared)
    try:
        return make_subject(
            prepared.program.chart,
            prepared.values,
            rendering,
            images,
            explain=tracing.explain,
            unread=tracing.unread if rendering is not None else None,
            path=os.path.abspath(task.job.chart),
            base=os.getcwd(),
            target=task.name,
        )
    except ChartkitError:
        return None


class Tracing:
    """A second render of what was rendered, which keeps track of origins.

    It is made, and what it needs is imported, only if there is something to say.
    """

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._uses: dict[tuple[object, ...], ImageUse] = {}

    @cached_property
    def _trace(self) -> Trace:
        prepared, words = self._prepared, self._prepared.job.words
        ambient = read_ambient(words, prepared.job.profile)
        # What a lenient render went on after must not stop this one; a plain one has come this far without.
        ambient.lenient = True
        return prepared.program.trace(
            prepared.values, prepared.job.release, prepared.job.capabilities, ambient=ambient, skip_schema=True
        )

    def explain(self, use: ImageUse, part: str) -> Explained:
        """Where a part of an image comes from; nothing is known of one that the second render does not have."""
        from chartkit.images.explain import Explained, explain

        if not self._uses:
            self._uses = {_place(each): each for each in find_images(self._trace)}
        traced = self._uses.get(_place(use))
        return Explained(use.text) if traced is None else explain(traced, cast("Part", part))

    @cached_property
    def _unread(self) -> tuple[UnreadKey, ...]:
        from chartkit.engine.unread import unread_keys

        return unread_keys(self._trace)

    def unread(self) -> tuple[UnreadKey, ...]:
        """The keys that no template reads."""
        return self._unread


def _place(use: ImageUse) -> tuple[object, ...]:
    """Where an image is: the same in every render with the same values."""
    steps = tuple(level.steps for level in use.levels)
    return use.manifest.file, use.manifest.index, steps, use.offset, use.text


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
        message=str(failure),
        file=file or chart,
        position=position,
        fix=(failure.hint if failure else "") or BROKEN.fix,
        target=task.name,
    )
    return Report((finding,), (Outcome(task.name, "not rendered"),), is_broken=True)


def deliver_report(report: Report, attempts: Sequence[Attempt], form: str) -> int:
    """Print a report, and on standard error what could not be rendered; the result is the exit code."""
    for each in attempts:
        if each.failure is not None:
            told = describe(each.failure)
            tell(f"{each.task.name}: {told}" if each.task.name else told)
    # People have been told of failures by then; programs read one stream only.
    findings = tuple(finding for finding in report.findings if form != "text" or finding.rule != BROKEN.id)
    put(write(replace(report, findings=findings), form))
    return report.exit_code
