"""What is to be copied where: one plan, whatever tool does it. `mirror_formats` writes it for each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chartkit.images.locked import Lock
from chartkit.images.target import Destination, check_collisions
from chartkit.images.use import ImageUse
from chartkit.reference import ImageReference

_LATEST: Final = "latest"


@dataclass(frozen=True, slots=True)
class Copy:
    """One image to copy.

    Attributes:
        source: the image; with a digest where one is known, and with a tag or digest always.
        target: what it becomes; with a tag or digest always.
        places: the objects that use it, as `Deployment/web`.
    """

    source: ImageReference
    target: ImageReference
    places: tuple[str, ...] = ()

    @property
    def source_text(self) -> str:
        """The source as tools take it: by digest where that is known, else by tag, but never by both."""
        digest = self.source.digest
        return f"{self.source.name}@{digest}" if digest else f"{self.source.name}:{self.source.tag}"

    @property
    def target_text(self) -> str:
        """The target as tools take it: by tag, or by digest where the image is named by that alone."""
        tag = self.target.tag
        return f"{self.target.name}:{tag}" if tag else f"{self.target.name}@{self.target.digest}"


@dataclass(frozen=True, slots=True)
class MirrorPlan:
    """Images to copy.

    Attributes:
        copies: each image once, sorted.
        platforms: the platforms wanted, as `linux/arm64`; all if there are none.
        plain: registries that speak plain HTTP.
        name: what the plan is for: the chart's name.
    """

    copies: tuple[Copy, ...]
    platforms: tuple[str, ...] = ()
    plain: frozenset[str] = frozenset()
    name: str = "images"

    def is_plain(self, reference: ImageReference) -> bool:
        """Whether an image's registry speaks plain HTTP."""
        return reference.registry in self.plain

    def platforms_for(self, copy: Copy) -> tuple[str, ...]:
        """The platforms wanted of an image; all, of one that is named by digest: a part of it has another digest."""
        return () if copy.target.digest else self.platforms

    def rows(self) -> dict[str, Any]:
        """The plan as plain values."""
        return {
            "platforms": list(self.platforms),
            "images": [
                {
                    "source": copy.source.canonical(),
                    "target": copy.target.canonical(),
                    "digest": copy.source.digest,
                    "places": list(copy.places),
                }
                for copy in self.copies
            ],
        }


def plan_copies(uses: Iterable[ImageUse], destination: Destination, lock: Lock | None = None) -> tuple[Copy, ...]:
    """The images of a render that are not at their destination yet.

    Args:
        uses: the images; texts that are none are passed over.
        destination: where they go.
        lock: gives the digests to copy them by.

    Raises:
        InputError: two images would get one name.
    """
    places: dict[str, dict[str, None]] = {}
    references: dict[str, ImageReference] = {}
    for use in uses:
        if use.reference is None:
            continue
        key = _versioned(use.reference).canonical()
        references.setdefault(key, use.reference)
        place = f"{use.resource.kind}/{use.resource.name}".strip("/")
        places.setdefault(key, {})[place] = None
    moves = [(references[key], destination.move(references[key]), tuple(places[key])) for key in sorted(references)]
    check_collisions((source, target) for source, target, _ in moves)
    return tuple(
        Copy(_pinned(source, lock), _versioned(target), found)
        for source, target, found in moves
        if source.name != target.name
    )


def pairs(copies: Iterable[Copy]) -> list[tuple[ImageReference, ImageReference]]:
    """Sources and targets, for a copy by chartkit itself."""
    return [(copy.source, copy.target) for copy in copies]


def by_registry(copies: Iterable[Copy]) -> Mapping[str, Mapping[str, list[str]]]:
    """Sources by registry and repository: their tags, or digests where there is no tag."""
    found: dict[str, dict[str, list[str]]] = {}
    for copy in copies:
        versions = found.setdefault(copy.source.registry, {}).setdefault(copy.source.repository, [])
        versions.append(copy.source.tag or copy.source.digest)
    return found


def _versioned(reference: ImageReference) -> ImageReference:
    """An image with the tag that runtimes fill in."""
    if reference.tag or reference.digest:
        return ImageReference.parse(reference.canonical())
    return ImageReference.parse(f"{reference.canonical()}:{_LATEST}")


def _pinned(reference: ImageReference, lock: Lock | None) -> ImageReference:
    versioned = _versioned(reference)
    digest = "" if lock is None or versioned.digest else lock.digest_of(versioned)
    return ImageReference.parse(f"{versioned.canonical()}@{digest}") if digest else versioned
