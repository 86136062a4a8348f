"""Pull secrets in files: Secrets of Kubernetes in YAML or JSON, and bare configurations of Docker.

Every fault has its place in the file: in `stringData` the character itself, in `data` the value, behind whose base64 it
stands.
"""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from json import loads
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.load import split_documents
from chartkit.goyaml.positions import Positions, load_positions
from chartkit.json_places import Path, json_places
from chartkit.oci.docker_config import DockerConfig, Fault, kubelet_faults, read_docker_config
from chartkit.source import Position, Source

SECRET_TYPE: Final = "kubernetes.io/dockerconfigjson"
"""The type of pull secrets."""
OLD_SECRET_TYPE: Final = "kubernetes.io/dockercfg"
"""The type that they had before."""
SECRET_KEYS: Final = {SECRET_TYPE: ".dockerconfigjson", OLD_SECRET_TYPE: ".dockercfg"}
"""By type the key at which the credentials stand."""

Locate = Callable[[Path], tuple[int, int]]
"""Where the value at a path begins and ends in a text; where it is not known, both are the same."""


@dataclass(frozen=True, slots=True)
class SecretContent:
    """What a pull secret holds.

    Attributes:
        config: the credentials; none if there is nothing to read.
        faults: why the kubelet cannot use it.
    """

    config: DockerConfig
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class FoundSecret:
    """A pull secret in a file, or a configuration that could become one.

    Attributes:
        name: its name; empty for a bare configuration.
        namespace: its namespace, if it has one.
        kind: `Secret`, `config.json` or `.dockercfg`.
        config: the credentials.
        faults: why the kubelet cannot use it, with places in the file.
        position: where it begins.
    """

    name: str
    namespace: str
    kind: str
    config: DockerConfig
    faults: tuple[Fault, ...]
    position: Position


def read_secret_file(source: Source) -> tuple[FoundSecret, ...]:
    """The pull secrets in a text, which may hold other objects too.

    Raises:
        InputError: the text is neither YAML nor JSON, or there is none in it.
    """
    source = Source(source.name, source.text, is_secret=True)
    # A file with Secrets of other kinds alone holds what was meant to be a pull secret.
    found = tuple(_found(source, is_pull_secret)) or tuple(_found(source, lambda _secret: True))
    if not found:
        raise InputError(
            f"there is no pull secret in {source.name}",
            position=Position(source, 0),
            hint=f"it must be a Secret of type {SECRET_TYPE}, or a config.json with `auths`",
        )
    return found


def is_pull_secret(secret: Mapping[str, Any]) -> bool:
    """Whether a Secret is a pull secret, or was meant to be one."""
    entries = {**_map(secret.get("data")), **_map(secret.get("stringData"))}
    return secret.get("type") in SECRET_KEYS or not set(SECRET_KEYS.values()).isdisjoint(entries)


def read_secret(secret: Mapping[str, Any], source: Source, locate: Locate = lambda _path: (0, 0)) -> SecretContent:
    """What a Secret that is a pull secret holds, and what is wrong with it.

    Args:
        secret: the object.
        source: the text that it is from.
        locate: finds its fields in the text.
    """
    source = Source(source.name, source.text, is_secret=True)
    kind = str(secret.get("type") or "Opaque")
    if kind not in SECRET_KEYS:
        place = locate(("type" if "type" in secret else "kind",))[0]
        return _nothing(source, place, f"its type is {kind}, and must be {SECRET_TYPE}", is_fatal=False)
    key = SECRET_KEYS[kind]
    for field, read in (("stringData", _plain), ("data", _decoded)):
        entries = _map(secret.get(field))
        if key in entries:
            return read(entries[key], source, locate((field, key)), kind)
    other = next((each for each in SECRET_KEYS.values() if each in _map(secret.get("data"))), "")
    seen = f", but {other}" if other else ""
    place = locate((next((name for name in ("stringData", "data", "type") if name in secret), "kind"),))[0]
    return _nothing(source, place, f"it has no key {key}{seen}", is_fatal=False)


def _plain(value: Any, source: Source, span: tuple[int, int], kind: str) -> SecretContent:
    if not isinstance(value, str):
        return _nothing(source, span[0], f"{SECRET_KEYS[kind]} must be text")
    shift = _shift(source.text, span, value)
    return _content(value, source, kind, lambda offset: (shift(offset), ""))


def _decoded(value: Any, source: Source, span: tuple[int, int], kind: str) -> SecretContent:
    if not isinstance(value, str):
        return _nothing(source, span[0], f"{SECRET_KEYS[kind]} must be text in base64")
    try:
        data = a2b_base64("".join(value.split()), strict_mode=True)
    except (Base64Error, ValueError):
        hint = "; plain text belongs under stringData" if value.lstrip().startswith("{") else ""
        return _nothing(source, span[0], f"{SECRET_KEYS[kind]} is not base64{hint}")
    text = data.decode("utf-8", "surrogateescape")
    inner = Source("", text)

    def place(offset: int) -> tuple[int, str]:
        at = Position(inner, offset)
        return span[0], f" (line {at.line}, column {at.column} behind the base64)"

    return _content(text, source, kind, place)


