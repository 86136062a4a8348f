from __future__ import annotations

import json
from pathlib import Path

import pytest

from chartkit.cli.app import main
from chartkit.version import __version__


def _rows(capfd: pytest.CaptureFixture[str]) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in json.loads(capfd.readouterr().out)["checks"]}


def test_doctor_tells_what_is_there(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHARTKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "kubectl").write_text("#!/bin/sh\n")
    (tmp_path / "kubectl").chmod(0o755)
    (tmp_path / "config.json").write_text('{"auths": {"r.example.com": {"auth": "dTpodW50ZXIy"}}}')
    (tmp_path / "chartkit.yaml").write_text("expect: x.io\ntargets: [{name: a}]\n")
    assert main(["doctor", "--format", "json"]) == 0
    rows = _rows(capfd)
    assert rows["chartkit"]["value"] == __version__
    assert (rows["kubectl"]["state"], rows["kubectl"]["value"]) == ("ok", str(tmp_path / "kubectl"))
    assert rows["docker"] == {
        "state": "missing", "name": "docker", "value": "not found", "about": "task run, and the plans of devfile",
    }  # fmt: skip
    assert rows["configuration"]["about"] == "1 targets"
    assert rows["cache"]["value"] == str(tmp_path / "cache")
    assert rows["logins"]["value"] == str(tmp_path / "config.json")
    assert main(["doctor"]) == 0
    assert "hunter2" not in capfd.readouterr().out


def test_doctor_fails_where_something_is_broken(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "chartkit.yaml").write_text("expect: [\n")
    assert main(["doctor", "--format", "json"]) == 1
    assert _rows(capfd)["configuration"]["state"] == "broken"


@pytest.mark.parametrize("words", [("doctor", "x"), ("doctor", "--format", "xml"), ("doctor", "--froamt", "x")])
def test_doctor_refuses_what_makes_no_sense(capfd: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert main(words) == 2
    assert "Error: " in capfd.readouterr().err
