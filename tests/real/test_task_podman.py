"""Tasks against a real podman: files come out of images, and it takes the command lines. No container is started."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shlex import split
from typing import Any

import pytest

from chartkit.cli.app import main

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(shutil.which("podman") is None, reason="podman is missing: apt install podman"),
]

FIXTURES = Path(__file__).parents[2] / "fixtures/task_api"
IMAGE = "localhost/chartkit-task-test:1"


def _podman(*words: str) -> str:
    done = subprocess.run(["podman", *words], capture_output=True, text=True, timeout=60)
    assert not done.returncode, done.stderr
    return done.stdout


@pytest.fixture
def image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An image that holds nothing but its file, in a storage of its own."""
    storage = tmp_path / "storage"
    settings = tmp_path / "storage.conf"
    settings.write_text(
        f'[storage]\ndriver = "vfs"\ngraphroot = "{storage}"\nrunroot = "{tmp_path}/run"\n', encoding="utf-8"
    )
    monkeypatch.setenv("CONTAINERS_STORAGE_CONF", str(settings))
    context = tmp_path / "context"
    context.mkdir()
    shutil.copy(FIXTURES / "example-container.json", context / "processing-container.json")
    (context / "Dockerfile").write_text("FROM scratch\nCOPY processing-container.json /processing-container.json\n")
    try:
        _podman("build", "--quiet", "--tag", IMAGE, str(context))
    except AssertionError as error:
        pytest.skip(f"podman cannot build images here: {error}")
    yield IMAGE
    _podman("rm", "--force", "--all")
    _podman("rmi", "--force", IMAGE)


def test_the_file_of_a_real_image_is_shown(image: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["task", "show", image, "--engine", "podman", "--format", "json"]) == 0
    shown = json.loads(capfd.readouterr().out)
    assert [each["identifier"] for each in shown["templates"]] == ["example"]
    assert _podman("ps", "--all", "--quiet") == ""


def test_podman_takes_the_command_line_as_it_is_meant(
    image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("input1", "input2", "output"):
        (tmp_path / "data" / name).mkdir(parents=True)
    task = json.loads((FIXTURES / "task.json").read_text())
    task |= {"image": image, "config": {"type": "docker", "labels": {"team": "a b"}}}
    (tmp_path / "task.json").write_text(json.dumps(task))
    template = str(FIXTURES / "example-container.json")
    assert (
        main(["task", "run", "task.json", "--dry-run", "--engine", "podman", "--processing-container", template]) == 0
    )
    words = split(capfd.readouterr().out)
    assert words[:3] == ["podman", "run", "-d"]
    made = _podman("create", *words[3:]).strip()
    found: dict[str, Any] = json.loads(_podman("inspect", made))[0]
    assert found["HostConfig"]["Memory"] == 50 * 1024 * 1024
    assert found["Config"]["Labels"]["team"] == "a b"
    assert {"MODE=fast", "DUMMY=5"} <= set(found["Config"]["Env"])
    assert found["Config"]["Cmd"] == ["add", "--all files"]
    assert {(each["Source"], each["Destination"], each["RW"]) for each in found["Mounts"]} == {
        (f"{tmp_path}/data/input1", "/data/one", False),
        (f"{tmp_path}/data/input2", "/data/two", False),
        (f"{tmp_path}/data/output", "/data/results", True),
    }
