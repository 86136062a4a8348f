from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.cli.app import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A chart in the working directory, and an empty cache."""
    for name, text in {
        "c/Chart.yaml": "apiVersion: v2\nname: tc\nversion: 0.1.0\n",
        "c/values.yaml": "a: 1\n",
        "c/templates/t.yaml": "a: {{ .Values.a }}\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHARTKIT_CACHE", str(tmp_path / "cache"))
    return tmp_path


def test_renders_fill_the_cache_and_stay_the_same(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    texts = []
    for _ in range(4):
        assert main(["template", "r", "c"]) == 0
        texts.append(capfd.readouterr().out)
    assert len(set(texts)) == 1
    assert sorted(path.suffixes for path in (folder / "cache").iterdir()) == [[".chart", ".ck"], [".code", ".ck"]]


def test_no_cache_is_used_on_no_cache(folder: Path) -> None:
    assert main(["template", "r", "c", "--no-cache"]) == 0
    assert not (folder / "cache").exists()


def test_no_cache_is_used_when_it_is_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTKIT_CACHE", "off")
    assert main(["template", "r", "c"]) == 0
    assert not (folder / "cache").exists()


def test_info_and_clear_tell_what_is_kept(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main(["template", "r", "c"])
    capfd.readouterr()
    assert main(["cache", "info"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[:2] == [f"folder   {folder}/cache", "entries  2"]
    assert main(["cache", "clear"]) == 0
    assert capfd.readouterr().out.startswith("removed 2 entries (")
    assert main(["cache", "info"]) == 0
    assert "entries  0\nsize     0 bytes\n" in capfd.readouterr().out


def test_clear_leaves_a_foreign_folder_alone(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main(["template", "r", "c"])
    (folder / "cache").chmod(0o755)
    assert main(["cache", "clear"]) == 2
    assert "not yours alone" in capfd.readouterr().err
    assert len(list((folder / "cache").iterdir())) == 2
    assert main(["cache", "info"]) == 0
    assert "not used" in capfd.readouterr().out


def test_switched_off_cache_has_nothing_to_tell(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHARTKIT_CACHE", "off")
    assert main(["cache", "info"]) == 0
    assert capfd.readouterr().out.startswith("off")
    assert main(["cache", "clear"]) == 2


@pytest.mark.parametrize("words", [["info", "x"], ["clear", "x"], ["nope"], ["info", "--what"]])
def test_words_that_make_no_sense_are_refused(folder: Path, words: list[str]) -> None:
    assert main(["cache", *words]) == 2
