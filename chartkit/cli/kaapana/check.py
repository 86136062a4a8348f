"""`chartkit kaapana check DIR`: whether chart, operators, Dockerfiles and pull secret of an extension fit together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chartkit.checks.expect_registry import BROKEN
from chartkit.checks.finding import Finding, Severity
from chartkit.checks.formats import FORMATS, write
from chartkit.checks.levels import PROFILES, Levels, finding_of
from chartkit.checks.report import Outcome, Report
from chartkit.cli.checking import chosen, chosen_format
from chartkit.cli.command import Command
from chartkit.cli.flags import Flag, Words, read_words
from chartkit.cli.kaapana.folder import PLATFORM, folder_of, platform_of
from chartkit.cli.pipeline import put
from chartkit.config import load_config
from chartkit.profile import NEWEST
from chartkit.source import Position, Source

_SEVERITIES: Final = tuple(str(each) for each in Severity)


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit kaapana check`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen_format(words)
    fail_level = Severity.named(chosen(words, "fail-on", _SEVERITIES, "error"))
    report = _report(words, folder_of(words), fail_level)
    put(write(report, form))
    return report.exit_code


def _report(words: Words, folder: Path, fail_level: Severity) -> Report:
    from chartkit.systems.kaapana.check import NewRegistry, check_workflow
    from chartkit.systems.kaapana.extension import read_extension
    from chartkit.systems.kaapana.rules import RULES

    extension = read_extension(folder)
    config = load_config(folder)
    levels = Levels(chosen(words, "profile", PROFILES, "default"), settings=config.rules if config else {})
    registries = [NewRegistry(url, Position(Source("--new-registry", url), 0)) for url in words.texts("new-registry")]
    # Two workflows of one folder share operators and Dockerfiles: what is wrong with these is told once.
    findings: dict[Finding, None] = {}
    for workflow in extension.workflows:
        subject, said = check_workflow(extension, workflow, platform_of(words), registries)
        found = (finding_of(rule, remark, subject, levels) for rule, remark in said)
        findings |= dict.fromkeys(finding for finding in found if not levels.skips(finding))
    ordered = tuple(sorted(findings, key=lambda finding: (finding.file, finding.line or 0, finding.column or 0)))
    checked = (("workflow chart", extension.workflows), ("operator image", extension.operators))
    text = ", ".join(f"{len(each)} {name}{'' if len(each) == 1 else 's'}" for name, each in checked)
    is_broken = any(finding.rule == BROKEN.id for finding in ordered)
    return Report(ordered, (Outcome("", text),), fail_level, is_broken=is_broken, rules=RULES)


COMMAND: Final = Command(
    name="kaapana check",
    usage="[OPTIONS] DIR",
    help="Hold a workflow extension against everything that must fit together: the custom registry in the chart, in "
    "the operators and in New Registry, the names and tags of the images, labels, pull secrets, the dependency, and "
    "the upload. `chartkit rule CK302` and so on explain the findings.",
    flags=(
        Flag("format", f"one of {', '.join(FORMATS)} (default: text)", "text"),
        Flag("new-registry", "the URL typed into a New Registry extension; may be repeated", "repeated"),
        *PLATFORM,
        Flag("profile", f"{' or '.join(PROFILES)}: how bad some findings are", "text"),
        Flag("fail-on", "what makes the exit code 1: error (default), warning or info", "text"),
    ),
    run=run,
)
