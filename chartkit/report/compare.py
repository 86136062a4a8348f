"""Two sets of values side by side: what changes between their images, and which keys make it so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chartkit.images.difference import Change, DistinctImage, compare_images, distinct
from chartkit.images.reach import PARTS
from chartkit.images.use import ImageUse
from chartkit.report.chains import Chains
from chartkit.report.model import Changed, Comparison, Giver, Spot

if TYPE_CHECKING:
    from chartkit.images.explain import Part as PartName


@dataclass(frozen=True, slots=True)
class Other:
    """The render to compare with.

    Attributes:
        name: what it is called.
        here: what the report's own render is called.
        chains: explains its images.
        uses: its images.
    """

    name: str
    here: str
    chains: Chains
    uses: Sequence[ImageUse]


def compared(chains: Chains, uses: Sequence[ImageUse], other: Other) -> Comparison:
    """What changes from the other render to this one."""
    changes = compare_images(other.uses, uses)
    same = len(distinct(uses).keys() & distinct(other.uses).keys())
    return Comparison(
        before=other.name,
        after=other.here,
        same=same,
        changes=tuple(_changed(change, other.chains, chains) for change in changes),
    )


def _changed(change: Change, before: Chains, after: Chains) -> Changed:
    parts = tuple(_differing(change))
    return Changed(
        kind=change.kind,
        before=str(change.before or ""),
        after=str(change.after or ""),
        where=tuple(_places(change)),
        before_by=tuple(_givers(change.before, before, parts)),
        after_by=tuple(_givers(change.after, after, parts)),
    )


def _differing(change: Change) -> Iterator[PartName]:
    """The parts in which two images differ; all of one that is added or removed."""
    left = change.before.uses[0].reference if change.before else None
    right = change.after.uses[0].reference if change.after else None
    if left is None and right is None:
        yield ""
        return
    for part in PARTS:
        texts = [getattr(each, part) for each in (left, right) if each is not None]
        if len(set(texts)) > 1 or (len(texts) == 1 and texts[0]):
            yield part


def _givers(image: DistinctImage | None, chains: Chains, parts: Sequence[PartName]) -> Iterator[Giver]:
    if image is None:
        return
    use = image.uses[0]
    for part in parts:
        explained = chains.explained(use, part)
        for key in explained.keys:
            yield Giver(part or "whole", explained.text, key.path, key.layer, chains.spot(key.position))
        if not explained.keys:
            yield Giver(part or "whole", explained.text, "", "", Spot())


def _places(change: Change) -> Iterator[str]:
    image = change.after or change.before
    uses = image.uses if image else ()
    places = (f"{use.resource.kind}/{use.resource.name} {use.container}".strip(" /") for use in uses)
    yield from dict.fromkeys(places)
