"""Python files are read with the places of their faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.errors import InputError
from chartkit.systems.kaapana.python_file import parse_python, python_files, read_python

NAME = Path("operator.py")


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b"x = 1\ndef f(:\n  pass\n", "is not Python: invalid syntax", "operator.py:2:7"),
        (b"f(\n", "is not Python: '(' was never closed", "operator.py:1:2"),
        (b"x = 'a\n", "is not Python: unterminated string literal", "operator.py:1:5"),
        (b"x = 1\n  y = 2\n", "is not Python: unexpected indent", "operator.py:2"),
        (b"x = 1\r\ny = = 2\r\n", "is not Python: invalid syntax", "operator.py:2:5"),
        (b"\xef\xbb\xbfx = = 1\n", "is not Python: invalid syntax", "operator.py:1:5"),
        (b"x = '\x00'\n", "is not Python", "operator.py:1"),
        (b"# coding: nonsense\nx = 1\n", "is not Python: unknown encoding", "operator.py:1:1"),
        (b"# coding: rot13\nx = 1\n", "is not Python", "operator.py:1:1"),
        (b"x = 1\n# a\n# b\ny = '\xff'\n", "is not utf-8: invalid start byte", "operator.py:4:6"),
        (b"\xff\xfex\x00", "is not Python", "operator.py:1:1"),
    ],
    ids=[
        "syntax", "open-bracket", "open-string", "indent", "crlf", "byte-order-mark", "null", "unknown-encoding",
        "no-text-encoding", "not-utf-8", "utf-16",
    ],
)  # fmt: skip
def test_faults_are_told_with_their_place(data: bytes, message: str, place: str) -> None:
    with pytest.raises(InputError, match="is not") as caught:
        parse_python(NAME, data)
    assert message in str(caught.value)
    assert str(caught.value.position).startswith(place)
    assert caught.value.position is not None
    assert caught.value.position.caret()


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(InputError, match="nested too deeply|is not Python"):
        parse_python(NAME, b"(" * 5000 + b")" * 5000)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read .*no such file"):
        read_python(tmp_path / "a.py")
    with pytest.raises(InputError, match="no such file or folder"):
        python_files(tmp_path / "folder")


def test_escapes_that_python_warns_of_are_no_fault() -> None:
    assert parse_python(NAME, rb'x = "\d"').text == r'x = "\d"'


def test_files_are_found_in_order_without_hidden_and_made_folders(tmp_path: Path) -> None:
    for name in ("b/x.py", "a.py", ".hidden/y.py", "__pycache__/z.py", "venv/v.py", "b/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.relative_to(tmp_path).as_posix() for path in python_files(tmp_path)] == ["a.py", "b/x.py"]
    assert python_files(tmp_path / "a.py") == [tmp_path / "a.py"]
