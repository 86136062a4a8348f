"""Asking for one image: is it there, and if not, what exactly is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chartkit.errors import NotFound, RegistryError, Unauthorized, Unreachable
from chartkit.oci.client import RegistryClient
from chartkit.oci.failures import (
    Denied,
    ExpiredToken,
    InvalidContent,
    LoginNeeded,
    RateLimited,
    UnknownRepository,
    WrongPassword,
)
from chartkit.oci.manifest import CONFIGS, INDEXES, Manifest, Platform
from chartkit.oci.shelf import Repository
from chartkit.reference import ImageReference

DEFAULT_TAG: Final = "latest"


class Answer(StrEnum):
    """What comes of asking a registry for an image."""

    FOUND = "found"
    UNKNOWN_REPOSITORY = "unknown-repository"
    UNKNOWN_IMAGE = "unknown-image"
    WRONG_PASSWORD = "wrong-password"
    EXPIRED_TOKEN = "expired-token"
    LOGIN_NEEDED = "login-needed"
    DENIED = "denied"
    UNREACHABLE = "unreachable"
    RATE_LIMITED = "rate-limited"
    FAILED = "failed"

    @property
    def missing(self) -> bool:
        """Whether the registry says that the image is not there."""
        return self in (Answer.UNKNOWN_REPOSITORY, Answer.UNKNOWN_IMAGE)

    @property
    def refused(self) -> bool:
        """Whether the registry did not let in who asked."""
        return self in (Answer.WRONG_PASSWORD, Answer.EXPIRED_TOKEN, Answer.LOGIN_NEEDED, Answer.DENIED)


_ANSWERS: Final[Mapping[type[RegistryError], Answer]] = {
    UnknownRepository: Answer.UNKNOWN_REPOSITORY,
    NotFound: Answer.UNKNOWN_IMAGE,
    WrongPassword: Answer.WRONG_PASSWORD,
    ExpiredToken: Answer.EXPIRED_TOKEN,
    LoginNeeded: Answer.LOGIN_NEEDED,
    Denied: Answer.DENIED,
    Unauthorized: Answer.DENIED,
    Unreachable: Answer.UNREACHABLE,
    RateLimited: Answer.RATE_LIMITED,
    RegistryError: Answer.FAILED,
}
"""The answer that each failure is; the first class that fits counts."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking for an image.

    Attributes:
        reference: the image.
        answer: what came of it.
        digest: of the manifest or index that was found.
        media_type: of what was found.
        platforms: what the image runs on; empty where that was not asked.
        failure: what went wrong, in words and with a hint.
    """

    reference: ImageReference
    answer: Answer
    digest: str = ""
    media_type: str = ""
    platforms: tuple[Platform, ...] = ()
    failure: RegistryError | None = None

    @property
    def subject(self) -> str:
        """What was asked for, as errors name it."""
        return repository_of(self.reference).named(manifest_name(self.reference))

    @property
    def reason(self) -> str:
        """What went wrong, in one line; empty if nothing did."""
        return "" if self.failure is None else str(self.failure)

    @property
    def hint(self) -> str:
        """What to do about it, if that is known."""
        return "" if self.failure is None else self.failure.hint


def probe(client: RegistryClient, reference: ImageReference, *, platforms: bool = True) -> Outcome:
    """Ask an image's registry for it; where neither tag nor digest is written, for `latest`, as runtimes do.

    Args:
        client: who asks, with the credentials to use.
        reference: the image.
        platforms: whether to find out what it runs on too, which takes one or two more requests.
    """
    repository = repository_of(reference)
    try:
        found = client.find_manifest(repository, manifest_name(reference))
        media_type = found.media_type
        known: tuple[Platform, ...] = ()
        if platforms:
            manifest = client.manifest(repository, found.digest)
            media_type, known = manifest.media_type, platforms_of(client, repository, manifest)
    except RegistryError as failure:
        return Outcome(reference, answer_of(failure), failure=failure)
    return Outcome(reference, Answer.FOUND, found.digest, media_type, known)


def answer_of(failure: RegistryError) -> Answer:
    """What kind of answer a failure is."""
    return next(answer for kind, answer in _ANSWERS.items() if isinstance(failure, kind))


def platforms_of(client: RegistryClient, repository: Repository, manifest: Manifest) -> tuple[Platform, ...]:
    """What an image runs on: by its index, or by its configuration.

    Raises:
        RegistryError: the registry cannot be asked, or refuses.
    """
    if manifest.media_type in INDEXES:
        return manifest.platforms
    if manifest.config is None or manifest.config.media_type not in CONFIGS:
        return ()
    import json

    try:
        content = json.loads(client.small_blob(repository, manifest.config))
    except (ValueError, RecursionError):
        subject = repository.named(manifest.config.digest)
        raise InvalidContent(f"{subject}: the configuration of the image is no JSON") from None
    platform = Platform.read(content) if isinstance(content, dict) else Platform("", "")
    return (platform,) if platform.known else ()


def repository_of(reference: ImageReference) -> Repository:
    """The repository that an image is in."""
    return Repository(reference.registry, reference.repository)


def manifest_name(reference: ImageReference) -> str:
    """What an image's manifest is asked for by: its digest, else its tag; the digest counts where both are written."""
    return reference.digest or reference.tag or DEFAULT_TAG
