"""`chartkit report`: a page to sign off, with every image, why it is there, and what is wrong.

What is told is what `verify-images`, `lint`, `explain`, `pull-secret verify` and `diff` tell, of the same render.

| format | what it is |
|---|---|
| html | one page that needs nothing else: no network, no other file |
| markdown | the same for the description of a change, in the space that forges give a comment |
| json | the fields of `chartkit.report.model`, with `version` |

Values of keys are shown only where they are part of an image, or of a key named after images; passwords never. The same
input gives the same text; there is a time in it only if SOURCE_DATE_EPOCH sets one.

| exit code | meaning |
|---|---|
| 0 | nothing as bad as --fail-on |
| 1 | an image from elsewhere, or a finding as bad as --fail-on: the report is written all the same |
| 2 | the command line or a file makes no sense; or a chart cannot be rendered, and the report says why |
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from chartkit.checks.coverage import Known
from chartkit.checks.expect_registry import INVALID, Expectation, verify
from chartkit.checks.finding import Finding, Severity
from chartkit.checks.levels import PROFILES, Levels
from chartkit.checks.masking import passwords_in
from chartkit.checks.report import Report, joined
from chartkit.checks.rules import check
from chartkit.checks.subject import Subject
from chartkit.cli.checking import Attempt, Task, attempt, chosen, configuration, failed, tasks_of
from chartkit.cli.command import Command
from chartkit.cli.diff import operand_job
from chartkit.cli.exits import describe, tell
from chartkit.cli.explain_rows import places_of
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.other_inputs import OtherInputs, other_inputs, refuse_other_inputs
from chartkit.cli.pipeline import put
from chartkit.cli.pull_secret.verify import KNOWN, known_by, known_to
from chartkit.cli.report_about import about, about_others, shown_path
from chartkit.cli.subject import SUBJECT, read_command
from chartkit.cli.verify_images import EXPECTING, expectation_of
from chartkit.errors import InputError
from chartkit.profile import Profile
from chartkit.record import dataclass, replace

if TYPE_CHECKING:
    from chartkit.report.build import Run
    from chartkit.report.compare import Other
    from chartkit.report.discretion import Discretion
    from chartkit.report.model import Page

_SEVERITIES: Final = ("error", "warning", "info")
_STDOUT: Final = "-"
_ENDINGS: Final[Mapping[str, str]] = {".md": "markdown", ".markdown": "markdown", ".json": "json"}


@dataclass(frozen=True, slots=True)
class _Checked:
    """What was rendered and checked, before a report is made of it."""

    attempts: tuple[Attempt, ...]
    expectations: tuple[Expectation, ...]
    report: Report


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit report`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    write = _FORMATS[_chosen_format(words)]
    levels = _levels(words)
    other = other_inputs(words)
    if other is not None:
        refuse_other_inputs(words, ("compare", *(flag.name for flag in KNOWN)))
        page, report = _of_others(words, profile, other, levels)
    else:
        page, report = _of_charts(words, profile, levels)
    _deliver(words, write(page))
    if words.text("output", _STDOUT) != _STDOUT:
        tell(f"{words.text('output')}: {page.verdict.headline}")
    return report.exit_code


def _chosen_format(words: Words) -> str:
    ending = os.path.splitext(words.text("output"))[1].lower()
    return chosen(words, "format", tuple(_FORMATS), _ENDINGS.get(ending, "html"))


def _levels(words: Words) -> Levels:
    config = configuration(words)
    profile = chosen(words, "profile", PROFILES, PROFILES[0])
    return Levels(profile, words.switch("strict"), config.rules if config else {})


def _of_charts(words: Words, profile: Profile, levels: Levels) -> tuple[Page, Report]:
    """The report on renders of charts."""
    from chartkit.report.build import build

    # Files named by a flag are read first: what is wrong with them is told before anything is rendered.
    known = known_by(words)
    checked = _checked(words, profile, levels)
    discretion = _discretion([each.subject for each in checked.attempts if each.subject])
    for each in checked.attempts:
        if each.failure is not None:
            tell(discretion.failure(describe(each.failure)))
    runs = [_run(*pair, words, known, discretion) for pair in zip(checked.attempts, checked.expectations, strict=True)]
    runs = [_with_outcome(run, checked.report) for run in runs]
    other = _compared(words, profile, checked, discretion)
    page = build(runs, checked.report, discretion, helm=profile.helm_version, made=_time(), other=other)
    return page, checked.report


def _checked(words: Words, profile: Profile, levels: Levels) -> _Checked:
    config = configuration(words)
    tasks = tasks_of(words, profile, config)
    if words.text("compare") and len(tasks) != 1:
        raise UsageError(
            f"--compare wants one render to hold another against, not {len(tasks)}",
            hint="name values files, or one of the targets with --target",
        )
    expectations = tuple(expectation_of(words, config, task.target, "certainty") for task in tasks)
    attempts = tuple(attempt(task) for task in tasks)
    only = attempts[0]
    if len(attempts) == 1 and only.subject is None and only.failure is not None:
        # There is nothing to tell beside the failure itself; a report that is there already stays.
        raise only.failure
    reports = [_verified(*pair, levels) for pair in zip(attempts, expectations, strict=True)]
    subjects = [each.subject for each in attempts if each.subject is not None]
    report = joined([*reports, Report(check(subjects, levels))])
    findings = tuple(sorted(_each_once(report.findings), key=lambda finding: -finding.severity))
    return _Checked(attempts, expectations, replace(report, findings=findings, fail_level=_fail_level(words)))


def _each_once(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Findings without those of `verify-images` that a rule of `lint` tells in the same words."""
    told = {(each.where, each.message) for each in findings if each.rule != INVALID.id}
    for each in findings:
        if each.rule != INVALID.id or (each.where, each.message) not in told:
            yield each


