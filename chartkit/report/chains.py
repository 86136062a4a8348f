"""The way of each part of an image: from the keys that were looked at to the place where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, cast

from chartkit.checks.subject import Subject
from chartkit.images.explain import Consulted, Explained, Key, explain_written
from chartkit.images.reach import PARTS
from chartkit.images.use import ImageUse
from chartkit.report.discretion import Discretion
from chartkit.report.model import Action, Outcome, Part, Spot, Step
from chartkit.source import Position

if TYPE_CHECKING:
    from chartkit.images.explain import Part as PartName

Shown = Callable[[str], str]
"""A file as the reader would write it."""

_PASSED: Final[dict[str, Outcome]] = {"absent": "unset", "empty": "empty", "value": "passed over"}


class Chains:
    """Explains the images of one render."""

    def __init__(self, subject: Subject, discretion: Discretion, shown: Shown) -> None:
        self._subject = subject
        self._discretion = discretion
        self._shown = shown

    def parts(self, use: ImageUse) -> tuple[Part, ...]:
        """The parts of an image; a digest only where there is one, as hardly any image has one."""
        wanted: tuple[PartName, ...] = PARTS if use.reference else ("",)
        found = [self._part(use, part) for part in wanted]
        return tuple(part for part in found if part.name != "digest" or part.text)

    def explained(self, use: ImageUse, part: PartName) -> Explained:
        """Where a part of an image comes from."""
        if self._subject.explain is None or self._subject.rendering is None:
            return explain_written(use, part)
        return cast(Explained, self._subject.explain(use, part))

    def spot(self, position: Position | None) -> Spot:
        """A place for the reader."""
        if position is None:
            return Spot()
        name = position.source.name
        # A flag's text is a line of its own; the place in it says nothing.
        return Spot(name) if name.startswith("--") else Spot(self._shown(name), position.line, position.column)

    def _part(self, use: ImageUse, part: PartName) -> Part:
        explained = self.explained(use, part)
        written = tuple(
            Action(self.spot(each), self._discretion.free(each.source.line_text(each.line).strip()))
            for each in reversed(explained.template)
        )
        return Part(part or "whole", explained.text, tuple(self._steps(explained)), written)

    def _steps(self, explained: Explained) -> Iterator[Step]:
        winners = {key.path: key for key in explained.keys}
        for each in explained.consulted:
            if not each.beside:
                yield self._step(each, winners.get(each.path))
        if explained.text and not explained.keys:
            yield Step("", "template", explained.text)

    def _step(self, each: Consulted, key: Key | None) -> Step:
        outcome = "won" if key else _PASSED[each.held]
        shown = self._discretion.value(each.path, each.shown, is_won=key is not None)
        return Step(each.path, outcome, shown, each.layer, self.spot(each.position), bool(key and not key.copied))
