"""Putting other images into the texts of files: every byte but theirs stays, and what comes out is read back.

An edit raises an error sooner than it gives a text that says anything else than what was wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from json import dumps
from pathlib import Path
from typing import Any

from chartkit.errors import InputError
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.load import load
from chartkit.goyaml.positions import Path as Steps
from chartkit.goyaml.positions import load_positions
from chartkit.images.use import ImageUse, Level, Range, locate
from chartkit.manifests.split import split_documents
from chartkit.reference import ImageReference
from chartkit.source import Source
from chartkit.systems.devfile.expansion import mask, unmask
from chartkit.systems.devfile.places import DevfileImage

_DOCKERFILE = "dockerfile"


@dataclass(frozen=True, slots=True)
class Change:
    """One image that gets another text; there is no target where it only gets another name to be built under."""

    image: DevfileImage
    written: str
    source: ImageReference
    target: ImageReference | None


def new_texts(changes: Iterable[Change]) -> dict[Path, str]:
    """The new text of every file that changes.

    Raises:
        InputError: an image cannot be changed where it stands, or would have to become two.
    """
    edits: dict[Path, dict[Range, tuple[Change, str]]] = {}
    paths: dict[Path, Path] = {}
    for change in changes:
        # One file may be named in several ways; it is written once, under the first.
        path = paths.setdefault(change.image.path.resolve(), change.image.path)
        span, text = _edit(change)
        known = edits.setdefault(path, {}).setdefault(span, (change, text))[0]
        if known.written != change.written:
            raise InputError(
                f"{known.image.expanded.written} would have to become both {known.written} and {change.written}",
                position=change.image.position,
                hint="two devfiles use this file with different variables; give each its own",
            )
    return {path: _edited(each) for path, each in edits.items()}


def _edit(change: Change) -> tuple[Range, str]:
    """Which characters of the file give way, and to what: those of the image, or its scalar where it has escapes."""
    image = change.image
    span, written = image.use.span, image.expanded.written
    raw = image.use.file_text[slice(*span)] if span else ""
    if span and raw == written:
        return span, change.written
    if span and raw.count(written) == 1:
        start = span[0] + raw.index(written)
        return (start, start + len(written)), change.written
    scalar = _scalar_range(image.use)
    if scalar and image.use.file_text[scalar[0]] in "'\"":
        return scalar, dumps(change.written)
    raise _refused(change)


def _scalar_range(use: ImageUse) -> Range | None:
    """Where the scalar of an image is written, quotes and all, if it stands in the file as in its document."""
    inner = use.levels[-1]
    try:
        within = load_positions(Source("", inner.text))[1].value_range(inner.steps)
    except YAMLError:
        return None
    if within is None:
        return None
    whole = Level(inner.text, (), inner.text, inner.base)
    found = locate((*use.levels[:-1], whole), within)
    if found is None:
        return None
    start, end = found[0] + use.manifest.start, found[1] + use.manifest.start
    # Where the document stands in a scalar with escapes, what is found is all of that.
    is_same = mask(use.file_text[start:end]) == inner.text[slice(*within)]
    return (start, end) if is_same else None


def _edited(edits: dict[Range, tuple[Change, str]]) -> str:
    text = next(iter(edits.values()))[0].image.use.file_text
    parts: list[str] = []
    at = 0
    for (start, end), (_, new) in sorted(edits.items(), key=lambda each: each[0]):
        parts += [text[at:start], new]
        at = end
    changed = "".join([*parts, text[at:]])
    for change, _ in edits.values():
        _read_back(changed, change)
    return changed


def _read_back(text: str, change: Change) -> None:
    """Look at the place of an image in the new text.

    Raises:
        InputError: it says anything else than what was wanted.
    """
    use = change.image.use
    # A Dockerfile has no grammar that a reference could break.
    if use.place == _DOCKERFILE:
        return
    try:
        value = _value_of(mask(text), change)
    except (YAMLError, LookupError, TypeError) as error:
        raise _refused(change) from error
    old = unmask(use.levels[-1].value)
    wanted = old[: use.offset] + change.written + old[use.offset + len(change.image.expanded.written) :]
    # Of a scalar that holds several images each one is changed.
    is_whole = old == change.image.expanded.written
    if value != wanted and (is_whole or change.written not in value):
        raise _refused(change)


def _value_of(text: str, change: Change) -> str:
    """What stands at the place of an image: in a document of a file, or in one that stands in a scalar of it."""
    use = change.image.use
    is_devfile = change.image.devfile is not None and change.image.path == change.image.devfile.path
    part = text if is_devfile else split_documents(text, "C")[use.manifest.index][1]
    value = _at(load(part), use.levels[0].steps)
    for outer, level in zip(use.levels, use.levels[1:], strict=False):
        value = _at(load(split_documents(value, "C")[_number(outer, level)][1]), level.steps)
    if not isinstance(value, str):
        raise TypeError
    return unmask(value)


def _number(outer: Level, level: Level) -> int:
    """The number of the document in a scalar that an image stands in."""
    return [base for base, _ in split_documents(outer.value, "C")].index(level.base or 0)


def _at(value: Any, steps: Steps) -> Any:
    for step in steps:
        value = value[step]
    return value


def _refused(change: Change) -> InputError:
    return InputError(
        f"{change.image.expanded.written} cannot be changed where it stands, for the way that it is written",
        position=change.image.position,
        hint="write it in one line, without escapes",
    )
