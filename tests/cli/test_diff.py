from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

_TEMPLATE = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
{{ range $name, $image := .Values.images }}
  - {name: {{ $name }}, image: "{{ $image }}"}
{{ end }}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit diff` beside a chart `c`; gives the exit code and both outputs."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    _chart("c", "images: {}\n")

    def diff(*words: str) -> tuple[int, str, str]:
        code = main(["diff", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return diff


def _chart(name: str, values: str) -> None:
    Path(name, "templates").mkdir(parents=True)
    Path(name, "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n")
    Path(name, "values.yaml").write_text(values)
    Path(name, "templates/pod.yaml").write_text(_TEMPLATE)


def _values(name: str, **images: str) -> str:
    Path(name).write_text(json.dumps({"images": images}))
    return name


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ({"a": "nginx:1"}, {"b": "docker.io/library/nginx:1"}, []),
        ({"a": "nginx:1"}, {"a": "nginx:2"}, ["~ docker.io/library/nginx 1 -> 2"]),
        ({"a": "nginx"}, {"a": "nginx:2"}, ["~ docker.io/library/nginx (no tag) -> 2"]),
        ({}, {"a": "quay.io/x/y:1"}, ["+ quay.io/x/y:1"]),
        ({"a": "quay.io/x/y:1"}, {}, ["- quay.io/x/y:1"]),
        ({"a": "x/y:1"}, {"a": "m.example.com/x/y:1"}, ["> docker.io/x/y:1 -> m.example.com/x/y:1"]),
        ({"a": "nginx:1"}, {"a": "m.example.com/nginx:1"}, ["> docker.io/library/nginx:1 -> m.example.com/nginx:1"]),
        ({"a": "x/y:1"}, {"a": "m.example.com/hub/x/y:1"}, ["> docker.io/x/y:1 -> m.example.com/hub/x/y:1"]),
        ({"a": "x/y:1"}, {"a": "m.example.com/z/y:2"}, ["> docker.io/x/y:1 -> m.example.com/z/y:2"]),
        ({"a": "x/y:1"}, {"b": "m.example.com/z/y:2"}, ["- docker.io/x/y:1", "+ m.example.com/z/y:2"]),
        ({"a": "x/y:1"}, {"a": "z/w:1"}, ["- docker.io/x/y:1", "+ docker.io/z/w:1"]),
        (
            {"a": "x/y:1", "b": "x/y:2"},
            {"a": "x/y:4", "b": "x/y:3"},
            ["~ docker.io/x/y 1 -> 4", "~ docker.io/x/y 2 -> 3"],
        ),
        (
            {"a": "x/y:1", "b": "nginx:1", "c": "redis:1", "d": "old:1"},
            {"a": "m.example.com/x/y:1", "b": "nginx:2", "c": "redis:1", "e": "new:1"},
            [
                "> docker.io/x/y:1 -> m.example.com/x/y:1",
                "~ docker.io/library/nginx 1 -> 2",
                "- docker.io/library/old:1",
                "+ docker.io/library/new:1",
            ],
        ),
    ],
)
def test_diff_tells_what_changes(run: Run, before: dict[str, str], after: dict[str, str], lines: list[str]) -> None:
    code, out, _ = run(_values("a.yaml", **before), _values("b.yaml", **after), "--chart", "c")
    assert (code, out.splitlines()) == (1 if lines else 0, lines)


def test_diff_compares_two_charts(run: Run) -> None:
    _chart("new", "images: {a: 'x/y:2'}\n")
    Path("c/values.yaml").write_text("images: {a: 'x/y:1'}\n")
    with tarfile.open("c-0.2.0.tgz", "w:gz") as archive:
        archive.add("new", "c")
    assert run("c", "c-0.2.0.tgz")[:2] == run("c", "new")[:2] == (1, "~ docker.io/x/y 1 -> 2\n")
    assert run("c", "new", "--set", "images.a=z")[:2] == (0, "")


def test_diff_compares_charts_with_values_of_their_own(run: Run) -> None:
    _values("a.yaml", a="x/y:1")
    _values("b.yaml", a="x/y:2")
    _values("both.yaml", both="z:1")
    assert run("c:a.yaml", "c:a.yaml,b.yaml", "-f", "both.yaml")[:2] == (1, "~ docker.io/x/y 1 -> 2\n")


def test_diff_compares_targets(run: Run) -> None:
    Path("chartkit.yaml").write_text(
        "chart: c\ntargets:\n- {name: dev, set: 'images.a=x:1'}\n- {name: prod, set: 'images.a=x:2'}\n"
    )
    assert run("@dev", "@prod")[:2] == (1, "~ docker.io/library/x 1 -> 2\n")


def test_diff_in_json_says_where(run: Run) -> None:
    out = run(_values("a.yaml", a="x/y:1", b="o:1"), _values("b.yaml", a="x/y:2"), "--chart", "c", "--format=json")[1]
    assert json.loads(out) == {
        "a": "a.yaml",
        "b": "b.yaml",
        "changes": [
            {"kind": "retagged", "before": "docker.io/x/y:1", "after": "docker.io/x/y:2", "where": ["Pod/p a"]},
            {"kind": "removed", "before": "docker.io/library/o:1", "after": None, "where": ["Pod/p b"]},
        ],
    }


def test_diff_in_markdown_is_a_table(run: Run) -> None:
    same = _values("a.yaml", a="x/y:1")
    assert run(same, same, "--chart", "c", "--format", "markdown")[:2] == (0, "No image changes.\n")
    assert run(same, _values("b.yaml"), "--chart", "c", "--format", "markdown")[1] == (
        "| change | before | after | where |\n| --- | --- | --- | --- |\n| removed | docker.io/x/y:1 |  | Pod/p a |\n"
    )


def test_diff_looks_at_the_wanted_images_only(run: Run) -> None:
    files = _values("a.yaml", a="x/y:1", b="quay.io/x:1"), _values("b.yaml", a="x/y:2", b="quay.io/x:2")
    assert run(*files, "--chart", "c", "--registry", "quay.io")[1] == "~ quay.io/x 1 -> 2\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["c"], "diff compares two renders, not 1"),
        (["c", "c", "--format", "csv"], 'unknown format "csv": must be one of text, json, markdown'),
        (["c", "missing.yaml"], "open missing.yaml: no such file or directory"),
        (["@a", "@b"], "there is no configuration that could have a target a"),
    ],
)
def test_diff_refuses_what_it_cannot_compare(run: Run, words: list[str], message: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert f"Error: {message}\n" in err
