from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chartkit.source import Source
from chartkit.systems.task_api.fields import Dialect
from chartkit.systems.task_api.json_file import parse_json
from chartkit.systems.task_api.reading import read_model
from chartkit.systems.task_api.schema import ROOTS, schema_name, schema_of

HERE = Path(__file__).parents[3]
SCHEMAS = HERE / "chartkit/schemas"
FIXTURES = HERE / "fixtures/task_api"
TASK = json.loads((FIXTURES / "task.json").read_text())
CONTAINER = json.loads((FIXTURES / "processing-container.json").read_text())


def _validator(root: str, dialect: Dialect) -> Any:
    from jsonschema import Draft202012Validator

    schema = json.loads((SCHEMAS / schema_name(root, dialect)).read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("root", ROOTS)
def test_the_files_are_what_the_table_says(root: str, dialect: Dialect) -> None:
    text = (SCHEMAS / schema_name(root, dialect)).read_text()
    assert text == f"{json.dumps(schema_of(root, dialect), indent=2)}\n"


_ENV = {"name": "a", "value": "b"}
_CASES: list[tuple[str, Any]] = [
    ("task", TASK),
    ("task", {"name": "a", "image": "b", "taskTemplate": "c"}),
    ("task", {"name": "a", "image": "b"}),
    ("task", {"name": "a", "image": "b", "taskTemplate": {}}),
    ("task", {**TASK, "env": [_ENV, 3]}),
    ("task", {**TASK, "env": [{"name": "a", "value": 5}]}),
    ("task", {**TASK, "command": "x"}),
    ("task", {**TASK, "command": None}),
    ("task", {**TASK, "unknown": 1}),
    ("task", {**TASK, "config": {"type": "docker", "labels": {}}}),
    ("task", {**TASK, "config": {"type": "k8s", "namespace": 3}}),
    ("task", []),
    ("processing-container", CONTAINER),
    ("processing-container", {"name": "a", "description": "b", "templates": []}),
    ("processing-container", {"name": "a", "description": "b", "templates": [], "api_version": 2}),
    ("processing-container", {"name": "a", "description": "b", "templates": [{}]}),
    ("processing-container", {"name": "a", "templates": []}),
]


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(("root", "data"), _CASES)
def test_schema_and_reader_agree(root: str, data: Any, dialect: Dialect) -> None:
    reading = read_model(parse_json(Source("x", json.dumps(data))), ROOTS[root], dialect)
    is_valid = _validator(root, dialect).is_valid(data)
    # A config of a broken kind is the plain one to a schema, which has no place for the reader's choice by type.
    if "config" in data and not reading.is_valid:
        is_valid = False
    assert is_valid is reading.is_valid
