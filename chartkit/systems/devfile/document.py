"""Reading a devfile: YAML, the version of its schema, and its keys; every complaint has its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from chartkit.checks.spelling import meant
from chartkit.errors import InputError
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.positions import Path as Steps
from chartkit.goyaml.positions import Positions, load_positions
from chartkit.source import Position, Source
from chartkit.systems.devfile.keys import NEWEST, Key, Version, keys_of, version_text

KINDS: Final = ("container", "image", "kubernetes", "openshift", "volume", "plugin")
"""What a component can be, each a key of its own."""

_VERSION: Final = re.compile(r"([2-9])\.([0-9]+)\.[0-9]+(?:-[0-9a-z-]+(?:\.[0-9a-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?")
_NO_URL: Final = ("http://", "https://")


@dataclass(frozen=True)
class YAMLFile:
    """A YAML file, read: its text, its map, and where everything in it stands."""

    path: Path
    source: Source
    data: Mapping[str, Any]
    positions: Positions

    def at(self, *steps: str | int) -> Position:
        """Where a value is written; the start of the file if it is not."""
        return Position(self.source, self.positions.value(steps) or 0)

    def at_key(self, *steps: str | int) -> Position:
        """Where a key is written."""
        return Position(self.source, self.positions.key(steps) or 0)


@dataclass(frozen=True)
class Devfile(YAMLFile):
    """A devfile whose keys are those of its schema version."""

    version: Version = NEWEST
    inherited: Mapping[str, str] | None = None

    @property
    def name(self) -> str:
        """What its metadata calls it."""
        metadata = self.data.get("metadata")
        return str(metadata.get("name") or "") if isinstance(metadata, dict) else ""

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """The values of its variables: its own, then what it says of its parent's, then the parent's own."""
        # The child is flattened over its parent before anything is filled in: what is said last counts.
        found = dict(self.inherited or {})
        for holder in (self.data.get("parent"), self.data):
            own = holder.get("variables") if isinstance(holder, dict) else None
            found |= {key: value for key, value in own.items() if isinstance(value, str)} if own else {}
        return found

    def components(self) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
        """Every component with the way to it: its own, its parent's, and those of plugins."""
        yield from _components(self.data, ())


def read_yaml(path: Path) -> YAMLFile:
    """A YAML file that is a map.

    Raises:
        InputError: it cannot be read, is no YAML, or no map.
    """
    source = read_source(path)
    try:
        data, positions = load_positions(source)
    except YAMLError as error:
        position = Position.shown(source, error.offset or 0)
        raise InputError(f"{path} is no YAML: {error}", position=position) from error
    if not isinstance(data, dict):
        raise InputError(f"{path} holds no keys: a map is wanted", position=Position(source, 0))
    return YAMLFile(path, source, data, positions)


