from __future__ import annotations

import pytest

from chartkit.manifests.head import Head, HeadError, parse_document, read_head
from chartkit.profile import HELM_3_17, HELM_4_2, NEWEST, Profile

_METADATA = 'struct { Name string "json:\\"name\\""; Annotations map[string]string "json:\\"annotations\\"" }'

REFUSED = {
    "kind a list": ("kind: [1]", "array into Go struct field {}kind of type string"),
    "apiVersion a map": ("apiVersion: {}", "object into Go struct field {}apiVersion of type string"),
    "metadata a text": ("metadata: x", f"string into Go struct field {{}}metadata of type {_METADATA}"),
    "metadata a number": ("metadata: 5", f"number into Go struct field {{}}metadata of type {_METADATA}"),
    "metadata a bool": ("metadata: true", f"bool into Go struct field {{}}metadata of type {_METADATA}"),
    "kind before metadata": ("metadata: x\nkind: []", "array into Go struct field {}kind of type string"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_read_head_of_a_wrong_type(text: str, message: str) -> None:
    for profile, owner in ((NEWEST, "."), (HELM_4_2, "SimpleHead."), (HELM_3_17, "SimpleHead.")):
        with pytest.raises(HeadError) as raised:
            read_head(text, profile)
        expected = message.replace("{}", owner, 1) if "{}" in message else message
        assert str(raised.value) == f"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {expected}"


NESTED = {
    "name a list": ("metadata: {name: []}", "array into Go struct field .metadata.name of type string"),
    "annotations a text": (
        "metadata: {annotations: x}",
        "string into Go struct field .metadata.annotations of type map[string]string",
    ),
}


@pytest.mark.parametrize(("text", "message"), NESTED.values(), ids=NESTED)
@pytest.mark.parametrize("profile", [NEWEST, HELM_4_2, HELM_3_17], ids=lambda profile: profile.name)
def test_read_head_of_a_wrong_type_in_metadata(text: str, message: str, profile: Profile) -> None:
    with pytest.raises(HeadError, match="unmarshal"):
        read_head(text, profile)


def test_read_head_of_an_annotation_that_is_a_list() -> None:
    text = "metadata: {annotations: {b: {}, a: []}}"
    with pytest.raises(HeadError, match=r"array into Go struct field \.metadata\.annotations\.a of type string$"):
        read_head(text, NEWEST)
    with pytest.raises(HeadError, match=r"array into Go struct field \.metadata\.annotations of type string$"):
        read_head(text, HELM_4_2)


def test_read_head_names_keys_as_the_document_spells_them_in_helm_4_3() -> None:
    text = "Metadata: {Annotations: {a/b~c: []}}"
    with pytest.raises(HeadError, match=r"field \.Metadata\.Annotations\.a~1b~0c of type string$"):
        read_head(text, NEWEST)
    with pytest.raises(HeadError, match=r"field \.metadata\.annotations of type string$"):
        read_head(text, HELM_4_2)


@pytest.mark.parametrize("text", ["[]", "text", "5", "true"])
def test_read_head_of_a_document_that_is_no_mapping(text: str) -> None:
    with pytest.raises(HeadError, match=r"into Go value of type util\.SimpleHead$"):
        read_head(text, NEWEST)
    with pytest.raises(HeadError, match=r"into Go value of type releaseutil\.SimpleHead$"):
        read_head(text, HELM_3_17)


HEADS = {
    "empty": ("# nothing\n", Head()),
    "null": ("null", Head()),
    "nulls inside": ("metadata: null\nkind: null", Head()),
    "plain": ("apiVersion: v1\nkind: Pod\nmetadata: {name: x}", Head("v1", "Pod", "x", {})),
    "scalars become texts": ("kind: 5\napiVersion: 1\nmetadata: {name: true}", Head("1", "5", "true", {})),
    "annotations become texts": (
        "metadata: {annotations: {a: 1, b: true, c: null}}",
        Head(annotations={"a": "1", "b": "true", "c": ""}),
    ),
    "any case": ("Kind: A\nMETADATA: {Name: x, Annotations: {a: b}}", Head("", "A", "x", {"a": "b"})),
    "lower case last": ("kind: low\nKind: Up", Head(kind="low")),
    "metadata adds up": (
        "metadata: {name: x}\nMetadata: {annotations: {a: b}}",
        Head(name="x", annotations={"a": "b"}),
    ),
    "null takes back": ("metadata: null\nMetadata: {annotations: {a: b}}", Head()),
    "null first": ("metadata: {annotations: {a: b}}\nMetadata: null", Head(annotations={"a": "b"})),
}


@pytest.mark.parametrize(("text", "head"), HEADS.values(), ids=HEADS)
def test_read_head(text: str, head: Head) -> None:
    assert read_head(text, NEWEST) == head


def test_parse_document_parses_equal_texts_once() -> None:
    assert parse_document("a: {b: 1}\n") is parse_document("a: {b: 1}" + "\n")
