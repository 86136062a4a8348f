from __future__ import annotations

from collections.abc import Callable

import pytest

from chartkit.checks.finding import Finding

Lint = Callable[..., tuple[Finding, ...]]


@pytest.mark.parametrize(
    ("values", "location", "said"),
    [
        ("image: {tag: v1}\n---\nimage: {tag: v2}\n", "user.yaml:3:1", "several YAML documents"),
        ("image:\n  tag: v1\n  tag: v2\n", "user.yaml:3:3", "image.tag is written twice: the first, in line 2"),
        ("image:\n  tag:\tv1\n", "user.yaml:2:3", "a tab"),
        ("image: {tag: v1}\nglobal: {registry: b}\n", "user.yaml:2:20", "the chart has no global.registry"),
        ("app:\n  image: {tag: v1}\n", "user.yaml:2:10", "the chart has no app.image"),
    ],
    ids=["documents", "twice", "tab", "too high", "too deep"],
)
def test_ck111_finds_what_is_not_read_as_it_looks(lint: Lint, values: str, location: str, said: str) -> None:
    findings = [each for each in lint(values) if each.rule == "CK111"]
    assert [each.location for each in findings] == [location]
    assert said in findings[0].message


@pytest.mark.parametrize(
    "values",
    [
        "---\nimage: {tag: v1}\n",
        "# a comment\n---\nimage: {tag: v1}\n...\n",
        "image:\n  tag: v1 \t# a tab before a comment\n",
        "text: |\n  a\n  \tb\nimage: {tag: v1}\n",
        "image: {tag: v1}\nother: {image: {tag: v2}}\n",
        "base: &b {tag: v1}\nimage:\n  <<: *b\n  registry: r.example.com\n",
    ],
    ids=["marker", "comment before", "tab in a comment", "tab in a text", "a block that is read", "merge"],
)
def test_ck111_passes_plain_files(lint: Lint, values: str) -> None:
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
    reader = {"c.yaml": f"{head}data: {{x: {{{{ toYaml .Values.other | quote }}}}}}\n"}
    assert "CK111" not in [each.rule for each in lint(values, reader)]


def test_ck111_looks_at_the_charts_own_values_where_no_others_are_given(lint: Lint) -> None:
    defaults = "image: {registry: '', repository: acme/app, tag: v1, tag: v2, pullPolicy: Always}\nglobal: {}\n"
    (finding,) = [each for each in lint(defaults=defaults) if each.rule == "CK111"]
    assert finding.location == "app/values.yaml:1:54"
