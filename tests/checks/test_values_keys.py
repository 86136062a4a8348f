from __future__ import annotations

from collections.abc import Callable

import pytest

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.levels import Levels

Lint = Callable[..., tuple[Finding, ...]]


@pytest.mark.parametrize(
    ("values", "key", "right"),
    [
        ("global:\n  image:\n    registries: a.example.com\n", "global.image.registries", "global.image.registry"),
        ("image: {repo: acme/other}", "image.repo", "image.repository"),
        ("image: {pullpolicy: Always}", "image.pullpolicy", "image.pullPolicy"),
        ("imgae: {tag: v2}", "imgae", "image"),
    ],
)
def test_ck110_knows_which_key_is_meant(lint: Lint, values: str, key: str, right: str) -> None:
    (finding,) = [each for each in lint(values) if each.rule == "CK110"]
    assert finding.key == key
    assert finding.message.endswith(f"did you mean {right}?")
    assert finding.line == values.count("\n", 0, values.find(key.rpartition(".")[2])) + 1


@pytest.mark.parametrize("values", ["image: {extra: 1}", "image: {tag: v2}", "other: {registries: x}"])
def test_ck110_passes_known_keys_and_those_that_are_near_none(lint: Lint, values: str) -> None:
    assert "CK110" not in [each.rule for each in lint(values)]


def test_ck110_passes_a_key_that_only_templates_know(lint: Lint) -> None:
    reader = {"c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {x: {{ .Values.image.repo }}}\n"}
    assert "CK110" not in [each.rule for each in lint("image: {repo: x}", reader)]


def test_ck110_goes_by_the_charts_values_where_nothing_was_traced(lint: Lint) -> None:
    (finding,) = [each for each in lint("image: {repo: x}", traced=False) if each.rule == "CK110"]
    assert (finding.key, finding.location) == ("image.repo", "user.yaml:1:15")


def test_ck110_finds_keys_outside_image_blocks_too(lint: Lint) -> None:
    (finding,) = [each for each in lint("pullSecret: [{name: a}]") if each.rule == "CK110"]
    assert finding.message == "pullSecret is never read; did you mean pullSecrets?"


def test_ck110_is_an_error_when_strict(lint: Lint) -> None:
    (finding,) = [each for each in lint("image: {repo: x}", levels=Levels(is_strict=True)) if each.rule == "CK110"]
    assert finding.severity is Severity.ERROR
