"""The quick answer of a schema, held against the full evaluator."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from chartkit.gotypes import Int64
from chartkit.profile import HELM_4_3
from chartkit.values.schema import schema_fault
from chartkit.values.schema_full import full_fault
from chartkit.values.schema_quick import quick_check

RECORDED = json.loads((Path(__file__).parent / "recorded_schemas.json").read_text())
ORKES = Path(__file__).parents[2] / "charts" / "orkes-conductor"
POOL: list[Any] = [
    None, True, False, 0.0, 1.0, -1.0, 1.5, 70000.0, Int64(1), Int64(70000), "", "a", "abc", "1Gi", [], ["a"], ["a",
    "a"],
    [1.0, Int64(1)], [{}], {}, {"a": 1.0}, {"a": "b"}, {"a": None, "b": [1.0]},
]  # fmt: skip
SCHEMAS = [
    {"type": "object", "properties": {"a": {"type": ["integer", "null"]}}, "additionalProperties": False},
    {"properties": {"a": {"enum": ["b", 1, None, True, {"x": 1}]}}, "required": ["a"]},
    {"properties": {"a": {"const": 1}}, "patternProperties": {"^[ab]": {"not": {"type": "number"}}}},
    {"additionalProperties": {"oneOf": [{"type": "number"}, {"minimum": 1}]}},
    {"anyOf": [{"required": ["b"]}, {"maxProperties": 0}], "properties": {"b": {"items": {"maximum": 1}}}},
    {"if": {"required": ["a"]}, "then": {"properties": {"a": {"minLength": 1}}}, "else": {"minProperties": 2}},
    {"$ref": "#/$defs/t", "$defs": {"t": {"additionalProperties": {"$ref": "#/$defs/t"}, "maxProperties": 1}}},
    {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"t": {"type": "string"}},
     "properties": {"a": {"$ref": "#/definitions/t", "type": "number"}, "b": {"uniqueItems": True, "minItems": 1}}},
    {"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"a": {"format": "ipv4"}}, "allOf": [{}]},
    {"properties": {"a": {"pattern": "^a", "maxLength": 2}, "b": False, "c": True}},
]  # fmt: skip


def _hold(schema: str, values: Any) -> None:
    check = quick_check(schema)
    if check is not None:
        try:
            quick = check(values)
        except RecursionError:
            return
        # A yes must be true; in these a no is, too.
        assert quick is (full_fault(values, schema, HELM_4_3) is None), (schema, values)


@pytest.mark.parametrize(("schema", "values"), [(schema, values) for schema, values, _ in RECORDED])
def test_quick_answer_is_the_full_one_for_recorded_schemas(schema: str, values: Any) -> None:
    _hold(schema, values)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_quick_answer_is_the_full_one_for_values_of_every_kind(schema: dict[str, Any]) -> None:
    text = json.dumps(schema)
    assert quick_check(text) is not None
    for first in POOL:
        for second in POOL:
            _hold(text, {"a": first, "b": second})
    _hold(text, {})


def test_quick_answer_is_the_full_one_for_our_chart() -> None:
    from chartkit.chart.loader import load_chart

    chart, chance = load_chart(ORKES), random.Random(3)
    assert chart.schema is not None
    text = chart.schema.decode()
    for _ in range(150):
        values = copy.deepcopy(dict(chart.values))
        node: Any = values
        while isinstance(node, dict) and node:
            key = chance.choice(sorted(node))
            if not isinstance(node[key], dict) or chance.random() < 0.2:
                node[key] = chance.choice(POOL)
                break
            node = node[key]
        _hold(text, values)


@pytest.mark.parametrize(
    "schema",
    [
        "{", "[]", "true", '{"type": "text"}', '{"type": []}', '{"required": []}', '{"required": ["a", "a"]}',
        '{"minimum": "1"}', '{"minimum": 0.12345678901234567890}', '{"minLength": -1}', '{"minLength": 1.5}',
        '{"enum": []}',
        '{"enum": [1, 1.0]}', '{"pattern": "("}', '{"patternProperties": {"(": {}}}', '{"properties": []}',
        '{"properties": {"a": 1}}', '{"$ref": "http://else.where/x"}', '{"$ref": "#/nowhere"}', '{"$ref": "#anchor"}',
        '{"$schema": "http://else.where"}', '{"$id": "x"}', '{"properties": {"a": {"$id": "http://a"}}}',
        '{"allOf": []}',
        '{"unevaluatedProperties": false}', '{"multipleOf": 2}', '{"contains": {}}', '{"$defs": {"a": {"type": 1}}}',
        '{"dependencies": {}}', '{"items": [{}]}', '{"title": 1}', '{"if": 1}', '{"then": 1}',
        '{"$schema": "http://json-schema.org/draft-04/schema#", "const": 1}',
    ],
)  # fmt: skip
def test_anything_unusual_is_left_to_the_full_evaluator(schema: str) -> None:
    assert quick_check(schema) is None


def test_schema_that_refers_to_itself_is_told_of() -> None:
    assert schema_fault({"a": 1.0}, b'{"$ref": "#"}', HELM_4_3)
