from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

_DEVFILE = """\
schemaVersion: 2.2.0
metadata: {name: app}
components:
- name: runtime
  container:
    image: quay.io/team/app:1.0
"""
_DOCKERFILE = "ARG TAG=9\nFROM --platform=linux/amd64 quay.io/team/base:${TAG} AS build\nFROM scratch\n"
_TASK = {"name": "t", "image": "quay.io/team/task:1", "taskTemplate": "x"}
_DAG = 'task = Operator(dag=dag, image="quay.io/team/dag:1.0")\n'
_MANIFESTS = """\
# a comment
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: quay.io/team/pod:1.0
---
apiVersion: v1
kind: ConfigMap
metadata: {name: data}
"""
_FILES = {
    "stack/devfile.yaml": _DEVFILE,
    "dev/other.yaml": _DEVFILE,
    "Dockerfile": _DOCKERFILE,
    "task.json": json.dumps(_TASK, indent=1),
    "dags/flow.py": _DAG,
    "pods.yaml": _MANIFESTS,
    "values.yaml": "a: 1\n",
    "app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n",
    "app/templates/pod.yaml": _MANIFESTS,
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    for name, text in _FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def runner(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = main(words)
        out, err = capfd.readouterr()
        return code, out, err

    return runner


_INPUTS = pytest.mark.parametrize(
    ("name", "image", "place"),
    [
        ("stack", "quay.io/team/app:1.0", "stack/devfile.yaml:6:12"),
        ("stack/devfile.yaml", "quay.io/team/app:1.0", "stack/devfile.yaml:6:12"),
        ("dev/other.yaml", "quay.io/team/app:1.0", "dev/other.yaml:6:12"),
        ("Dockerfile", "quay.io/team/base:9", "Dockerfile:2:29"),
        ("task.json", "quay.io/team/task:1", "task.json:3:12"),
        ("dags", "quay.io/team/dag:1.0", "dags/flow.py:1:33"),
        ("dags/flow.py", "quay.io/team/dag:1.0", "dags/flow.py:1:33"),
        ("pods.yaml", "quay.io/team/pod:1.0", "pods.yaml:9:12"),
        ("-", "quay.io/team/pod:1.0", "<stdin>:9:12"),
    ],
    ids=lambda value: str(value).split(":")[0],
)


@_INPUTS
def test_images_lists_them(run: Run, name: str, image: str, place: str) -> None:
    code, out, err = run("images", name, "--format", "json", "--keys", stdin=_MANIFESTS)
    assert (code, err) == (0, "")
    (row,) = json.loads(out)["images"]
    assert row["canonical"] == image
    assert f"{row['file']}:{row['line']}" == place.rpartition(":")[0]


@_INPUTS
def test_verify_images_says_where_they_are(run: Run, name: str, image: str, place: str) -> None:
    assert run("verify-images", name, "--expect", "quay.io", stdin=_MANIFESTS) == (0, "1/1 images match\n", "")
    code, out, _ = run("verify-images", name, "--expect", "gcr.io", stdin=_MANIFESTS)
    assert code == 1
    assert out.startswith(f"{place}: error CK001: ")
    assert "is from quay.io, expected is gcr.io" in out


@_INPUTS
def test_explain_shows_the_place_of_each_part(run: Run, name: str, image: str, place: str) -> None:
    code, out, err = run("explain", name, "--format", "json", stdin=_MANIFESTS)
    assert (code, err) == (0, "")
    (row,) = json.loads(out)["images"]
    assert row["rendered"] is False
    part = row["parts"]["registry"]
    assert part["text"] == "quay.io"
    (key,) = part["keys"]
    assert f"{key['file']}:{key['line']}:{key['column']}" == place
    text = run("explain", name, "--image", "team", stdin=_MANIFESTS)[1]
    assert place in text
    assert "as rendered" not in text


def test_several_are_taken_together(run: Run) -> None:
    code, out, _ = run("verify-images", "stack", "Dockerfile", "task.json", "--expect", "quay.io")
    assert (code, out) == (0, "3/3 images match\n")


def test_values_on_the_standard_input_stay_values(run: Run) -> None:
    assert run("images", "app", "-", "--format", "plain", stdin="a: 2\n")[:2] == (0, "quay.io/team/pod:1.0\n")


def test_a_chart_is_still_a_chart(run: Run) -> None:
    code, out, _ = run("explain", "app", "--format", "json")
    assert code == 0
    assert json.loads(out)["images"][0]["rendered"] is True


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("images", "stack", "values.yaml"),
            "stack is no chart and no values file, so values.yaml cannot stand beside it",
        ),
        (("images", "stack", "-f", "values.yaml"), "so values.yaml cannot stand beside it"),
        (("images", "stack", "--unrendered"), "--unrendered is for charts only"),
        (("verify-images", "stack", "--expect", "x.io", "--lenient"), "--lenient is for charts only"),
        (("explain", "stack", "--key", "a"), "--key is for charts only"),
        (("explain", "stack", "--image", "tema"), "did you mean team?"),
        (("explain", "stack", "--resource", "Pod/x"), "nothing with an image is called Pod/x"),
    ],
)
def test_what_makes_no_sense_is_said(run: Run, words: tuple[str, ...], message: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("stack/devfile.yaml", "schemaVersion: 2.2.0\ncomponents: [\n"),
        ("dags/flow.py", "task = Operator(image=\n"),
        ("task.json", '{"taskTemplate": "x", '),
        ("pods.yaml", "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: [\n"),
    ],
)
def test_what_is_broken_is_named_with_its_place(run: Run, name: str, text: str) -> None:
    Path(name).write_text(text)
    code, out, err = run("images", name)
    assert (code, out) == (2, "")
    assert f"{name}:" in err
    assert "Traceback" not in err
