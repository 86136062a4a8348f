from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import chartkit
from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

_FILES = {
    "c/Chart.yaml": "apiVersion: v2\nname: tc\nversion: 0.1.0\n",
    "c/values.yaml": "a: 1\ntag: '1.0'\n",
    "c/templates/t.yaml": "r: {{ .Release.Name }}\na: {{ .Values.a }}\n",
    "c/templates/u.yaml": "spec:\n  containers:\n  - image: x:{{ .Values.tag }}\n  - name: i\n    image: \"y\"\n"
    "  images: [z]\n  imagePullPolicy: Always\n",
    "a.yaml": "a: 2\ntag: é\n",
    "b.yaml": "a: 3\n",
    "broken/Chart.yaml": "apiVersion: v2\nname: broken\nversion: 0.1.0\n",
    "broken/templates/t.yaml": 'x: 1\ny: {{ include "h" . }}\n',
    "broken/templates/_h.tpl": '{{ define "h" }}\n{{ .Values.a.b }}{{ end }}\n',
    "random/Chart.yaml": "apiVersion: v2\nname: random\nversion: 0.1.0\n",
    "random/templates/t.yaml": "x: {{ randAlpha 20 }}\ny: {{ now | unixEpoch }}\n",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with charts, as the working directory."""
    (tmp_path / ".git").mkdir()
    for name, text in _FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit render`; gives the exit code and both outputs."""

    def render(*words: str) -> tuple[int, str, str]:
        code = main(["render", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return render


def test_render_says_which_chart_it_took(run: Run, folder: Path) -> None:
    assert run("--chart", "c")[2] == "chart: c (from --chart)\n"
    (folder / "chartkit.yaml").write_text("chart: c\n")
    assert run()[2] == "chart: c (from chartkit.yaml)\n"
    (folder / "chartkit.yaml").unlink()
    assert run("c/values.yaml")[2] == "chart: c (from c/Chart.yaml)\n"


def test_render_merges_values_files_wherever_they_are_named(run: Run) -> None:
    for words in (["a.yaml", "b.yaml"], ["a.yaml", "-f", "b.yaml"], ["-f", "b.yaml"]):
        assert "r: release-name\na: 3\n" in run("--chart", "c", *words)[1]


def test_render_takes_commas_in_the_name_of_a_values_file(run: Run, folder: Path) -> None:
    (folder / "a,b.yaml").write_text("a: 4\n")
    assert "a: 4\n" in run("--chart", "c", "a,b.yaml")[1]
    assert "a: 4\n" in run("--chart", "c", "-f", '"a,b.yaml"')[1]


def test_render_reads_values_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a: 9\n")))
    assert "a: 9\n" in run("--chart", "c", "-")[1]


def test_render_sets_a_value_to_the_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"nine")))
    assert "a: nine\n" in run("--chart", "c", "--set-file", "a=-")[1]


def test_render_names_the_release(run: Run) -> None:
    assert "r: conductor\n" in run("--chart", "c", "--release", "conductor")[1]


def test_render_does_not_depend_on_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "c/templates/n.yaml").write_text("ns: {{ .Release.Namespace }}\n")
    monkeypatch.setenv("HELM_NAMESPACE", "env")
    assert "ns: default\n" in run("--chart", "c")[1]
    assert "ns: mine\n" in run("--chart", "c", "-n", "mine")[1]


def test_render_prints_only_the_lines_with_images(run: Run) -> None:
    assert run("--chart", "c", "--images-only", "a.yaml")[:2] == (0, 'image: x:é\nimage: "y"\n')


def test_render_shows_where_a_template_failed(run: Run) -> None:
    code, out, err = run("--chart", "broken")
    assert (code, out) == (2, "")
    assert err.startswith("chart: broken (from --chart)\nError: broken/templates/t.yaml:2:6\n")
    assert "  broken/templates/_h.tpl:2:" in err
    assert "    {{ .Values.a.b }}{{ end }}\n" in err
    assert "  reached from broken/templates/t.yaml:2:" in err
    assert "Traceback" not in err


def test_render_is_repeatable_with_a_seed(run: Run) -> None:
    first, again, other = (run("--chart", "random", "--seed", seed)[1] for seed in ("1", "1", "2"))
    assert first == again
    assert "y: 0\n" in first
    assert first != other


def test_render_stops_quietly_when_nobody_reads(folder: Path) -> None:
    (folder / "c/templates/big.yaml").write_text('x: {{ repeat 3000000 "y" }}\n')
    command = [sys.executable, "-m", "chartkit", "render", "--chart", "c"]
    environment = {**os.environ, "PYTHONPATH": str(Path(chartkit.__file__).parent.parent)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b"chart: c (from --chart)\n"
        assert process.wait() == 141
