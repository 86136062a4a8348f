"""JSON Schema documents: reading, finding the draft, and following references.

A document is one tree with places in it: a `Schema` is a place by its JSON pointer. Parts with an `$id` are resources
of their own, against which references inside them are resolved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote as percent_quote
from urllib.parse import unquote

from chartkit.goquote import quote
from chartkit.record import dataclass, field
from chartkit.weburl import join_url, split_url

ROOT_URL: Final = "file:///values.schema.json"
_MAX_EXPONENT: Final = 10_000
_MOST_DIGITS: Final = 4000


class SchemaFault(ValueError):
    """A schema that cannot be used; the text is Helm's."""


class Number(str):
    """A number of a schema, by its text."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of JSON Schema."""

    version: int
    url: str
    folder: str
    id_key: str = "$id"


_DRAFT_4: Final = Draft(4, "http://json-schema.org/draft-04/schema", "draft4", "id")
_DRAFT_6: Final = Draft(6, "http://json-schema.org/draft-06/schema", "draft6")
_DRAFT_7: Final = Draft(7, "http://json-schema.org/draft-07/schema", "draft7")
_DRAFT_2019: Final = Draft(2019, "https://json-schema.org/draft/2019-09/schema", "draft201909")
_DRAFT_2020: Final = Draft(2020, "https://json-schema.org/draft/2020-12/schema", "draft202012")
_DRAFTS: Final[Mapping[str, Draft]] = {
    split_url(draft.url).path: draft for draft in (_DRAFT_4, _DRAFT_6, _DRAFT_7, _DRAFT_2019, _DRAFT_2020)
} | {"/schema": _DRAFT_2020}

_MAPS: Final = ("definitions", "properties", "patternProperties", "dependencies", "$defs", "dependentSchemas")
_LISTS: Final = ("allOf", "anyOf", "oneOf", "items", "prefixItems")
_SINGLE: Final = (
    "not", "additionalProperties", "items", "additionalItems", "propertyNames", "contains", "if", "then", "else",
    "unevaluatedProperties", "unevaluatedItems", "contentSchema",
)  # fmt: skip
_SINCE: Final[Mapping[str, int]] = {
    "propertyNames": 6, "contains": 6, "if": 7, "then": 7, "else": 7, "$defs": 2019, "dependentSchemas": 2019,
    "unevaluatedProperties": 2019, "unevaluatedItems": 2019, "contentSchema": 2019, "prefixItems": 2020,
}  # fmt: skip


@dataclass(slots=True, eq=False)
class Resource:
    """A part of a document with a URL of its own."""

    pointer: str
    url: str
    draft: Draft
    anchors: dict[str, str] = field(default_factory=dict)
    dynamic: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Document:
    """A document with the resources in it."""

    url: str
    value: Any
    resources: dict[str, Resource] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def resource(self, pointer: str) -> Resource:
        """The resource around a place."""
        while pointer not in self.resources:
            if not pointer:
                raise SchemaFault(f"unable to validate schema: no resource in {self.url}")
            pointer = pointer.rpartition("/")[0]
        return self.resources[pointer]


@dataclass(slots=True, eq=False)
class Schema:
    """A schema at a place of a document."""

    store: Store
    document: Document
    pointer: str
    value: Any
    resource: Resource

    @property
    def version(self) -> int:
        """The number of the draft by which it is read."""
        return self.resource.draft.version

    @property
    def location(self) -> str:
        """The URL of the place."""
        return located(self.document.url, self.pointer)

    def at(self, *steps: str | int) -> Schema:
        """The schema further in."""
        return self.store.schema(self.document, self.pointer + "".join(f"/{escaped(str(step))}" for step in steps))

    def at_resource(self) -> Schema:
        """The root of the resource around the schema."""
        return self.store.schema(self.document, self.resource.pointer)

    def target(self, keyword: str) -> Schema:
        """The schema that the reference under a keyword leads to."""
        return self.store.resolve(self, self.value[keyword])


