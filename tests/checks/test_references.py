from __future__ import annotations

from collections.abc import Callable

import pytest

from chartkit.checks.finding import Finding

Lint = Callable[..., tuple[Finding, ...]]


@pytest.mark.parametrize(
    ("registry", "found"),
    [
        ("123456.dkr.ecr.us-east-1.amazonaws.com", True),
        ("myteam.azurecr.com", True),
        ("quay.com/org", True),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com", False),
        ("myteam.azurecr.io", False),
        ("quay.io/org", False),
    ],
)
def test_ck112_knows_hosts_that_are_nearly_right(lint: Lint, registry: str, found: bool) -> None:
    findings = [each for each in lint(f"image:\n  registry: {registry}\n") if each.rule == "CK112"]
    assert [each.location for each in findings] == (["user.yaml:2:13"] if found else [])


@pytest.mark.parametrize(
    ("values", "key", "fault"),
    [
        ("{registry: 'https://a.example.com'}", "image.registry", "has the scheme https://"),
        ("{registry: a.example.com/}", "image.registry", "has a slash at its end"),
        ("{registry: 'a.example.com '}", "image.registry", "has a blank"),
        ("{registry: a.example.com/Team}", "image.registry", "has upper-case letters"),
        ("{repository: MyOrg/Server}", "image.repository", "has upper-case letters"),
        ("{repository: 'acme/s:1.0'}", "image.repository", "has a tag in it (1.0)"),
        ("{tag: ' 5.2'}", "image.tag", "has a blank"),
        ("{repository: ''}", "image.repository", "the repository is empty"),
    ],
)
def test_ck113_names_the_value_that_makes_no_reference(lint: Lint, values: str, key: str, fault: str) -> None:
    (finding,) = [each for each in lint(f"image: {values}\n") if each.rule == "CK113"]
    assert finding.key == key
    assert fault in finding.message
    assert finding.location.startswith("user.yaml:1:")


@pytest.mark.parametrize("values", ["{registry: 'reg:5000'}", "{repository: 'host:5000/x/y'}", "{tag: v1}"])
def test_ck113_accepts_what_is_a_reference(lint: Lint, values: str) -> None:
    assert "CK113" not in [each.rule for each in lint(f"image: {values}\n")]


def test_ck113_accepts_a_slash_that_the_chart_expects(lint: Lint) -> None:
    helpers = '{{ define "image" }}{{ .registry }}{{ .repository }}:{{ .tag }}{{ end }}'
    found = lint("image: {registry: a.example.com/}\n", {"_h.tpl": helpers})
    assert "CK113" not in [each.rule for each in found]


def test_ck113_tells_of_values_alone_where_nothing_renders(lint: Lint, build: Callable[..., object]) -> None:
    from dataclasses import replace

    from chartkit.checks.levels import Levels
    from chartkit.checks.rules import check

    subject = replace(build("image: {registry: 'https://a.example.com'}\n"), rendering=None, images=())  # type: ignore
    assert [each.rule for each in check([subject], Levels())] == ["CK113"]


def test_ck113_leaves_out_what_another_program_fills_in(lint: Lint) -> None:
    workflow = (
        "apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nmetadata: {name: w}\n"
        "spec: {templates: [{container: {image: 'acme/tool:{{ \"{{\" }}version}}'}}]}\n"
    )
    assert "CK113" not in [each.rule for each in lint("image: {tag: v1}", {"w.yaml": workflow})]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ("image: {registry: a.example.com, repository: b.example.com/x/y}", True),
        ("image: {registry: '', repository: b.example.com/x/y}", False),
        ("image: {registry: a.example.com/docker.io, repository: acme/app}", False),
        ("image: {registry: a.example.com, repository: acme/app}", False),
    ],
    ids=["both", "repository alone", "a mirror's path", "registry alone"],
)
def test_ck114_finds_two_registries_in_one_image(lint: Lint, values: str, found: bool) -> None:
    findings = [each for each in lint(values) if each.rule == "CK114"]
    assert [each.key for each in findings] == (["image.repository"] if found else [])
