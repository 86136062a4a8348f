"""The head of a document: what Helm reads of a manifest before it sorts it.

Helm turns the whole document into JSON and decodes that into a small struct, so keys match whatever their case, a
scalar becomes text where text is wanted, and anything else is an error with the words of Go's JSON decoder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chartkit.gotemplate.gofloat import format_float
from chartkit.goyaml.load import load
from chartkit.memory import Memory
from chartkit.profile import Profile
from chartkit.record import dataclass, field

_NESTED: Final = (dict, list)
_WHOLE: Final = 1 << 64
_CACHED_CHARACTERS: Final = 4 * 1024 * 1024
_METADATA_TYPE: Final = (
    'struct { Name string "json:\\"name\\""; Annotations map[string]string "json:\\"annotations\\"" }'
)


@dataclass(frozen=True, slots=True)
class Head:
    """What Helm knows of a document when it sorts it."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)


class HeadError(ValueError):
    """A document that Helm cannot decode; the text is the decoder's."""


_documents: Final[Memory[str, tuple[Any]]] = Memory(_CACHED_CHARACTERS)


def parse_document(text: str) -> Any:
    """The value of a YAML document. Equal texts share one value: treat it as read-only.

    Raises:
        YAMLError: if the text is not YAML that Helm can turn into JSON.
    """
    known = _documents.get(text)
    if known is None:
        known = (load(text),)
        _documents.put(text, known, len(text))
    return known[0]


def read_head(text: str, profile: Profile) -> Head:
    """The head of a document.

    Raises:
        YAMLError: if the text is not YAML that Helm can turn into JSON.
        HeadError: if a field of the head has a type that Helm refuses.
    """
    document = parse_document(text)
    if document is None:
        return Head()
    refuse = _Refusal(profile)
    if not isinstance(document, dict):
        raise refuse.document(document)
    return _decode(document, refuse)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Words errors as the Go JSON decoder of one Helm does."""

    profile: Profile

    def document(self, value: Any) -> HeadError:
        package = "releaseutil" if self.profile.major == 3 else "util"
        return self._error(value, f"Go value of type {package}.SimpleHead")

    def field(self, value: Any, name: str, keys: tuple[str, ...], go_type: str = "string") -> HeadError:
        """The refusal of a field.

        Args:
            value: what the document has.
            name: the field's own name, with those it lies in.
            keys: the keys that lead to it, as the document spells them.
            go_type: what Go wants there.
        """
        # The newer decoder points at the keys; the older one names the struct of the field, unless it has no name.
        if self.profile.json_errors_v2:
            name = "".join(f".{key.replace('~', '~0').replace('/', '~1')}" for key in keys)
        else:
            name = f".{name}" if "." in name else f"SimpleHead.{name}"
        return self._error(value, f"Go struct field {name} of type {go_type}")

    def _error(self, value: Any, target: str) -> HeadError:
        return HeadError(
            f"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {_json_kind(value)} into {target}"
        )


def _decode(document: dict[str, Any], refuse: _Refusal) -> Head:
    texts = {"apiVersion": "", "kind": ""}
    metadata = _Metadata(refuse)
    # JSON made by Helm has its keys in byte order, so of `Kind` and `kind` the latter wins.
    for key in _relevant(document, ("apiversion", "kind", "metadata")):
        value, field_name = document[key], key.casefold()
        if field_name != "metadata":
            name = "apiVersion" if field_name == "apiversion" else "kind"
            if isinstance(value, _NESTED):
                raise refuse.field(value, name, (key,))
            texts[name] = _text(value, texts[name])
        elif value is None:
            metadata = _Metadata(refuse)
        elif isinstance(value, dict):
            metadata.read(value, key)
        else:
            raise refuse.field(value, "metadata", (key,), _METADATA_TYPE)
    return Head(texts["apiVersion"], texts["kind"], metadata.name, metadata.annotations)


class _Metadata:
    """The metadata read so far: keys that differ in case only add to each other."""

    def __init__(self, refuse: _Refusal) -> None:
        self.refuse = refuse
        self.name = ""
        self.annotations: dict[str, str] = {}

    def read(self, metadata: dict[str, Any], parent: str) -> None:
        for key in _relevant(metadata, ("annotations", "name")):
            value, keys = metadata[key], (parent, key)
            if key.casefold() == "annotations":
                self._annotate(value, keys)
            elif isinstance(value, _NESTED):
                raise self.refuse.field(value, "metadata.name", keys)
            else:
                self.name = _text(value, self.name)

    def _annotate(self, annotations: Any, keys: tuple[str, ...]) -> None:
        if annotations is None:
            self.annotations = {}
            return
        if not isinstance(annotations, dict):
            raise self.refuse.field(annotations, "metadata.annotations", keys, "map[string]string")
        for key in sorted(annotations):
            value = annotations[key]
            if isinstance(value, _NESTED):
                raise self.refuse.field(value, "metadata.annotations", (*keys, key))
            self.annotations[key] = _text(value, "")


def _relevant(mapping: dict[str, Any], fields: tuple[str, ...]) -> list[str]:
    return sorted(key for key in mapping if key.casefold() in fields)


def _text(value: Any, before: str) -> str:
    """A scalar where Go wants text; null leaves what was there."""
    if value is None:
        return before
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    # A whole number was an integer to YAML, as long as 64 bits hold it.
    return str(int(value)) if value == int(value) and abs(value) < _WHOLE else format_float(value)


def _json_kind(value: Any) -> str:
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    if isinstance(value, bool):
        return "bool"
    return "string" if isinstance(value, str) else "number"
