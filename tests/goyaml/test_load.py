"""Reading YAML, against what the real `fromYaml` answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chartkit.errors import LimitError
from chartkit.goyaml import load as loading
from chartkit.goyaml.events import Unsure
from chartkit.goyaml.failure import DECODE, SEPARATE, YAMLError
from chartkit.goyaml.load import load, load_all, load_list, load_map

RECORDED = json.loads((Path(__file__).parent / "recorded_load.json").read_text(), parse_int=float)
IDS = [ascii(text)[:40] for text, _ in RECORDED]


def from_yaml(text):
    try:
        return load_map(text)
    except YAMLError as error:
        return {"Error": error.full}


@pytest.fixture
def _no_libyaml(monkeypatch):
    def unsure(text, **_):
        raise Unsure

    monkeypatch.setattr(loading, "quick_events", unsure)


@pytest.mark.parametrize(("text", "expected"), RECORDED, ids=IDS)
def test_load_map_recorded(text, expected):
    assert from_yaml(text) == expected


@pytest.mark.usefixtures("_no_libyaml")
def test_load_map_without_libyaml():
    assert {text: from_yaml(text) for text, _ in RECORDED} == dict(RECORDED)


def test_load_numbers_are_floats():
    value = load("a: 1\nb: 0x10\nc: 1_000\n12: 9007199254740993\n")
    assert value == {"a": 1.0, "b": 16.0, "c": 1000.0, "12": 9007199254740992.0}
    assert {type(number) for number in value.values()} == {float}


def test_load_negative_zero_keeps_its_sign():
    assert str(load("-0.0")) == "-0.0"
    assert str(load("-0")) == "0.0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("# c\n", None),
        ("~", None),
        ("5", 5.0),
        ("y", True),
        ("'y'", "y"),
        ("- a", ["a"]),
        ("--- a\n--- b", "a"),
    ],
)
def test_load_any_kind(text, expected):
    assert load(text) == expected


def test_load_utf16():
    text = "a: é".encode("utf-16-le").decode("utf-8", "surrogateescape")
    assert load("\udcff\udcfe" + text) == {"a": "é"}


def test_load_aliases_are_copies():
    value = load("a: &x {p: [1]}\nb: *x\n")
    value["a"]["p"].append(2)
    assert value["b"] == {"p": [1.0]}


@pytest.mark.parametrize(
    ("load_as", "text", "message"),
    [
        (load_map, "- a", "json: cannot unmarshal array into Go value of type map[string]interface {}"),
        (load_map, "x", "json: cannot unmarshal string into Go value of type map[string]interface {}"),
        (load_map, "1", "json: cannot unmarshal number into Go value of type map[string]interface {}"),
        (load_list, "a: 1", "json: cannot unmarshal object into Go value of type []interface {}"),
        (load_list, "yes", "json: cannot unmarshal bool into Go value of type []interface {}"),
    ],
)
def test_load_of_wrong_kind(load_as, text, message):
    with pytest.raises(YAMLError) as caught:
        load_as(text)
    assert str(caught.value) == message
    assert caught.value.stage == DECODE
    assert caught.value.full == "error unmarshaling JSON: while decoding JSON: " + message


@pytest.mark.parametrize("text", ["", "null", "# c", "~"])
def test_load_of_nothing_is_empty(text):
    assert load_map(text) == {}
    assert load_list(text) == []


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("a: b: c", 4, 1, 5),
        ("a: 1\nb: @x\n", 8, 2, 4),
        ("\ufeffa: 1\nb: @x\n", 9, 2, 4),
        ("a: 1\nb: *x\n", 8, 2, 4),
        ("a: 1\nb: !!int x\n", 8, 2, 4),
        ("a: 1\nb: é\x01\n", 9, 2, 5),
        ("a: 1\n? [b]\n: c", 7, 2, 3),
    ],
)
def test_load_error_has_its_place(text, offset, line, column):
    with pytest.raises(YAMLError) as caught:
        load(text)
    assert (caught.value.offset, caught.value.line, caught.value.column) == (offset, line, column)


@pytest.mark.parametrize(
    ("text", "message"),
    [("[" * 10_001, "yaml: exceeded max depth of 10000"), ("&a [*a]", "yaml: anchor 'a' value contains itself")],
    ids=["depth", "self"],
)
def test_load_endless(text, message):
    with pytest.raises(YAMLError, match=message):
        load(text)


def test_load_alias_bomb():
    lists = "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    with pytest.raises(YAMLError, match="document contains excessive aliasing"):
        load("a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + lists)


def test_load_deep_nodes_are_limited():
    with pytest.raises(LimitError):
        load("&a " + "[" * 5000 + "]" * 5000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("---\na: 1\n---\nb: 2", [{"a": 1}, {"b": 2}]),
        ("a: 1\n--- # x\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("a: 1\n---#x\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("a: 1\n---\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("a: |\n  x\n---\nb: 1\n", [{"a": "x\n"}, {"b": 1}]),
        ("a: |\n  x", [{"a": "x\n"}]),
        ('a: 1\r\nb: "x\r\n\r\n  y"\r\n---\r\nc: 2\r\n', [{"a": 1, "b": "x\ny"}, {"c": 2}]),
        ("\ufeffa: 1\n---\n\ufeffb: 2\n", [{"a": 1}, {"b": 2}]),
        ("a: 1\n...\nb: 2\n---\nc: 3", [{"a": 1}, {"c": 3}]),
        ("a: 1\n---\nnull\n", [{"a": 1}, {}]),
        ("", []),
    ],
)
def test_load_all_documents(text, expected):
    assert load_all(text) == expected


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: 1\n---\nb: [\n", "yaml: line 1: did not find expected node content", 4),
        ("a: 'x\n---\ny'\n", "yaml: line 2: found unexpected end of stream", 2),
        ("%YAML 1.1\n---\na: 1\n", "yaml: line 1: did not find expected <document start>", 2),
    ],
)
def test_load_all_error_counts_lines_in_the_document(text, message, line):
    with pytest.raises(YAMLError) as caught:
        load_all(text)
    assert caught.value.full == "error converting YAML to JSON: " + message
    assert caught.value.line == line


@pytest.mark.parametrize(("text", "rest", "line"), [("a: 1\n--- x\n", "x", 2), ("---a: 1\n", "a: 1", 1)])
def test_load_all_of_a_bad_separator(text, rest, line):
    with pytest.raises(YAMLError) as caught:
        load_all(text)
    assert caught.value.full == "error reading yaml document: invalid Yaml document separator: " + rest
    assert (caught.value.stage, caught.value.line) == (SEPARATE, line)
