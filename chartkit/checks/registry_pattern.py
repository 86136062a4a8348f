"""Patterns of images: a registry, a path in it, or one image; whole components, in their canonical form."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

from chartkit.errors import InputError
from chartkit.record import dataclass
from chartkit.reference import DEFAULT_REGISTRY, OFFICIAL, ImageReference

_OLD_HUB: Final = "index.docker.io"


@dataclass(frozen=True, slots=True)
class Pattern:
    """What images must begin with.

    Attributes:
        text: as the user wrote it.
        components: the registry and the parts of the path; `*` in one stands for any characters but a slash.
        version: the tag or digest, also with `*`; empty if any will do.
    """

    text: str
    components: tuple[str, ...]
    version: str = ""

    def fits(self, reference: ImageReference) -> bool:
        """Whether an image is what the pattern names, or below it."""
        image = (reference.registry.lower(), *reference.repository.split("/"))
        if self.version:
            versions = (reference.tag, reference.digest, f"{reference.tag}@{reference.digest}")
            return any(fnmatchcase(each, self.version) for each in versions if each) and self._fits(image, whole=True)
        return self._fits(image, whole=False)

    def _fits(self, image: tuple[str, ...], *, whole: bool) -> bool:
        wanted = self.components
        if len(wanted) == 2 and wanted[0] == DEFAULT_REGISTRY and image[:2] == (DEFAULT_REGISTRY, OFFICIAL):
            # Docker Hub's official images are in library/, which nobody writes.
            wanted = (wanted[0], OFFICIAL, wanted[1]) if wanted[1] != OFFICIAL else wanted
        if len(image) < len(wanted) or (whole and len(image) != len(wanted)):
            return False
        return all(fnmatchcase(part, pattern) for part, pattern in zip(image, wanted, strict=False))


def read_pattern(text: str) -> Pattern:
    """The pattern that a text stands for: `gcr.io/my-project`, `docker.io`, `*.example.com`, `nginx:1.27`.

    Raises:
        InputError: the text is empty, or has a scheme.
    """
    written = text.strip()
    if not written.strip("/"):
        raise InputError("the expected registry is an empty text", hint="write it as host[:port][/path]")
    if "://" in written:
        bare = written.partition("://")[2]
        raise InputError(f"{written}: a registry has no scheme", hint=f"write {bare.rstrip('/')}")
    name, version = _split_version(written.rstrip("/"))
    first, *path = name.split("/")
    if any(character in first for character in ".:*") or first == "localhost" or first.lower() != first:
        host = first.lower()
        return Pattern(text, (DEFAULT_REGISTRY if host == _OLD_HUB else host, *path), version)
    return Pattern(text, (DEFAULT_REGISTRY, first, *path), version)


def _split_version(text: str) -> tuple[str, str]:
    name, at, digest = text.partition("@")
    head, slash, last = name.rpartition("/")
    leaf, colon, tag = last.partition(":")
    # What follows the colon of a host is a port.
    if not colon or (not slash and ("." in leaf or leaf == "localhost" or tag.isdigit() and not at)):
        return name, digest
    return f"{head}{slash}{leaf}", f"{tag}{at}{digest}"
