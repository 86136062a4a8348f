from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartkit.json_places import Path, json_places

TEXT = '{\n\t"a": [1, {"b": "x"}, []],\n "": {"\\u0063": null, "d,e": {}}, "f": "}]"}'


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), "{"),
        (("a",), "["),
        (("a", 0), "1"),
        (("a", 1, "b"), '"x"'),
        (("a", 2), "[]"),
        (("",), "{"),
        (("", "c"), "null"),
        (("", "d,e"), "{}"),
        (("f",), '"}]"'),
        (("f", "below"), '"}]"'),
        (("nowhere",), "{"),
    ],
)
def test_a_value_is_found_where_it_stands_or_around_it(path: Path, found: str) -> None:
    assert TEXT[json_places(TEXT).of(path) :].startswith(found)


def test_keys_are_found() -> None:
    places = json_places(TEXT)
    assert TEXT[places.keys["a", 1, "b"] :].startswith('"b"')
    assert TEXT[places.keys["", "c"] :].startswith('"\\u0063"')


def test_of_a_key_that_stands_twice_the_last_one_counts_as_for_readers() -> None:
    text = '{"a": {"x": 1}, "a": {"y": 2}}'
    assert text[json_places(text).of(("a",)) :] == '{"y": 2}}'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.property
@given(value=JSON, indent=st.sampled_from([None, 1, "\t"]), ascii_only=st.booleans())
def test_every_value_is_found_where_it_begins(value: object, indent: object, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)  # type: ignore[arg-type]
    decoder = json.JSONDecoder()
    for path, start in json_places(text).values.items():
        expected = value
        for step in path:
            expected = expected[step]  # type: ignore[index]
        assert decoder.raw_decode(text, start)[0] == expected
