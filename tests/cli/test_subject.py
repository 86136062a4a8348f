from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.cli.flags import UsageError, Words
from chartkit.cli.pipeline import Job
from chartkit.cli.subject import SUBJECT, is_chart, job_of, read_command, with_target
from chartkit.config import Target
from chartkit.errors import InputError


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two charts and a configuration, as the working directory."""
    (tmp_path / ".git").mkdir()
    for chart in ("a", "b"):
        (tmp_path / chart).mkdir()
    (tmp_path / "chartkit.yaml").write_text(
        "chart: a\nhelm: 3.17\ntargets:\n"
        "- {name: prod, values: prod.yaml, set: x=1, release: r, namespace: ns, kube_version: '1.29.0'}\n"
        "- {name: other, chart: b}\n"
        "- {name: many, values: '*.yaml'}\n"
    )
    (tmp_path / "x.yaml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _job(*arguments: str) -> Job:
    return job_of(*read_command(arguments, SUBJECT))


@pytest.mark.parametrize(
    ("arguments", "helm"), [([], "3.17"), (["--helm", "4.1"], "4.1"), (["--target", "prod"], "3.17")], ids=str
)
def test_read_command_takes_the_configured_helm_unless_one_is_named(arguments: list[str], helm: str) -> None:
    assert read_command(arguments, SUBJECT)[1].name.startswith(helm)


@pytest.mark.parametrize(
    ("arguments", "chart", "values", "told"),
    [
        (["x.yaml"], "a", ("x.yaml",), "chart: a (from chartkit.yaml)\n"),
        (["--chart", "b", "x.yaml", "-f", "y.yaml"], "b", ("x.yaml", "y.yaml"), "chart: b (from --chart)\n"),
        (["x.yaml", "b"], "b", ("x.yaml",), ""),
        (["--target=prod"], "a", ("prod.yaml",), ""),
        (["--target=other", "x.yaml"], "b", ("x.yaml",), ""),
        (["--target=prod", "--chart=b"], "b", ("prod.yaml",), ""),
    ],
    ids=str,
)
def test_job_of_words(
    arguments: list[str], chart: str, values: tuple[str, ...], told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    job = _job(*arguments)
    assert (job.chart, job.values_files) == (chart, values)
    assert capfd.readouterr().err == told


def test_job_of_a_target_has_its_release_and_cluster() -> None:
    job = _job("--target", "prod", "--set", "x=2", "--namespace", "mine")
    assert (job.release.name, job.release.namespace) == ("r", "mine")
    assert job.capabilities.KubeVersion.Version == "v1.29.0"
    assert job.words.texts("set") == ["x=1", "x=2"]


def test_job_of_a_target_with_several_renders_is_refused() -> None:
    Path("y.yaml").touch()
    with pytest.raises(UsageError, match="target many stands for 3 renders"):
        _job("--target", "many")


def test_job_of_a_target_that_is_not_there() -> None:
    with pytest.raises(InputError, match="there is no target stage"):
        _job("--target", "stage")


def test_job_of_two_charts_is_refused() -> None:
    with pytest.raises(UsageError, match="^one chart at a time: a and b$"):
        _job("a", "b")


def test_with_target_leaves_the_words_alone() -> None:
    words = Words({"set": ["a=1"]})
    assert with_target(words, Target("t", set=("b=2",))).texts("set") == ["b=2", "a=1"]
    assert words.given == {"set": ["a=1"]}


@pytest.mark.parametrize(("word", "expected"), [("a", True), ("c.tgz", True), ("x.yaml", False), ("-", False)])
def test_is_chart(word: str, expected: bool) -> None:
    assert is_chart(word) is expected
