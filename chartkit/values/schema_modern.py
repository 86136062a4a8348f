"""Values against a schema, with the errors that Helm 4 prints (its library is santhosh-tekuri/jsonschema).

A failed type ends the check of a schema, everything else is gathered. Failures make a tree, printed with indentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chartkit.goquote import quote as go_quote
from chartkit.goregexp import InvalidRegexp, compile_regexp
from chartkit.values.schema_document import (
    ROOT_URL,
    Schema,
    SchemaFault,
    Store,
    escaped,
    fraction,
    is_number,
)
from chartkit.values.schema_failure import (
    Failure,
    Location,
    enum_text,
    localized,
    missing_text,
    needs_text,
    quoted,
    shown,
)
from chartkit.values.schema_formats import FORMATS, InvalidFormat
from chartkit.values.schema_plain import is_plain
from chartkit.values.schema_references import check_references
from chartkit.values.schema_values import (
    count_of,
    duplicates,
    equal,
    is_whole,
    map_under,
    pattern_search,
    type_of,
)

_TYPE_ORDER: Final = ("null", "boolean", "number", "integer", "string", "array", "object")


@dataclass(slots=True)
class _Left:
    """The properties and items that no keyword has looked at yet, for the `unevaluated` keywords."""

    properties: set[str] = field(default_factory=set)
    items: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.properties or self.items)

    def keep(self, other: _Left) -> None:
        """Leave only what another check has left, too."""
        self.properties &= other.properties
        self.items &= other.items


@dataclass(frozen=True, slots=True)
class _Scope:
    """The schemas on the way to the one being checked."""

    schema: Schema
    parent: _Scope | None = None
    keyword: str = ""
    depth: int = 0

    def chain(self) -> Iterator[_Scope]:
        """This scope and those around it."""
        scope: _Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def keyword_path(self) -> str:
        """The keywords that lead here from the root."""
        path = ""
        for scope in self.chain():
            if scope.parent is None:
                break
            if scope.keyword:
                path = f"/{escaped(scope.keyword)}{path}"
            else:
                path = scope.schema.location[len(scope.parent.schema.location) :] + path
        return path


@dataclass(frozen=True, slots=True)
class Rules:
    """What differs between uses: whether places count from the right item, and whether formats always count."""

    counts_rightly: bool = True
    asserts_formats: bool = False


def usable_schema(value: Any, *, counts_rightly: bool) -> Schema:
    """A schema that meets its metaschema and whose references all lead somewhere.

    Raises:
        SchemaFault: it cannot be used.
    """
    store = Store()
    document = store.add(ROOT_URL, value)
    root = store.schema(document, "")
    if root.version == 4 or not is_plain(value):
        _check_schema(store, root, Rules(counts_rightly, asserts_formats=True))
    check_references(root)
    return root


def refusal(values: Any, schema: Schema, *, counts_rightly: bool) -> str | None:
    """What a schema says against values, as Helm prints it; `None` where it says nothing."""
    failure = _Check(Rules(counts_rightly)).run(schema, values, (), _Scope(schema), _Left())
    if failure is None:
        return None
    return "".join(f"{line}\n" for line in _top_lines(failure))


def _top_lines(failure: Failure) -> Iterator[str]:
    for top in failure.causes if failure.kind == "group" else [failure]:
        yield from top.lines(0)


def _check_schema(store: Store, schema: Schema, rules: Rules) -> None:
    """Refuse a schema that does not meet its draft's metaschema."""
    draft = schema.resource.draft
    meta = store.metaschema(draft)
    failure = _Check(rules).run(meta, schema.value, (), _Scope(meta), _Left())
    if failure is not None:
        lines = "\n".join(_top_lines(failure))
        text = f"jsonschema validation failed with {quoted(draft.url + '#')}\n{lines}"
        raise SchemaFault(f"{go_quote(schema.location)} is not valid against metaschema: {text}")


