"""What the name of a key, flag or variable says about its value."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from chartkit.pattern import pattern

_WORD: Final = pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")
_IMAGE: Final = frozenset(("image", "images", "img"))
_SAME: Final = frozenset(("name", "ref", "reference", "uri", "url", "default", "override", "value"))
_ASIDE: Final = frozenset(
    (
        "pull", "policy", "secret", "secrets", "tag", "tags", "version", "registry", "registries", "repository", "repo",
        "digest", "sha", "size", "type", "format", "dir", "directory", "id", "hash", "prefix", "suffix", "gc", "arch",
        "platform", "cache", "timeout", "interval", "count", "limit", "enabled", "verify", "scan", "label", "labels",
        "width", "height", "renderer", "hub", "streams", "stream", "title", "caption", "host", "port", "user",
        "threshold", "automation", "reflector", "updater", "list", "credential", "credentials", "password",
        "server", "proxy",
    )
)  # fmt: skip
_ARTIFACT: Final = frozenset(("artifact", "artifacts", "bundle", "bundles", "chart", "charts", "rules", "git"))
_DATABASE: Final = frozenset(("db", "database"))
_STORE: Final = frozenset(("repository", "repositories", "repo"))
_PROSE: Final = frozenset(("description", "documentation", "example", "examples", "help", "comment", "changes"))


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case: `RELATED_IMAGE_X`, `thanosBaseImage`, `--x-image` alike."""
    return tuple(word.lower() for word in _WORD.findall(name.rpartition("/")[2]))


@lru_cache(maxsize=4096)
def names_image(name: str) -> bool:
    """Whether a name says that its value is a whole image: `image`, `x-image`, `imageName`, `RELATED_IMAGE_X`."""
    said = words(name)
    while len(said) > 1 and said[-1] in _SAME:
        said = said[:-1]
    if not said:
        return False
    return said[-1] in _IMAGE or said[:2] == ("related", "image") or said[-1].endswith("image")


@lru_cache(maxsize=4096)
def hints_image(name: str) -> bool:
    """Whether a name speaks of an image and is no policy, tag or path: `image-for-jobs`, `images_kafka`."""
    said = words(name)
    return not _IMAGE.isdisjoint(said) and _ASIDE.isdisjoint(said)


@lru_cache(maxsize=4096)
def names_artifact(name: str) -> bool:
    """Whether a name speaks of what registries hold besides images: charts, bundles of rules, databases."""
    said = words(name)
    return not _ARTIFACT.isdisjoint(said) or not (_DATABASE.isdisjoint(said) or _STORE.isdisjoint(said))


@lru_cache(maxsize=4096)
def is_aside(name: str) -> bool:
    """Whether what stands under a name only speaks of images, or is about other artifacts."""
    said = words(name)
    return bool(said) and (said[-1] in _PROSE or said in (("artifact",), ("artifacts",)))
