from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: app, image: "{{ .Values.registry }}/app:1"}]}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `verify-images` beside the charts `one` and `two` and the values files `envs/*.yaml`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    for name in ("one", "two"):
        (tmp_path / f"charts/{name}/templates").mkdir(parents=True)
        (tmp_path / f"charts/{name}/Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n")
        (tmp_path / f"charts/{name}/values.yaml").write_text("registry: quay.io\n")
        (tmp_path / f"charts/{name}/templates/pod.yaml").write_text(_POD)
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs/a.yaml").write_text("x: 1\n")
    (tmp_path / "envs/b.yaml").write_text("registry: gcr.io\n")
    (tmp_path / "envs/c.yaml").write_text("registry: [\n")

    def verify(*words: str) -> tuple[int, str, str]:
        code = main(["verify-images", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return verify


_MATRIX = ("--chart", "charts/one", "--matrix", "envs/*.yaml", "--expect", "quay.io")
_TOLD = """\
envs/b.yaml: 0/1 images match: 1 error
envs/c.yaml: not rendered: 1 error

error CK001 in 1 of 3 runs: gcr.io/app:1 is from gcr.io, expected is quay.io
    in: Pod/web, container app
    key: registry
    at: envs/b.yaml:1:11
    fix: Set registry, or allow it with --allow gcr.io/app.
error CK005 in 1 of 3 runs: failed to parse envs/c.yaml: cannot unmarshal yaml document: error converting YAML to \
JSON: yaml: line 1: did not find expected node content
    at: envs/c.yaml:1:12
    fix: Correct what the message says; `chartkit render` shows the same failure with the way to it.

3 runs: 1 clean, 1 with findings, 1 not rendered
"""


@pytest.mark.parametrize("jobs", [(), ("--jobs", "1"), ("--jobs", "2")], ids=len)
def test_a_matrix_is_checked_file_by_file(run: Run, jobs: tuple[str, ...]) -> None:
    code, out, _ = run(*_MATRIX, *jobs)
    assert code == 2
    assert out == _TOLD


def test_values_files_stand_below_each_file_of_the_matrix(run: Run) -> None:
    code, out, _ = run("envs/b.yaml", "--chart", "charts/one", "--matrix", "envs/a.yaml", "--expect", "quay.io")
    assert code == 1
    assert out.startswith("envs/a.yaml: 0/1 images match")


def test_several_patterns_and_names_each_file_once(run: Run) -> None:
    words = ("--matrix", "envs/a*,envs/a.yaml", "--matrix", "envs/b.yaml", "--allow", "gcr.io")
    code, out, _ = run("--chart", "charts/one", "--expect", "quay.io", *words)
    assert (code, out) == (0, "2 runs: 2 clean, 0 with findings, 0 not rendered\n")


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "markdown"])
def test_other_formats_have_all_runs_in_one_report(run: Run, form: str) -> None:
    code, out, _ = run(*_MATRIX, "--format", form)
    assert code == 2
    assert "gcr.io/app:1" in out
    if form == "json":
        assert [each["target"] for each in json.loads(out)["findings"]] == ["envs/b.yaml", "envs/c.yaml"]


_FLEET = """\
expect: quay.io
targets:
- {name: all, chart: "charts/*"}
- {name: other, chart: charts/two, values: "envs/[ab].yaml", allow: gcr.io}
"""


def test_a_fleet_has_many_charts_and_many_values(run: Run) -> None:
    Path("fleet.yaml").write_text(_FLEET)
    assert run("--fleet", "fleet.yaml")[:2] == (0, "4 runs: 4 clean, 0 with findings, 0 not rendered\n")
    code, out, _ = run("--fleet", "fleet.yaml", "--matrix", "envs/b.yaml")
    assert code == 1
    assert out.splitlines()[:2] == [
        "all (one): envs/b.yaml: 0/1 images match: 1 error",
        "all (two): envs/b.yaml: 0/1 images match: 1 error",
    ]
    assert "in 2 of 4 runs" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--matrix", "none/*.yaml", "--expect", "x.io"), "no values file fits none/*.yaml"),
        (("--fleet", "none.yaml"), "none.yaml"),
        (("--fleet", "empty.yaml"), "empty.yaml has no targets"),
        (("--matrix", "envs/a.yaml", "--expect", "x.io", "--jobs", "0"), "at least one process"),
        (("--matrix", "envs/a.yaml", "--expect", "x.io", "--jobs", "2", "--dask", "tcp://x:1"), "do not go together"),
        (("--matrix", "envs/a.yaml"), "there is nothing to verify"),
    ],
)
def test_what_makes_no_sense_is_said(run: Run, words: tuple[str, ...], message: str) -> None:
    Path("empty.yaml").write_text("expect: x.io\n")
    code, out, err = run("--chart", "charts/one", *words) if "--fleet" not in words else run(*words)
    assert code == 2
    assert message in err


def test_an_interrupt_ends_with_what_is_done(run: Run, tmp_path: Path) -> None:
    for number in range(600):
        (tmp_path / f"envs/n{number:04}.yaml").write_text(f"registry: gcr.io\nx: {number}\n")
    words = [sys.executable, "-m", "chartkit", "verify-images", *_MATRIX, "--jobs", "2"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert first.startswith("envs/b.yaml: ")
    assert process.returncode == 130
    assert "interrupted: " in err
    assert "of 603 runs are done" in err
    assert "Traceback" not in err
    assert " runs: 1 clean, " in out


def test_a_cluster_does_the_work(run: Run) -> None:
    distributed = pytest.importorskip("distributed", reason="needs the extra dask: pip install 'chartkit[dask]'")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster:
            code, out, _ = run(*_MATRIX, "--dask", cluster.scheduler_address)
    assert code == 2
    assert out == _TOLD


def test_a_cluster_that_is_not_there_is_named(run: Run) -> None:
    pytest.importorskip("distributed", reason="needs the extra dask: pip install 'chartkit[dask]'")
    code, _, err = run(*_MATRIX, "--dask", "tcp://127.0.0.1:9")
    assert code == 2
    assert "there is no Dask cluster at tcp://127.0.0.1:9" in err
