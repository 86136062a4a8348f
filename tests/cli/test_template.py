from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

_FILES = {
    "c/Chart.yaml": "apiVersion: v2\nname: tc\nversion: 0.1.0\n",
    "c/values.yaml": "a: 1\n",
    "c/crds/x.yaml": "x: 1\n",
    "c/templates/t.yaml": "r: {{ .Release.Name }}\nns: {{ .Release.Namespace }}\na: {{ .Values.a }}\n"
    "up: {{ .Release.IsUpgrade }}\nhas: {{ .Capabilities.APIVersions.Has \"foo/v1\" }}\n",
    "c/templates/h.yaml": "kind: Pod\nmetadata:\n  annotations:\n    helm.sh/hook: test\n",
    "a.yaml": "a: 2\n",
    "bad/Chart.yaml": "apiVersion: v2\nname: bad\nversion: 0.1.0\n",
    "bad/templates/t.yaml": "a: b: c\n",
    "fails/Chart.yaml": "apiVersion: v2\nname: fails\nversion: 0.1.0\n",
    "fails/templates/t.yaml": '{{ fail "no" }}\n',
}  # fmt: skip

_HOOK = "---\n# Source: tc/templates/h.yaml\nkind: Pod\nmetadata:\n  annotations:\n    helm.sh/hook: test\n\n"


def _manifest(
    name: str = "rel", namespace: str = "default", a: str = "1", up: str = "false", has: str = "false"
) -> str:
    return f"---\n# Source: tc/templates/t.yaml\nr: {name}\nns: {namespace}\na: {a}\nup: {up}\nhas: {has}\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit template` in a folder with charts; gives the exit code and both outputs."""
    for name, text in _FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HELM_NAMESPACE", raising=False)

    def template(*words: str) -> tuple[int, str, str]:
        code = main(["template", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return template


PRINTED = {
    "plain": (["rel", "./c", "--no-hooks"], _manifest()),
    "hooks": (["rel", "c"], _manifest() + _HOOK),
    "no name": (["c", "--skip-tests"], _manifest("release-name")),
    "empty name": (["", "c", "--skip-tests"], _manifest("release-name")),
    "generated name": (["c", "-g", "--no-hooks"], _manifest("release-name")),
    "name template": (["c", "--no-hooks", "--name-template", 'x-{{ 1 | add1 }}-{{ "A" | lower }}'], _manifest("x-2-a")),
    "namespace": (["rel", "-nfoo", "c", "--no-hooks"], _manifest(namespace="foo")),
    "values": (["rel", "c", "--no-hooks", "-f", "a.yaml"], _manifest(a="2")),
    "set wins": (["rel", "c", "--no-hooks", "--set", "a=3", "-f", "a.yaml"], _manifest(a="3")),
    "upgrade": (["rel", "c", "--no-hooks", "--is-upgrade"], _manifest(up="true")),
    "api versions": (["rel", "c", "--no-hooks", "-a", "bar/v1,foo/v1"], _manifest(has="true")),
    "crds": (
        ["rel", "c", "--no-hooks", "--include-crds"],
        "---\n# Source: tc/crds/x.yaml\nx: 1\n\n" + _manifest(),
    ),
    "show only": (["rel", "c", "--show-only", "templates/h.yaml"], _HOOK + "\n"),
    "flags for a cluster": (["rel", "c", "--no-hooks", "--wait", "--timeout=5m", "--create-namespace"], _manifest()),
}  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), PRINTED.values(), ids=PRINTED)
def test_template_prints_what_helm_prints(run: Run, words: list[str], expected: str) -> None:
    assert run(*words) == (0, expected, "")


def test_template_takes_the_namespace_of_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELM_NAMESPACE", "env")
    assert run("rel", "c", "--no-hooks")[1] == _manifest(namespace="env")


_NAME = 'release name "A": invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53\n'  # noqa: E501
_ADVICE = "\n\nUse --debug flag to render out invalid YAML\n"

