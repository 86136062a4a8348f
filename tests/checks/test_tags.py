from __future__ import annotations

from collections.abc import Callable

import pytest

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.levels import Levels

Lint = Callable[..., tuple[Finding, ...]]
Ids = Callable[..., list[str]]

DIGEST = "sha256:" + "9f" * 32


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ("image: {tag: latest, pullPolicy: Always}", True),
        ("image: {tag: ''}", True),
        ("image: {tag: '1.2.3'}", False),
        (f"image: {{tag: 'latest@{DIGEST}'}}", False),
    ],
)
def test_ck101_wants_a_tag_that_stays(ids: Ids, values: str, found: bool) -> None:
    assert ("CK101" in ids(values)) is found


def test_ck101_names_the_key_and_is_an_error_in_production(lint: Lint) -> None:
    (finding,) = [each for each in lint("image:\n  tag: latest\n", levels=Levels("prod")) if each.rule == "CK101"]
    assert (finding.severity, finding.key) == (Severity.ERROR, "image.tag")
    assert finding.location == "user.yaml:2:8"
    assert finding.where == "Deployment/server, container server"


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        (DIGEST, ["CK102"]),
        ("1.2.3@sha256", ["CK102"]),
        ("sha256:abc123", ["CK102", "CK103"]),
        ("1.2.3@sha256:abc123", ["CK103"]),
        (f"1.2.3@{DIGEST}", []),
    ],
    ids=["digest as tag", "no digest behind @", "short digest as tag", "short digest", "tag and digest"],
)
def test_ck102_and_ck103_know_where_digests_belong(lint: Lint, tag: str, found: list[str]) -> None:
    findings = [each for each in lint(f"image:\n  tag: '{tag}'\n") if each.rule in ("CK102", "CK103", "CK113")]
    assert [finding.rule for finding in findings] == found
    assert {finding.location for finding in findings} <= {"user.yaml:2:8"}


@pytest.mark.parametrize(
    ("tag", "policy", "severity"),
    [
        ("latest", "IfNotPresent", Severity.WARNING),
        ("edge", "IfNotPresent", Severity.WARNING),
        ("1.2.3", "Always", Severity.INFO),
        (f"edge@{DIGEST}", "Always", Severity.INFO),
        ("1.2.3", "IfNotPresent", None),
        ("latest", "Always", None),
        (f"edge@{DIGEST}", "IfNotPresent", None),
    ],
)
def test_ck105_holds_the_policy_against_the_tag(lint: Lint, tag: str, policy: str, severity: Severity | None) -> None:
    found = [each for each in lint(f"image: {{tag: '{tag}', pullPolicy: {policy}}}") if each.rule == "CK105"]
    assert [each.severity for each in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("image: {tag: 1.10}", "image.tag is a number (1.10), not a text, and most charts print it as 1.1"),
        ("image: {tag: 5}", "image.tag is a number (5), not a text"),
        ("image: {tag: 1000000}", "image.tag is a number (1000000), not a text, and most charts print it as 1e+06"),
        ("image: {tag: true}", "image.tag is true or false (true), not a text"),
        ("image: {tag: 2024-01-31}", "image.tag is a date (2024-01-31), not a text"),
        ("image: {registry: [a, b]}", "image.registry is a list, not a text"),
        ("image: {tag: '1.10'}", ""),
        ("image: {tag: null}", ""),
    ],
    ids=["float", "integer", "big integer", "boolean", "date", "list", "text", "null"],
)  # fmt: skip
def test_ck115_wants_tags_in_quotes(lint: Lint, values: str, message: str) -> None:
    assert [each.message for each in lint(values) if each.rule == "CK115"] == ([message] if message else [])


def test_ck115_sees_flags_too(lint: Lint) -> None:
    (finding,) = [each for each in lint(flags=("image.tag=5",)) if each.rule == "CK115"]
    assert finding.location == "--set image.tag=5"
    assert (finding.line, finding.fix) == (None, "Use --set-string.")
    assert finding.file == "app/Chart.yaml"
