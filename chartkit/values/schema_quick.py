"""A quick answer to the one question that nearly always has the same answer: do the values meet the schema?

A schema that uses nothing but the everyday keywords, each with what it must hold, becomes nested closures that say yes
or no. A no is never shown: the full evaluator then looks for Helm's words. Any other schema is left to it altogether.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from chartkit.gotypes import Int64
from chartkit.pattern import pattern as late_pattern

Check: TypeAlias = "Callable[[Any], bool]"

_DRAFTS: Final = {
    "http://json-schema.org/draft-04/schema": 4,
    "http://json-schema.org/draft-06/schema": 6,
    "http://json-schema.org/draft-07/schema": 7,
    "https://json-schema.org/draft-07/schema": 7,
    "https://json-schema.org/draft/2019-09/schema": 2019,
    "https://json-schema.org/draft/2020-12/schema": 2020,
    "http://json-schema.org/schema": 2020,
}
_ROOT_ADDRESS: Final = late_pattern(r"https?://[A-Za-z0-9/_.-]+#?", re.ASCII)
_POINTER: Final = late_pattern(r"#(/[A-Za-z0-9_.$-]+)*", re.ASCII)
_EXACT: Final = late_pattern(r"-?[0-9]{1,15}|-?[0-9]{1,8}\.[0-9]{1,6}", re.ASCII)
_NUMBERS: Final = frozenset({float, int, Int64})
_PYTHON_TYPES: Final[Mapping[str, frozenset[type]]] = {
    "null": frozenset({type(None)}),
    "boolean": frozenset({bool}),
    "integer": frozenset({int, Int64}),
    "number": _NUMBERS,
    "string": frozenset({str}),
    "array": frozenset({list}),
    "object": frozenset({dict}),
}
_LEFT_TO_OTHERS: Final = frozenset(
    "$id $schema $anchor $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor $vocabulary id prefixItems contains "
    "dependentSchemas propertyNames unevaluatedProperties unevaluatedItems multipleOf exclusiveMaximum "
    "exclusiveMinimum maxContains minContains dependentRequired contentEncoding contentMediaType contentSchema "
    "dependencies additionalItems".split()
)
_SINCE: Final = {"const": 6, "examples": 6, "readOnly": 7, "$comment": 7, "if": 7, "then": 7, "else": 7}
"""Keywords that older drafts do not know, or know otherwise."""


class NotQuick(Exception):
    """A schema that the full evaluator must see."""


def quick_check(text: str) -> Check | None:
    """What says whether values meet a schema: a no may be wrong, a yes never is. `None` where it cannot be told."""
    import json

    try:
        return _check(json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_number))
    except (NotQuick, ValueError, RecursionError):
        return None


def _check(data: Any) -> Check:
    """The check that a schema makes, its numbers read as floats."""
    if type(data) is not dict:
        raise NotQuick
    named = data.get("$schema", "https://json-schema.org/draft/2020-12/schema")
    version = _DRAFTS.get(named.removesuffix("#")) if type(named) is str else None
    identity = data.get("$id", "http://a")
    if version is None or type(identity) is not str or not _ROOT_ADDRESS.fullmatch(identity):
        raise NotQuick
    root = {key: value for key, value in data.items() if key not in ("$schema", "$id")}
    return _Compiler(root, version).whole()


def _number(text: str) -> float:
    """A number that a float holds exactly enough to be compared as its text would be."""
    if not _EXACT.fullmatch(text):
        raise NotQuick
    return float(text)


class _Compiler:
    """One schema on its way to closures."""

    def __init__(self, root: dict[str, Any], version: int) -> None:
        self.root = root
        self.version = version
        self.known: dict[int, Check] = {}

    def whole(self) -> Check:
        return self.schema(self.root)

    def schema(self, spec: Any) -> Check:
        """The check of one schema; it may be asked for again while it is being made, by a reference to itself."""
        if spec is True:
            return _always
        if spec is False:
            return _never
        if type(spec) is not dict:
            raise NotQuick
        known = self.known.get(id(spec))
        if known is None:
            made: list[Check] = []
            self.known[id(spec)] = lambda value: made[0](value)
            known = self.known[id(spec)] = self.together(self.checks(spec))
            made.append(known)
        return known

    def together(self, checks: list[Check]) -> Check:
        """All of some checks."""
        if len(checks) < 2:
            return checks[0] if checks else _always
        if len(checks) == 2:
            first, second = checks
            return lambda value: first(value) and second(value)
        every = tuple(checks)

        def check(value: Any) -> bool:
            for each in every:  # noqa: SIM110  a generator costs more than the checks
                if not each(value):
                    return False
            return True

        return check

    def checks(self, spec: dict[str, Any]) -> list[Check]:
        """The checks of all keywords of a schema."""
        for keyword, content in spec.items():
            if keyword in _LEFT_TO_OTHERS or _SINCE.get(keyword, 0) > self.version:
                raise NotQuick
            holds = _CONTENTS.get(keyword)
            if holds is not None and not holds(content):
                raise NotQuick
        self.visit_definitions(spec)
        found: list[Check] = []
        if "type" in spec:
            found.append(_type_check(spec["type"]))
        for keyword in ("const", "enum"):
            if keyword in spec:
                found.append(_choice_check([spec["const"]] if keyword == "const" else spec["enum"]))
        for part in (self.references, self.texts, self.numbers, self.maps, self.lists, self.combinations):
            found += part(spec)
        if "$ref" in spec and self.version < 2019:
            # Everything beside a reference is ignored there, but had to be looked at for its form.
            return list(self.references(spec))
        return found

    def visit_definitions(self, spec: dict[str, Any]) -> None:
        """Schemas that are only there to be referred to must be well formed too."""
        for keyword in ("$defs", "definitions"):
            for inner in spec.get(keyword, {}).values():
                self.schema(inner)

    def references(self, spec: dict[str, Any]) -> Iterable[Check]:
        """`$ref` within the document."""
        if "$ref" in spec:
            yield self.schema(self.target(spec["$ref"]))

    def target(self, reference: str) -> Any:
        """The schema that a reference leads to."""
        found: Any = self.root
        for step in reference.split("/")[1:]:
            if type(found) is not dict or step not in found:
                raise NotQuick
            found = found[step]
        return found

    def texts(self, spec: dict[str, Any]) -> Iterable[Check]:
        """The keywords for texts."""
        for keyword, least in (("minLength", True), ("maxLength", False)):
            if keyword in spec:
                yield _size_check(spec[keyword], str, least)
        if "pattern" in spec:
            yield _pattern_check(spec["pattern"])
        if "format" in spec and self.version < 2019:
            yield _format_check(spec["format"])

    def numbers(self, spec: dict[str, Any]) -> Iterable[Check]:
        """The bounds on numbers."""
        least, most = spec.get("minimum"), spec.get("maximum")
        if least is not None:
            yield lambda value: type(value) not in _NUMBERS or value >= least
        if most is not None:
            yield lambda value: type(value) not in _NUMBERS or value <= most

    def lists(self, spec: dict[str, Any]) -> Iterable[Check]:
        """The keywords for lists."""
        for keyword, least in (("minItems", True), ("maxItems", False)):
            if keyword in spec:
                yield _size_check(spec[keyword], list, least)
        if spec.get("uniqueItems"):
            yield lambda value: type(value) is not list or len(value) < 2 or _all_differ(value)
        if "items" in spec:
            each = self.schema(spec["items"])
            if each is not _always:
                yield lambda value: type(value) is not list or all(map(each, value))

    def maps(self, spec: dict[str, Any]) -> Iterable[Check]:
        """The keywords for maps."""
        for keyword, least in (("minProperties", True), ("maxProperties", False)):
            if keyword in spec:
                yield _size_check(spec[keyword], dict, least)
        required = tuple(spec.get("required", ()))
        if required:
            yield lambda value: type(value) is not dict or all([name in value for name in required])
        named = {name: self.schema(inner) for name, inner in spec.get("properties", {}).items()}
        patterns = [(_searcher(name), self.schema(inner)) for name, inner in spec.get("patternProperties", {}).items()]
        others = self.schema(spec.get("additionalProperties", True))
        if patterns:
            yield _pattern_properties(named, patterns, others)
        elif named or others is not _always:
            yield _properties(named, others)

    def combinations(self, spec: dict[str, Any]) -> Iterable[Check]:
        """The keywords that combine schemas."""
        yield from map(self.schema, spec.get("allOf", ()))
        if "not" in spec:
            negated = self.schema(spec["not"])
            yield lambda value: not negated(value)
        if "anyOf" in spec:
            some = [self.schema(inner) for inner in spec["anyOf"]]
            yield lambda value: any(check(value) for check in some)
        if "oneOf" in spec:
            rivals = [self.schema(inner) for inner in spec["oneOf"]]
            yield lambda value: sum(check(value) for check in rivals) == 1
        if {"if", "then", "else"} & spec.keys():
            yield self.condition(spec)

    def condition(self, spec: dict[str, Any]) -> Check:
        """`if`, `then` and `else`."""
        then, otherwise = self.schema(spec.get("then", True)), self.schema(spec.get("else", True))
        if "if" not in spec:
            return _always
        test = self.schema(spec["if"])
        return lambda value: then(value) if test(value) else otherwise(value)


def _always(value: Any) -> bool:
    return True


def _never(value: Any) -> bool:
    return False


def _type_check(wanted: str | list[str]) -> Check:
    names = [wanted] if type(wanted) is str else wanted
    kinds = frozenset(kind for name in names for kind in _PYTHON_TYPES[name])
    if "integer" in names and "number" not in names:
        return lambda value: type(value) in kinds or (type(value) is float and value.is_integer())
    if len(kinds) == 1:
        (kind,) = kinds
        return lambda value: type(value) is kind
    return lambda value: type(value) in kinds


def _choice_check(choices: list[Any]) -> Check:
    texts = frozenset(choice for choice in choices if type(choice) is str)
    rest = [choice for choice in choices if type(choice) is not str]
    return lambda value: value in texts if type(value) is str else any(_same(value, choice) for choice in rest)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are equal, truth values and numbers told apart."""
    if type(one) is not type(other) and not (type(one) in _NUMBERS and type(other) in _NUMBERS):
        return False
    if type(one) is dict:
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if type(one) is list:
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _all_differ(items: list[Any]) -> bool:
    if all(type(item) is str for item in items):
        return len(set(items)) == len(items)
    return not any(_same(item, other) for index, item in enumerate(items) for other in items[:index])


