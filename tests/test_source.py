"""Places in texts: lines, columns, and the caret under them."""

import pytest

from chartkit.source import Position, Source

SOURCE = Source("v.yaml", "a: 1\n\tb: é\n\n")


@pytest.mark.parametrize(
    ("offset", "shown"),
    [(0, "v.yaml:1:1"), (3, "v.yaml:1:4"), (5, "v.yaml:2:1"), (9, "v.yaml:2:5"), (12, "v.yaml:4:1")],
)
def test_position_counts_lines_and_columns_from_one(offset, shown):
    assert str(Position(SOURCE, offset)) == shown


def test_caret_stands_under_the_column_behind_tabs():
    assert Position(SOURCE, 9).caret() == "\tb: é\n\t   ^"


def test_shown_moves_a_fault_at_the_end_behind_the_last_words():
    assert str(Position.shown(SOURCE, 12)) == "v.yaml:2:6"
    assert str(Position.shown(SOURCE, 3)) == "v.yaml:1:4"
