"""Commands that are killed at some moment: every file is the old one or the new one, and the next run goes well."""

# ruff: noqa: E501 - the lines are inputs, which are best seen whole

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")

ROOT = Path(__file__).parents[2]
LONG = "".join(f"filler{number}: {{a: '{'x' * 60}', b: [1, 2, 3]}}\n" for number in range(1500))
VALUES = "image: quay.io/team/app:1.0\nother: docker.io/library/nginx:1\n" + LONG
OVERRIDE = VALUES.replace("app:1.0", "app:2.0")
CHART = {
    "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    "c/values.yaml": "image: quay.io/team/app:1.0\nother: docker.io/library/nginx:1\n",
    "c/templates/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n"
    "  - {name: a, image: {{ .Values.image }}}\n  - {name: b, image: {{ .Values.other }}}\n",
    "needs/Chart.yaml": "apiVersion: v2\nname: needs\nversion: 1.0.0\ndependencies:\n"
    "- {name: c, version: 1.0.0, repository: 'file://../c'}\n",
    "needs/templates/a.yaml": "a: b\n",
}  # fmt: skip
# Runs one command over and over, so that a kill hits the work and not the start of Python.
LOOP = "import sys\nfrom chartkit.cli.app import main\nfor turn in range(10**6):\n    for words in {!r}:\n        main(words)\n"


def _is_whole_archive(path: Path) -> bool:
    with tarfile.open(path) as archive:
        return [member.name for member in archive if member.isfile()][0].endswith("Chart.yaml")


def _is_values(path: Path) -> bool:
    text = path.read_text()
    return text in (VALUES, OVERRIDE)


def _is_whole_text(path: Path) -> bool:
    return path.read_text().endswith("\n") and path.stat().st_size > 0


CASES: dict[str, tuple[list[list[str]], str, Callable[[Path], bool]]] = {
    "edit": (
        [["edit", "set", "image", f"quay.io/team/app:{tag}.0", "v.yaml"] for tag in (2, 1)],
        "v.yaml",
        _is_values,
    ),
    "relocate": ([["relocate", "--chart=c", "--to=m.io", "-o", "out.yaml"]], "out.yaml", _is_whole_text),
    "package": ([["package", "c", "--destination=out"]], "out/c-1.0.0.tgz", _is_whole_archive),
    "dependency": ([["dependency", "update", "needs"]], "needs/charts/c-1.0.0.tgz", _is_whole_archive),
    "report": ([["report", "--chart=c", "-o", "out.html"]], "out.html", lambda path: "</html>" in path.read_text()),
    "cache": ([["images", "--chart=c"], ["render", "--chart=c"], ["cache", "clear"]], "", _is_whole_text),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a chart and a long values file."""
    for name, text in {**CHART, "v.yaml": VALUES}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("name", CASES)
def test_a_killed_command_leaves_old_or_new(folder: Path, name: str) -> None:
    commands, result, is_whole = CASES[name]
    chance = random.Random(name)
    here = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder / "home"),
        "CHARTKIT_CACHE": str(folder / "cache"),
    }
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", LOOP.format(commands)], cwd=folder, env=here,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        ) as process:  # fmt: skip
            time.sleep(0.25 + chance.random() * 0.35)
            process.send_signal(signal.SIGKILL)
        path = folder / result
        if result and path.exists():
            assert is_whole(path)
    # What the last kill has left disturbs nobody.
    for words in commands:
        done = subprocess.run(
            [sys.executable, "-m", "chartkit", *words],
            cwd=folder,
            env=here,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    if result:
        assert is_whole(folder / result)
