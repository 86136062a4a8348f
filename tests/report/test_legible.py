from __future__ import annotations

import pytest

from chartkit.report.legible import legible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain:1", "plain:1"),
        ("a\nb\tc", "a b c"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u200bb\x07", "a\\u200bb\\x07"),
        ("grüße", "grüße"),
        ("a\udcffb", "a\\udcffb"),
    ],
)
def test_legible_shows_what_cannot_be_seen(text, shown) -> None:
    assert legible(text) == shown