def _size_check(bound: float, kind: type[str] | type[list[Any]] | type[dict[str, Any]], least: bool) -> Check:
    if least:
        return lambda value: type(value) is not kind or len(value) >= bound
    return lambda value: type(value) is not kind or len(value) <= bound


def _searcher(pattern: str) -> Callable[[str], object]:
    """The search for a pattern, which is translated when it is first needed."""
    from chartkit.goregexp import InvalidRegexp, compile_regexp

    try:
        return compile_regexp(pattern).search
    except InvalidRegexp as error:
        raise NotQuick from error


def _pattern_check(pattern: str) -> Check:
    search = _searcher(pattern)
    return lambda value: type(value) is not str or bool(search(value))


def _format_check(name: str) -> Check:
    """The formats that older drafts insist on."""
    from chartkit.values.schema_formats import FORMATS, InvalidFormat

    if name == "regex":
        raise NotQuick
    read = FORMATS.get(name)
    if read is None:
        return _always

    def check(value: Any) -> bool:
        if type(value) is str:
            try:
                read(value)
            except InvalidFormat:
                return False
        return True

    return check


def _properties(named: Mapping[str, Check], others: Check) -> Check:
    def check(value: Any) -> bool:
        if type(value) is dict:
            for name, inner in value.items():
                each = named.get(name, others)
                if each is not _always and not each(inner):
                    return False
        return True

    return check


