"""Which values key to change for an image."""

from __future__ import annotations

from dataclasses import dataclass

from chartkit.checks.subject import Explained, Subject
from chartkit.images.use import ImageUse
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
