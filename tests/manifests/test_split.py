from __future__ import annotations

import pytest

from chartkit.manifests.split import is_blank, split_documents, stream_numbers
from chartkit.profile import Layout

SPLITS = {
    "one": ("a: 1", ["a: 1"], ["a: 1"], ["a: 1"]),
    "margins": ("\n\na: 1\n\n", ["a: 1"], ["a: 1\n\n"], ["a: 1\n\n"]),
    "two": ("a: 1\n\n---\n\nb: 2\n\n", ["a: 1", "b: 2"], ["a: 1", "b: 2\n\n"], ["a: 1\n\n", "b: 2\n\n"]),
    "separator first": ("---\na: 1\n", ["a: 1"], ["a: 1\n"], ["a: 1\n"]),
    "text on the separator": ("a: 1\n---b: 2\n", ["a: 1", "b: 2"], ["a: 1", "b: 2\n"], ["a: 1\n", "b: 2\n"]),
    "three in a row": (
        "a: 1\n---\n---\n---\nb: 2\n", ["a: 1", "---", "b: 2"], ["a: 1", "---", "b: 2\n"], ["a: 1\n", "b: 2\n"],
    ),
    "indented": (
        "a: |\n  x\n  ---\n  y\n", ["a: |\n  x\n  ---\n  y"], ["a: |\n  x\n  ---\n  y\n"],
        ["a: |\n  x\n  ---\n  y\n"],
    ),
    "carriage returns": ("a: 1\r\n---\r\nb: 2\r\n", ["a: 1", "b: 2"], ["a: 1", "b: 2\r\n"], ["a: 1\r\n", "b: 2\r\n"]),
    "four dashes": ("a: 1\n----\nb: 2\n", ["a: 1", "-\nb: 2"], ["a: 1", "-\nb: 2\n"], ["a: 1\n", "-\nb: 2\n"]),
    "no-break space": ("\xa0a: 1\u2003", ["a: 1"], ["a: 1\u2003"], ["a: 1\u2003"]),
    "file separator stays": ("\x1ca: 1\x1c", ["\x1ca: 1\x1c"], ["\x1ca: 1\x1c"], ["\x1ca: 1\x1c"]),
    "blank": (" \n\t\n", [], [], []),
    "only separators": ("---\n---\n", ["---"], ["---\n"], []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "a", "b", "c"), SPLITS.values(), ids=SPLITS)
def test_split_documents_in_each_layout(text: str, a: list[str], b: list[str], c: list[str]) -> None:
    expectations: dict[Layout, list[str]] = {"A": a, "B": b, "C": c}
    for layout, expected in expectations.items():
        assert [document for _, document in split_documents(text, layout)] == expected


@pytest.mark.parametrize("text", [row[0] for row in SPLITS.values()], ids=SPLITS)
@pytest.mark.parametrize("layout", ["A", "B", "C"])
def test_split_documents_gives_the_offset_of_each(text: str, layout: Layout) -> None:
    for start, document in split_documents(text, layout):
        assert text[start : start + len(document)] == document


def test_is_blank_takes_go_white_space_only() -> None:
    assert is_blank("\t\n\v\f\r \x85\xa0\u3000")
    assert not is_blank("\x1c")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("a: 1\n", [0]),
        ("---\na: 1\n", [0]),
        ("a: 1\n---\nb: 1\n", [0, 1]),
        ("# note\n---\na: 1\n", [0]),
        ("---\n---\na: 1\n---\nb: 1\n", [1, 2]),
        ("a: 1\n---\n\n---\nb: 1\n", [0, 2]),
    ],
)
def test_stream_numbers_counts_as_yaml_does(text, numbers):
    number = stream_numbers(text)
    starts = [text.index(key) for key in ("a: 1", "b: 1") if key in text]
    assert [number(start) for start in starts] == numbers
