"""Which images the credentials of a pull secret are used for, as the kubelet decides it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from chartkit.reference import DEFAULT_REGISTRY, ImageReference

HUB_KEY: Final = "index.docker.io"


@dataclass(frozen=True, slots=True)
class AuthKey:
    """A key under `auths`, as the kubelet takes it apart.

    Attributes:
        host: the host, each label a pattern in which `*` stands for any letters.
        port: the port, or the empty string.
        path: what the path of an image must begin with.
    """

    host: str
    port: str
    path: str

    @property
    def text(self) -> str:
        """Host, port and path."""
        return f"{self.host}{':' if self.port else ''}{self.port}{self.path}"


def read_key(key: str) -> AuthKey:
    """The key without its scheme, and without `/v1/` or `/v2/` in front of its path."""
    rest = key.removeprefix("https://").removeprefix("http://")
    place, slash, path = rest.partition("/")
    path = slash + path
    if path.startswith(("/v1/", "/v2/")):
        path = path[3:]
    host, _, port = place.partition(":")
    return AuthKey(host, port, "" if path == "/" else path)


def covers(key: str, image: ImageReference) -> bool:
    """Whether the credentials under a key are used for an image."""
    known = read_key(key)
    if _matches(known, image):
        return True
    return image.registry == DEFAULT_REGISTRY and known.text == HUB_KEY


def covering(keys: Iterable[str], image: ImageReference) -> tuple[str, ...]:
    """The keys whose credentials are tried for an image, in the order of trying."""
    listed = list(keys)
    matching = sorted((key for key in listed if _matches(read_key(key), image)), key=_order, reverse=True)
    return tuple(matching or (key for key in listed if covers(key, image)))


def _order(key: str) -> str:
    return read_key(key).text


def _matches(key: AuthKey, image: ImageReference) -> bool:
    host, _, port = image.registry.partition(":")
    patterns, labels = key.host.split("."), host.split(".")
    return (
        key.port == port
        and len(patterns) == len(labels)
        and all(fnmatchcase(label, pattern) for label, pattern in zip(labels, patterns, strict=True))
        and f"/{image.repository}".startswith(key.path)
    )


def why_useless(key: str, images: Iterable[ImageReference]) -> str:
    """Why a key can cover none of some images that it seems to be for; empty where there is no near miss."""
    known, seen = read_key(key), list(images)
    never = _why_never(key, known)
    if never:
        return never
    if any(covers(key, image) for image in seen):
        return ""
    reasons = (_near_miss(known, image) for image in seen)
    return next(filter(None, reasons), "")


def _why_never(key: str, known: AuthKey) -> str:
    """Why a key can cover no image at all."""
    if known.path in ("/v1", "/v2"):
        return f"the path {known.path} is taken as a part of image names; with a slash at its end it would be left out"
    if known.path.startswith("//"):
        return "only https:// and http:// are left out in front of the host"
    if not known.host or not key.isprintable() or " " in key:
        return "it names no host"
    if known.port and not known.port.isdecimal():
        return "what stands behind the colon is no port"
    if ":" in known.path or "@" in known.path:
        return "a tag or digest is no part of what images are compared by"
    return ""


def _near_miss(key: AuthKey, image: ImageReference) -> str:
    host, _, port = image.registry.partition(":")
    if key.host == host and key.port != port:
        return f"the port differs from that of {image.registry}, and both must be the same"
    if key.host == host:
        return f"the path {key.path} is no beginning of /{image.repository}"
    if "*" in key.host and host.endswith(key.host.rpartition("*")[2].lstrip(".")):
        return f"a * stands for one label, so that the pattern does not fit {host}"
    return ""
