"""Writing YAML in go-yaml v3's style, against what the real `toYamlPretty` answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chartkit.gotypes import GoObject, NilSlice
from chartkit.goyaml.pretty import to_yaml_pretty

RECORDED = json.loads((Path(__file__).parent / "recorded_dump.json").read_text())
KEYS = json.loads((Path(__file__).parent / "recorded_keys.json").read_text())


class KubeVersion(GoObject):
    """A struct with fields, as templates see it."""

    go_fields = ("Version", "Major", "Minor")
    Version = "v1.37.0"
    Major = "1"
    Minor = "37"


class Time(GoObject):
    """A point in time."""

    go_type = "time.Time"

    def go_json(self):
        return "2020-01-02T00:00:00Z"


@pytest.mark.parametrize("row", RECORDED, ids=[ascii(row[0])[:40] for row in RECORDED])
def test_to_yaml_pretty_recorded(row):
    value, _, _, alone, nested = row
    assert to_yaml_pretty(value) == alone
    assert to_yaml_pretty({"k": [value, {"key": value}]}) == nested


@pytest.mark.parametrize("row", KEYS, ids=[ascii(row[0])[:40] for row in KEYS])
def test_to_yaml_pretty_recorded_keys(row):
    assert to_yaml_pretty({row[0]: {row[0]: [1]}}) == row[2]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (KubeVersion(), 'version: v1.37.0\nmajor: "1"\nminor: "37"'),
        ({"t": Time()}, "t: 2020-01-02T00:00:00Z"),
        (b"ab", "- 97\n- 98"),
        (NilSlice(), "[]"),
        ("\udcc3", "!!binary ww=="),
        ({"a": "\udcc3", "\udcc3": 1}, "!!binary ww==: 1\na: !!binary ww=="),
        (float("inf"), ".inf"),
        (float("-inf"), "-.inf"),
        (float("nan"), ".nan"),
        (None, "null"),
        (1j, ""),
    ],
)
def test_to_yaml_pretty_of_go_types(value, expected):
    assert to_yaml_pretty(value) == expected


def test_to_yaml_pretty_of_long_bytes():
    line = "w8PD" * 17 + "w8"
    expected = f"a: !!binary |\n  {line}\n  PDw8PDw8PD\nb:\n  - !!binary |\n    {line}\n    PDw8PDw8PD\n".rstrip("\n")
    text = "\udcc3" * 60
    assert to_yaml_pretty({"a": text, "b": [text]}) == expected
