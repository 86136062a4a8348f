"""Manifests and indexes, of OCI and of Docker's second schema, read once into small values.

A manifest's bytes are kept as they came: its digest is theirs, and any other spelling of the same JSON is
another image.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from chartkit.oci.failures import InvalidContent

OCI_INDEX: Final = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
DOCKER_LIST: Final = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST: Final = "application/vnd.docker.distribution.manifest.v2+json"
INDEXES: Final = frozenset([OCI_INDEX, DOCKER_LIST])
MANIFESTS: Final = frozenset([OCI_MANIFEST, DOCKER_MANIFEST])
ACCEPTED: Final = (OCI_INDEX, DOCKER_LIST, OCI_MANIFEST, DOCKER_MANIFEST)
CONFIGS: Final = frozenset(
    ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"]
)
MANIFEST_LIMIT: Final = 4 * 1024 * 1024
"""Longer manifests are refused, as registries refuse them."""

_SCHEMA1: Final = "application/vnd.docker.distribution.manifest.v1"
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}|sha384:[0-9a-f]{96}")
# BuildKit's attestations stand in the index beside the image that they are about, and name it here.
_ABOUT: Final = "vnd.docker.reference.digest"


@dataclass(frozen=True, slots=True)
class Platform:
    """What an image runs on."""

    os: str
    architecture: str
    variant: str = ""
    os_version: str = ""

    @classmethod
    def parse(cls, text: str) -> Platform:
        """The platform that `linux/arm64/v8` stands for; an architecture alone is one of Linux.

        Raises:
            ValueError: it is no platform.
        """
        pieces = text.lower().split("/")
        if len(pieces) == 1:
            pieces = ["linux", *pieces]
        if len(pieces) > 3 or not all(re.fullmatch(r"[a-z0-9._-]+", piece) for piece in pieces):
            raise ValueError(f"{text!r} is no platform: it is written os/architecture or os/architecture/variant")
        architecture, variant = _ALIASES.get(pieces[1], (pieces[1], ""))
        return cls(pieces[0], architecture, pieces[2] if len(pieces) > 2 else variant)

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Platform:
        """The platform that a descriptor or an image's configuration names."""
        return cls(*(_text(content.get(key)) for key in ("os", "architecture", "variant", "os.version")))

    def __str__(self) -> str:
        return "/".join(filter(None, (self.os, self.architecture, self.variant)))

    @property
    def known(self) -> bool:
        """Whether it is one at all: attestations stand in an index as `unknown/unknown`."""
        return bool(self.os and self.architecture) and self.os != "unknown"

    def fits(self, wanted: Platform) -> bool:
        """Whether it is what is wanted; where no variant is wanted, each will do."""
        if (self.os, self.architecture) != (wanted.os, wanted.architecture):
            return False
        default = _VARIANTS.get(self.architecture, "")
        return not wanted.variant or (self.variant or default) == wanted.variant


