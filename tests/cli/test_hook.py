from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main
from chartkit.cli.hook import affected, chart_of

Run = Callable[..., tuple[int, str, str]]

_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: "{{ .Release.Name }}"}
spec: {containers: [{name: a, image: "{{ required "no image" .Values.image }}"}]}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two charts, one of them with a subchart, as the working directory."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for chart in ("charts/a", "charts/b", "charts/a/charts/sub"):
        Path(chart, "templates").mkdir(parents=True)
        Path(chart, "Chart.yaml").write_text(f"apiVersion: v2\nname: {Path(chart).name}\nversion: 0.1.0\n")
        Path(chart, "values.yaml").write_text("image: x:1\n")
        Path(chart, "templates/pod.yaml").write_text(_POD)
    Path("envs").mkdir()
    return tmp_path


@pytest.fixture
def run(root: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit hook`; gives the exit code and both outputs."""

    def hook(*words: str) -> tuple[int, str, str]:
        code = main(["hook", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return hook


@pytest.mark.parametrize(
    ("file", "chart"),
    [
        ("charts/a/values.yaml", "charts/a"),
        ("charts/a/templates/pod.yaml", "charts/a"),
        ("charts/a/charts/sub/Chart.yaml", "charts/a"),
        ("charts/a/charts/other-1.0.tgz", "charts/a"),
        ("charts/b/Chart.yaml", "charts/b"),
        ("charts/readme.yaml", None),
        ("values.yaml", None),
    ],
)
def test_chart_of_a_file_is_the_outermost_around_it(root: Path, file: str, chart: str | None) -> None:
    assert chart_of(Path(file)) == (chart and Path(chart))


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["charts/a/values.yaml", "charts/a/charts/sub/values.yaml", "charts/b/Chart.yaml"], ["charts/a", "charts/b"]),
        (["README.yaml", "envs/other.yaml", "envs/values-x.yaml"], []),
        (["charts/b/ci/test-values.yaml"], ["charts/b (charts/b/ci/test-values.yaml)"]),
        (["charts/b/templates/values-map.yaml"], ["charts/b"]),
    ],
)
def test_affected_are_the_charts_of_the_files_each_once(root: Path, files: list[str], names: list[str]) -> None:
    assert [str(each) for each in affected(files)] == names


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["charts/a/values.yaml"], ["charts/a (prod)", "charts/a (env (eu.yaml))", "charts/a (env (us.yaml))"]),
        (["envs/us.yaml"], ["charts/a (env (us.yaml))"]),
        (["prod.yaml", "envs/eu.yaml", "envs/eu.yaml"], ["charts/a (prod)", "charts/a (env (eu.yaml))"]),
        (["chartkit.yaml"], ["charts/a (prod)", "charts/a (env (eu.yaml))", "charts/a (env (us.yaml))"]),
        (["charts/b/values.yaml"], ["charts/b"]),
        (["envs/values-new.yaml"], ["charts/a (envs/values-new.yaml)"]),
        (["pyproject.toml"], []),
    ],
)
def test_affected_are_the_targets_of_the_files(root: Path, files: list[str], names: list[str]) -> None:
    Path("chartkit.yaml").write_text(
        "chart: charts/a\ntargets:\n- {name: prod, values: prod.yaml}\n- {name: env, values: 'envs/*.yaml'}\n"
    )
    for env in ("eu", "us"):
        Path(f"envs/{env}.yaml").write_text("image: y:2\n")
    assert [str(each) for each in affected(files)] == names


def test_hook_render_is_silent_about_charts_that_render(run: Run) -> None:
    assert run("render", "charts/a/values.yaml", "charts/b/values.yaml") == (
        0,
        "",
        "== charts/a\n== charts/b\n",
    )
    assert run("render", "README.md") == (0, "", "")


def test_hook_looks_at_all_charts_although_one_fails(run: Run) -> None:
    Path("charts/a/values.yaml").write_text("image:\n")
    code, out, err = run("render", "charts/a/values.yaml", "charts/b/values.yaml")
    assert (code, out) == (2, "")
    assert "no image" in err
    assert "== charts/b\n" in err


def test_hook_hands_on_flags_and_what_the_target_says(run: Run) -> None:
    Path("chartkit.yaml").write_text(
        "chart: charts/a\ntargets:\n- {name: prod, set: ['image='], release: r, expect: e.example.com}\n"
    )
    assert run("render", "charts/a/values.yaml")[0] == 2
    assert run("render", "--set", "image=z:3", "--release=other", "charts/a/values.yaml")[0] == 2
    assert run("render", "--kube-version", "1.x.y", "charts/b/values.yaml")[0] == 2


def test_hook_verifies_images_by_the_nearest_configuration(run: Run) -> None:
    Path("charts/a/chartkit.yaml").write_text("expect: docker.io\n")
    assert run("verify-images", "charts/a/values.yaml")[:2] == (0, "2/2 images match\n")
    assert run("verify-images", "--expect", "quay.io", "charts/a/values.yaml")[0] == 1
    assert run("verify-images", "charts/a/values.yaml", "charts/b/values.yaml")[0] == 2


def test_hook_hands_on_what_the_target_expects(run: Run) -> None:
    Path("charts/chartkit.yaml").write_text(
        "expect: quay.io\ntargets:\n- {name: prod, chart: b, expect: docker.io, values: ../envs/eu.yaml}\n"
    )
    Path("envs/eu.yaml").write_text("image: y:2\n")
    assert run("verify-images", "charts/b/values.yaml")[0] == 0
    assert run("verify-images", "--expect=quay.io", "charts/b/values.yaml")[0] == 1


@pytest.mark.parametrize("words", [[], ["images", "charts/a/values.yaml"]])
def test_hook_needs_the_name_of_a_check(run: Run, words: list[str]) -> None:
    code, _, err = run(*words)
    assert (code, err) == (2, "Error: hook needs the name of a command first: verify-images, lint, render\n")
