"""The GitHub action and the GitLab component: valid by their schemas, and their scripts do what they say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from chartkit.cli.init_files import github_workflow, gitlab_pipeline

TOP = Path(__file__).parents[2]
COMPONENT = (TOP / "templates/chartkit.yml").read_text(encoding="utf-8")

pytestmark = pytest.mark.real

_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: a, image: "{{ .Values.image }}"}]}
"""


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("vendor.github-actions", (TOP / "action.yml").read_text(encoding="utf-8")),
        ("vendor.github-workflows", github_workflow("chartkit")),
        ("vendor.gitlab-ci", COMPONENT.partition("\n---\n")[2]),
        ("vendor.gitlab-ci", gitlab_pipeline("chartkit")),
    ],
    ids=["action", "workflow", "component", "pipeline"],
)
def test_ci_files_are_valid(tmp_path: Path, schema: str, text: str) -> None:
    command = Path(sys.executable).parent / "check-jsonschema"
    if not command.exists():
        pytest.skip("needs check-jsonschema: pip install check-jsonschema")
    (tmp_path / "file.yml").write_text(text, encoding="utf-8")
    transform = ["--data-transform", "gitlab-ci"] if "gitlab" in schema else []
    done = subprocess.run(
        [command, "--builtin-schema", schema, *transform, tmp_path / "file.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_component_uses_the_inputs_it_declares() -> None:
    head, job = yaml.safe_load_all(COMPONENT)
    inputs = head["spec"]["inputs"]
    assert all(f"$[[ inputs.{name} ]]" in COMPONENT for name in inputs)
    assert COMPONENT.count("$[[ inputs.") == len(inputs)
    assert list(job) == ["$[[ inputs.name ]]"]


@pytest.fixture
def bash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a chart, a `chartkit` on the search path, and bash; the working directory."""
    if not shutil.which("bash"):
        pytest.skip("needs bash")
    files = {
        "bin/chartkit": f'#!/bin/sh\nexec {sys.executable} -m chartkit "$@"\n',
        "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
        "c/templates/pod.yaml": _POD,
        "good.yaml": "image: registry.example.com/a:1.0\n",
        "bad.yaml": "image: nginx:1.0\n",
        "summary.md": "",
        "output": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "bin/chartkit").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(TOP))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _action(folder: Path, **inputs: str) -> int:
    action: dict[str, Any] = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))
    step = action["runs"]["steps"][-1]
    given = {name: str(each.get("default", "")) for name, each in action["inputs"].items()} | inputs
    variables = {
        name: given[value.removeprefix("${{ inputs.").removesuffix(" }}")] for name, value in step["env"].items()
    }
    places = {"GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "GITHUB_OUTPUT": str(folder / "output")}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(command, env={**os.environ, **variables, **places}, check=False).returncode


def test_the_action_reports_what_it_finds(bash: Path, capfd: pytest.CaptureFixture[str]) -> None:
    inputs = {"chart": "c", "expect": "registry.example.com\n", "sarif": "found.sarif"}
    assert _action(bash, values="good.yaml", lint="false", **inputs) == 0
    assert (bash / "output").read_text() == "exit-code=0\n"
    capfd.readouterr()
    assert _action(bash, values="bad.yaml\n", lint="true", **inputs) == 1
    assert "::error" in capfd.readouterr().out
    assert "nginx" in (bash / "summary.md").read_text()
    assert json.loads((bash / "found.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((bash / "found-lint.sarif").read_text())["version"] == "2.1.0"
    assert _action(bash, values="bad.yaml\n", lint="false", **{**inputs, "allow": "docker.io"}) == 0


def test_the_action_fails_where_a_chart_does_not_render(bash: Path) -> None:
    (bash / "c/templates/bad.yaml").write_text('{{ fail "never" }}')
    assert _action(bash, chart="c", expect="registry.example.com") == 2


@pytest.mark.parametrize(("values", "code"), [("good.yaml", 0), ("bad.yaml", 1), ("bad.yaml,good.yaml", 0)])
def test_the_component_reports_what_it_finds(bash: Path, values: str, code: int) -> None:
    job: dict[str, Any] = next(iter(list(yaml.safe_load_all(COMPONENT))[1].values()))
    given = {"chart": "c", "values": values, "expect": "registry.example.com"}
    variables = {
        name: given.get(text.removeprefix("$[[ inputs.").removesuffix(" ]]"), "")
        for name, text in job["variables"].items()
    }
    command = ["bash", "-eo", "pipefail", "-c", job["script"][1]]
    assert subprocess.run(command, env={**os.environ, **variables}, check=False).returncode == code
    for name in job["artifacts"]["reports"]["junit"]:
        assert (bash / name).read_text().startswith("<?xml")
