"""Values against a schema, with the errors that Helm 3 prints (its library is xeipuuv/gojsonschema).

The errors are a flat list. Of the schemas under `anyOf` and `oneOf` only the one that fits best is told about: each
check keeps a score, which grows with every step that goes well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chartkit.gojson import encode
from chartkit.goregexp import InvalidRegexp, compile_regexp
from chartkit.gotemplate.gofloat import format_float
from chartkit.values.schema_classic_parse import ClassicSchema, read_classic
from chartkit.values.schema_document import Number, fraction, is_number
from chartkit.values.schema_formats import FORMATS, InvalidFormat
from chartkit.values.schema_values import type_of

_HOSTNAME: Final = re.compile(
    r"([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])(\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]{0,61}[a-zA-Z0-9]))*"
)
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.,][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?")
_TEMPLATE: Final = re.compile(r"([^{]*({[^}]*})?)*")
_ADDRESS: Final = re.compile(r"[^\s@<>]+@[^\s@<>]+|.*<[^\s@<>]+@[^\s@<>]+>")


def check_classic(values: Any, schema_value: Any) -> str | None:
    """What is wrong with values, as Helm 3 prints it; `None` where nothing is.

    Raises:
        SchemaFault: the schema itself cannot be used.
    """
    schema = read_classic(schema_value)
    result = _Result()
    _Node(schema, schema.root, values, ("(root)",), result).check()
    return "".join(f"- {error}\n" for error in result.errors) or None


@dataclass(slots=True)
class _Result:
    """Errors, and how well things went."""

    errors: list[str] = field(default_factory=list)
    score: int = 0

    def take(self, other: _Result) -> None:
        """Add what another check has found."""
        self.errors += other.errors
        self.score += other.score


@dataclass(slots=True)
class _Node:
    """One value being checked against one schema."""

    schema: ClassicSchema
    spec: Any
    value: Any
    context: tuple[str, ...]
    result: _Result

    def check(self) -> None:
        """Check everything."""
        spec = self.spec
        if type(spec) is bool:
            if not spec:
                self.add("False always fails validation")
            return
        if type(spec.get("$ref")) is str:
            _Node(self.schema, self.schema.target(spec), self.value, self.context, self.result).check()
            return
        if self.has_wrong_type():
            return
        self.combinations()
        self.by_type()
        self.result.score += 1

    def by_type(self) -> None:
        """The keywords for one type of value, in the library's order."""
        value = self.value
        if type(value) is list:
            self.array()
        elif type(value) is dict:
            self.object()
        elif is_number(value):
            self.number()
        self.common()
        if type(value) is str:
            self.string()
        if type(value) is dict:
            properties = self.spec.get("properties") or {}
            for name in sorted(properties):
                if name in value:
                    _Node(self.schema, properties[name], value[name], (*self.context, name), self.result).check()

    @property
    def name(self) -> str:
        """The path to the value in messages."""
        return ".".join(self.context[1:]) if len(self.context) > 1 else self.context[0]

    def add(self, text: str) -> None:
        """Note an error."""
        self.result.errors.append(f"{self.name}: {text}")
        self.result.score -= 2

    def apart(self, spec: Any, value: Any, *steps: str | int) -> _Result:
        """The result of another check, by itself."""
        result = _Result()
        context = (*self.context, *map(str, steps))
        _Node(self.schema, spec, value, context, result).check()
        return result

    def has_wrong_type(self) -> bool:
        """Whether the type is wrong, which ends the check."""
        given = self.spec.get("type")
        wanted = [given] if type(given) is str else given or []
        kind = type_of(self.value)
        if kind == "number" and fraction(self.value).denominator == 1:
            kind = "integer"
        if not wanted or kind in wanted or (kind == "integer" and "number" in wanted):
            return False
        expected = wanted[0] if len(wanted) == 1 else f"[{','.join(wanted)}]"
        self.add(f"Invalid type. Expected: {expected}, given: {kind}")
        return True

    def combinations(self) -> None:
        """The keywords that combine schemas."""
        self.any_of(self.spec.get("anyOf") or [])
        self.one_of(self.spec.get("oneOf") or [])
        self.all_of(self.spec.get("allOf") or [])
        if "not" in self.spec and not self.apart(self.spec["not"], self.value).errors:
            self.add("Must not validate the schema (not)")
        if type(self.value) is dict:
            self.dependencies(self.spec.get("dependencies") or {})
        if "if" in self.spec and self.schema.draft >= 7:
            self.condition()
        self.result.score += 1

    def any_of(self, choices: list[Any]) -> None:
        """At least one schema must fit."""
        best: _Result | None = None
        for choice in choices:
            result = self.apart(choice, self.value)
            if not result.errors:
                return
            if best is None or result.score > best.score:
                best = result
        if best is not None:
            self.add("Must validate at least one schema (anyOf)")
            self.result.take(best)

    def one_of(self, choices: list[Any]) -> None:
        """Exactly one schema must fit."""
        matched = 0
        best: _Result | None = None
        for choice in choices:
            result = self.apart(choice, self.value)
            if not result.errors:
                matched += 1
            elif matched == 0 and (best is None or result.score > best.score):
                best = result
        if choices and matched != 1:
            self.add("Must validate one and only one schema (oneOf)")
            if matched == 0 and best is not None:
                self.result.take(best)

    def all_of(self, choices: list[Any]) -> None:
        """Every schema must fit."""
        results = [self.apart(choice, self.value) for choice in choices]
        for result in results:
            self.result.take(result)
        if any(result.errors for result in results):
            self.add("Must validate all the schemas (allOf)")

    def dependencies(self, needs: Mapping[str, Any]) -> None:
        """What one property asks of the others."""
        for name in sorted(needs.keys() & self.value.keys()):
            if type(needs[name]) is not list:
                _Node(self.schema, needs[name], self.value, self.context, self.result).check()
                continue
            for other in needs[name]:
                if other not in self.value:
                    self.add(f"Has a dependency on {other}")

    def condition(self) -> None:
        """If, then and else."""
        valid = not self.apart(self.spec["if"], self.value).errors
        branch = "then" if valid else "else"
        if branch not in self.spec:
            return
        result = self.apart(self.spec[branch], self.value)
        if result.errors:
            self.add(f'Must validate "{branch}" as "if" was {"" if valid else "not "}valid')
            self.result.take(result)

    def common(self) -> None:
        """The keywords for values of any type."""
        if "const" in self.spec and self.schema.draft >= 6:
            constant = _json(self.spec["const"])
            if _json(self.value) != constant:
                self.add(f"{self.name} does not match: {constant}")
        choices = [_json(choice) for choice in self.spec.get("enum") or []]
        if choices and _json(self.value) not in choices:
            self.add(f"{self.name} must be one of the following: {', '.join(choices)}")
        self.result.score += 1

    def format(self) -> None:
        """The format; no number has one."""
        wanted = self.spec.get("format")
        if wanted and not _has_format(wanted, self.value):
            self.add(f"Does not match format '{wanted}'")

    def array(self) -> None:
        """The keywords for lists."""
        items = self.spec.get("items")
        if type(items) is list:
            self.positional(items)
        elif items is not None:
            for index, value in enumerate(self.value):
                self.result.take(self.apart(items, value, index))
        count = len(self.value)
        if "minItems" in self.spec and count < int(self.spec["minItems"]):
            self.add(f"Array must have at least {int(self.spec['minItems'])} items")
        if "maxItems" in self.spec and count > int(self.spec["maxItems"]):
            self.add(f"Array must have at most {int(self.spec['maxItems'])} items")
        if self.spec.get("uniqueItems"):
            self.unique()
        if "contains" in self.spec and self.schema.draft >= 6:
            self.contains(self.spec["contains"])
        self.result.score += 1

    def positional(self, items: list[Any]) -> None:
        """Schemas for the items one by one, and for those beyond."""
        others = self.spec.get("additionalItems")
        for index, value in enumerate(self.value):
            if index < len(items):
                self.result.take(self.apart(items[index], value, index))
            elif items and type(others) is dict:
                self.result.take(self.apart(others, value, index))
        if items and others is False and len(items) < len(self.value):
            self.add("No additional items allowed on array")

    def unique(self) -> None:
        """No two items may be the same."""
        seen: dict[str, int] = {}
        for index, value in enumerate(self.value):
            text = _json(value)
            if text in seen:
                self.add(f"array items[{seen[text]},{index}] must be unique")
            seen[text] = index

    def contains(self, spec: Any) -> None:
        """One item must fit."""
        best: _Result | None = None
        for index, value in enumerate(self.value):
            result = self.apart(spec, value, index)
            if not result.errors:
                return
            if best is None or result.score > best.score:
                best = result
        self.add("At least one of the items must match")
        if best is not None:
            self.result.take(best)

    def object(self) -> None:
        """The keywords for maps, but for the properties that are named."""
        count = len(self.value)
        if "minProperties" in self.spec and count < int(self.spec["minProperties"]):
            self.add(f"Must have at least {int(self.spec['minProperties'])} properties")
        if "maxProperties" in self.spec and count > int(self.spec["maxProperties"]):
            self.add(f"Must have at most {int(self.spec['maxProperties'])} properties")
        for name in self.spec.get("required") or []:
            if name in self.value:
                self.result.score += 1
            else:
                self.add(f"{name} is required")
        for name in sorted(self.value):
            self.other_property(name)
        if "propertyNames" in self.spec and self.schema.draft >= 6:
            self.property_names(self.spec["propertyNames"])
        self.result.score += 1

    def other_property(self, name: str) -> None:
        """One property against patterns, and against what is asked of all others."""
        matched = False
        patterns = self.spec.get("patternProperties") or {}
        for pattern in sorted(patterns):
            if compile_regexp(pattern).search(name):
                matched = True
                self.result.take(self.apart(patterns[pattern], self.value[name], name))
        self.result.score += matched
        if matched or name in (self.spec.get("properties") or {}):
            return
        others = self.spec.get("additionalProperties")
        if others is False:
            self.add(f"Additional property {name} is not allowed")
        elif type(others) is dict:
            self.result.take(self.apart(others, self.value[name], name))

    def property_names(self, spec: Any) -> None:
        """The names themselves."""
        for name in sorted(self.value):
            result = self.apart(spec, name)
            if result.errors:
                self.add(f'Property name of "{name}" does not match')
                self.result.take(result)

    def string(self) -> None:
        """The keywords for texts."""
        size = len(self.value)
        if "minLength" in self.spec and size < int(self.spec["minLength"]):
            self.add(f"String length must be greater than or equal to {int(self.spec['minLength'])}")
        if "maxLength" in self.spec and size > int(self.spec["maxLength"]):
            self.add(f"String length must be less than or equal to {int(self.spec['maxLength'])}")
        if "pattern" in self.spec and not compile_regexp(self.spec["pattern"]).search(self.value):
            self.add(f"Does not match pattern '{self.spec['pattern']}'")
        self.format()
        self.result.score += 1

    def number(self) -> None:
        """The keywords for numbers."""
        got = fraction(self.value)
        spec = dict(self.spec)
        for bound, exclusive in (("maximum", "exclusiveMaximum"), ("minimum", "exclusiveMinimum")):
            if spec.get(exclusive) is True:
                spec[exclusive] = spec.pop(bound)
        for keyword, (is_broken, text) in _BOUNDS.items():
            want = spec.get(keyword)
            if type(want) is Number and is_broken(got, fraction(want)):
                self.add(f"{text} {format_float(float(want))}")
        self.format()
        self.result.score += 1


