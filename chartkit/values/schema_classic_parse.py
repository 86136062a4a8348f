"""Whether a schema can be used at all, as Helm 3's library (xeipuuv/gojsonschema) sees it.

It checks keyword by keyword, in one order, and tells of the first fault only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from chartkit.goquote import quote
from chartkit.goregexp import InvalidRegexp, compile_regexp
from chartkit.values.schema_document import Number, SchemaFault, fraction
from chartkit.weburl import join_url, split_url

HYBRID: Final = 99
_DRAFTS: Final = {f"http://json-schema.org/draft-0{number}/schema": number for number in (4, 6, 7)}
_TYPES: Final = ("array", "boolean", "integer", "number", "null", "object", "string")
# Below these, names are the user's, and what looks like a reference is none.
_NAMED: Final = ("properties", "dependencies", "patternProperties")
_LITERAL: Final = ("const", "enum")


@dataclass(slots=True)
class ClassicSchema:
    """A schema with what its references lead to.

    `targets` goes by the identity of the map that holds the reference.
    """

    root: Any
    draft: int
    identified: dict[str, Any] = field(default_factory=dict)
    targets: dict[int, Any] = field(default_factory=dict)
    _checked: set[int] = field(default_factory=set)

    def check(self, spec: Any) -> None:
        """Refuse a schema that breaks the rules, or one below it that does."""
        if type(spec) is bool and self.draft >= 6:
            return
        if type(spec) is not dict:
            raise SchemaFault("Expected: valid schema, given: Invalid JSON")
        if id(spec) in self._checked:
            return
        self._checked.add(id(spec))
        for keyword, rule in _BEFORE_REFERENCE.items():
            if keyword in spec:
                rule(self, keyword, spec)
        if type(spec.get("$ref")) is str:
            self.check(self.target(spec))
            return
        for keyword, rule in _RULES.items():
            if keyword in spec:
                rule(self, keyword, spec)

    def target(self, spec: dict[str, Any]) -> Any:
        """What the reference in a schema leads to."""
        if id(spec) not in self.targets:
            raise SchemaFault(f"Reference {spec['$ref']} must be canonical")
        found = self.targets[id(spec)]
        if type(found) is str:
            found = self.targets[id(spec)] = self._resolved(found)
        if type(found) not in (dict, bool):
            raise SchemaFault("schema must be of type object")
        return found

    def _resolved(self, url: str) -> Any:
        """The part of a known document that a URL leads to."""
        if url in self.identified:
            return self.identified[url]
        base, _, fragment = url.partition("#")
        if base not in self.identified:
            raise SchemaFault(_unreachable(url))
        return _at(self.identified[base], unquote(fragment))

    def note_references(self, value: Any, base: str) -> None:
        """Work out where every reference leads, from the identities around it."""
        if type(value) is list:
            for item in value:
                self.note_references(item, base)
        if type(value) is not dict:
            return
        identity = value.get("id" if "id" in value else "$id")
        if type(identity) is str:
            base = _joined(base, identity)
            self.identified.setdefault(base.removesuffix("#"), value)
        if type(value.get("$ref")) is str:
            self.targets[id(value)] = _joined(base, value["$ref"])
        for key, inner in value.items():
            if key in _NAMED and type(inner) is dict:
                for item in inner.values():
                    self.note_references(item, base)
            elif key not in _LITERAL and key not in _NAMED:
                self.note_references(inner, base)


def read_classic(value: Any) -> ClassicSchema:
    """The schema, checked.

    Raises:
        SchemaFault: the library refuses it.
    """
    if type(value) not in (dict, bool):
        raise SchemaFault("schema is invalid")
    draft = HYBRID
    if type(value) is dict and "$schema" in value:
        if type(value["$schema"]) is not str:
            raise SchemaFault("$schema must be of type string")
        draft = _DRAFTS.get(value["$schema"].removesuffix("#"), HYBRID)
    schema = ClassicSchema(value, draft)
    schema.identified[""] = value
    schema.note_references(value, "")
    schema.check(value)
    return schema


def _joined(base: str, reference: str) -> str:
    return join_url(base, reference) if base or not reference.startswith("#") else reference


def _unreachable(url: str) -> str:
    """What is said about a document that would have to be fetched."""
    parts = split_url(url)
    if parts.scheme == "file":
        return f"open {parts.path}: no such file or directory"
    if not parts.scheme or not parts.netloc:
        return f"Reference {url if parts.scheme else '/' + url.lstrip('/')} must be canonical"
    if parts.scheme not in ("http", "https"):
        return f'Get "{url}": unsupported protocol scheme {quote(parts.scheme)}'
    return f'Get "{url}": schemas are not fetched from the network'


def _at(value: Any, pointer: str) -> Any:
    """The value at a JSON pointer; a fragment that is none leads to the root."""
    if not pointer.startswith("/"):
        return value
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if type(value) is dict:
            if name not in value:
                raise SchemaFault(f"Object has no key '{name}'")
            value = value[name]
        elif type(value) is list:
            if not name.isdecimal() or int(name) >= len(value):
                raise SchemaFault(f"Out of bound array[0,{len(value)}] index '{name}'")
            value = value[int(name)]
        else:
            raise SchemaFault(f"Invalid token reference '{name}'")
    return value


Rule = Callable[[ClassicSchema, str, dict[str, Any]], None]


def _type_fault(expected: str, given: str) -> SchemaFault:
    return SchemaFault(f"Invalid type. Expected: {expected}, given: {given}")


def _identity(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    used = "id" if schema.draft == 4 or (schema.draft == HYBRID and "id" in spec) else "$id"
    if keyword == used and type(spec[keyword]) is not str:
        raise _type_fault("string", keyword)


def _text(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    if type(spec[keyword]) is not str:
        raise _type_fault("string", keyword)


def _definitions(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    inner = spec[keyword]
    if type(inner) is not dict or any(type(inner[name]) not in (dict, bool) for name in inner):
        raise _type_fault("array of schemas", keyword)
    for name in sorted(inner):
        schema.check(inner[name])


def _types(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    given = spec[keyword]
    names = [given] if type(given) is str else given
    if type(names) is not list or any(type(name) is not str for name in names):
        raise _type_fault("string/array of strings", keyword)
    for index, name in enumerate(names):
        if name not in _TYPES:
            valid = " ".join(_TYPES)
            raise SchemaFault(
                f"has a primitive type that is NOT VALID -- given: /{name}/ Expected valid values are:[{valid}]"
            )
        if name in names[:index]:
            raise SchemaFault(f"{name} type is duplicated")


def _properties(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    if type(spec[keyword]) is not dict:
        raise SchemaFault(f"{keyword} must be of type object")
    for name in sorted(spec[keyword]):
        schema.check(spec[keyword][name])


def _flag_or_schema(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    inner = spec[keyword]
    if type(inner) is dict:
        schema.check(inner)
    elif type(inner) is not bool:
        raise _type_fault("boolean/valid schema", keyword)


def _patterns(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    inner = spec[keyword]
    if type(inner) is not dict:
        raise _type_fault("valid schema", keyword)
    for pattern in sorted(inner):
        try:
            compile_regexp(pattern)
        except InvalidRegexp:
            raise SchemaFault(f"Invalid regex pattern '{pattern}'") from None
        schema.check(inner[pattern])


def _property_names(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    if schema.draft >= 6:
        if type(spec[keyword]) not in (dict, bool):
            raise _type_fault("valid schema", "patternProperties")
        schema.check(spec[keyword])


def _dependencies(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    inner = spec[keyword]
    if type(inner) is not dict:
        raise SchemaFault(f"{keyword} must be of type object")
    for name in sorted(inner):
        needs = inner[name]
        if type(needs) in (dict, bool):
            schema.check(needs)
        elif type(needs) is not list or any(type(item) is not str for item in needs):
            raise SchemaFault("dependency must be of type schema or array of strings")


def _items(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    inner = spec[keyword] if type(spec[keyword]) is list else [spec[keyword]]
    for item in inner:
        if type(item) not in (dict, bool):
            raise _type_fault("valid schema/array of schemas", keyword)
        schema.check(item)


def _multiple(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    if type(spec[keyword]) is not Number:
        raise _type_fault("number", keyword)
    if fraction(spec[keyword]) <= 0:
        raise SchemaFault(f"{keyword} must be strictly greater than 0")


def _number(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    if type(spec[keyword]) is not Number:
        raise SchemaFault(f"{keyword} must be of a number")


def _exclusive(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    value = spec[keyword]
    bound = "minimum" if keyword == "exclusiveMinimum" else "maximum"
    if type(value) is bool and schema.draft in (4, HYBRID):
        if bound not in spec:
            raise SchemaFault(f"{keyword} cannot be used without {bound}")
    elif type(value) is not Number or schema.draft == 4:
        raise _type_fault({4: "boolean", HYBRID: "boolean/number"}.get(schema.draft, "number"), keyword)


def _count(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    value = spec[keyword]
    number = fraction(value) if type(value) is Number else None
    # The library reads the text as an integer, so that 1.0 is refused like 1.5.
    if number is None or number.denominator != 1 or not value.lstrip("-").isdecimal():
        raise SchemaFault(f"{keyword} must be of an integer")
    if number < 0:
        raise SchemaFault(f"{keyword} must be greater than or equal to 0")


def _upper_length(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    _count(schema, keyword, spec)
    least = keyword.replace("max", "min")
    if least in spec and int(spec[least]) > int(spec[keyword]):
        raise SchemaFault(f"{least} cannot be greater than {keyword}")


def _pattern(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    if type(spec[keyword]) is not str:
        raise SchemaFault(f"{keyword} must be of a string")
    try:
        compile_regexp(spec[keyword])
    except InvalidRegexp:
        raise SchemaFault(f"{keyword} must be a valid regex") from None


def _format(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    if type(spec[keyword]) is not str:
        raise SchemaFault(f"{keyword} must be of type string")


def _required(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    names = spec[keyword]
    if type(names) is not list:
        raise SchemaFault(f"{keyword} must be of an array")
    for index, name in enumerate(names):
        if type(name) is not str:
            raise SchemaFault(f"{keyword} items must be string")
        if name in names[:index]:
            raise SchemaFault(f"{keyword} items must be unique")


def _unique(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    if type(spec[keyword]) is not bool:
        raise SchemaFault(f"{keyword} must be of a boolean")


def _contains(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    if schema.draft >= 6:
        schema.check(spec[keyword])


def _enum(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    choices = spec[keyword]
    if type(choices) is not list:
        raise SchemaFault(f"{keyword} must be of an array")
    for index, choice in enumerate(choices):
        if choice in choices[:index]:
            raise SchemaFault(f"{keyword} items must be unique")


def _list(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    if type(spec[keyword]) is not list:
        # For allOf the library names anyOf.
        raise SchemaFault(f"{'anyOf' if keyword == 'allOf' else keyword} must be of an array")
    for inner in spec[keyword]:
        schema.check(inner)


def _single(schema: ClassicSchema, keyword: str, spec: dict[str, Any]) -> None:
    if keyword != "not" and schema.draft < 7:
        return
    if type(spec[keyword]) not in (dict, bool):
        raise SchemaFault(f"{keyword} must be of an object")
    schema.check(spec[keyword])


_BEFORE_REFERENCE: Final[Mapping[str, Rule]] = {
    "id": _identity,
    "$id": _identity,
    "definitions": _definitions,
    "title": _text,
    "description": _text,
    "$ref": _text,
}
_RULES: Final[Mapping[str, Rule]] = {
    "type": _types,
    "properties": _properties,
    "additionalProperties": _flag_or_schema,
    "patternProperties": _patterns,
    "propertyNames": _property_names,
    "dependencies": _dependencies,
    "items": _items,
    "additionalItems": _flag_or_schema,
    "multipleOf": _multiple,
    "minimum": _number,
    "exclusiveMinimum": _exclusive,
    "maximum": _number,
    "exclusiveMaximum": _exclusive,
    "minLength": _count,
    "maxLength": _upper_length,
    "pattern": _pattern,
    "format": _format,
    "minProperties": _count,
    "maxProperties": _upper_length,
    "required": _required,
    "minItems": _count,
    "maxItems": _count,
    "uniqueItems": _unique,
    "contains": _contains,
    "enum": _enum,
    "oneOf": _list,
    "anyOf": _list,
    "allOf": _list,
    "not": _single,
    "if": _single,
    "then": _single,
    "else": _single,
}
