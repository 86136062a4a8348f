from __future__ import annotations

from collections.abc import Callable

import pytest

from chartkit.checks.finding import Finding
from chartkit.checks.levels import Levels
from chartkit.checks.precedence import stage_of
from chartkit.checks.rules import check
from chartkit.checks.subject import Subject

Lint = Callable[..., tuple[Finding, ...]]
Build = Callable[..., Subject]
Ids = Callable[..., list[str]]

SIDECAR = """\
apiVersion: v1
kind: Pod
metadata: {name: side}
spec: {containers: [{name: side, image: quay.io/other/side:1.0}]}
"""


def test_ck104_finds_a_global_policy_that_a_default_hides(lint: Lint) -> None:
    (finding,) = [each for each in lint("global:\n  image:\n    pullPolicy: Always\n") if each.rule == "CK104"]
    assert finding.location == "user.yaml:3:17"
    assert "image.pullPolicy (IfNotPresent)" in finding.message


@pytest.mark.parametrize(
    "values",
    [
        "global: {image: {pullPolicy: Always}}\nimage: {pullPolicy: ''}",
        "global: {image: {pullPolicy: Always}}\nimage: {pullPolicy: Never}",
        "image: {pullPolicy: Always}",
        "global: {other: {image: {pullPolicy: Always}}}",
        "",
    ],
    ids=["default emptied", "set on purpose", "no global value", "of one component", "nothing set"],
)
def test_ck104_passes_what_counts(ids: Ids, values: str) -> None:
    assert "CK104" not in ids(values)


@pytest.mark.parametrize(("registry", "found"), [("a.example.com", True), ("''", False)])
def test_ck106_finds_images_that_a_global_registry_does_not_reach(lint: Lint, registry: str, found: bool) -> None:
    values = f"global:\n  image:\n    registry: {registry}\nimage: {{registry: a.example.com}}\n"
    findings = [each for each in lint(values, {"side.yaml": SIDECAR}) if each.rule == "CK106"]
    assert [each.location for each in findings] == (["user.yaml:3:15"] if found else [])
    assert all("quay.io/other/side:1.0" in each.message for each in findings)


def test_ck106_passes_one_registry(ids: Ids) -> None:
    assert "CK106" not in ids("global: {image: {registry: a.example.com}}\nimage: {registry: a.example.com/team}\n")


def _shared(build: Build, production: str) -> list[str]:
    targets = [
        build("image: {registry: r.example.com/dev, tag: '1.0'}", target="dev"),
        build(production, target="prod"),
    ]
    return [finding.message for finding in check(targets, Levels()) if finding.rule == "CK107"]


@pytest.mark.parametrize(
    ("production", "shared"),
    [
        ("image: {registry: r.example.com/prod, tag: '1.1'}", []),
        ("image: {registry: r.example.com/dev, tag: '1.1'}", ["registry r.example.com/dev/acme"]),
        ("image: {registry: r.example.com/prod, tag: '1.0'}", ["tag 1.0"]),
    ],
    ids=["apart", "same path", "same tag"],
)
def test_ck107_keeps_development_and_production_apart(build: Build, production: str, shared: list[str]) -> None:
    assert _shared(build, production) == [f"development and production share {what}" for what in shared]


@pytest.mark.parametrize(
    ("target", "stage"),
    [("prod", "prod"), ("eu-production", "prod"), ("dev", "dev"), ("development-2", "dev"), ("products", ""), ("", "")],
)
def test_the_stage_comes_from_the_name(build: Build, target: str, stage: str) -> None:
    assert stage_of(build("image: {tag: v1}", target=target)) == stage