@dataclass(frozen=True, slots=True)
class _Check:
    """The check of values against schemas."""

    rules: Rules

    def run(self, schema: Schema, value: Any, location: Location, scope: _Scope, left: _Left) -> Failure | None:
        """What is wrong with one value; what no keyword looks at stays in `left`."""
        spec = schema.value
        if spec is True or spec == {}:
            return None
        if spec is False:
            return Failure(location, "false schema")
        for other in scope.chain():
            if other is not scope and (other.depth != scope.depth or other.schema is schema):
                if other.depth == scope.depth:
                    return Failure(location, _cycle(schema, scope, other))
                break
        at = _Place(self, schema, spec, value, location, scope, left)
        return at.first_failure() or at.gathered()


@dataclass(slots=True)
class _Place:
    """One value being checked against one schema."""

    check: _Check
    schema: Schema
    spec: dict[str, Any]
    value: Any
    location: Location
    scope: _Scope
    left: _Left
    failures: list[Failure] = field(default_factory=list)

    def first_failure(self) -> Failure | None:
        """The checks of which one failure ends all others."""
        spec, value = self.spec, self.value
        wanted = _types(spec.get("type"))
        if self.schema.version < 2019 and "$ref" in spec:
            # All keywords beside a reference are ignored, but for those that draft 6 brought.
            wanted, spec = [], {key: spec[key] for key in spec if key == "const"}
        kind = type_of(value)
        if wanted and kind not in wanted and not ("integer" in wanted and kind == "number" and is_whole(value)):
            return self.fault(f"got {kind}, want {' or '.join(wanted)}")
        if "const" in spec and self.schema.version >= 6 and not equal(value, spec["const"]):
            composed = type(spec["const"]) in (list, dict)
            return self.fault("'const' failed" if composed else f"value must be {shown(spec['const'])}")
        choices = spec.get("enum")
        if type(choices) is list and not any(equal(value, choice) for choice in choices):
            return self.fault(enum_text(choices))
        return self.format_failure() if "$ref" not in self.spec or self.schema.version >= 2019 else None

    def format_failure(self) -> Failure | None:
        """Whether a text has its format; drafts from 2019 on do not ask."""
        name = self.spec.get("format")
        if type(self.value) is not str or not (self.schema.version < 2019 or self.check.rules.asserts_formats):
            return None
        try:
            if name == "regex":
                compile_regexp(self.value)
            elif type(name) is str and name in FORMATS:
                FORMATS[name](self.value)
        except (InvalidFormat, InvalidRegexp) as error:
            return self.fault(f"{quoted(self.value)} is not valid {name}: {error}")
        return None

    def gathered(self) -> Failure | None:
        """Everything else that is wrong."""
        self.prepare_left()
        if type(self.spec.get("$ref")) is str:
            self.reference("$ref", self.schema.target("$ref"))
        if "$ref" not in self.spec or self.schema.version >= 2019:
            self.by_type()
            if self.schema.version >= 2019:
                self.dynamic_references()
            self.combinations()
            if self.schema.version >= 2019:
                self.unevaluated()
        if not self.failures:
            return None
        if len(self.failures) == 1:
            return self.failures[0]
        return Failure(self.location, "validation failed", self.failures, "group")

    def by_type(self) -> None:
        """The keywords for one type of value."""
        if type(self.value) is dict:
            self.object()
        elif type(self.value) is list:
            self.array()
        elif type(self.value) is str:
            self.string()
        elif is_number(self.value):
            self.number()

    def fault(self, text: str) -> Failure:
        """A failure at this place."""
        return Failure(self.location, text)

    def add(self, text: str, causes: Iterable[Failure] = ()) -> None:
        """Note a failure."""
        self.failures.append(Failure(self.location, text, list(causes)))

    def inside(self, schema: Schema, value: Any, step: str | int) -> Failure | None:
        """Check something in the value."""
        scope = _Scope(schema, self.scope, "", self.scope.depth + 1)
        return self.check.run(schema, value, (*self.location, str(step)), scope, _left_for(schema, value, False))

    def note(self, failure: Failure | None) -> None:
        """Note what another check has found."""
        if failure is not None:
            self.failures.append(failure)

    def same(self, schema: Schema, keyword: str = "") -> Failure | None:
        """Check the same value against another schema."""
        left = _left_for(schema, self.value, bool(self.left))
        scope = _Scope(schema, self.scope, keyword, self.scope.depth)
        failure = self.check.run(schema, self.value, self.location, scope, left)
        if failure is None:
            self.left.keep(left)
        return failure

    def reference(self, keyword: str, target: Schema) -> None:
        """Check the value against what a reference leads to."""
        failure = self.same(target, keyword)
        if failure is not None:
            causes = failure.causes if failure.kind == "group" else [failure]
            self.failures.append(Failure(self.location, "validation failed", causes, "reference"))

    def prepare_left(self) -> None:
        """Begin with everything, where an `unevaluated` keyword of this schema asks for it."""
        fresh = _left_for(self.schema, self.value, False)
        self.left.properties |= fresh.properties
        self.left.items |= fresh.items

    def limit(self, keyword: str, got: int, *, least: bool) -> None:
        """A bound on a length or a count."""
        bound = count_of(self.spec.get(keyword))
        if bound is not None and (got < bound if least else got > bound):
            self.add(f"{keyword}: got {got:,}, want {bound:,}")

    def object(self) -> None:
        """The keywords for maps."""
        self.limit("minProperties", len(self.value), least=True)
        self.limit("maxProperties", len(self.value), least=False)
        missing = self.missing(self.spec.get("required"))
        if missing:
            self.add(missing_text(missing))
        dependencies = map_under(self.spec, "dependencies")
        for name in sorted(dependencies):
            if name in self.value:
                self.dependency(name, dependencies[name])
        self.properties()
        if self.schema.version > 4:
            self.property_names()
        if self.schema.version > 6:
            self.dependents()

    def dependency(self, name: str, needs: Any) -> None:
        """What one property asks of the others, in the older keyword."""
        if type(needs) is not list:
            self.note(self.same(self.schema.at("dependencies", name)))
        elif self.missing(needs):
            self.add(needs_text(self.missing(needs), name))

    def missing(self, names: Any) -> list[str]:
        """Those of the names that the map lacks."""
        return [name for name in _strings(names) if name not in self.value]

    def properties(self) -> None:
        """The schemas of properties by name, by pattern, and of all others."""
        named = map_under(self.spec, "properties")
        patterns = [(pattern, pattern_search(pattern)) for pattern in sorted(map_under(self.spec, "patternProperties"))]
        others = self.spec.get("additionalProperties")
        refused = []
        for name in sorted(self.value):
            steps = [("properties", name)] if name in named else []
            steps += [("patternProperties", pattern) for pattern, search in patterns if search(name)]
            for step in steps:
                self.note(self.inside(self.schema.at(*step), self.value[name], name))
            if not steps and others is False:
                refused.append(name)
            elif not steps and type(others) is dict:
                self.note(self.inside(self.schema.at("additionalProperties"), self.value[name], name))
            if steps or others is not None:
                self.left.properties.discard(name)
        if refused:
            self.add(f"additional properties {', '.join(map(quoted, refused))} not allowed")

    def property_names(self) -> None:
        """The schema of the names themselves."""
        if "propertyNames" not in self.spec:
            return
        schema = self.schema.at("propertyNames")
        for name in sorted(self.value):
            failure = self.check.run(schema, name, (), _Scope(schema), _Left())
            if failure is not None:
                causes = failure.causes if failure.kind == "group" else [failure]
                place = self.location if self.check.rules.counts_rightly else ()
                self.failures.append(Failure(place, f"invalid propertyName {quoted(name)}", causes))

    def dependents(self) -> None:
        """What one property asks of the others."""
        schemas = map_under(self.spec, "dependentSchemas") if self.schema.version >= 2019 else {}
        for name in sorted(schemas):
            if name in self.value:
                self.note(self.same(self.schema.at("dependentSchemas", name)))
        required = map_under(self.spec, "dependentRequired") if self.schema.version >= 2019 else {}
        for name in sorted(required):
            if name in self.value and self.missing(required[name]):
                self.add(needs_text(self.missing(required[name]), name))

    def array(self) -> None:
        """The keywords for lists."""
        self.limit("minItems", len(self.value), least=True)
        self.limit("maxItems", len(self.value), least=False)
        if self.spec.get("uniqueItems") is True:
            pair = duplicates(self.value)
            if pair:
                self.add(f"items at {pair[0]:,} and {pair[1]:,} are equal")
        newer = self.schema.version >= 2020
        self.items("prefixItems" if newer else "items", "items" if newer else "additionalItems")
        if self.schema.version >= 6 and "contains" in self.spec:
            self.contains()

    def items(self, first: str, rest: str) -> None:
        """The schemas of the first items one by one, and of all others."""
        leading = self.spec.get(first)
        if first == "items" and type(leading) is not list:
            if leading is not None:
                self.item_range("items", 0)
            return
        count = min(len(leading), len(self.value)) if type(leading) is list else 0
        for index in range(count):
            self.note(self.inside(self.schema.at(first, index), self.value[index], index))
        others = self.spec.get(rest)
        if others is False and rest == "additionalItems":
            if count < len(self.value):
                self.add(f"last {len(self.value) - count:,} additionalItem(s) not allowed")
        elif others is not None:
            self.item_range(rest, count)

    def item_range(self, keyword: str, start: int) -> None:
        """One schema for all items from one on."""
        schema = self.schema.at(keyword)
        shift = 0 if self.check.rules.counts_rightly else start
        for index in range(start, len(self.value)):
            self.note(self.inside(schema, self.value[index], index - shift))

    def contains(self) -> None:
        """Some items must meet a schema."""
        schema = self.schema.at("contains")
        found = [self.inside(schema, item, index) for index, item in enumerate(self.value)]
        failures = [failure for failure in found if failure is not None]
        matched = [index for index, failure in enumerate(found) if failure is None]
        if self.schema.version >= 2020:
            self.left.items -= set(matched)
        newer = self.schema.version >= 2019
        least = count_of(self.spec.get("minContains")) if newer else None
        most = count_of(self.spec.get("maxContains")) if newer else None
        count = f"items required to match contains schema, but matched {len(matched):,} items at "
        count += " ".join(map(str, matched))
        if least is None and not matched:
            self.add("no items match contains schema", failures)
        elif least is not None and len(matched) < least:
            none = "items required to match contains schema, but none matched"
            self.add(f"min {least:,} {count if matched else none}", failures)
        if most is not None and len(matched) > most:
            self.add(f"max {most:,} {count}")

    def string(self) -> None:
        """The keywords for texts."""
        self.limit("minLength", len(self.value), least=True)
        self.limit("maxLength", len(self.value), least=False)
        pattern = self.spec.get("pattern")
        if type(pattern) is str and not pattern_search(pattern)(self.value):
            self.add(f"{quoted(self.value)} does not match pattern {quoted(pattern)}")

    def number(self) -> None:
        """The keywords for numbers."""
        got = fraction(self.value)
        for keyword, bound in self.bounds():
            want = fraction(bound)
            if _BROKEN[keyword](got, want):
                self.add(f"{keyword}: got {localized(float(got))}, want {localized(float(want))}")

    def bounds(self) -> Iterator[tuple[str, Any]]:
        """The bounds on a number, in the order in which they are checked; in draft 4 a flag makes one exclusive."""
        names = {}
        for keyword, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            flag = self.spec.get(exclusive)
            names[exclusive if flag is True else keyword] = self.spec.get(keyword)
            if is_number(flag):
                names[exclusive] = flag
        names["multipleOf"] = self.spec.get("multipleOf")
        return ((keyword, names[keyword]) for keyword in _BROKEN if is_number(names.get(keyword)))

    def dynamic_references(self) -> None:
        """References whose target depends on the way here."""
        if type(self.spec.get("$recursiveRef")) is str:
            target = self.schema.target("$recursiveRef")
            if type(target.value) is dict and target.value.get("$recursiveAnchor") is True:
                for scope in self.scope.chain():
                    root = scope.schema.at_resource()
                    if type(root.value) is dict and root.value.get("$recursiveAnchor") is True:
                        target = root
            self.reference("$recursiveRef", target)
        if type(self.spec.get("$dynamicRef")) is str and self.schema.version >= 2020:
            self.reference("$dynamicRef", self.dynamic_target())

    def dynamic_target(self) -> Schema:
        """The outermost schema with the name that a `$dynamicRef` asks for."""
        target = self.schema.target("$dynamicRef")
        name = self.spec["$dynamicRef"].partition("#")[2]
        if type(target.value) is dict and target.value.get("$dynamicAnchor") == name:
            for scope in self.scope.chain():
                resource = scope.schema.resource
                if name in resource.dynamic:
                    target = self.schema.store.schema(scope.schema.document, resource.anchors[name])
        return target

    def combinations(self) -> None:
        """The keywords that combine schemas."""
        if "not" in self.spec and self.same(self.schema.at("not")) is None:
            self.add("'not' failed")
        failures = [self.same(self.schema.at("allOf", index)) for index in self.choices("allOf")]
        if any(failures):
            self.add("'allOf' failed", filter(None, failures))
        self.any_of()
        self.one_of()
        if "if" in self.spec and self.schema.version >= 7:
            branch = "else" if self.same(self.schema.at("if")) else "then"
            if branch in self.spec:
                self.note(self.same(self.schema.at(branch)))

    def choices(self, keyword: str) -> range:
        """The numbers of the schemas in a list."""
        value = self.spec.get(keyword)
        return range(len(value)) if type(value) is list else range(0)

    def any_of(self) -> None:
        """At least one schema must fit."""
        failures, matched = [], False
        for index in self.choices("anyOf"):
            failure = self.same(self.schema.at("anyOf", index))
            if failure is not None:
                failures.append(failure)
                continue
            matched = True
            if not self.left:
                break
        if failures and not matched:
            self.add("'anyOf' failed", failures)

    def one_of(self) -> None:
        """Exactly one schema must fit."""
        failures: list[Failure] = []
        matched: list[int] = []
        for index in self.choices("oneOf"):
            failure = self.same(self.schema.at("oneOf", index))
            if failure is None:
                matched.append(index)
            elif not matched:
                failures.append(failure)
            if len(matched) == 2:
                self.add(f"'oneOf' failed, subschemas {matched[0]}, {matched[1]} matched")
                return
        if failures and not matched:
            self.add("'oneOf' failed, none matched", failures)

    def unevaluated(self) -> None:
        """The schemas for what no other keyword has looked at."""
        if type(self.value) is dict and "unevaluatedProperties" in self.spec:
            schema = self.schema.at("unevaluatedProperties")
            for name in sorted(self.left.properties):
                self.note(self.inside(schema, self.value[name], name))
            self.left.properties.clear()
        if type(self.value) is list and "unevaluatedItems" in self.spec:
            schema = self.schema.at("unevaluatedItems")
            for index in sorted(self.left.items):
                self.note(self.inside(schema, self.value[index], index))
            self.left.items.clear()


