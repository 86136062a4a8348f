"""The JSON Schemas of the Task API (draft 2020-12), made from the table of fields."""

from __future__ import annotations

from typing import Any, Final

from chartkit.systems.task_api.complexity import PATTERN
from chartkit.systems.task_api.fields import MODELS, MODES, Dialect, Field, fields_of

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
ROOTS: Final = {"processing-container": "ProcessingContainer", "task": "Task"}
"""The model of each file."""

_PLAIN: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "string"},
    "flag": {"type": "boolean"},
    "integer": {"type": "integer"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "map": {"type": "object"},
    "maps": {"type": "array", "items": {"type": "object"}},
    "quantities": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
    "complexity": {"type": "string", "pattern": PATTERN},
    "regex": {"type": "string", "format": "regex"},
    "api version": {"type": "integer", "const": 1},
}


def schema_name(root: str, dialect: Dialect) -> str:
    """What the file of a schema is called."""
    return f"task-api-{root}-{dialect}.schema.json"


def schema_of(root: str, dialect: Dialect) -> dict[str, Any]:
    """The schema of a file, one of `ROOTS`; keys that it does not name are allowed, as Kaapana passes over them."""
    model = ROOTS[root]
    used = _used(model, dialect)
    return {
        "$schema": DRAFT,
        "title": f"{model} of the Kaapana Task API, dialect {dialect}",
        "$ref": f"#/$defs/{model}",
        "$defs": {name: _model(name, dialect) for name in MODELS if name in used},
    }


def _model(name: str, dialect: Dialect) -> dict[str, Any]:
    fields = fields_of(name, dialect)
    found: dict[str, Any] = {
        "type": "object",
        "properties": {field.name: _field(field, dialect) for field in fields.values()},
    }
    required = [field.name for field in fields.values() if field.is_required]
    return {**found, "required": required} if required else found


def _field(field: Field, dialect: Dialect) -> dict[str, Any]:
    found = {"description": field.about, **_kind(field.kind, dialect)}
    if field.is_required:
        return found
    # What may be left out may be null too: Kaapana writes its files so.
    return {"description": field.about, "anyOf": [_kind(field.kind, dialect), {"type": "null"}]}


def _kind(kind: str, dialect: Dialect) -> dict[str, Any]:
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if kind == "mode":
        return {"enum": list(MODES[dialect])}
    if kind.startswith("one of "):
        return {"enum": kind.split()[2:]}
    if kind.startswith("list of "):
        return {"type": "array", "items": _kind(kind.removeprefix("list of "), dialect)}
    if kind.startswith("text or "):
        return {"anyOf": [{"type": "string"}, _kind(kind.removeprefix("text or "), dialect)]}
    if kind == "config":
        return {"anyOf": [_kind(name, dialect) for name in ("K8sConfig", "DockerConfig", "BaseConfig")]}
    return {"$ref": f"#/$defs/{kind}"}


def _used(model: str, dialect: Dialect) -> set[str]:
    """The models that a model leads to, itself among them."""
    found: set[str] = set()
    pending = [model]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += [each for field in fields_of(name, dialect).values() for each in _named(field.kind)]
    return found


def _named(kind: str) -> list[str]:
    if kind == "config":
        return ["K8sConfig", "DockerConfig", "BaseConfig"]
    return [word for word in kind.split() if word in MODELS]
