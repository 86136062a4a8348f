"""What changes between the images of two renders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chartkit.images.use import ImageUse
from chartkit.reference import DEFAULT_REGISTRY, OFFICIAL

_Alike = Callable[["DistinctImage", "DistinctImage"], bool]


@dataclass(frozen=True, slots=True)
class DistinctImage:
    """An image of a render, with all the places that use it.

    Attributes:
        name: registry and repository, normalised; the whole text where it is no reference.
        version: tag and digest, as in `:1.0@sha256:...`.
        uses: the places, in the order of the render.
    """

    name: str
    version: str
    uses: tuple[ImageUse, ...]

    def __str__(self) -> str:
        return f"{self.name}{self.version}"

    @property
    def repository(self) -> str:
        """The path within the registry, without what Docker Hub fills in."""
        repository = self.name.partition("/")[2]
        official = f"{OFFICIAL}/" if self.name.startswith(f"{DEFAULT_REGISTRY}/") else ""
        return repository.removeprefix(official)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        kind: `added`, `removed`, `retagged` (same registry and repository, another tag or digest), or `moved` (another
            registry or path).
        before: the image of the first render; `None` if it is added.
        after: the image of the second; `None` if it is removed.
    """

    kind: str
    before: DistinctImage | None
    after: DistinctImage | None


def compare_images(before: Iterable[ImageUse], after: Iterable[ImageUse]) -> tuple[Change, ...]:
    """The differences between the images of two renders: moved, retagged, removed, added, each sorted by name.

    Images are compared as they would be pulled: `nginx` and `docker.io/library/nginx` are the same. An image that is
    gone and one that is new are the same one moved if their paths are alike, or if one ends in the other, as when a
    mirror puts a path in front; of several candidates those in the same container go first.
    """
    old, new = distinct(before), distinct(after)
    gone = [old[key] for key in sorted(old.keys() - new.keys())]
    come = [new[key] for key in sorted(new.keys() - old.keys())]
    changes: list[Change] = []
    for kind, alike in _PASSES:
        for left, right in _pairs(gone, come, alike):
            changes.append(Change(kind, left, right))
    changes.sort(key=lambda change: (change.kind, str(change.before)))
    changes += [Change("removed", image, None) for image in gone]
    return (*changes, *(Change("added", None, image) for image in come))


def distinct(uses: Iterable[ImageUse]) -> Mapping[tuple[str, str], DistinctImage]:
    """The images of a render, each once, by name and version."""
    found: dict[tuple[str, str], list[ImageUse]] = {}
    for use in uses:
        reference = use.reference
        version = reference.canonical().removeprefix(reference.name) if reference else ""
        found.setdefault((reference.name if reference else use.text, version), []).append(use)
    return {key: DistinctImage(*key, tuple(places)) for key, places in found.items()}


def _pairs(
    gone: list[DistinctImage], come: list[DistinctImage], alike: _Alike
) -> Iterator[tuple[DistinctImage, DistinctImage]]:
    """The pairs that are alike, taken out of both lists."""
    for left in list(gone):
        right = next((each for each in come if alike(left, each)), None)
        if right is not None:
            gone.remove(left)
            come.remove(right)
            yield left, right


def _same_name(left: DistinctImage, right: DistinctImage) -> bool:
    return left.name == right.name


def _same_path(left: DistinctImage, right: DistinctImage) -> bool:
    return left.repository != "" and left.repository == right.repository


def _one_path_in_other(left: DistinctImage, right: DistinctImage) -> bool:
    shorter, longer = sorted((left.repository, right.repository), key=len)
    return shorter != "" and longer.endswith(f"/{shorter}")


def _same_last_part(left: DistinctImage, right: DistinctImage) -> bool:
    return left.repository != "" and left.repository.rpartition("/")[2] == right.repository.rpartition("/")[2]


def _in_same_place(alike: _Alike) -> _Alike:
    def both(left: DistinctImage, right: DistinctImage) -> bool:
        return alike(left, right) and not _places(left).isdisjoint(_places(right))

    return both


def _places(image: DistinctImage) -> set[tuple[str, str, str, str]]:
    return {(use.resource.kind, use.resource.name, use.container, use.place) for use in image.uses}


_PASSES: Final[tuple[tuple[str, _Alike], ...]] = (
    ("retagged", _in_same_place(_same_name)),
    ("retagged", _same_name),
    ("moved", _in_same_place(_same_path)),
    ("moved", _same_path),
    ("moved", _in_same_place(_one_path_in_other)),
    ("moved", _one_path_in_other),
    ("moved", _in_same_place(_same_last_part)),
)
"""What makes two images the same one changed, the surest first."""
