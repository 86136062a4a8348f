"""How many images each registry gives."""

from __future__ import annotations

from collections.abc import Iterable

from chartkit.report.model import Image, Registry

_WORST_FIRST = ("elsewhere", "allowed", "expected", "any")


def by_registry(images: Iterable[Image]) -> tuple[Registry, ...]:
    """The registries of some images, those with the most images first; what is no reference is from none."""
    found: dict[str, list[Image]] = {}
    for image in images:
        if image.registry:
            found.setdefault(image.registry, []).append(image)
    rows = [_row(name, there) for name, there in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.images, -row.places, row.name)))


def _row(name: str, images: list[Image]) -> Registry:
    different = {(image.name, image.tag, image.digest) for image in images}
    worst = min((image.standing for image in images), key=_WORST_FIRST.index)
    return Registry(name, len(different), len(images), worst)
