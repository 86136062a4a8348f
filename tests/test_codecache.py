from __future__ import annotations

import pytest

from chartkit.codecache import digest, engine_mark, seal, unseal


def test_what_was_sealed_is_unsealed() -> None:
    value = {"a": [1, 2.5, None, "é\udc80"], "b": (True, b"x")}
    assert unseal(seal(value)) == value


@pytest.mark.parametrize("place", [0, 5, 12, 29, 31, -1])
def test_any_changed_byte_is_noticed(place: int) -> None:
    data = bytearray(seal({"a": "some content"}))
    data[place] ^= 1
    assert unseal(bytes(data)) is None


@pytest.mark.parametrize("data", [None, b"", b"chartkit1\n", b"chartkit0\n" + bytes(40)])
def test_what_is_no_entry_is_nothing(data: bytes | None) -> None:
    assert unseal(data) is None


def test_rare_types_cannot_be_sealed() -> None:
    with pytest.raises(ValueError, match="unmarshallable"):
        seal({"a": object()})


def test_digest_tells_where_parts_end() -> None:
    assert digest([b"ab", b"c"]) != digest([b"a", b"bc"])
    assert digest([b"ab", b"c"]) == digest(iter([b"ab", b"c"]))


def test_mark_names_python_and_the_sources() -> None:
    mark = engine_mark().decode()
    assert "gotemplate/codegen.py" in mark
    assert "chart/frozen.py" in mark
    assert engine_mark().decode() == mark
