"""Image references: `registry/repository:tag@digest`, by the grammar of distribution/reference.

    reference      = name [ ":" tag ] [ "@" digest ]
    name           = [ domain "/" ] path { "/" path }
    domain         = host [ ":" digits ]
    host           = label { "." label } | "[" IPv6 address "]"
    path           = alphanumeric { separator alphanumeric }       in lower case
    separator      = "." | "_" | "__" | "-" { "-" }
    tag            = word character { word character | "." | "-" }    up to 128
    digest         = algorithm ":" hexadecimal digits, at least 32

The first piece of a name is a domain if it holds a `.` or `:`, is `localhost`, or has an upper-case letter; otherwise
the image is one of Docker Hub's. What a chart calls a registry may hold a path (`gcr.io/my-project`); here `registry`
is the host and port only.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from chartkit.pattern import pattern
from chartkit.record import dataclass

DEFAULT_REGISTRY: Final = "docker.io"
OFFICIAL: Final = "library"
_OLD_HUB: Final = "index.docker.io"
_NAME_LIMIT: Final = 255

_LABEL: Final = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN: Final = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?"
_COMPONENT: Final = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH: Final = rf"{_COMPONENT}(?:/{_COMPONENT})*"
_TAG: Final = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST: Final = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE: Final = pattern(rf"((?:{_DOMAIN}/)?{_PATH})(?::({_TAG}))?(?:@({_DIGEST}))?")
_SPLIT_NAME: Final = pattern(rf"(?:({_DOMAIN})/)?({_PATH})")
_IDENTIFIER: Final = pattern(r"[a-f0-9]{64}")
_DIGEST_LENGTHS: Final = {"sha256": 64, "sha384": 96, "sha512": 128}


class InvalidReference(ValueError):
    """A text that is no image reference; the message is distribution/reference's reason."""


class Parts(NamedTuple):
    """The character range `(start, end)` of each part in the text as typed; `None` for a part that is not there."""

    registry: tuple[int, int] | None
    repository: tuple[int, int]
    tag: tuple[int, int] | None
    digest: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class ImageReference:
    """An image reference, as typed and in its parts.

    Attributes:
        registry: host and perhaps port; `docker.io` where none was typed; empty in the odd case that what stands for it
            can only be a path, as in `a_b.com/c`.
        repository: the path within the registry, with `library/` for Docker Hub's official images.
        tag: the tag, or the empty string; none is made up.
        digest: `algorithm:hex`, or the empty string.
        text: what was typed.
        parts: where in `text` each part stands.
    """

    registry: str
    repository: str
    tag: str
    digest: str
    text: str
    parts: Parts

    @classmethod
    def parse(cls, text: str) -> ImageReference:
        """The reference that a text stands for.

        Accepts what distribution/reference's ParseNormalizedNamed accepts.

        Raises:
            InvalidReference: the text is no reference.
        """
        if _IDENTIFIER.fullmatch(text):
            raise InvalidReference(f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings")
        registry, start = _split_registry(text)
        remainder = text[start:]
        _check_lower_case(remainder)
        repository = remainder
        if registry == DEFAULT_REGISTRY and "/" not in remainder:
            repository = f"{OFFICIAL}/{remainder}"
        (domain, path), tag, digest = _checked(f"{registry}/{repository}")
        name_end = len(text) - (len(tag) + 1 if tag else 0) - (len(digest) + 1 if digest else 0)
        return cls(domain, path, tag, digest, text, _parts(start if domain else 0, name_end, tag, digest))

    def __str__(self) -> str:
        """What was typed."""
        return self.text

    @property
    def name(self) -> str:
        """Registry and repository, normalised."""
        return f"{self.registry}/{self.repository}" if self.registry else self.repository

    def canonical(self) -> str:
        """The normalised reference: registry and `library/` filled in, no tag invented."""
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.name}{tag}{digest}"


def _split_registry(text: str) -> tuple[str, int]:
    """The registry of a reference, normalised, and the offset at which the rest begins."""
    head, slash, _ = text.partition("/")
    is_domain = any(character in head for character in ".:") or head == "localhost" or head.lower() != head
    if not slash or not is_domain:
        return DEFAULT_REGISTRY, 0
    return DEFAULT_REGISTRY if head == _OLD_HUB else head, len(head) + 1


def _check_lower_case(remainder: str) -> None:
    """Say that upper case is the fault, which is likelier than any other, before the grammar says no more than no."""
    path = remainder.partition(":")[0]
    if path.lower() != path:
        raise InvalidReference(f"invalid reference format: repository name ({path}) must be lowercase")


def _checked(text: str) -> tuple[tuple[str, str], str, str]:
    """Domain and path, tag, and digest of a text with a registry; the domain is empty if the grammar finds none."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        if _REFERENCE.fullmatch(text.lower()):
            raise InvalidReference("repository name must be lowercase")
        raise InvalidReference("invalid reference format")
    split = _SPLIT_NAME.fullmatch(match[1])
    domain, path = (split[1] or "", split[2]) if split else ("", match[1])
    if len(path) > _NAME_LIMIT:
        raise InvalidReference(f"repository name must not be more than {_NAME_LIMIT} characters")
    if match[3]:
        _check_digest(match[3])
    return (domain, path), match[2] or "", match[3] or ""


def _check_digest(digest: str) -> None:
    algorithm, _, digits = digest.partition(":")
    if algorithm not in _DIGEST_LENGTHS:
        # Names of algorithms are in lower case, which the grammar of references does not ask for.
        is_named = algorithm.lower() == algorithm
        raise InvalidReference("unsupported digest algorithm" if is_named else "invalid checksum digest format")
    if len(digits) != _DIGEST_LENGTHS[algorithm]:
        raise InvalidReference("invalid checksum digest length")
    if digits.lower() != digits:
        raise InvalidReference("invalid checksum digest format")


def _parts(start: int, name_end: int, tag: str, digest: str) -> Parts:
    """Where the parts of a text stand, from the end of its registry, the end of its name, and its tag and digest."""
    tag_range = (name_end + 1, name_end + 1 + len(tag)) if tag else None
    digest_start = (tag_range[1] if tag_range else name_end) + 1
    return Parts(
        registry=(0, start - 1) if start else None,
        repository=(start, name_end),
        tag=tag_range,
        digest=(digest_start, digest_start + len(digest)) if digest else None,
    )