_BROKEN: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "minimum": lambda got, want: got < want,
    "maximum": lambda got, want: got > want,
    "exclusiveMinimum": lambda got, want: got <= want,
    "exclusiveMaximum": lambda got, want: got >= want,
    "multipleOf": lambda got, want: (got / want).denominator != 1,
}


def _left_for(schema: Schema, value: Any, asked: bool) -> _Left:
    """What the `unevaluated` keywords begin with."""
    spec = schema.value
    if type(spec) is not dict:
        return _Left(set(value) if asked and type(value) is dict else set())
    if type(value) is dict:
        wanted = "additionalProperties" not in spec and (asked or "unevaluatedProperties" in spec)
        return _Left(set(value)) if wanted else _Left()
    if type(value) is list and (asked or "unevaluatedItems" in spec):
        newer = schema.version >= 2020
        leading = spec.get("prefixItems" if newer else "items")
        all_seen = "items" in spec if newer else "additionalItems" in spec or type(leading) is dict
        start = len(leading) if type(leading) is list else 0
        return _Left() if all_seen else _Left(set(), set(range(start, len(value))))
    return _Left()


def _cycle(schema: Schema, scope: _Scope, other: _Scope) -> str:
    both = f"both {scope.keyword_path()} and {other.keyword_path()}"
    return f"{both} resolve to {go_quote(schema.location)} causing reference cycle"


def _types(wanted: Any) -> list[str]:
    """The types that a schema allows, in the library's order."""
    given = [wanted] if type(wanted) is str else _strings(wanted)
    return [name for name in _TYPE_ORDER if name in given]


def _strings(value: Any) -> list[str]:
    return [item for item in value if type(item) is str] if type(value) is list else []
