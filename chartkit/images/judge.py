"""Whether a text is an image, by its own looks and by what its name says."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from chartkit.images.providers import is_known_registry
from chartkit.images.use import Certainty
from chartkit.pattern import pattern
from chartkit.reference import ImageReference, InvalidReference

_KEPT: Final = 8192
_NO_IMAGE: Final = frozenset(
    (
        "true", "false", "none", "null", "yes", "no", "on", "off", "auto", "default", "always", "never", "enabled",
        "disabled",
    )
)  # fmt: skip
_FILE: Final = pattern(r"\.(?:png|svg|jpe?g|gif|ico|webp|iso|img|qcow2|vmdk|raw|tar|t?gz|zip|ya?ml|json|sh|py|md|txt)$")
_VERSION: Final = pattern(r"v?\d+\.\d[\w.-]*|v\d[\w.-]*|\d{6,}[\w.-]*|[\w.-]*-?\d+\.\d+[\w.-]*")
_MOVING: Final = frozenset(
    ("latest", "main", "master", "edge", "stable", "nightly", "canary", "dev", "develop", "alpine")
)
_NO_REGISTRY: Final = pattern(
    r"(?:.*\.)?(?:github\.com|gitlab\.com|bitbucket\.org|kubernetes\.io|k8s\.io|helm\.sh|istio\.io|prometheus\.io"
    r"|googleapis\.com|golang\.org|gopkg\.in|kyverno\.io|cattle\.io)(?::\d+)?"
)
_CHARTS: Final = frozenset(("charts", "helm-charts", "helm"))


class Verdict(NamedTuple):
    """A reference and how sure it is; no certainty means that the text is nothing to tell of."""

    reference: ImageReference | None
    certainty: Certainty | None
    fault: str = ""


NOTHING: Final = Verdict(None, None)


@lru_cache(maxsize=_KEPT)
def read(text: str, certainty: Certainty) -> Verdict:
    """The verdict on a text in a place that is defined as an image: what is no reference is told all the same."""
    try:
        return Verdict(ImageReference.parse(text), certainty)
    except InvalidReference as error:
        return Verdict(None, certainty, str(error))


@lru_cache(maxsize=_KEPT)
def judge(text: str, *, named: bool) -> Verdict:
    """The verdict on a text in any other place.

    Args:
        text: the text, whole.
        named: whether its name says that it is an image.
    """
    if not text or text.lower() in _NO_IMAGE or _FILE.search(text):
        return NOTHING
    try:
        reference = ImageReference.parse(text)
    except InvalidReference:
        return NOTHING
    certainty = _by_name(reference) if named else _by_looks(reference)
    return NOTHING if certainty is None else Verdict(reference, certainty)


def _by_name(reference: ImageReference) -> Certainty:
    """The name promises an image: a text that could be something else must still show a registry or a version."""
    if is_no_registry(reference):
        return Certainty.POSSIBLE
    if reference.digest or (reference.tag and not reference.tag.isdigit()):
        return Certainty.LIKELY
    if reference.parts.registry and (reference.tag or is_known_registry(reference.registry)):
        return Certainty.LIKELY
    if reference.tag and len(reference.tag) <= 2:
        return Certainty.LIKELY
    return Certainty.LIKELY if reference.tag and "/" in reference.text else Certainty.POSSIBLE


def _by_looks(reference: ImageReference) -> Certainty | None:
    """No name helps: registry and version must both be there."""
    pinned = bool(reference.digest) or is_version(reference.tag)
    if reference.parts.registry is None:
        return Certainty.POSSIBLE if pinned and "/" in reference.text else None
    if is_no_registry(reference):
        return None
    known = is_known_registry(reference.registry)
    if not _CHARTS.isdisjoint(reference.repository.split("/")):
        return Certainty.POSSIBLE if known else None
    if pinned or (known and reference.tag):
        return Certainty.LIKELY
    return Certainty.POSSIBLE if known and "/" in reference.repository else None


def is_version(tag: str) -> bool:
    """Whether a tag looks like a version, or is one of the usual moving tags."""
    return bool(tag) and (tag in _MOVING or _VERSION.fullmatch(tag) is not None)


def is_no_registry(reference: ImageReference) -> bool:
    """Whether the host is one of the well-known ones that hold code, labels or services, and no images."""
    return not is_known_registry(reference.registry) and _NO_REGISTRY.fullmatch(reference.registry) is not None
