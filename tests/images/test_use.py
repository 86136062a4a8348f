"""Where an image's characters stand."""

from __future__ import annotations

import pytest

from chartkit.images.use import Certainty, Level, json_pointer, locate, written_text


@pytest.mark.parametrize(
    ("steps", "pointer"),
    [((), ""), (("a", 0, "b"), "/a/0/b"), (("a/b", "c~d", ""), "/a~1b/c~0d/"), (("~1",), "/~01")],
)
def test_json_pointer_escapes_as_the_standard_says(steps, pointer):
    assert json_pointer(steps) == pointer


@pytest.mark.parametrize(
    ("text", "value", "within", "shown"),
    [
        ("k: a/b:1 # c", "a/b:1", (0, 5), "a/b:1"),
        ('k: "a/b:1"', "a/b:1", (0, 5), "a/b:1"),
        ("k: 'a/b:1'", "a/b:1", (0, 5), "a/b:1"),
        ('k: "--x=a/b:1"', "--x=a/b:1", (4, 9), "a/b:1"),
        ('k: "\\ta/b:1"', "\ta/b:1", (1, 6), "a/b:1"),
        ('k: "a\\x2fb:1"', "a/b:1", (0, 5), '"a\\x2fb:1"'),
        ("k: 1.10", "1.1", (0, 3), "1.10"),
        ("k: |\n  one\n  image: a/b:1\n", "one\nimage: a/b:1\n", (11, 16), "a/b:1"),
        ("k: |-\n\n    a/b:1\n    a/b:1", "\na/b:1\na/b:1", (7, 12), "a/b:1"),
        ("k: >\n  x a/b:1\n  y\n", "x a/b:1 y\n", (2, 7), "a/b:1"),
        ("d: &d a/b:1\nk: *d", "a/b:1", (0, 5), "a/b:1"),
    ],
)
def test_characters_are_located_in_every_style_of_scalar(text, value, within, shown):
    found = locate((Level(text, ("k",), value),), within)
    assert found is not None
    assert text[slice(*found)] == shown


def test_second_of_two_equal_lines_is_located():
    text = "k: |-\n  a/b:1\n  a/b:1"
    assert locate((Level(text, ("k",), "a/b:1\na/b:1"),), (6, 11)) == (16, 21)


def test_nothing_is_located_when_the_path_leads_nowhere():
    assert locate((Level("k: v", ("x",), "v"),), (0, 1)) is None
    assert locate((Level("k: [", ("k",), "v"),), (0, 1)) is None


def test_written_text_keeps_quotes():
    assert written_text("k: '1'", ("k",)) == "'1'"


def test_certainties_are_ordered_and_named():
    assert Certainty.POSSIBLE < Certainty.LIKELY < Certainty.CERTAIN
    assert str(Certainty.LIKELY) == "likely"
