"""All rules, and how a subject is held against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from chartkit.checks import (
    docker_config,
    expect_registry,
    plaintext,
    precedence,
    pull_answers,
    pull_secrets,
    references,
    secret_shapes,
    tags,
    trust_store,
    values_keys,
    values_text,
)
from chartkit.checks.finding import Finding
from chartkit.checks.levels import Levels, finding_of
from chartkit.checks.rule import Rule
from chartkit.checks.subject import Subject

_FAMILIES: Final = (
    expect_registry.RULES,
    tags.RULES,
    references.RULES,
    precedence.RULES,
    values_keys.RULES,
    values_text.RULES,
    plaintext.RULES,
    pull_secrets.RULES,
    docker_config.RULES,
    secret_shapes.RULES,
    pull_answers.RULES,
    trust_store.RULES,
)
RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule for rule in sorted((rule for family in _FAMILIES for rule in family), key=lambda rule: rule.id)
}
"""Every rule by its id, in the order of the ids."""


def check(
    subjects: Sequence[Subject], levels: Levels, rules: Iterable[Rule] = tuple(RULES.values())
) -> tuple[Finding, ...]:
    """What rules find in some subjects, without what is ignored, in the order of the places; by default all rules."""
    found = (finding for rule in rules for finding in _run(rule, subjects, levels))
    return tuple(sorted(_distinct(each for each in found if not levels.skips(each)), key=_order))


def _run(rule: Rule, subjects: Sequence[Subject], levels: Levels) -> Iterator[Finding]:
    for subject in subjects:
        for remark in rule.check(subject) if rule.check else ():
            yield finding_of(rule, remark, subject, levels)
    for subject, remark in rule.check_all(subjects) if rule.check_all else ():
        yield finding_of(rule, remark, subject, levels)


def _distinct(findings: Iterable[Finding]) -> Iterator[Finding]:
    """One finding for each fault of a values file, however many targets and images it shows in."""
    seen: set[tuple[str, str, str, str]] = set()
    for finding in findings:
        where = finding.where if finding.line is None else ""
        mark = (finding.rule, finding.location, finding.message, where)
        if mark not in seen:
            seen.add(mark)
            yield finding


def _order(finding: Finding) -> tuple[str, str, int, int, str]:
    return finding.target, finding.file, finding.line or 0, finding.column or 0, finding.rule
