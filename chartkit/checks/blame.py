"""Which values key to change for an image."""

from __future__ import annotations

from typing import Any

from chartkit.checks.subject import Explained, Steps, Subject, value_at
from chartkit.images.use import ImageUse, Level, locate
from chartkit.manifests.assemble import Manifest
from chartkit.record import dataclass
from chartkit.source import Position


@dataclass(frozen=True, slots=True)
class Place:
    """What to change, as far as that is known.

    Attributes:
        key: the values key.
        position: where to look: where the key is given, or what it would add to.
        unset: keys that would do, of which none is set; the first is `key`.
    """

    key: str = ""
    position: Position | None = None
    unset: tuple[str, ...] = ()


NOWHERE = Place()


def place_of(subject: Subject, use: ImageUse, *parts: str) -> Place:
    """The key that supplies a part of an image; of several parts the first that has one.

    For a part that is not there it is the first key that was looked for and is not set, as that is the one to set. An
    image that is written into a template has the place there.
    """
    if subject.explain is None:
        return NOWHERE
    whole = subject.explain(use, "")
    for part in parts:
        explained = subject.explain(use, part)
        if explained.keys and not _is_missing(use, part):
            return Place(explained.keys[0].path, explained.keys[0].position)
        unset = [step for step in explained.consulted if step.held != "value" and _is_named(step.path, part)]
        if unset:
            position = _given(subject, whole) or unset[0].position or _fallback(use, whole).position
            return Place(unset[0].path, position, tuple(dict.fromkeys(step.path for step in unset)))
        if explained.text and explained.template and use.reference is not None:
            return Place("", _written(explained.template[-1], explained.text))
    return _fallback(use, whole)


def place_at(subject: Subject, manifest: Manifest, steps: Steps, *wanted: str) -> Place:
    """The key that supplies a scalar of a rendered document, or else the place in its template.

    Args:
        subject: what is checked.
        manifest: the document.
        steps: the way from its root to the scalar.
        wanted: of several keys the one is taken whose value is the first of these texts, or else whose name holds one.
    """
    if subject.origin is None:
        return NOWHERE
    way = _first_scalar(manifest.doc, steps)
    found = subject.origin(manifest, way)
    if not found.keys and not found.text:
        # An empty value supplies no characters.
        for step in reversed(found.consulted):
            if step.held == "empty" and step.position is not None:
                return Place(step.path, step.position)
    if not found.keys:
        return Place("", _in_template(found.template[-1], manifest, way)) if found.template else NOWHERE
    # A text that became the key of a map supplies no character by itself: it was only looked at.
    by_value = (step for text in wanted for step in found.consulted if step.shown == text)
    by_name = (key for text in wanted for key in found.keys if _is_named(key.path, text))
    key = next(by_value, None) or next(by_name, None) or found.keys[0]
    return Place(key.path, key.position)


def _first_scalar(document: Any, steps: Steps) -> Steps:
    """The way to a scalar, or to the first one in a map or a list."""
    value = value_at(document, steps)
    while value and isinstance(value, (dict, list)):
        step = next(iter(value)) if isinstance(value, dict) else 0
        steps, value = (*steps, step), value[step]
    return steps


def _in_template(start: Position, manifest: Manifest, steps: Steps) -> Position:
    """The place of a scalar in the plain text of a template: where its whole line is found, as a word is not unique."""
    text = str(value_at(manifest.doc, steps))
    found = locate((Level(manifest.text, steps, text),), (0, len(text)))
    if found is None:
        return start
    first = manifest.text.rfind("\n", 0, found[0]) + 1
    line = manifest.text[first:].partition("\n")[0]
    at = start.source.text.find(line, start.offset)
    return _written(start, text) if at < 0 else Position(start.source, at + found[0] - first)


def _fallback(use: ImageUse, whole: Explained) -> Place:
    """The first key that has a hand in an image, or else the place in the template."""
    if whole.keys:
        return Place(whole.keys[0].path, whole.keys[0].position)
    return Place("", _written(whole.template[-1], use.text)) if whole.template else NOWHERE


def _written(start: Position, text: str) -> Position:
    """Where an image stands in the plain text of a template that begins at a place."""
    at = start.source.text.find(text, start.offset)
    return start if at < 0 else Position(start.source, at)


def _is_missing(use: ImageUse, part: str) -> bool:
    if use.reference is None:
        return part == "repository" and use.text.startswith(":")
    return getattr(use.reference.parts, part) is None


def _is_named(path: str, part: str) -> bool:
    return part in path.rpartition(".")[2].lower()


def _given(subject: Subject, whole: Explained) -> Position | None:
    """The first place in what the user gives that has a hand in an image: a change is seen best there."""
    names = {layer.source.name for layer in subject.values.layers}
    positions = (key.position for key in whole.keys)
    return next((each for each in positions if each and each.source.name in names), None)
