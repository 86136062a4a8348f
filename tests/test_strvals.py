from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chartkit.errors import InputError
from chartkit.gotypes import Int64
from chartkit.profile import PROFILES
from chartkit.strvals import (
    MAX_INDEX,
    Place,
    StrvalsError,
    parse_files,
    parse_json,
    parse_literal,
    parse_strings,
    parse_typed,
    typed_value,
)
from chartkit.values.inputs import read_values

RECORDED = json.loads((Path(__file__).parent / "recorded_flags.json").read_text())
WORDS = {"--set": "set", "--set-string": "set_string", "--set-json": "set_json", "--set-literal": "set_literal"}


@pytest.mark.parametrize(("flag", "text", "versions", "expected"), RECORDED)
def test_flag_gives_what_helm_recorded(flag: str, text: str, versions: list[str], expected: Any) -> None:
    for version in versions:
        profile = PROFILES[".".join(version.split(".")[:2])]
        if isinstance(expected, str):
            with pytest.raises(InputError) as caught:
                read_values(profile=profile, **{WORDS[flag]: [text]})
            assert str(caught.value) == expected
        else:
            assert read_values(profile=profile, **{WORDS[flag]: [text]}).data == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True),
        ("FALSE", False),
        ("Null", None),
        ("0", Int64(0)),
        ("-5", Int64(-5)),
        ("+5", Int64(5)),
        ("007", "007"),
        ("1.5", "1.5"),
        ("9223372036854775807", Int64(9223372036854775807)),
        ("9223372036854775808", "9223372036854775808"),
        ("", ""),
        # Two letters of other alphabets fold to those of the words, as in Helm.
        ("fal\u017fe", False),
        pytest.param("9" * 5000, "9" * 5000, id="thousands of digits"),
    ],
)
def test_typed_value_has_helms_type(text: str, expected: Any) -> None:
    value = typed_value(text)
    assert value == expected
    assert type(value) is type(expected)


def test_parse_typed_gives_the_place_of_each_leaf() -> None:
    assert parse_typed("a.b=1,c[1].d=xy", {}) == [Place(("a", "b"), 4), Place(("c", 1, "d"), 13)]


def test_parse_typed_builds_on_what_is_there() -> None:
    target = {"a": {"b": 1.0}, "l": [1.0, 2.0]}
    parse_typed("a.c=2,l[1]=x", target)
    assert target == {"a": {"b": 1.0, "c": 2}, "l": [1.0, "x"]}


def test_parse_typed_fails_when_a_scalar_is_in_the_way() -> None:
    with pytest.raises(StrvalsError, match=r"interface conversion: interface \{\} is string, not map"):
        parse_typed("a.b=1", {"a": "x"})


def test_parse_strings_keeps_numbers_as_text() -> None:
    target: dict[str, Any] = {}
    parse_strings("a=1,b={2,true}", target)
    assert target == {"a": "1", "b": ["2", "true"]}


def test_parse_files_reads_every_path() -> None:
    target: dict[str, Any] = {}
    parse_files("a=one,b={two,three}", target, str.upper)
    assert target == {"a": "ONE", "b": ["TWO", "THREE"]}


def test_parse_literal_takes_the_rest_of_the_text() -> None:
    target: dict[str, Any] = {}
    parse_literal("a.b=x,y={z}\\=1", target)
    assert target == {"a": {"b": "x,y={z}\\=1"}}


def test_index_without_end_is_refused_only_by_helm_3() -> None:
    assert parse_typed("a[", {}) == []
    with pytest.raises(StrvalsError, match="error parsing index: EOF"):
        parse_typed("a[", {}, ends_in_index=False)


def test_index_without_end_is_taken_for_complete_by_all_sisters() -> None:
    assert [parse("a[", {}) for parse in (parse_strings, parse_json, parse_literal)] == [[], [], []]
    assert parse_files("a[", {}, str.upper) == []


def test_parse_typed_gives_the_place_of_an_item() -> None:
    assert parse_typed("a[0]=x,b[1][2]=yz", {}) == [Place(("a", 0), 5), Place(("b", 1, 2), 15)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aXb.cX=X1X,d[0]=X,X={X,1X}", {"aXb": {"cX": "X1X"}, "d": ["X"], "X": ["X", "1X"]}),
        ("a=x\udcffy", {"a": "x\ufffdy"}),
        ("k\udcff=1", {"k\ufffd": 1}),
        ("a=b\\", {"a": "b"}),
        ("a[1", {}),
    ],
)
def test_parse_typed_takes_other_characters_as_they_are(text: str, expected: Any) -> None:
    target: dict[str, Any] = {}
    parse_typed(text, target)
    assert target == expected


def test_parse_literal_takes_other_characters_as_they_are() -> None:
    target: dict[str, Any] = {}
    parse_literal("aX.bX[0]=X", target)
    assert target == {"aX": {"bX": ["X"]}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a[0]xy=1", "unexpected data at end of array index: ['x' 'y']"),
        ("a[0]X.b=1", "unexpected data at end of array index: ['X']"),
        ("l[0],q=1", "unexpected data at end of array index: [',' 'q']"),
        ("a[X]=1", 'error parsing index: strconv.Atoi: parsing "X": invalid syntax'),
        ("l[0][0]=y", "unable to parse key: interface conversion: interface {} is float64, not []interface {}"),
        ("a[65537]=x", "index of 65537 is greater than maximum supported index of 65536"),
    ],
)
def test_parse_typed_says_what_is_wrong_with_an_item(text: str, message: str) -> None:
    with pytest.raises(StrvalsError) as caught:
        parse_typed(text, {"l": [1.0]})
    assert str(caught.value) == message


def test_index_at_the_end_of_the_text_sets_nothing() -> None:
    target = {"l": [1.0]}
    assert parse_typed("l[0]", target) == []
    assert target == {"l": [1.0]}


def test_list_in_a_list_takes_the_place_of_null() -> None:
    target: dict[str, Any] = {"m": [None, 5.0]}
    parse_typed("m[0][0]=y", target)
    assert target == {"m": [["y"], 5.0]}


def test_list_may_be_as_long_as_the_greatest_index() -> None:
    target: dict[str, Any] = {}
    parse_typed(f"a[{MAX_INDEX}]=x", target)
    assert len(target["a"]) == MAX_INDEX + 1