def _fail_level(words: Words) -> Severity:
    return Severity.named(chosen(words, "fail-on", _SEVERITIES, "error"))


def _verified(tried: Attempt, expectation: Expectation, levels: Levels) -> Report:
    if tried.failure is not None or tried.subject is None:
        return failed(tried)
    return verify(tried.subject, expectation, levels, tried.refusals)


def _discretion(subjects: Sequence[Subject]) -> Discretion:
    from chartkit.report.discretion import Discretion, without_trivial

    passwords = [word for subject in subjects for word in passwords_in(subject.effective)]
    images = {use.text for subject in subjects for use in subject.images if use.text}
    return Discretion(without_trivial(passwords), tuple(sorted(images)))


def _run(tried: Attempt, expectation: Expectation, words: Words, known: Known, discretion: Discretion) -> Run:
    from chartkit.report.build import Run

    subject = tried.subject
    return Run(
        about(tried.task, subject, expectation, words, discretion),
        subject,
        expectation,
        known_to(subject, known) if subject else known,
        failure=str(tried.failure or ""),
        shown=_shown(subject, tried.task),
    )


def _with_outcome(run: Run, report: Report) -> Run:
    """A run with what the checks say of its target."""
    from dataclasses import replace as replaced

    said = [outcome.text for outcome in report.outcomes if outcome.target == run.about.target]
    return replaced(run, outcome="; ".join(said))


def _shown(subject: Subject | None, task: Task) -> Callable[[str], str]:
    if subject is None or subject.rendering is None:
        return shown_path
    return places_of(subject.rendering, task.job.chart).file


def _compared(words: Words, profile: Profile, checked: _Checked, discretion: Discretion) -> Other | None:
    """The render that `--compare` asks for.

    Raises:
        ChartkitError: it cannot be rendered.
    """
    operand, subject = words.text("compare"), checked.attempts[0].subject if checked.attempts else None
    if not operand or subject is None or subject.rendering is None:
        return None
    from chartkit.report.chains import Chains
    from chartkit.report.compare import Other

    task = Task(operand_job(operand, words, profile))
    tried = attempt(task)
    if tried.failure is not None:
        raise tried.failure
    assert tried.subject is not None
    certainty = checked.expectations[0].fail_on
    job = checked.attempts[0].task.job
    return Other(
        operand,
        ", ".join(job.values_files) or shown_path(job.chart),
        Chains(tried.subject, discretion, _shown(tried.subject, task)),
        tuple(use for use in tried.subject.images if use.certainty >= certainty),
    )


def _of_others(words: Words, profile: Profile, other: OtherInputs, levels: Levels) -> tuple[Page, Report]:
    """The report on images in what is no chart."""
    from chartkit.report.build import Run, build

    config = configuration(words)
    subject, expectation = other.subject(), expectation_of(words, config, None, "certainty")
    report = replace(verify(subject, expectation, levels), fail_level=_fail_level(words))
    run = Run(about_others(other, expectation), subject, expectation, Known(), shown=shown_path)
    discretion = _discretion([subject])
    page = build([_with_outcome(run, report)], report, discretion, helm=profile.helm_version, made=_time())
    return page, report


def _time() -> str:
    """The time that SOURCE_DATE_EPOCH sets; without it nothing, so that the same input gives the same text."""
    if "SOURCE_DATE_EPOCH" not in os.environ:
        return ""
    from datetime import UTC, datetime

    from chartkit.adapters.clock import standing_clock

    try:
        moment = datetime.fromtimestamp(standing_clock()() // 1_000_000_000, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise InputError("SOURCE_DATE_EPOCH is a time that no calendar has") from error
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")


def _deliver(words: Words, text: str) -> None:
    name = words.text("output", _STDOUT)
    if name == _STDOUT:
        put(text)
        return
    from pathlib import Path

    from chartkit.adapters.files import write_atomic

    write_atomic(Path(name), text.encode("utf-8", "replace"))


def _html(page: Page) -> str:
    from chartkit.report.page import page_text

    return page_text(page)


def _markdown(page: Page) -> str:
    from chartkit.report.markdown import markdown_text

    return markdown_text(page)


def _json(page: Page) -> str:
    from dataclasses import asdict

    from chartkit.cli.tables import as_json

    return as_json({"version": 1, **asdict(page)})


_FORMATS: Final[Mapping[str, Callable[[Page], str]]] = {"html": _html, "markdown": _markdown, "json": _json}

COMMAND: Final = Command(
    name="report",
    usage="[OPTIONS] [VALUES]...",
    help="Write a page to sign off: whether all images are as expected, every image with the keys, files and lines "
    "that it comes from, what the rules find, which pull secrets cover what, and what changes against other values. "
    "Without VALUES it is about the targets of chartkit.yaml. The exit code is 1 where something is wrong.",
    flags=(
        Flag("output", "the file to write (default: standard output); .md and .json choose the format", "text", "o"),
        Flag("format", f"one of {', '.join(_FORMATS)} (default: html)", "text"),
        Flag("compare", "another render to hold this one against: VALUES[,VALUES], CHART:VALUES, or @TARGET", "text"),
        *EXPECTING,
        Flag("certainty", "how sure it must be that a text is an image: certain, likely (default) or possible", "text"),
        Flag("profile", f"{' or '.join(PROFILES)}: how bad some findings are", "text"),
        Flag("strict", "take misspelt keys for errors"),
        Flag("fail-on", "what makes the exit code 1: error (default), warning or info", "text"),
        *KNOWN,
        *SUBJECT,
    ),
    run=run,
)