_ALIASES: Final = {
    "x86_64": ("amd64", ""),
    "x86-64": ("amd64", ""),
    "aarch64": ("arm64", ""),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
    "i386": ("386", ""),
}
_VARIANTS: Final = {"arm64": "v8", "arm": "v7"}


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A piece of content by its digest.

    Attributes:
        media_type: what it is.
        digest: `algorithm:hex` of its bytes.
        size: their number.
        platform: what the image runs on, in an index.
        urls: where else it is to be had.
        annotations: what is said of it.
    """

    media_type: str
    digest: str
    size: int
    platform: Platform | None = None
    urls: tuple[str, ...] = ()
    annotations: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def subject(self) -> str:
        """The digest of the image that an attestation in an index is about."""
        return self.annotations.get(_ABOUT, "")

    @property
    def foreign(self) -> bool:
        """Whether it is a layer that registries do not hand out, as those of Windows once were."""
        return bool(self.urls) and any(mark in self.media_type for mark in ("foreign", "nondistributable"))


class Manifest:
    """A manifest or an index.

    Attributes:
        body: its bytes.
        media_type: what it is.
        digest: the digest of its bytes.
    """

    def __init__(self, body: bytes, media_type: str = "", digest: str = "") -> None:
        """Read a manifest.

        Args:
            body: its bytes.
            media_type: what the server says that it is, which counts only where the manifest itself does not say it.
            digest: what its digest must be.

        Raises:
            InvalidContent: it is none, one of Docker's first schema, or not the one with this digest.
        """
        self.body = body
        algorithm = digest.partition(":")[0] or "sha256"
        self.digest = digest_of(body, algorithm)
        if digest and digest != self.digest:
            raise InvalidContent(f"the manifest {digest} has the digest {self.digest}: it was changed on the way")
        self._content = _read(body)
        self.media_type = _media_type(self._content, media_type)

    def __repr__(self) -> str:
        return f"Manifest({self.media_type}, {self.digest})"

    @property
    def is_index(self) -> bool:
        """Whether it lists images instead of being one."""
        return self.media_type in INDEXES

    @cached_property
    def images(self) -> tuple[Descriptor, ...]:
        """What an index lists."""
        return self._descriptors("manifests") if self.is_index else ()

    @cached_property
    def config(self) -> Descriptor | None:
        """The configuration of an image."""
        return None if self.is_index else _descriptor(self._content.get("config"), "config")

    @cached_property
    def blobs(self) -> tuple[Descriptor, ...]:
        """Configuration and layers of an image, each once; without layers that registries do not hand out."""
        if self.config is None:
            return ()
        found = {each.digest: each for each in (self.config, *self._descriptors("layers")) if not each.foreign}
        return tuple(found.values())

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """What the images of an index run on."""
        found = (each.platform for each in self.images)
        return tuple(dict.fromkeys(each for each in found if each is not None and each.known))

    def only(self, wanted: Sequence[Platform]) -> Manifest:
        """The index with those images only that run on the platforms wanted, and with what attests them.

        Registries refuse an index that names images they do not have, so a shorter one is made; it has another digest.
        Itself, where nothing is left out and where it is no index.

        Raises:
            InvalidContent: nothing is left.
        """
        if not wanted or not self.is_index:
            return self
        kept = {each.digest for each in self.images if each.platform and any(map(each.platform.fits, wanted))}
        if not kept:
            raise InvalidContent(
                f"no image for {', '.join(map(str, wanted))}: there are {', '.join(map(str, self.platforms))}"
            )
        kept |= {each.digest for each in self.images if each.subject in kept}
        if all(each.digest in kept for each in self.images):
            return self
        entries = [entry for entry in self._content["manifests"] if entry["digest"] in kept]
        content = {**self._content, "manifests": entries}
        return Manifest(json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode(), self.media_type)

    def _descriptors(self, key: str) -> tuple[Descriptor, ...]:
        entries = self._content.get(key)
        if entries is None:
            entries = []
        if not isinstance(entries, list):
            raise InvalidContent(f"the manifest {self.digest} has {key} that are no list")
        return tuple(_descriptor(entry, key) for entry in entries)


def digest_of(data: bytes, algorithm: str = "sha256") -> str:
    """The digest of some bytes."""
    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def is_digest(text: str) -> bool:
    """Whether a text is a digest that can be checked."""
    return _DIGEST.fullmatch(text) is not None


def _read(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise InvalidContent("what came is no manifest: it is not a JSON object")
    if content.get("schemaVersion") == 1 or str(content.get("mediaType", "")).startswith(_SCHEMA1):
        raise InvalidContent(
            "the image has a manifest of Docker's first schema, which registries and runtimes gave up",
            hint="push the image again with any tool of the last years",
        )
    return content


def _media_type(content: Mapping[str, Any], said: str) -> str:
    """What a manifest is: by itself, by the server, or by what it has; buildah and umoci write no `mediaType`."""
    said = said.partition(";")[0].strip().lower()
    own = content.get("mediaType")
    # One text that is an index to one reader and an image to another would be two images under one digest.
    if "manifests" in content and ("layers" in content or "config" in content):
        raise InvalidContent("what came is an index and an image at once")
    for candidate in (own, said):
        if candidate in INDEXES or candidate in MANIFESTS:
            return str(candidate)
    if own:
        raise InvalidContent(f"a manifest of an unknown kind: {str(own)[:100]}")
    if "manifests" in content:
        return OCI_INDEX
    if "config" in content:
        return OCI_MANIFEST
    raise InvalidContent("what came is no manifest: it has neither a config nor manifests")


def _descriptor(entry: Any, where: str) -> Descriptor:
    if not isinstance(entry, dict):
        raise InvalidContent(f"the manifest has no usable {where}")
    digest, size = entry.get("digest"), entry.get("size")
    if not isinstance(digest, str) or not is_digest(digest):
        raise InvalidContent(f"the manifest has a digest in its {where} that is none: {str(digest)[:100]!r}")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise InvalidContent(f"the manifest has a size in its {where} that is none: {str(size)[:100]!r}")
    platform, urls = entry.get("platform"), entry.get("urls")
    annotations = entry.get("annotations")
    return Descriptor(
        _text(entry.get("mediaType")),
        digest,
        size,
        Platform.read(platform) if isinstance(platform, dict) else None,
        tuple(url for url in urls if isinstance(url, str)) if isinstance(urls, list) else (),
        {key: value for key, value in annotations.items() if isinstance(value, str)}
        if isinstance(annotations, dict)
        else {},
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
