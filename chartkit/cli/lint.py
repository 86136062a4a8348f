"""`chartkit lint`: whether values and images follow the rules.

Without values files it checks every target of chartkit.yaml, and where there is none the chart it finds with its
default values. `chartkit rule` tells of the rules, `chartkit.checks.formats` of what is printed.

| exit code | meaning |
|---|---|
| 0 | nothing as bad as --fail-on |
| 1 | a finding as bad as --fail-on, or worse |
| 2 | the command line or a file makes no sense, or a chart cannot be rendered; what its values alone tell is printed |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chartkit.checks.finding import Severity
from chartkit.checks.levels import PROFILES, Levels
from chartkit.checks.report import Outcome, Report, joined
from chartkit.checks.rules import check
from chartkit.cli.checking import (
    CHECKING,
    Attempt,
    attempt,
    chosen,
    chosen_format,
    configuration,
    deliver_report,
    failed,
    tasks_of,
)
from chartkit.cli.command import Command
from chartkit.cli.flags import Flag
from chartkit.cli.subject import read_command

_SEVERITIES: Final = ("error", "warning", "info")


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit lint`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    form, config = chosen_format(words), configuration(words)
    fail_on = chosen(words, "fail-on", _SEVERITIES, "error")
    levels = Levels(
        chosen(words, "profile", PROFILES, PROFILES[0]), words.switch("strict"), config.rules if config else {}
    )
    attempts = [attempt(task) for task in tasks_of(words, profile, config)]
    report = joined([_checked(attempts, levels), *(failed(each) for each in attempts if each.failure is not None)])
    return deliver_report(replace(report, fail_level=Severity.named(fail_on)), attempts, form)


def _checked(attempts: Sequence[Attempt], levels: Levels) -> Report:
    subjects = [each.subject for each in attempts if each.subject is not None]
    outcomes = [
        Outcome(subject.target, f"{len(subject.likely)} images checked")
        for subject in subjects
        if subject.rendering is not None
    ]
    return Report(check(subjects, levels), tuple(outcomes))


COMMAND: Final = Command(
    name="lint",
    usage="[OPTIONS] [VALUES]...",
    help="Hold values and rendered images against the rules: moving tags, digests and references that are none, keys "
    "that nothing reads, registries and pull secrets that do not go together, secrets in plain text. Without VALUES "
    "the targets of chartkit.yaml are checked. A comment `# chartkit: ignore CK101` keeps a rule from its line.",
    flags=(
        Flag("profile", f"{' or '.join(PROFILES)}: how bad some findings are", "text"),
        Flag("strict", "take misspelt keys for errors"),
        Flag("fail-on", "what makes the exit code 1: error (default), warning or info", "text"),
        *CHECKING,
    ),
    run=run,
)
