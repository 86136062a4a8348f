from __future__ import annotations

from pathlib import Path

import pytest

from chartkit import read_values
from chartkit.checks.positions import position_in
from chartkit.profile import PROFILES


@pytest.mark.parametrize(("helm", "line"), [("4.3", 3), ("3.17", 1)])
def test_the_last_document_counts_where_documents_are_merged(tmp_path: Path, helm: str, line: int) -> None:
    file = tmp_path / "v.yaml"
    file.write_text("a: {b: 1}\n---\na: {b: 2}\n", encoding="utf-8")
    (layer,) = read_values(profile=PROFILES[helm], files=[str(file)]).layers
    position = position_in(layer, ("a", "b"))
    assert position is not None
    assert (position.line, position.column) == (line, 8)
    assert position_in(layer, ("a", "c")) is None


def test_flags_have_places_too() -> None:
    (layer,) = read_values(set=["a.b=1,c=2"]).layers
    position = position_in(layer, ("c",))
    assert position is not None
    assert position.source.text[position.offset :].startswith(("c=2", "2"))
