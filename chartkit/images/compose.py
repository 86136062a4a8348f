"""Images that are written in parts: `{registry, repository, tag, digest}` and their many spellings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chartkit.gotemplate.gofloat import format_float
from chartkit.images.judge import NOTHING, Verdict, judge
from chartkit.images.naming import names_image
from chartkit.images.use import Certainty
from chartkit.record import dataclass

_REGISTRY: Final = ("registry", "hub")
_REPOSITORY: Final = ("repository", "repo")
_TAG: Final = ("tag", "imageTag")
_VERSION: Final = ("version",)
_DIGEST: Final = ("digest", "sha", "sha256", "imageDigest")
_COMPANIONS: Final = frozenset(
    ("pullPolicy", "imagePullPolicy", "pullSecrets", "imagePullSecrets", "registry", "digest", "sha")
)

Pieces = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """An image in parts.

    Attributes:
        text: the reference that the parts make.
        pieces: part, key and text of each.
        is_sure: whether the map is an image's beyond doubt.
    """

    text: str
    pieces: Pieces
    is_sure: bool

    @property
    def keys(self) -> frozenset[str]:
        """The keys that take part."""
        return frozenset(key for _, key, _ in self.pieces)

    def judged(self) -> Verdict:
        """How sure it is that the parts make an image."""
        verdict = judge(self.text, named=True)
        if verdict.certainty is None:
            return NOTHING
        return verdict if self.is_sure else verdict._replace(certainty=Certainty.POSSIBLE)


def compose(value: Mapping[str, Any], name: str, *, default_tag: str = "") -> Joined | None:
    """The image that a map spells, if it spells one.

    Args:
        value: the map.
        name: the key that it stands under.
        default_tag: what an empty tag stands for.
    """
    named = names_image(name)
    pieces = _pieces(value, named=named)
    if not pieces:
        return None
    tag_key = next((key for part, key, _ in pieces if part == "tag"), "")
    if not tag_key and default_tag and not any(part == "digest" for part, _, _ in pieces):
        pieces = (*pieces, ("tag", "", default_tag))
    sure = named or "baseImage" in value or not _COMPANIONS.isdisjoint(value)
    return Joined(_join(pieces), tuple(piece for piece in pieces if piece[1]), sure)


def _pieces(value: Mapping[str, Any], *, named: bool) -> Pieces:
    registry = _first(value, "registry", _REGISTRY)
    tag = _first(value, "tag", _TAG)
    digest = _first(value, "digest", _DIGEST)
    version = tag or _first(value, "tag", _VERSION)
    repository = _first(value, "repository", _REPOSITORY)
    if _is_bare(value.get("image")) and repository:
        return (*repository, *_first(value, "repository", ("image",)), *version, *digest)
    if repository and (named or tag or digest):
        return (*registry, *repository, *(version if named else tag), *digest)
    base = _first(value, "repository", ("baseImage",))
    if base:
        return (*base, *version, *digest) if version or digest else ()
    image = value.get("image")
    if isinstance(image, str) and (tag or digest) and not _is_pinned(image):
        return (*registry, *_first(value, "repository", ("image",)), *tag, *digest)
    name = _first(value, "repository", ("name",))
    return (*registry, *name, *version, *digest) if named and name and (tag or digest) else ()


def _first(value: Mapping[str, Any], part: str, keys: tuple[str, ...]) -> Pieces:
    """The first of some keys that holds a text or a number."""
    for key in keys:
        found = value.get(key)
        text = found if isinstance(found, str) else format_float(found) if type(found) is float else ""
        if text:
            return ((part, key, text),)
    return ()


def _join(pieces: Pieces) -> str:
    by_part: dict[str, list[str]] = {}
    for part, _, text in pieces:
        by_part.setdefault(part, []).append(text.strip("/") if part != "tag" else text)
    name = "/".join(by_part.get("repository", ()))
    registry = "".join(by_part.get("registry", ()))
    if registry and not name.startswith(f"{registry}/"):
        name = f"{registry}/{name}"
    tag = "".join(by_part.get("tag", ()))
    digest = "".join(by_part.get("digest", ()))
    joint = "@" if tag.startswith("sha256:") else ":"
    if digest and ":" not in digest:
        digest = f"sha256:{digest}"
    return f"{name}{joint}{tag}{'@' if digest else ''}{digest}" if tag else f"{name}{'@' if digest else ''}{digest}"


def _is_bare(image: Any) -> bool:
    """Whether a text is the last part of a repository at most."""
    return isinstance(image, str) and bool(image) and not any(character in image for character in "/:@")


def _is_pinned(image: str) -> bool:
    return not image or "@" in image or ":" in image.rpartition("/")[2]
