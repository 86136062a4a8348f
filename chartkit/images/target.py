"""Where images move to: the name of each one in another registry.

| layout | `quay.io/team/app:1.0` in `mirror.local:5000/apps` | `nginx:1.27` |
|---|---|---|
| `path` | `mirror.local:5000/apps/team/app:1.0` | `mirror.local:5000/apps/nginx:1.27` |
| `leaf` | `mirror.local:5000/apps/app:1.0` | `mirror.local:5000/apps/nginx:1.27` |
| `hash` | `mirror.local:5000/apps/app-3aec51a6:1.0` | `mirror.local:5000/apps/nginx-7e59ad64:1.27` |
| `source` | `mirror.local:5000/apps/quay.io/team/app:1.0` | `mirror.local:5000/apps/docker.io/library/nginx:1.27` |

The `library/` of Docker Hub's official images is left out but for `source`: charts do not write it, so that a registry
key alone can move them; by `source` the path is the whole one, as caching proxies want it. Tags and digests are kept.

A mapping file names places that go elsewhere: registries, paths in them, or single images. The most specific counts,
and what stands behind the source is put behind the target.

    quay.io: mirror.local:5000/quay
    docker.io/bitnami: mirror.local:5000/bitnami
    docker.io/library/nginx: mirror.local:5000/web/server
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.positions import Positions, load_positions
from chartkit.reference import DEFAULT_REGISTRY, OFFICIAL, ImageReference, InvalidReference
from chartkit.source import Position, Source

_HUB_OFFICIAL: Final = f"{DEFAULT_REGISTRY}/{OFFICIAL}/"
_NO_COMPONENT: Final = re.compile(r"[^a-z0-9.]+")
_HASH_LENGTH: Final = 8
_FORM: Final = "HOST[:PORT][/PREFIX]"


class Layout(StrEnum):
    """What of an image's name is kept behind the destination."""

    PATH = "path"
    LEAF = "leaf"
    HASH = "hash"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Mapped:
    """One line of a mapping: what lies at `source` goes to `target`; both are names without tag or digest."""

    source: str
    target: str
    position: Position | None = None

    def rest(self, name: str) -> str | None:
        """What stands behind the source in a normalised name: empty for the image itself, `None` if it is not there."""
        for known in dict.fromkeys((name, _typed(name))):
            if f"{known}/".startswith(f"{self.source}/"):
                return known[len(self.source) + 1 :]
        return None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where images move to.

    Attributes:
        base: registry and perhaps path; empty if only what the mapping names moves.
        layout: what is kept of a name.
        mapping: what goes elsewhere.
    """

    base: str
    layout: Layout = Layout.PATH
    mapping: tuple[Mapped, ...] = ()

    def move(self, reference: ImageReference) -> ImageReference:
        """The image in its new place; the same one if it is there already, or if nothing says where it goes.

        Raises:
            InputError: the new name would be no reference, as when it is too long.
        """
        name = self._name(reference)
        if name == reference.name:
            return reference
        tag = f":{reference.tag}" if reference.tag else ""
        digest = f"@{reference.digest}" if reference.digest else ""
        try:
            return ImageReference.parse(f"{name}{tag}{digest}")
        except InvalidReference as error:
            raise InputError(f"{reference} cannot become {name}{tag}{digest}: {error}") from error

    def holds(self, reference: ImageReference) -> bool:
        """Whether an image is where it should be."""
        return self._name(reference) == reference.name

    def _name(self, reference: ImageReference) -> str:
        name = reference.name
        fitting = [(entry, rest) for entry in self.mapping if (rest := entry.rest(name)) is not None]
        if fitting:
            entry, rest = max(fitting, key=lambda each: len(each[0].source))
            return name if _lies_in(name, entry.target) else self._behind(entry.target, rest, rest)
        if not self.base or any(_lies_in(name, place) for place in (self.base, *self._targets())):
            return name
        whole = f"{_as_path(reference.registry)}/{reference.repository}" if reference.registry else reference.repository
        return self._behind(self.base, reference.repository, whole)

    def _targets(self) -> Iterable[str]:
        return (entry.target for entry in self.mapping)

    def _behind(self, base: str, path: str, whole: str) -> str:
        """A name below a place, by the layout; just the place where nothing of the name is left."""
        kept = whole if self.layout is Layout.SOURCE else path.removeprefix(f"{OFFICIAL}/")
        if self.layout in (Layout.LEAF, Layout.HASH):
            kept = kept.rpartition("/")[2]
        if self.layout is Layout.HASH and kept:
            kept = f"{kept}-{_short_hash(whole)}"
        return f"{base}/{kept}" if kept else base


def read_destination(text: str, layout: Layout = Layout.PATH, mapping: Iterable[Mapped] = ()) -> Destination:
    """The destination that a text names.

    Args:
        text: `HOST[:PORT][/PREFIX]`; empty to move only what the mapping names.
        layout: what is kept of a name.
        mapping: what goes elsewhere.

    Raises:
        InputError: the text names no place in a registry, or nothing says where to move.
    """
    entries = tuple(mapping)
    if not text and not entries:
        raise InputError("there is no destination", hint=f"name it: {_FORM}")
    return Destination(_place(text) if text else "", layout, entries)


def read_mapping(source: Source) -> tuple[Mapped, ...]:
    """The lines of a mapping file: YAML, `source: target`.

    Raises:
        InputError: the text is no such YAML, or names what is no place in a registry.
    """
    try:
        content, positions = load_positions(source)
    except YAMLError as error:
        position = Position.shown(source, error.offset or 0)
        raise InputError(f"{source.name}: {error.full}", position=position) from error
    if not isinstance(content, dict):
        raise InputError(
            f"{source.name}: a mapping has lines such as docker.io/bitnami: mirror.local:5000/bitnami",
            position=Position(source, 0),
        )
    entries = tuple(_entry(source, positions, key, value) for key, value in content.items())
    return _without_doubles(entries)


def check_collisions(pairs: Iterable[tuple[ImageReference, ImageReference]]) -> None:
    """Refuse that two images of different names get one name.

    What is in its place already meets nobody: it may well be the one that the other was copied to.

    Args:
        pairs: each image, and what it becomes.

    Raises:
        InputError: two images would land on one name; the message names both.
    """
    taken: dict[str, ImageReference] = {}
    for source, target in pairs:
        # An image that is in its place already may be the very copy of another one that is to go there.
        if source.name == target.name:
            continue
        first = taken.setdefault(target.name, source)
        if first.name != source.name:
            raise InputError(
                f"{first.name} and {source.name} would both become {target.name}",
                hint="take --layout source, which keeps the registry in the path, or send one of them elsewhere by "
                f"--map: {source.name}: {target.name.rpartition('/')[0]}/other-name",
            )


def _entry(source: Source, positions: Positions, key: Any, value: Any) -> Mapped:
    """One line of a mapping."""
    at_key, at_value = (Position(source, place((key,)) or 0) for place in (positions.key, positions.value))
    if not isinstance(value, str):
        raise InputError(f"{source.name}: what {key} goes to must be a text: {_FORM}", position=at_value)
    return Mapped(_source(str(key), at_key), _place(value, at_value), at_key)


def _without_doubles(entries: tuple[Mapped, ...]) -> tuple[Mapped, ...]:
    known: dict[str, Mapped] = {}
    for entry in entries:
        first = known.setdefault(entry.source, entry)
        if first is not entry:
            raise InputError(
                f"{entry.source} stands here a second time, under another spelling", position=entry.position
            )
    return entries


def _source(text: str, position: Position) -> str:
    """A registry, a path in one, or an image, normalised."""
    wanted = text.strip().rstrip("/")
    if "/" not in wanted and _is_host(wanted):
        return _place(wanted, position)
    reference = _parsed(wanted, position, "a registry, a path in it, or an image")
    # `docker.io/bitnami` may be a path as well as an image: without `library/` it stands for either.
    return reference.name if wanted.startswith((_HUB_OFFICIAL, f"{OFFICIAL}/")) else _typed(reference.name)


def _is_host(text: str) -> bool:
    return any(sign in text for sign in ".:") or text == "localhost" or text.lower() != text


def _place(text: str, position: Position | None = None) -> str:
    """A registry with perhaps a path, checked and normalised."""
    wanted = text.strip().rstrip("/")
    if "://" in wanted:
        raise InputError(
            f"{text}: a registry is named without {wanted.partition('://')[0]}://", position=position, hint=_FORM
        )
    head = wanted.partition("/")[0]
    if not _is_host(head):
        raise InputError(
            f"{text}: {head or 'nothing'} is no host: it has no dot and no port, so it would be taken for a path of "
            f"{DEFAULT_REGISTRY}",
            position=position,
            hint=f"{_FORM}, such as mirror.local:5000/team, or {DEFAULT_REGISTRY}/{head}" if head else _FORM,
        )
    # Read with an image behind it, a place follows the grammar of references.
    return _parsed(f"{wanted}/x", position, _FORM).name.removesuffix("/x").removesuffix(f"/{OFFICIAL}")


def _parsed(text: str, position: Position | None, form: str) -> ImageReference:
    shown = text.removesuffix("/x")
    try:
        reference = ImageReference.parse(text)
    except InvalidReference as error:
        raise InputError(f"{shown}: {error}", position=position, hint=f"wanted is {form}") from error
    if reference.tag or reference.digest:
        raise InputError(
            f"{shown}: tags and digests have no place here", position=position, hint="every image keeps its own"
        )
    return reference


def _typed(name: str) -> str:
    """A name as people write it: without Docker Hub's `library/`."""
    return f"{DEFAULT_REGISTRY}/{name[len(_HUB_OFFICIAL) :]}" if name.startswith(_HUB_OFFICIAL) else name


def _short_hash(name: str) -> str:
    """What tells two images apart whose last parts are the same."""
    from hashlib import sha256

    return sha256(name.encode()).hexdigest()[:_HASH_LENGTH]


def _lies_in(name: str, place: str) -> bool:
    return f"{name}/".startswith(f"{place}/")


def _as_path(registry: str) -> str:
    """A registry as a part of a path, which has no colon and no capitals."""
    return _NO_COMPONENT.sub("-", registry.lower()).strip("-")
