from __future__ import annotations

import pytest

from chartkit.cli.csv import split_csv


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", []),
        ("a", ["a"]),
        ("a,b", ["a", "b"]),
        ("a,", ["a", ""]),
        (",", ["", ""]),
        ('"a,b",c', ["a,b", "c"]),
        ('"a""b"', ['a"b']),
        ('""', [""]),
        ('"a\nb",c', ["a\nb", "c"]),
        ("a,b\nc", ["a", "b"]),
        (" a, b", [" a", " b"]),
    ],
)
def test_split_csv(text: str, fields: list[str]) -> None:
    assert split_csv(text) == fields


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ('a"b', 2, 'bare " in non-quoted-field'),
        ('é,a"b', 5, 'bare " in non-quoted-field'),
        ('"a"b', 3, 'extraneous or missing " in quoted-field'),
        ('"a', 3, 'extraneous or missing " in quoted-field'),
    ],
)
def test_split_csv_of_misplaced_quotes(text: str, column: int, problem: str) -> None:
    with pytest.raises(ValueError, match="parse error") as raised:
        split_csv(text)
    assert str(raised.value) == f"parse error on line 1, column {column}: {problem}"