class Store:
    """All documents that one validation can reach; nothing is fetched, and no file is read."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.schemas: dict[tuple[str, str], Schema] = {}

    def add(self, url: str, value: Any) -> Document:
        """Take in a document."""
        document = Document(url, value)
        self._collect(document, value, "", url, _DRAFT_2020)
        document.resources.setdefault("", Resource("", url, _DRAFT_2020))
        self.documents[url] = document
        return document

    def schema(self, document: Document, pointer: str) -> Schema:
        """The schema at a place; it may be one that no keyword leads to."""
        key = (document.url, pointer)
        found = self.schemas.get(key)
        if found is None:
            value = _lookup(document, pointer)
            if pointer not in document.seen:
                around = document.resource(pointer)
                self._collect(document, value, pointer, around.url, around.draft)
            found = Schema(self, document, pointer, value, document.resource(pointer))
            self.schemas[key] = found
        return found

    def metaschema(self, draft: Draft) -> Schema:
        """The schema that schemas of a draft must meet."""
        return self.schema(self._load(draft.url), "")

    def resolve(self, origin: Schema, reference: str) -> Schema:
        """What a reference in `origin` leads to."""
        path, _, fragment = reference.partition("#")
        fragment = unquote(fragment)
        base = origin.resource.url
        url = join_url(base, path) if path else base
        document = origin.document
        resource = next((item for item in document.resources.values() if item.url == url), None)
        if url == document.url:
            resource = document.resources[""]
        if resource is None:
            document = self._load(url)
            resource = document.resources[""]
        if fragment and not fragment.startswith("/"):
            if fragment not in resource.anchors:
                where = f"{resource.url}#{_encoded(fragment)}"
                raise SchemaFault(f"anchor in {quote(where)} not found in schema {quote(document.url)}")
            return self.schema(document, resource.anchors[fragment])
        return self.schema(document, resource.pointer + fragment)

    def _load(self, url: str) -> Document:
        """The document at a URL: a metaschema, or one that is here already."""
        found = self.documents.get(url)
        if found is None:
            parts = split_url(url)
            bundled = _bundled(parts.path) if parts.netloc == "json-schema.org" else None
            found = self.add(url, bundled if bundled is not None else _refused(url))
        return found

    def _draft(self, value: Mapping[str, Any], around: Draft) -> Draft:
        """The draft that a schema names, or that of what is around it."""
        named = value.get("$schema")
        if type(named) is not str:
            return around
        url, _, fragment = named.partition("#")
        parts = split_url(url)
        if not fragment and parts.netloc == "json-schema.org" and parts.path in _DRAFTS:
            return _DRAFTS[parts.path]
        return self._draft(self._load(url).value, around)

    def _collect(self, document: Document, value: Any, pointer: str, base: str, draft: Draft) -> None:
        """Note the resources and anchors in a schema and in everything below it."""
        if pointer in document.seen:
            return
        document.seen.add(pointer)
        if type(value) is not dict:
            if not pointer:
                document.resources[""] = Resource("", base, draft)
            return
        own = self._draft(value, draft)
        identity = _identity(value, own)
        if not identity and pointer:
            own = draft
            identity = _identity(value, own)
        if identity or not pointer:
            base = join_url(base, identity)
            document.resources[pointer] = Resource(pointer, base, own)
        _note_anchors(value, pointer, document.resource(pointer))
        for steps, inner in _subschemas(value, own.version):
            self._collect(document, inner, pointer + steps, base, document.resource(pointer).draft)


def parse_json(text: str) -> Any:
    """A JSON text, with numbers by their text.

    Raises:
        ValueError: it is none.
    """
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_no_constant)


def _no_constant(word: str) -> Any:
    raise ValueError(word)


def fraction(number: Any) -> Fraction:
    """The exact value of a number of a schema or of a document."""
    text = str(number) if type(number) is Number else repr(number)
    exponent = text.lower().partition("e")[2]
    if len(exponent) > _MOST_DIGITS or (exponent and abs(int(exponent)) > _MAX_EXPONENT):
        raise SchemaFault(f"the number {text} is too large")
    return Fraction(text)


def is_number(value: Any) -> bool:
    """Whether a value counts as a number."""
    return type(value) is not bool and isinstance(value, int | float | Number)


def escaped(step: str) -> str:
    """A step of a JSON pointer."""
    return step.replace("~", "~0").replace("/", "~1")


def located(url: str, pointer: str) -> str:
    """The URL of a place in a document."""
    return f"{url}#{_encoded(pointer)}"


def _encoded(fragment: str) -> str:
    return percent_quote(fragment.encode("utf-8", "surrogatepass"), safe="/$&+=:@")


def _lookup(document: Document, pointer: str) -> Any:
    """The value at a place."""
    value = document.value
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if type(value) is dict and name in value:
            value = value[name]
        elif type(value) is list and name.isdecimal() and len(name) < _MOST_DIGITS and int(name) < len(value):
            value = value[int(name)]
        else:
            raise SchemaFault(f"json-pointer in {quote(located(document.url, pointer))} not found")
    return value


def _identity(value: Mapping[str, Any], draft: Draft) -> str:
    """The URL that a schema gives itself, without a fragment."""
    if draft.version < 2019 and "$ref" in value:
        return ""
    identity = value.get(draft.id_key)
    return identity.partition("#")[0] if type(identity) is str else ""


def _note_anchors(value: Mapping[str, Any], pointer: str, resource: Resource) -> None:
    """Note the names that a schema can be reached by."""
    if resource.draft.version < 2019:
        identity = value.get(resource.draft.id_key)
        name = identity.partition("#")[2] if type(identity) is str and "$ref" not in value else ""
        if name and not name.startswith("/"):
            resource.anchors[unquote(name)] = pointer
        return
    if type(value.get("$anchor")) is str:
        resource.anchors[value["$anchor"]] = pointer
    if resource.draft.version >= 2020 and type(value.get("$dynamicAnchor")) is str:
        resource.anchors[value["$dynamicAnchor"]] = pointer
        resource.dynamic.add(value["$dynamicAnchor"])


def _subschemas(value: Mapping[str, Any], version: int) -> Iterator[tuple[str, Any]]:
    """The schemas right below one, with the steps that lead to them."""
    for key in value:
        inner = value[key]
        if _SINCE.get(key, 0) > version:
            continue
        if key in _MAPS and type(inner) is dict:
            for name in inner:
                yield f"/{escaped(key)}/{escaped(name)}", inner[name]
        elif key in _LISTS and type(inner) is list:
            for index, item in enumerate(inner):
                yield f"/{key}/{index}", item
        elif key in _SINGLE:
            yield f"/{key}", inner


def _bundled(path: str) -> Any:
    """A metaschema out of the data of jsonschema_specifications, which is not imported for it."""
    draft = _DRAFTS.get(path)
    folder = next((item for item in _DRAFTS.values() if path.startswith(split_url(item.url).path[:-6])), None)
    if draft is None and (folder is None or "/meta/" not in path):
        return None
    from importlib.util import find_spec

    found = find_spec("jsonschema_specifications")
    if found is None or not found.submodule_search_locations:
        raise SchemaFault("values.schema.json needs the package jsonschema")
    schemas = Path(found.submodule_search_locations[0], "schemas")
    if draft is not None:
        return parse_json((schemas / draft.folder / "metaschema.json").read_text("utf-8"))
    assert folder is not None
    file = schemas / folder.folder / "vocabularies" / path.rpartition("/")[2]
    return parse_json(file.read_text("utf-8")) if file.is_file() else None


def _refused(url: str) -> Any:
    """What stands for a document that would have to be fetched: Helm takes anything for a URN, all else is an error."""
    parts = split_url(url)
    if parts.scheme == "urn":
        return True
    if parts.scheme == "file":
        reason = f"open {parts.path}: no such file or directory"
    elif parts.scheme in ("http", "https"):
        reason = f'HTTP request failed for {url}: Get "{url}": schemas are not fetched from the network'
    else:
        reason = f"no URLLoader registered for {quote(url)}"
    raise SchemaFault(f"failing loading {quote(url)}: {reason}")
