"""The hooks, run by the real pre-commit out of a fresh clone of this repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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


@pytest.fixture
def try_repo(clone: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> TryRepo:
    """Runs a hook on files of a repository of its own, in which two charts stand."""
    command = Path(sys.executable).parent / "pre-commit"
    if not command.exists():
        pytest.skip("needs pre-commit: pip install pre-commit")
    for chart in ("a", "b"):
        _write(tmp_path / chart / "Chart.yaml", f"apiVersion: v2\nname: {chart}\nversion: 0.1.0\n")
        _write(tmp_path / chart / "values.yaml", f"image: registry.example.com/{chart}:1.0\n")
        _write(tmp_path / chart / "templates/pod.yaml", _POD)
    _write(tmp_path / "chartkit.yaml", "expect: registry.example.com\n")
    _commit(tmp_path)
    # One store for all tests: the environment is built once.
    store = tmp_path_factory.getbasetemp() / "pre-commit"

    def run(hook: str, *files: str) -> subprocess.CompletedProcess[str]:
        words = [str(command), "try-repo", str(clone), hook, "--verbose", "--files", *files]
        done = subprocess.run(
            words, cwd=tmp_path, env={**os.environ, "PRE_COMMIT_HOME": str(store)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
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


def test_verify_images_hook_looks_at_the_charts_of_the_changed_files(try_repo: TryRepo, tmp_path: Path) -> None:
    done = try_repo("chartkit-verify-images", "a/values.yaml", "a/templates/pod.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("== a\n") == 1
    assert "== b\n" not in done.stdout
    _write(tmp_path / "b/values.yaml", "image: nginx:1.0\n")
    done = try_repo("chartkit-verify-images", "a/Chart.yaml", "b/values.yaml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "docker.io/library/nginx" in done.stdout


def test_render_hook_fails_where_a_chart_does_not_render(try_repo: TryRepo, tmp_path: Path) -> None:
    assert try_repo("chartkit-render", "a/Chart.yaml").returncode == 0
    _write(tmp_path / "a/templates/bad.yaml", '{{ fail "never" }}')
    done = try_repo("chartkit-render", "a/templates/bad.yaml")
    assert done.returncode == 1
    assert "never" in done.stdout


def test_lint_hook_runs(try_repo: TryRepo) -> None:
    done = try_repo("chartkit-lint", "a/values.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_hooks_pass_over_files_of_no_chart(try_repo: TryRepo, tmp_path: Path) -> None:
    _write(tmp_path / "README.md", "x\n")
    done = try_repo("chartkit-render", "README.md")
    assert done.returncode == 0
    assert "(no files to check)Skipped" in done.stdout