_BOUNDS: Final[Mapping[str, tuple[Callable[[Any, Any], bool], str]]] = {
    "multipleOf": (lambda got, want: (got / want).denominator != 1, "Must be a multiple of"),
    "maximum": (lambda got, want: got > want, "Must be less than or equal to"),
    "exclusiveMaximum": (lambda got, want: got >= want, "Must be less than"),
    "minimum": (lambda got, want: got < want, "Must be greater than or equal to"),
    "exclusiveMinimum": (lambda got, want: got <= want, "Must be greater than"),
}


def _json(value: Any) -> str:
    """A value as JSON, with numbers as 64-bit floats."""
    return encode(_plain(value))


def _plain(value: Any) -> Any:
    if type(value) is dict:
        return {key: _plain(inner) for key, inner in value.items()}
    if type(value) is list:
        return [_plain(item) for item in value]
    return float(value) if is_number(value) else value


def _has_format(name: str, value: Any) -> bool:
    """Whether a value has a format; one that is not known fits anything, a known one only texts."""
    check = _FORMATS.get(name)
    return check is None or (type(value) is str and check(value))


def _passes(name: str) -> Callable[[str], bool]:
    """A check that Helm 4's library makes in the same way."""

    find = FORMATS[name]

    def check(text: str) -> bool:
        try:
            find(text)
        except InvalidFormat:
            return False
        return True

    return check