def read_source(path: Path) -> Source:
    """The text of a file, its line ends and odd bytes as they are.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return Source(str(path), path.read_bytes().decode("utf-8", "surrogateescape"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"cannot read {path}: {reason[:1].lower()}{reason[1:]}") from error


def read_devfile(path: Path, inherited: Mapping[str, str] | None = None) -> Devfile:
    """A devfile.

    Args:
        path: the file.
        inherited: the variables of its parent.

    Raises:
        InputError: it cannot be read, or is no devfile of a version from 2.0 on.
    """
    file = read_yaml(path)
    devfile = Devfile(file.path, file.source, file.data, file.positions, _version(file), inherited)
    _check_map(devfile, devfile.data, (), "devfile")
    # Only after the shapes are known to be right can the components be walked without looking twice.
    for steps, component in devfile.components():
        _check_component(devfile, component, steps)
    return devfile


def is_remote(uri: str) -> bool:
    """Whether a URI is fetched from the network."""
    return uri.startswith(_NO_URL)


def _version(file: YAMLFile) -> Version:
    said = file.data.get("schemaVersion")
    if said is None:
        old = "apiVersion" in file.data
        hint = "devfiles of version 1 (apiVersion: 1.0.0) are not supported" if old else "such as schemaVersion: 2.2.2"
        position = file.at_key("apiVersion") if old else Position(file.source, 0)
        raise InputError(f"{file.path} is no devfile: it has no schemaVersion", position=position, hint=hint)
    match = _VERSION.fullmatch(said) if isinstance(said, str) else None
    if match is None:
        shown = said if isinstance(said, str) else "a number" if isinstance(said, float) else "no text"
        raise InputError(
            f"{file.path}: schemaVersion must be a text such as 2.2.2, and is {shown}",
            position=file.at("schemaVersion"),
        )
    return int(match[1]), int(match[2])


def _check_map(devfile: Devfile, value: Mapping[str, Any], steps: Steps, shape: str) -> None:
    known = keys_of(shape)
    for name, child in value.items():
        here = (*steps, name)
        key = known.get(name)
        if key is None or not key.fits(min(devfile.version, NEWEST)):
            _refuse_key(devfile, here, key, shape)
        elif child is not None and key.shape:
            _check_value(devfile, child, here, key)


def _check_value(devfile: Devfile, value: Any, steps: Steps, key: Key) -> None:
    if key.is_list:
        if not isinstance(value, list):
            raise _wrong(devfile, steps, "a list")
        for index, item in enumerate(value):
            _check_value(devfile, item, (*steps, index), Key(key.shape))
    elif not isinstance(value, dict):
        raise _wrong(devfile, steps, "a map")
    elif key.shape != "free":
        _check_map(devfile, value, steps, key.shape)


def _refuse_key(devfile: Devfile, steps: Steps, key: Key | None, shape: str) -> None:
    """Complain of a key that the version does not know; a version newer than ours may know more."""
    # A misspelling in a devfile of the future is let pass sooner than a new key is refused.
    if key is None and devfile.version > NEWEST:
        return
    said = f"{devfile.path}: there is no key {steps[-1]} in {_where(steps[:-1])}"
    version = version_text(devfile.version)
    if key is not None:
        known = f"from {version_text(key.since)} on" if devfile.version < key.since else "in 2.0 only"
        said, hint = f"{said} in schema {version}", f"it is known {known}"
    else:
        near = meant(str(steps[-1]), keys_of(shape))
        hint = f"did you mean {near}?" if near else f"known are {', '.join(sorted(keys_of(shape)))}"
    raise InputError(said, position=devfile.at_key(*steps), hint=hint)


def _check_component(devfile: Devfile, component: Mapping[str, Any], steps: Steps) -> None:
    if not isinstance(component.get("name"), str):
        raise InputError(f"{devfile.path}: {_where(steps)} has no name", position=devfile.at(*steps))
    kinds = [kind for kind in KINDS if kind in component]
    if len(kinds) != 1:
        raise InputError(
            f"{devfile.path}: component {component['name']} must be one of {', '.join(KINDS[:5])}, and is "
            f"{' and '.join(kinds) or 'none'}",
            position=devfile.at(*steps),
        )
    # What a parent's or a plugin's component is overridden with need not be whole.
    is_whole = steps[:1] == ("components",) and len(steps) == 2
    value = component[kinds[0]] or {}
    for name, text in _texts(kinds[0], value):
        if text is None and is_whole:
            raise InputError(
                f"{devfile.path}: {kinds[0]} of component {component['name']} has no {name}",
                position=devfile.at_key(*steps, kinds[0]),
            )
        if text is not None and not isinstance(text, str):
            raise _wrong(devfile, (*steps, kinds[0], name), "a text")
    _check_choice(devfile, (*steps, kinds[0]), value, is_whole=is_whole)


def _texts(kind: str, value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What of a component must be there, and be a text."""
    if kind == "container":
        yield "image", value.get("image")
    elif kind == "image":
        yield "imageName", value.get("imageName")
    elif kind in ("kubernetes", "openshift"):
        for name in ("uri", "inlined"):
            if name in value:
                yield name, value[name]


def _check_choice(devfile: Devfile, steps: Steps, value: Mapping[str, Any], *, is_whole: bool) -> None:
    """Manifests and Dockerfiles come from exactly one place."""
    choices: tuple[str, ...] = ("uri", "inlined") if steps[-1] in ("kubernetes", "openshift") else ()
    if steps[-1] == "image" and isinstance(value.get("dockerfile"), dict):
        steps, value, choices = (*steps, "dockerfile"), value["dockerfile"], ("uri", "git", "devfileRegistry")
    given = [name for name in choices if name in value]
    if len(given) > 1 or (choices and is_whole and not given):
        raise InputError(
            f"{devfile.path}: {_where(steps)} has {' and '.join(given) or 'none'} of {', '.join(choices)}: "
            "one is wanted",
            position=devfile.at_key(*steps),
        )


def _wrong(devfile: Devfile, steps: Steps, wanted: str) -> InputError:
    return InputError(f"{devfile.path}: {_where(steps)} must be {wanted}", position=devfile.at(*steps))


def _where(steps: Steps) -> str:
    """A way in words: `components[1].container`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".") or "a devfile"


def _components(holder: Mapping[str, Any], steps: Steps) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    for index, component in enumerate(holder.get("components") or ()):
        here = (*steps, "components", index)
        yield here, component
        plugin = component.get("plugin")
        if isinstance(plugin, dict):
            yield from _components(plugin, (*here, "plugin"))
    parent = holder.get("parent")
    if isinstance(parent, dict):
        yield from _components(parent, (*steps, "parent"))
