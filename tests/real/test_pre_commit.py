"""The hooks, run by the real pre-commit out of a fresh clone of this repository."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.init_files import pre_commit_configuration

TOP = Path(__file__).parents[2]
_OFFLINE = re.compile(r"No matching distribution found|Could not find a version|Temporary failure|ConnectionError")

_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: a, image: "{{ .Values.image }}"}]}
"""

TryRepo = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This tree as it is now, as the one commit of a repository."""
    if not shutil.which("git"):
        pytest.skip("needs git")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("needs a checkout of chartkit")
    folder = tmp_path_factory.mktemp("clone")
    for name in listed.stdout.splitlines():
        if name.startswith(("tests/", "fixtures/")) or not (TOP / name).is_file():
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TOP / name, folder / name)
    _commit(folder)
    return folder


@pytest.fixture(scope="module")
def pre_commit() -> str:
    """The program."""
    command = Path(sys.executable).parent / "pre-commit"
    if not command.exists():
        pytest.skip("needs pre-commit: pip install pre-commit")
    return str(command)


@pytest.fixture
def try_repo(pre_commit: str, clone: Path, tmp_path: Path) -> TryRepo:
    """Runs all hooks on files of a repository of its own, in which two charts stand."""
    for chart in ("a", "b"):
        _write(tmp_path / chart / "Chart.yaml", f"apiVersion: v2\nname: {chart}\nversion: 0.1.0\n")
        _write(tmp_path / chart / "values.yaml", f"image: registry.example.com/{chart}:1.0\n")
        _write(tmp_path / chart / "templates/pod.yaml", _POD)
    _write(tmp_path / "chartkit.yaml", "expect: registry.example.com\n")
    _commit(tmp_path)

    def run(*files: str) -> subprocess.CompletedProcess[str]:
        words = [pre_commit, "try-repo", str(clone), "--verbose", "--files", *files]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        if done.returncode == 3 and _OFFLINE.search(done.stdout + done.stderr):
            pytest.skip("needs a package index: pre-commit builds an environment")
        return done

    return run


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _commit(folder: Path) -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *words], cwd=folder, check=True, capture_output=True)


def test_the_files_for_pre_commit_are_valid(pre_commit: str, tmp_path: Path) -> None:
    _write(tmp_path / "config.yaml", pre_commit_configuration("chartkit"))
    files = {"validate-manifest": TOP / ".pre-commit-hooks.yaml", "validate-config": tmp_path / "config.yaml"}
    for command, file in files.items():
        done = subprocess.run([pre_commit, command, file], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_hooks_look_once_at_the_chart_of_the_changed_files(try_repo: TryRepo) -> None:
    done = try_repo("a/values.yaml", "a/templates/pod.yaml", "chartkit.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Passed") == 3
    assert done.stdout.count("== a\n") == 3
    assert "== b\n" not in done.stdout


def test_the_hooks_fail_where_a_chart_is_not_as_it_should_be(try_repo: TryRepo, tmp_path: Path) -> None:
    _write(tmp_path / "a/templates/bad.yaml", '{{ fail "never" }}')
    _write(tmp_path / "b/values.yaml", "image: nginx:1.0\n")
    done = try_repo("a/templates/bad.yaml", "b/values.yaml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "docker.io/library/nginx" in done.stdout
    assert "never" in done.stdout
    assert "- exit code: 2" in done.stdout