def _pattern_properties(
    named: Mapping[str, Check], patterns: list[tuple[Callable[[str], object], Check]], others: Check
) -> Check:
    def check(value: Any) -> bool:
        if type(value) is not dict:
            return True
        for name, inner in value.items():
            fitting = [each for search, each in patterns if search(name)]
            if name in named:
                fitting.append(named[name])
            if not all(each(inner) for each in fitting or (others,)):
                return False
        return True

    return check


# --- what each keyword must hold


def _texts(value: Any) -> bool:
    return type(value) is list and all(type(item) is str for item in value) and len(set(value)) == len(value)


def _names(value: Any) -> bool:
    return _texts(value) and bool(value)


def _types(value: Any) -> bool:
    return value in _PYTHON_TYPES if type(value) is str else _names(value) and _PYTHON_TYPES.keys() >= set(value)


def _choices(value: Any) -> bool:
    return type(value) is list and bool(value) and _all_differ(value)


def _schemas(value: Any) -> bool:
    return type(value) is list and bool(value)


def _count(value: Any) -> bool:
    return type(value) is float and value >= 0.0 and value.is_integer()


def _is(kind: type) -> Check:
    return lambda value: type(value) is kind


_CONTENTS: Final[Mapping[str, Check]] = (
    dict.fromkeys(("title", "description", "format", "$comment", "pattern"), _is(str))
    | dict.fromkeys(("readOnly", "writeOnly", "deprecated", "uniqueItems"), _is(bool))
    | dict.fromkeys(("minimum", "maximum"), _is(float))
    | dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _count)
    | dict.fromkeys(("properties", "patternProperties", "$defs", "definitions"), _is(dict))
    | dict.fromkeys(("allOf", "anyOf", "oneOf"), _schemas)
    | {
        "$ref": lambda value: type(value) is str and _POINTER.fullmatch(value) is not None,
        "type": _types,
        "enum": _choices,
        "required": _names,
        "examples": _is(list),
    }
)