def _regex(text: str) -> bool:
    try:
        compile_regexp(text)
    except InvalidRegexp:
        return False
    return True


def _date_time(text: str) -> bool:
    if _CLOCK.fullmatch(text) or _passes("date")(text):
        return True
    return _passes("date")(text[:10]) and text[10:11] == "T" and text[-1:] != "z" and _passes("time")(text[11:])


def _uri(text: str) -> bool:
    return "\\" not in text and _passes("uri")(text)


def _template(text: str) -> bool:
    return "\\" not in text and _passes("uri-reference")(text) and _TEMPLATE.fullmatch(text) is not None


_FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date": _passes("date"),
    "time": lambda text: _CLOCK.fullmatch(text) is not None,
    "date-time": _date_time,
    "hostname": lambda text: _HOSTNAME.fullmatch(text) is not None and len(text) < 256,
    "email": lambda text: _ADDRESS.fullmatch(text) is not None,
    "idn-email": lambda text: _ADDRESS.fullmatch(text) is not None,
    "ipv4": _passes("ipv4"),
    "ipv6": _passes("ipv6"),
    "uri": _uri,
    "iri": _uri,
    "uri-reference": _passes("uri-reference"),
    "iri-reference": _passes("uri-reference"),
    "uri-template": _template,
    "uuid": lambda text: text == text.lower() and _passes("uuid")(text),
    "regex": _regex,
    "json-pointer": _passes("json-pointer"),
    "relative-json-pointer": _passes("relative-json-pointer"),
}
