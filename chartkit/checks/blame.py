"""Which values key to change for an image."""

from __future__ import annotations

from dataclasses import dataclass

from chartkit.checks.subject import Subject
from chartkit.images.use import ImageUse
from chartkit.source import Position


@dataclass(frozen=True, slots=True)
class Place:
    """A values key and where it is given, as far as that is known."""

    key: str = ""
    position: Position | None = None


NOWHERE = Place()


def place_of(subject: Subject, use: ImageUse, *parts: str) -> Place:
    """The key that supplies one of some parts of an image: that of the first part that has one.

    Where none has, the first key that was looked for and is not set, as that is the one to set.
    """
    if subject.explain is None:
        return NOWHERE
    explained = [subject.explain(use, part) for part in parts]
    for each in explained:
        if each.keys:
            return Place(each.keys[0].path, each.keys[0].position)
    for part, each in zip(parts, explained, strict=True):
        unset = [step for step in each.consulted if step.held != "value"]
        named = [step for step in unset if part.lower() in step.path.rpartition(".")[2].lower()]
        if named:
            return Place(named[0].path, named[0].position)
    return NOWHERE
