"""Where images can lie: a registry, or a layout on a disk. What is copied goes from one shelf to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from chartkit.oci.manifest import Descriptor, Manifest, is_digest


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of a registry.

    Attributes:
        registry: host and port; `docker.io` for Docker Hub.
        path: the path within it.
    """

    registry: str
    path: str

    def __str__(self) -> str:
        return f"{self.registry}/{self.path}"

    def named(self, name: str) -> str:
        """One of its manifests in words: by tag or by digest."""
        return f"{self}{'@' if is_digest(name) else ':'}{name}"

    def scope(self, actions: str) -> str:
        """What a token must allow for it."""
        return f"repository:{self.path}:{actions}"


class Source(Protocol):
    """Where images come from."""

    def digest_of(self, repository: Repository, name: str) -> str:
        """The digest of a manifest, by tag or digest; empty if it is not there.

        Raises:
            ChartkitError: it cannot be told.
        """

    def manifest(self, repository: Repository, name: str) -> Manifest:
        """A manifest, by tag or digest.

        Raises:
            ChartkitError: it is not there, or not what it should be.
        """

    def read_blob(self, repository: Repository, descriptor: Descriptor) -> Iterator[bytes]:
        """A blob, a piece at a time; the last piece comes only when all of it is checked.

        Raises:
            ChartkitError: it is not there, or not what it should be.
        """


class Target(Protocol):
    """Where images go to."""

    def digest_of(self, repository: Repository, name: str) -> str:
        """The digest of a manifest, by tag or digest; empty if it is not there.

        Raises:
            ChartkitError: it cannot be told.
        """

    def has_blob(self, repository: Repository, descriptor: Descriptor) -> bool:
        """Whether a blob is there, and of the right size.

        Raises:
            ChartkitError: it cannot be told.
        """

    def mount_blob(self, repository: Repository, digest: str, source: str) -> str | None:
        """Take a blob over from another repository of the same registry.

        Returns:
            `None` if that worked, else where it may be uploaded to, or the empty string.

        Raises:
            ChartkitError: it may not be uploaded either.
        """

    def upload_blob(
        self, repository: Repository, descriptor: Descriptor, pieces: Callable[[], Iterable[bytes]], *, place: str = ""
    ) -> None:
        """Store a blob.

        Args:
            repository: where to.
            descriptor: what it is.
            pieces: gives it, from the start each time it is called.
            place: where `mount_blob` said that it may be uploaded to.

        Raises:
            ChartkitError: it cannot be stored, or `pieces` fails; nothing is stored then.
        """

    def put_manifest(self, repository: Repository, manifest: Manifest, name: str = "") -> None:
        """Store a manifest, everything in which is there; under a tag or its digest, or as a part of an index.

        Raises:
            ChartkitError: it cannot be stored.
        """