FAILED = {
    "no chart": ([], '"helm template" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]\n'),
    "too many words": (["a", "c", "d", "e"], "expected at most two arguments, unexpected arguments: d, e\n"),
    "unknown flag": (["rel", "c", "--nope"], "unknown flag: --nope\n"),
    "two names": (["rel", "c", "-g"], "cannot set --generate-name and also specify a name\n"),
    "name and template": (
        ["rel", "c", "--name-template", "x"],
        "cannot set --name-template and also specify a name\n",
    ),
    "broken name template": (["c", "--name-template", "x{{"], "template: name-template:1: unclosed action\n"),
    "bad name": (["A", "c"], f"release name check failed: {_NAME}"),
    "bad name in Helm 3": (["A", "c", "--helm", "3"], _NAME),
    "no such path": (["./nope"], 'path "./nope" not found\n'),
    "no such chart": (["nope"], "non-absolute URLs should be in form of repo_name/path_to_chart, got: nope\n"),
    "no such repository": (["rel", "nope/x"], "repo nope not found\n"),
    "no such values": (["rel", "c", "-f", "nope.yaml"], "open nope.yaml: no such file or directory\n"),
    "bad version": (
        ["rel", "c", "--kube-version", "bogus"],
        "invalid kube version 'bogus': could not parse \"bogus\" as version\n",
    ),
    "nothing to show": (["rel", "c", "-s", "x.yaml"], "could not find template x.yaml in chart\n"),
    "not yaml": (
        ["rel", "bad"],
        "YAML parse error on bad/templates/t.yaml: error converting YAML to JSON: "
        f"yaml: mapping values are not allowed in this context{_ADVICE}",
    ),
    "refused by the chart": (["rel", "fails"], f"execution error at (fails/templates/t.yaml:1:3): no{_ADVICE}"),
    "dry run of no kind": (
        ["rel", "c", "--dry-run=foo"],
        'invalid dry-run value ("foo"). Must be "none", "server", or "client"\n',
    ),
    "no dry run": (["rel", "c", "--dry-run=none"], 'invalid dry-run value ("none"). Must be "server" or "client"\n'),
    "no post-renderer": (
        ["rel", "c", "--helm=3", "--post-renderer", "./nope"],
        'invalid argument "./nope" for "--post-renderer" flag: unable to find binary at ./nope: '
        'exec: "./nope": stat ./nope: no such file or directory\n',
    ),
    "show only into files": (
        ["rel", "c", "-s", "templates/t.yaml", "--output-dir=od"],
        "could not find template templates/t.yaml in chart\n",
    ),
    "plugin": (
        ["rel", "c", "--post-renderer", "cat"],
        'invalid argument "cat" for "--post-renderer" flag: plugin: {Name:cat Type:postrenderer/v1} not found\n',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("words", "message"), FAILED.values(), ids=FAILED)
def test_template_fails_in_the_words_of_helm(run: Run, words: list[str], message: str) -> None:
    assert run(*words) == (2, "", f"Error: {message}")


@pytest.mark.parametrize("flag", ["--dry-run=server", "--validate"])
def test_template_refuses_what_needs_a_cluster(run: Run, flag: str) -> None:
    code, out, err = run("rel", "c", flag)
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: {flag.partition('=')[0]}")


def test_template_of_an_unknown_helm(run: Run) -> None:
    code, _, err = run("rel", "c", "--helm", "2")
    assert code == 2
    assert err.startswith('Error: unknown version of Helm "2"')


def test_template_prints_invalid_yaml_when_debugging(run: Run) -> None:
    code, out, err = run("rel", "bad", "--debug")
    assert (code, out) == (2, "---\n# Source: bad/templates/t.yaml\na: b: c\n")
    assert err.endswith("mapping values are not allowed in this context\n")


def test_template_runs_a_post_renderer_as_helm_3_does(run: Run) -> None:
    words = ["rel", "c", "--helm", "3.17", "--post-renderer", "sed", "--post-renderer-args", "s/rel/changed/"]
    assert run(*words) == (0, _manifest("changed") + _HOOK[:-1], "")


def test_template_tells_of_a_post_renderer_that_fails(run: Run) -> None:
    code, out, err = run("rel", "c", "--helm", "3.17", "--post-renderer", "false")
    assert (code, out) == (2, "")
    assert err.startswith("Error: error while running post render on files: error while running command /")
    assert err.endswith(f": exit status 1{_ADVICE}")


def test_template_writes_files_on_output_dir(run: Run, tmp_path: Path) -> None:
    assert run("rel", "c", "--output-dir", "./od", "--release-name", "--include-crds") == (
        0,
        "wrote ./od/tc/crds/x.yaml\nwrote od/rel/tc/templates/t.yaml\nwrote od/rel/tc/templates/h.yaml\n\n",
        "",
    )
    assert (tmp_path / "od/rel/tc/templates/t.yaml").read_text() == f"{_manifest()}\n"


def test_template_notes_deprecated_flags(run: Run) -> None:
    code, out, err = run("rel", "c", "--no-hooks", "--hide-notes")
    assert (code, out) == (0, _manifest())
    assert err.startswith("Flag --hide-notes has been deprecated, ")
