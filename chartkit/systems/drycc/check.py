"""Holds values for Drycc Workflow against the rules about its registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any, Final

from chartkit.checks.finding import Severity
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.spelling import meant
from chartkit.engine.render import Rendering
from chartkit.systems.drycc import rules
from chartkit.systems.drycc.keys import (
    BLOCKS,
    BUILDER,
    CONTROLLER,
    ECR,
    ENABLED,
    GCR,
    GUIDE,
    LOCATIONS,
    OFF_CLUSTER,
    ON_CLUSTER,
    TOP_LEVEL,
    Block,
    Generation,
    Path,
    find_path,
    plain,
    value_at,
)
from chartkit.systems.drycc.secrets import REGISTRY_SECRET
from chartkit.systems.drycc.settings import Settings, mandatory_gaps, project_of, read_settings, said, used_blocks

Said = Iterator[tuple[Rule, "PathRemark"]]
# Where the location stands, in the older generations.
_GLOBAL: Final = ("global",)
_COMPONENT_KEY: Final = "registry"
_ENABLED_KEY: Final = ".".join(ENABLED)


@dataclass(frozen=True, slots=True)
class PathRemark:
    """What a rule has to say of a key; the place is found by whoever knows the files.

    Attributes:
        message: what is wrong.
        path: the key.
        severity: how bad it is, where that is not the rule's own.
        file: the template that rendered it, where it is about no key.
    """

    message: str
    path: Path = ()
    severity: Severity | None = None
    file: str = ""

    @property
    def remark(self) -> Remark:
        """The remark as all rules have it, without a place."""
        return Remark(self.message, key=".".join(self.path), severity=self.severity)


def check_values(values: Mapping[str, Any], location: str = "") -> list[tuple[Rule, PathRemark]]:
    """What is wrong with values.

    Args:
        values: the values, as the user gives them.
        location: the location, where it is said beside the values.
    """
    settings = read_settings(values, location)
    found = [*_location(settings), *_blocks(values, settings), *_unreadable(values)]
    if settings.location in LOCATIONS:
        found += [*_fields(settings), *_gaps(values, settings)]
        found += _port(settings)
    return found


def _port(settings: Settings) -> Said:
    if settings.location != ON_CLUSTER:
        path = ENABLED if settings.generation is Generation.C else settings.location_path
        message = f"with the location {settings.location} the controller does not see the ports of apps"
        yield rules.PORT, PathRemark(message, path or ())


def check_rendering(rendering: Rendering) -> Said:
    """What is wrong with the registry secret that a chart renders."""
    for manifest in rendering.assembled.manifests:
        if manifest.head.kind == "Secret" and manifest.head.name == REGISTRY_SECRET:
            data = manifest.doc.get("data")
            empty = [name for name, value in (data or {}).items() if value is None]
            if not data:
                message = f"the chart renders {REGISTRY_SECRET} without data"
                yield rules.UNKNOWN_LOCATION, PathRemark(message, file=manifest.file)
            # Single empty values may be meant: Docker Hub has no host, and a role no keys.
            elif len(empty) == len(data):
                message = f"the chart renders {REGISTRY_SECRET} with nothing in {', '.join(empty)}"
                yield rules.WRONG_BLOCK, PathRemark(message, severity=Severity.ERROR, file=manifest.file)


def _location(settings: Settings) -> Said:
    if settings.location not in LOCATIONS:
        near = meant(settings.location, LOCATIONS)
        guess = f": is {near} meant?" if near else ""
        message = f'there is no location "{settings.location}"{guess}'
        yield rules.UNKNOWN_LOCATION, PathRemark(message, settings.location_path or ())


def _blocks(values: Mapping[str, Any], settings: Settings) -> Said:
    used = used_blocks(values)
    path = settings.location_path
    other = str(value_at(values, path) or "") if path else ""
    if settings.generation is Generation.C and other not in ("", settings.location):
        message = f"the location is {settings.location}, as {_ENABLED_KEY} says, and {'.'.join(path or ())} is {other}"
        yield rules.CONTRADICTION, PathRemark(message, path or ())
    # With both blocks filled the chart of 2019 has what it reads.
    if GUIDE in used and TOP_LEVEL not in used:
        message = f"the chart of 2019 reads {TOP_LEVEL.name}, and these are in {GUIDE.name}"
        yield rules.WRONG_BLOCK, PathRemark(message, _spelt(values, GUIDE))
    for block in used:
        if block.location != settings.location and settings.location in LOCATIONS and block is not CONTROLLER:
            yield from _other_location(values, settings, block)
    generations = {block.generation for block in used if block.location == settings.location}
    if len(generations) > 1 and settings.block is not None:
        others = [each for each in used if each.generation is not settings.block.generation]
        message = f"{settings.block.name} counts, and {', '.join(each.name for each in others)} says something too"
        yield rules.CONTRADICTION, PathRemark(message, _spelt(values, others[0]))


def _other_location(values: Mapping[str, Any], settings: Settings, block: Block) -> Said:
    """A place that speaks of another location than the one that counts."""
    if settings.generation is Generation.C and block is BUILDER:
        host = find_path(values, BUILDER.keys["hostname"])
        message = "the components are told the location on-cluster, and the host of another registry"
        yield rules.CONTRADICTION, PathRemark(message, host or _spelt(values, block))
    else:
        message = f"the location is {settings.location}, and {block.name} is for {block.location}"
        yield rules.CONTRADICTION, PathRemark(message, _spelt(values, block))


def _fields(settings: Settings) -> Said:
    host = settings.fields.get("hostname")
    if host and "://" in host.text:
        if settings.location in (ECR, GCR):
            message = "the host has a scheme, which is stripped"
            yield rules.SCHEME, PathRemark(message, host.path, Severity.INFO)
        else:
            yield rules.SCHEME, PathRemark("the host has a scheme, and no image can begin with one", host.path)
    elif host and host.text.endswith("/") and settings.location == OFF_CLUSTER:
        yield rules.SCHEME, PathRemark("the host ends with a slash, so that images have two", host.path)
    key = settings.fields.get("key_json")
    if settings.location == GCR and key and key.text:
        try:
            project_of(key.text)
        except ValueError as error:
            yield rules.BAD_KEY, PathRemark(f"key_json {error}", key.path)
    account = settings.fields.get("registryid")
    if settings.location == ECR and account and account.text and not settings.host:
        message = "registryid is not the 12 digits of an account"
        yield rules.UNREADABLE, PathRemark(message, account.path)


def _gaps(values: Mapping[str, Any], settings: Settings) -> Said:
    for field, reason in mandatory_gaps(settings):
        given = settings.fields.get(field)
        block = settings.block or next(each for each in BLOCKS if each.location == settings.location)
        if settings.block is None and settings.generation is not Generation.C and block is BUILDER:
            block = TOP_LEVEL
        path = given.path if given else block.keys.get(field, ())
        state = "is empty" if given else "is missing"
        yield rules.MISSING, PathRemark(f"{'.'.join(path)} {state}: {reason}", path)


def _unreadable(values: Mapping[str, Any]) -> Said:
    settings = read_settings(values)
    for given in (*settings.fields.values(), *settings.controller.values()):
        if not given.is_text:
            yield rules.UNREADABLE, PathRemark(f"{'.'.join(given.path)} is no text: put it in quotes", given.path)
    yield from _no_maps(values)
    for block in BLOCKS:
        parent = find_path(values, next(iter(block.keys.values()))[:-1])
        inside = value_at(values, parent) if parent else None
        known = {path[-1] for path in block.keys.values()}
        # The block `registry` is that of the component too, with keys of its own.
        is_ours = block is not TOP_LEVEL or said(values, block)
        for key in inside if parent and is_ours and isinstance(inside, Mapping) else ():
            yield from _misspelt((*(parent or ()), str(key)), known, is_component=block is BUILDER)


def _no_maps(values: Mapping[str, Any]) -> Said:
    """Something else where keys of the registry would stand: it is passed over as if nothing were said."""
    parents = [_GLOBAL, *(next(iter(block.keys.values()))[:-1] for block in BLOCKS)]
    for way in dict.fromkeys(parent[:length] for parent in parents for length in range(1, len(parent) + 1)):
        path = find_path(values, way)
        if path is not None and not isinstance(value_at(values, path), (Mapping, NoneType)):
            name = ".".join(path)
            yield rules.UNREADABLE, PathRemark(f"{name} is no map: the keys below it are missing", path, Severity.ERROR)


def _misspelt(path: Path, known: set[str], *, is_component: bool) -> Said:
    key = path[-1]
    if plain(key) in map(plain, known) or (is_component and not key.startswith(_COMPONENT_KEY)):
        return
    near = meant(key, known)
    if near:
        yield rules.UNREADABLE, PathRemark(f"nothing reads {'.'.join(path)}: is {near} meant?", path)


def _spelt(values: Mapping[str, Any], block: Block) -> Path:
    """The block as it is spelt in the values."""
    path = next(iter(block.keys.values()))[:-1]
    return find_path(values, path) or path
