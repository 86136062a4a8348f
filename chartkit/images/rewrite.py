"""Moving the images of rendered manifests: exactly the images' characters change, every other byte stays.

Most images stand in the text as they are and are cut out of it. Those that do not (escapes in quotes, folded blocks,
base64 in Secrets, documents in such texts) are changed in the scalar they stand in, level by level from the innermost
document outwards. At the end the new text is read again: it must be the old one with the new images and nothing else.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple, TypeVar

from chartkit.errors import InputError, TemplateError
from chartkit.goyaml.edit import rewrite, set_values
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.load import load
from chartkit.goyaml.positions import Path
from chartkit.images.custom import is_silent
from chartkit.images.freetext import may_hold_images
from chartkit.images.target import Destination, check_collisions
from chartkit.images.use import ImageUse, Level, Piece, Range, locate
from chartkit.images.walk import search
from chartkit.manifests.assemble import Manifest
from chartkit.manifests.head import HeadError, read_head
from chartkit.manifests.split import split_documents
from chartkit.profile import NEWEST
from chartkit.reference import ImageReference
from chartkit.source import Position, Source

_FILE: Final = "manifests"
# In what is no part of an image but for the brackets of an IPv6 address, YAML could see more than characters.
_NOT_PLAIN: Final = re.compile(r"[^\w.:/@-]|:\Z", re.ASCII)
_Key = TypeVar("_Key", bound=Hashable)

Accepts = Callable[[ImageUse], bool]


@dataclass(frozen=True, slots=True)
class Moved:
    """An image that moves, and what it becomes."""

    use: ImageUse
    target: ImageReference


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Manifests whose images were moved.

    Attributes:
        text: the new manifests.
        moved: what moved, in the order of the text.
        left: what was meant and could not be moved, each with the reason.
    """

    text: str
    moved: tuple[Moved, ...]
    left: tuple[tuple[ImageUse, str], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A range of the innermost scalar's value that gets other characters."""

    use: ImageUse
    levels: tuple[Level, ...]
    start: int
    end: int
    text: str


def find_in_text(text: str, name: str = _FILE) -> list[ImageUse]:
    """The images of a stream of manifests, in the order of the text.

    Raises:
        TemplateError: a document is not YAML, or no manifest.
    """
    found: list[ImageUse] = []
    for index, (start, document) in enumerate(split_documents(text, NEWEST.splitting)):
        try:
            head = read_head(document, NEWEST)
        except (YAMLError, HeadError) as error:
            offset = (error.offset or 0) if isinstance(error, YAMLError) else 0
            reason = error.full if isinstance(error, YAMLError) else str(error)
            position = Position.shown(Source(name, text), start + offset)
            raise TemplateError(f"{name}: {reason}", position=position) from error
        manifest = Manifest(name, index, start, document, head)
        if not is_silent(head.kind) and (head.kind == "Secret" or may_hold_images(document)):
            found += search(manifest, text)
    return found


def rewrite_images(
    text: str,
    destination: Destination,
    accepts: Accepts,
    *,
    pin: Callable[[ImageReference], str] | None = None,
    name: str = _FILE,
) -> Rewritten:
    """Move the images of a stream of manifests.

    Args:
        text: the manifests.
        destination: where images go.
        accepts: which images are meant.
        pin: gives the digest to add to an image; an empty one adds none.
        name: what the text is called in errors.

    Raises:
        TemplateError: a document is not YAML, or no manifest.
        InputError: two images would get one name.
    """
    meant = [use for use in find_in_text(text, name) if accepts(use)]
    left = [(use, use.fault) for use in meant if use.reference is None and use.text]
    moved = list(_moves(meant, destination, pin))
    check_collisions((_reference(move.use), move.target) for move in moved)
    parts: dict[int, list[_Part]] = {}
    for move in moved:
        try:
            parts.setdefault(move.use.manifest.start, []).extend(_parts(move))
        except InputError as error:
            left.append((move.use, str(error)))
    pieces, at = [], 0
    for start, found in parts.items():
        manifest = found[0].use.manifest if found else None
        if manifest is not None:
            new, failed = _changed_document(manifest, found, name)
            left += failed
            pieces += [text[at:start], new]
            at = start + len(manifest.text)
    stay = {id(use) for use, _ in left}
    return Rewritten(
        "".join(pieces) + text[at:], tuple(each for each in moved if id(each.use) not in stay), tuple(left)
    )


def _moves(
    uses: Iterable[ImageUse], destination: Destination, pin: Callable[[ImageReference], str] | None
) -> Iterator[Moved]:
    for use in uses:
        if use.reference is None:
            continue
        target = destination.move(use.reference)
        digest = pin(use.reference) if pin and not target.digest else ""
        if digest:
            target = ImageReference.parse(f"{target}@{digest}")
        if target.text != use.reference.text:
            yield Moved(use, target)


def _reference(use: ImageUse) -> ImageReference:
    assert use.reference is not None
    return use.reference


def _parts(move: Moved) -> list[_Part]:
    """What changes where, for an image."""
    use = move.use
    if not use.pieces:
        return [_Part(use, use.levels, use.offset, use.offset + len(use.text), move.target.text)]
    target, level = move.target, use.levels[-1]
    if (target.tag, target.digest) != (_reference(use).tag, _reference(use).digest):
        raise InputError("it is written in parts, and has no place for a digest")
    return [
        _Part(use, (*use.levels[:-1], _level(level, piece)), 0, len(piece.text), new)
        for piece, new in zip(use.pieces, _piece_texts(use.pieces, target), strict=True)
        if new != piece.text
    ]


def _piece_texts(pieces: Sequence[Piece], target: ImageReference) -> list[str]:
    """What each part of an image in parts becomes."""
    texts = [piece.text for piece in pieces]
    places = {
        part: [at for at, piece in enumerate(pieces) if piece.part == part] for part in ("registry", "repository")
    }
    name = target.text[: target.parts.repository[1]]
    for at in places["registry"]:
        texts[at], name = target.registry, target.text[slice(*target.parts.repository)]
    first, last = places["repository"][0], places["repository"][-1]
    if first == last:
        texts[last] = name
    elif name.endswith(f"/{texts[last]}"):
        texts[first] = name.removesuffix(f"/{texts[last]}")
    else:
        raise InputError(f"it is written in parts, and its last one, {texts[last]}, is not the end of {name}")
    return texts


def _level(level: Level, piece: Piece) -> Level:
    """The scalar of a part, which stands in the map at a level."""
    key = piece.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
    return replace(level, steps=(*level.steps, key), value=piece.text)


def _changed_document(manifest: Manifest, parts: Sequence[_Part], name: str) -> tuple[str, list[tuple[ImageUse, str]]]:
    """The text of a manifest with all its parts changed, and the images that could not be, with the reason.

    Cuts are made where the characters stand as they are; whatever else is missing to the data wanted, or was cut too
    much through an anchor, the editor does, which reads its work again.
    """
    wanted = load(manifest.text)
    cuts: dict[tuple[int, int], str] = {}
    failed: list[tuple[ImageUse, str]] = []
    for steps, group in _grouped(parts, lambda part: part.levels[0].steps).items():
        places = [_direct(manifest.text, part) for part in group]
        value = group[0].levels[0].value
        try:
            if None in places:
                value = _changed_value(group, 0)
            else:
                shown = [place for place in places if place is not None]
                cuts.update((place.document, part.text) for place, part in zip(shown, group, strict=True))
                value = _exchanged(value, {place.value: part.text for place, part in zip(shown, group, strict=True)})
        except InputError as error:
            failed += [(part.use, str(error)) for part in group]
        else:
            wanted = _with(wanted, steps, value)
    return rewrite(_exchanged(manifest.text, cuts), wanted, name=name), failed


class _Place(NamedTuple):
    """Where characters stand as they are: in the document, and in the value of its scalar."""

    document: Range
    value: Range


def _direct(text: str, part: _Part) -> _Place | None:
    """Where the characters of a part can be exchanged for others."""
    within = (part.start, part.end)
    inner = within if len(part.levels) == 1 else locate(part.levels[1:], within)
    found = locate(part.levels, within)
    base = 0 if len(part.levels) == 1 else part.levels[1].base
    if found is None or inner is None or base is None or _NOT_PLAIN.search(part.text):
        return None
    place = _Place(found, (inner[0] + base, inner[1] + base))
    shown = part.levels[-1].value[part.start : part.end]
    is_shown = shown == text[slice(*place.document)] == part.levels[0].value[slice(*place.value)]
    return place if shown and is_shown else None


def _exchanged(text: str, ranges: Mapping[Range, str]) -> str:
    """A text with other characters in some ranges."""
    for (start, end), new in sorted(ranges.items(), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _changed_value(parts: Sequence[_Part], depth: int) -> str:
    """The new value of the scalar at a depth, which all parts stand in."""
    value = parts[0].levels[depth].value
    here = {(part.start, part.end): part.text for part in parts if len(part.levels) == depth + 1}
    inner = [part for part in parts if len(part.levels) > depth + 1]
    for group in _grouped(inner, lambda part: (part.levels[depth + 1].base, part.levels[depth + 1].text)).values():
        level = group[0].levels[depth + 1]
        text = _changed_text(group, depth + 1)
        if level.base is None:
            return b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")
        here[level.base, level.base + len(level.text)] = text
    return _exchanged(value, here)


def _changed_text(parts: Sequence[_Part], depth: int) -> str:
    """The new text of the document at a depth, which all parts stand in."""
    text = parts[0].levels[depth].text
    groups = _grouped(parts, lambda part: part.levels[depth].steps)
    if () in groups:
        return _changed_value(groups[()], depth)
    return set_values(text, {steps: _changed_value(group, depth) for steps, group in groups.items()})


def _grouped(parts: Iterable[_Part], key: Callable[[_Part], _Key]) -> dict[_Key, list[_Part]]:
    groups: dict[_Key, list[_Part]] = {}
    for part in parts:
        groups.setdefault(key(part), []).append(part)
    return groups


def _with(data: Any, steps: Path, value: str) -> Any:
    """A copy of a tree with another scalar in it."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(data, list) and isinstance(step, int):
        return [*data[:step], _with(data[step], rest, value), *data[step + 1 :]]
    return {**data, step: _with(data[step], rest, value)}
