"""`chartkit drycc check`: whether values say of the registry what they are meant to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.formats import FORMATS, write
from chartkit.checks.levels import PROFILES, Levels
from chartkit.checks.report import Outcome, Report
from chartkit.checks.rule import Rule
from chartkit.cli.charts import start_folder
from chartkit.cli.checking import chosen, chosen_format
from chartkit.cli.command import Command
from chartkit.cli.drycc.places import position_of
from chartkit.cli.drycc.subject import SUBJECT, values_files, values_of
from chartkit.cli.exits import note
from chartkit.cli.flags import Flag, Words, read_words
from chartkit.cli.pipeline import put
from chartkit.config import load_config
from chartkit.profile import NEWEST
from chartkit.source import Position
from chartkit.values.inputs import ValuesInput

if TYPE_CHECKING:
    from chartkit.systems.drycc.check import PathRemark

_SEVERITIES: Final = tuple(str(each) for each in Severity)


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit drycc check`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen_format(words)
    fail_level = Severity.named(chosen(words, "fail-on", _SEVERITIES, "error"))
    report = _report(words, values_of(words), fail_level)
    put(write(report, form))
    return report.exit_code


def _report(words: Words, values: ValuesInput, fail_level: Severity) -> Report:
    from chartkit.systems.drycc.check import check_values
    from chartkit.systems.drycc.rules import RULES
    from chartkit.systems.drycc.settings import read_settings

    config = load_config(start_folder(values_files(words)))
    levels = Levels(chosen(words, "profile", PROFILES, "default"), settings=config.rules if config else {})
    chart = words.text("chart")
    said = [*check_values(values.data, words.text("location")), *(_rendered(chart, words) if chart else ())]
    usual = next(iter(values_files(words)), f"--location {words.text('location')}")
    findings = (_finding(rule, remark, levels, _place(remark, values, chart, usual), usual) for rule, remark in said)
    told = dict.fromkeys(finding for finding in findings if not levels.skips(finding))
    ordered = tuple(sorted(told, key=lambda finding: (finding.file, finding.line or 0, finding.column or 0)))
    settings = read_settings(values.data, words.text("location"))
    text = f"keys of generation {settings.generation} ({settings.generation.about}), location {settings.location}"
    return Report(ordered, (Outcome("", text),), fail_level, rules=RULES)


def _rendered(chart: str, words: Words) -> Iterable[tuple[Rule, PathRemark]]:
    """What is wrong with the registry secret that the chart makes of the values."""
    from chartkit.cli.pipeline import prepare
    from chartkit.cli.subject import job_with
    from chartkit.systems.drycc.check import check_rendering

    rendering = prepare(job_with(words, NEWEST, chart, values_files(words))).render()
    for warning in rendering.warnings:
        note(f"warning: {warning}")
    return check_rendering(rendering)


def _place(remark: PathRemark, values: ValuesInput, chart: str, usual: str) -> Position | str:
    """Where to look: where the key is given, at the template, or else in what there is of values."""
    position = position_of(values, remark.path)
    if position is not None:
        return position
    return os.path.join(chart, remark.file.partition("/")[2]) if remark.file else usual


def _finding(rule: Rule, remark: PathRemark, levels: Levels, place: Position | str, usual: str) -> Finding:
    position = None if isinstance(place, str) else place
    file = place if isinstance(place, str) else place.source.name
    return Finding(
        rule=rule.id,
        severity=levels.severity(rule, remark.remark),
        message=remark.message,
        file=usual if file.startswith("--") else file,
        position=position,
        fix=rule.fix,
        key=".".join(remark.path),
    )


COMMAND: Final = Command(
    name="drycc check",
    usage="[OPTIONS] [VALUES]...",
    help="Hold values for Drycc Workflow against the rules about its registry: keys in the wrong block, locations that "
    "there are not, hosts with a scheme, missing fields, contradictions. With --chart the registry secret that the "
    "chart makes of them is looked at too.",
    flags=(
        Flag("format", f"one of {', '.join(FORMATS)} (default: text)", "text"),
        *SUBJECT,
        Flag("chart", "the chart that the values are for, which is rendered", "text"),
        Flag("profile", f"{' or '.join(PROFILES)}: how bad some findings are", "text"),
        Flag("fail-on", "what makes the exit code 1: error (default), warning or info", "text"),
    ),
    run=run,
)
