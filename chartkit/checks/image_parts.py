"""Where values speak of images: blocks such as `server.image`, and single keys such as `imageTag`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chartkit.checks.subject import Steps
from chartkit.images.naming import names_image

_IN_BLOCKS: Final = {
    "registry": "registry", "hub": "registry",
    "repository": "repository", "repo": "repository",
    "tag": "tag",
    "digest": "digest", "sha": "digest", "sha256": "digest",
    "pullPolicy": "policy",
    "pullSecrets": "secrets",
}  # fmt: skip
_ANYWHERE: Final = {
    "imageRegistry": "registry", "dockerRegistry": "registry",
    "imageRepository": "repository",
    "imageTag": "tag",
    "imageDigest": "digest",
    "imagePullPolicy": "policy",
    "imagePullSecrets": "secrets",
}  # fmt: skip
_TOGETHER: Final = ({"repository", "tag"}, {"registry", "repository"}, {"repository", "pullPolicy"})


@dataclass(frozen=True, slots=True)
class Part:
    """A value that is a part of images, or says how they are pulled.

    Attributes:
        path: its key.
        part: `registry`, `repository`, `tag`, `digest`, `policy` or `secrets`.
        value: the value.
    """

    path: Steps
    part: str
    value: Any

    @property
    def is_global(self) -> bool:
        """Whether it is meant for all charts and components."""
        return self.path[0] == "global"


def image_parts(tree: Mapping[str, Any], *wanted: str) -> Iterator[Part]:
    """The parts of images in a tree of values; all of them, or those that are wanted."""
    for path, value in _maps(tree, ()):
        inside = is_block(path, value)
        for key, found in value.items():
            part = _ANYWHERE.get(key) or (_IN_BLOCKS.get(key) if inside else None)
            if part and (not wanted or part in wanted):
                yield Part((*path, key), part, found)


def image_blocks(tree: Mapping[str, Any]) -> dict[Steps, Mapping[str, Any]]:
    """The maps in a tree of values that describe an image, by their paths."""
    return {path: value for path, value in _maps(tree, ()) if is_block(path, value)}


def is_block(path: Steps, value: Mapping[str, Any]) -> bool:
    """Whether a map describes an image: by its name and one key, or by two keys."""
    if not path:
        return False
    keys = set(value)
    named = isinstance(path[-1], str) and names_image(path[-1])
    return named and not keys.isdisjoint(_IN_BLOCKS) or any(pair <= keys for pair in _TOGETHER)


def _maps(value: Any, path: Steps) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        yield path, value
        for key, child in value.items():
            yield from _maps(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _maps(child, (*path, index))
