from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.levels import Levels
from chartkit.checks.rules import RULES

Lint = Callable[..., tuple[Finding, ...]]


@dataclass(frozen=True)
class Setting:
    level: str = ""
    ignore: tuple[str, ...] = ()


def ids(findings: tuple[Finding, ...]) -> set[str]:
    return {each.rule for each in findings}


def test_the_table_has_every_rule_of_the_guides() -> None:
    numbers = [*range(1, 6), *range(101, 108), *range(110, 116), *range(120, 135)]
    assert list(RULES) == [f"CK{number:03}" for number in numbers]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_says_why_and_what_to_do(rule: object) -> None:
    assert rule.title
    assert len(rule.page) > 100
    assert rule.fix.endswith(".")


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        ("image:\n  tag: latest\n", True),
        ("image:\n  tag: latest  # chartkit: ignore CK101\n", False),
        ("image:\n  # chartkit: ignore CK101\n  tag: latest\n", False),
        ("image:\n  # chartkit: ignore CK105, CK101\n  tag: latest\n", False),
        ("image:\n  # chartkit: ignore\n  tag: latest\n", False),
        ("image:\n  tag: latest  # chartkit: ignore CK105\n", True),
        ("image:  # chartkit: ignore CK101\n  tag: latest\n", True),
    ],
    ids=["none", "same line", "line above", "several", "all", "other rule", "line above that says something"],
)
def test_a_comment_keeps_a_rule_from_its_line(lint: Lint, values: str, is_told: bool) -> None:
    assert ("CK101" in ids(lint(values))) is is_told


@pytest.mark.parametrize(
    ("setting", "levels"),
    [
        (Setting("off"), []),
        (Setting("error"), [Severity.ERROR]),
        (Setting("info"), [Severity.INFO]),
        (Setting(), [Severity.WARNING]),
        (Setting(ignore=("user.*",)), []),
        (Setting(ignore=("acme/*",)), []),
        (Setting(ignore=("image.tag",)), []),
        (Setting(ignore=("other/*",)), [Severity.WARNING]),
    ],
    ids=["off", "error", "info", "own", "file", "image", "key", "other"],
)
def test_the_configuration_sets_levels_and_passes_over(lint: Lint, setting: Setting, levels: list[Severity]) -> None:
    findings = lint("image: {tag: latest}", levels=Levels(settings={"CK101": setting}))
    assert [each.severity for each in findings if each.rule == "CK101"] == levels


def test_the_configuration_counts_before_the_profile(lint: Lint) -> None:
    levels = Levels("prod", settings={"CK101": Setting("info")})
    (finding,) = [each for each in lint("image: {tag: latest}", levels=levels) if each.rule == "CK101"]
    assert finding.severity is Severity.INFO