def _content(text: str, source: Source, kind: str, place: Callable[[int], tuple[int, str]]) -> SecretContent:
    """What the text of a configuration holds, its faults moved to where the text stands."""
    config = read_docker_config(Source(source.name, text), is_legacy=kind == OLD_SECRET_TYPE)
    moved = []
    for fault in (*config.faults, *kubelet_faults(config)):
        offset, note = place(fault.position.offset)
        moved.append(replace(fault, message=f"{fault.message}{note}", position=Position(source, offset)))
    entries = {
        server: replace(entry, position=Position(source, place(entry.position.offset)[0]))
        for server, entry in config.entries.items()
    }
    return SecretContent(replace(config, source=source, entries=entries, faults=()), tuple(moved))


def _nothing(source: Source, offset: int, message: str, *, is_fatal: bool = True) -> SecretContent:
    fault = Fault(message, Position(source, offset), is_fatal=is_fatal)
    return SecretContent(DockerConfig(source, {}, {}, "", ()), (fault,))


def _shift(text: str, span: tuple[int, int], value: str) -> Callable[[int], int]:
    """Where the characters of a YAML scalar's value stand in the text, if they stand there as they are."""
    start, end = span
    raw = text[start:end]
    for quote in ("", "'", '"'):
        if raw.startswith(quote + value):
            return lambda offset: start + len(quote) + offset
    starts = _literal_starts(raw, value)
    inner = Source("", value)

    def place(offset: int) -> int:
        at = Position(inner, offset)
        return start + starts[at.line - 1] + at.column - 1 if at.line <= len(starts) else start

    return place


def _literal_starts(raw: str, value: str) -> list[int]:
    """Where each line of a value begins in a block scalar; nothing for other styles."""
    head, _, body = raw.partition("\n")
    if not head.startswith("|") or not body:
        return []
    indent = len(body) - len(body.lstrip(" "))
    starts, offset = [], len(head) + 1
    lines = value.rstrip("\n").split("\n")
    for line, written in zip(lines, body.split("\n"), strict=False):
        if written[indent:].rstrip("\r") != line:
            return []
        starts.append(offset + indent)
        offset += len(written) + 1
    return starts


def _found(source: Source, is_meant: Callable[[Mapping[str, Any]], bool]) -> Iterator[FoundSecret]:
    """The Secrets that are meant, and the configuration that the text may be."""
    for document, locate, start in (each for whole in _documents(source) for each in _objects(*whole)):
        if document.get("kind") == "Secret" and is_meant(document):
            content = read_secret(document, source, locate)
            names = _map(document.get("metadata"))
            name, namespace = str(names.get("name") or ""), str(names.get("namespace") or "")
            place = Position(source, start)
            yield FoundSecret(name, namespace, "Secret", content.config, content.faults, place)
        elif "kind" not in document and "apiVersion" not in document:
            bare = _bare(source)
            if bare.config.entries or bare.faults:
                yield bare


def _objects(document: Any, locate: Locate, start: int) -> Iterator[tuple[Mapping[str, Any], Locate, int]]:
    """A document, or the items of one that is a list."""
    if not isinstance(document, dict):
        return
    items = document.get("items")
    if not str(document.get("kind") or "").endswith("List") or not isinstance(items, list):
        yield document, locate, start
        return
    for index, item in enumerate(items):
        above = ("items", index)
        yield from _objects(item, _below(locate, above), locate(above)[0])


def _below(locate: Locate, above: Path) -> Locate:
    return lambda path: locate((*above, *path))


def _bare(source: Source) -> FoundSecret:
    """A configuration that is the whole text."""
    config = read_docker_config(source)
    # Only in a Secret it is a fault that a helper has the credentials.
    faults = config.faults or (tuple(kubelet_faults(config)) if not (config.helpers or config.store) else ())
    kind = "config.json" if "auths" in source.text or config.helpers or config.store else ".dockercfg"
    return FoundSecret("", "", kind, config, faults, config.start)


def _documents(source: Source) -> Iterator[tuple[Any, Locate, int]]:
    """Each document with what finds its fields, and its start."""
    text = source.text
    if text.lstrip().startswith(("{", "[")):
        try:
            document = loads(text)
        except (ValueError, RecursionError):
            if not _is_manifest(text):
                # It was meant to be JSON: the reader of configurations says where it is not.
                yield {}, lambda _path: (0, 0), 0
                return
        else:
            places = json_places(text)
            yield document, lambda path: (places.of(path),) * 2, 0
            return
    yield from _yaml_documents(source)


def _is_manifest(text: str) -> bool:
    if "kind" not in text:
        return False
    try:
        document = load_positions(Source("", text))[0]
    except YAMLError:
        return False
    return isinstance(document, dict) and "kind" in document


def _yaml_documents(source: Source) -> Iterator[tuple[Any, Locate, int]]:
    try:
        for index, (start, _) in enumerate(list(split_documents(source.text))):
            document, positions = load_positions(source, document=index)

            root = positions.value(())
            yield document, _yaml_locate(positions), start if root is None else root
    except YAMLError as error:
        place = Position.shown(source, error.offset) if error.offset is not None else Position(source, 0)
        # Go's words may quote the text: what begins with `*` is the name of an anchor to YAML, and perhaps a password.
        raise InputError(f"{source.name} is not YAML", position=place) from None


def _yaml_locate(positions: Positions) -> Locate:
    def locate(path: Path) -> tuple[int, int]:
        span = positions.value_range(path)
        if span is not None:
            return span
        while path and positions.value(path) is None:
            path = path[:-1]
        at = positions.value(path) or 0
        return at, at

    return locate


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
