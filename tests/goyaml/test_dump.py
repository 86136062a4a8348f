"""Writing YAML, against what the real `toYaml` and `toYamlPretty` answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chartkit.errors import LimitError
from chartkit.gotypes import GoObject, Int64, NilSlice, StringList, StringMap, Uint8
from chartkit.goyaml.dump import dump, to_yaml
from chartkit.goyaml.failure import MARSHAL, REREAD, YAMLError
from chartkit.goyaml.load import load

RECORDED = json.loads((Path(__file__).parent / "recorded_dump.json").read_text())
KEYS = json.loads((Path(__file__).parent / "recorded_keys.json").read_text())


class Version(GoObject):
    """A struct that is a string in JSON."""

    def go_json(self):
        return "1.2.3"


@pytest.mark.parametrize("row", RECORDED, ids=[ascii(row[0])[:40] for row in RECORDED])
def test_to_yaml_recorded(row):
    value, alone, nested = row[:3]
    assert to_yaml(value) == alone
    assert to_yaml({"k": [value, {"key": value}]}) == nested


@pytest.mark.parametrize("row", KEYS, ids=[ascii(row[0])[:40] for row in KEYS])
def test_to_yaml_recorded_keys(row):
    assert to_yaml({row[0]: {row[0]: [1]}}) == row[1]


def test_dump_ends_in_one_line_break():
    assert dump({"a": "x\n\n"}) == "a: |+\n  x\n\n"
    assert dump("a") == "a\n"
    assert to_yaml({"a": "x\n\n"}) == "a: |+\n  x\n"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"\x00ab\xff", "AGFi/w=="),
        (NilSlice(), "null"),
        (StringList(["a", "1"]), '- a\n- "1"'),
        (StringMap(b="y", a="x"), 'a: x\nb: "y"'),
        (Int64(7), "7"),
        (Uint8(98), "98"),
        ({"v": Version()}, "v: 1.2.3"),
        ([StringMap(), StringList(), b""], '- {}\n- []\n- ""'),
        ("\udcc3", "\ufffd"),
        ({"a": {"b": StringMap(c="1")}}, 'a:\n  b:\n    c: "1"'),
    ],
)
def test_to_yaml_of_go_types(value, expected):
    assert to_yaml(value) == expected


@pytest.mark.parametrize(
    ("value", "stage", "message"),
    [
        (float("nan"), MARSHAL, "error marshaling into JSON: json: unsupported value: NaN"),
        ([float("-inf")], MARSHAL, "error marshaling into JSON: json: unsupported value: -Inf"),
        ({"a": 1j}, MARSHAL, "error marshaling into JSON: json: unsupported type: complex128"),
        ("a\x7f", REREAD, "error converting JSON to YAML: yaml: control characters are not allowed"),
        ({"a\x80": 1}, REREAD, "error converting JSON to YAML: yaml: control characters are not allowed"),
    ],
)
def test_dump_of_what_go_refuses(value, stage, message):
    with pytest.raises(YAMLError) as caught:
        dump(value)
    assert (caught.value.stage, caught.value.full) == (stage, message)
    assert to_yaml(value) == ""


@pytest.mark.parametrize("length", [1022, 1023])
def test_to_yaml_of_a_long_key(length):
    text = to_yaml({"k" * length: 1})
    assert text == (f"? {'k' * length}\n: 1" if length == 1022 else "")


def test_to_yaml_survives_a_full_memo():
    texts = [f"text {number}" for number in range(40_000)]
    assert to_yaml(texts) == "\n".join(f"- {text}" for text in texts)


def test_dump_of_endless_nesting():
    value: list[object] = []
    value.append(value)
    with pytest.raises(LimitError):
        dump(value)


@pytest.mark.parametrize("row", RECORDED[:60], ids=[ascii(row[0])[:40] for row in RECORDED[:60]])
def test_dump_is_read_back(row):
    text = to_yaml({"k": row[0]})
    if text and "\x85" not in row[0]:
        assert load(text) == {"k": row[0]}
