from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chartkit.adapters.process import filter_text, find_program
from chartkit.errors import InputError


def test_filter_text_passes_bytes_through() -> None:
    script = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read().replace(b'a', b'b'))"
    assert filter_text([sys.executable, "-c", script], "a\udcffé") == "b\udcffé"


def test_filter_text_of_a_program_that_fails() -> None:
    with pytest.raises(InputError) as raised:
        filter_text([sys.executable, "-c", "import sys; sys.exit('oh no')"], "a")
    assert str(raised.value) == f"error while running command {sys.executable}. error output:\noh no\n: exit status 1"


def test_find_program_by_name_and_by_path() -> None:
    assert find_program(sys.executable) == sys.executable
    assert find_program("sh").endswith("/sh")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no-such-program", "executable file not found in $PATH"),
        ("./nope", "stat ./nope: no such file or directory"),
        ("./plain", "permission denied"),
    ],
)
def test_find_program_of_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain").write_text("")
    with pytest.raises(InputError) as raised:
        find_program(name)
    assert str(raised.value) == f'exec: "{name}": {reason}'
