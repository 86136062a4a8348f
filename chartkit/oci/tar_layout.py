"""An OCI image layout inside an uncompressed tar file, read where it lies: nothing is unpacked to a disk."""

from __future__ import annotations

import json
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from chartkit.errors import InputError
from chartkit.oci.content import Check
from chartkit.oci.failures import Interrupted, InvalidContent, UnknownManifest
from chartkit.oci.layout import REF_NAME
from chartkit.oci.manifest import MANIFEST_LIMIT, Descriptor, Manifest, is_digest
from chartkit.oci.shelf import Repository
from chartkit.oci.transport import CHUNK

_SMALL: Final = 64 * 1024 * 1024


class TarFolder:
    """The files of a tar file, by their names; it is open until `close`, or until the end of a `with` block.

    Several threads may read at once: each read says where it begins.
    """

    def __init__(self, path: Path) -> None:
        """Read the list of files.

        Raises:
            InputError: it is no tar file, it is damaged, or it is compressed.
        """
        self.path = path
        self._lock = threading.Lock()
        try:
            self._stream: IO[bytes] = open(path, "rb")  # noqa: SIM115
        except OSError as error:
            raise InputError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
        try:
            members = _members(self._stream)
        except (tarfile.TarError, OSError) as error:
            self.close()
            raise InputError(f"{path} is no tar file, or not a whole one: {error}") from None
        self._places = {member.name.removeprefix("./"): (member.offset_data, member.size) for member in members}

    def __enter__(self) -> TarFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def names(self) -> list[str]:
        """The names of the files."""
        return list(self._places)

    def size(self, name: str) -> int | None:
        """The size of a file in bytes; `None` if there is no such file."""
        place = self._places.get(name)
        return None if place is None else place[1]

    def read(self, name: str) -> bytes:
        """A small file.

        Raises:
            InputError: there is none, or it is not small.
        """
        size = self.size(name)
        if size is None:
            raise InputError(f"{self.path} has no {name}: it was not made by `chartkit bundle`, or is not whole")
        if size > _SMALL:
            raise InputError(f"{self.path}: {name} is larger than {_SMALL} bytes")
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """A file, a piece at a time."""
        offset, left = self._places[name]
        while left:
            with self._lock:
                self._stream.seek(offset)
                piece = self._stream.read(min(CHUNK, left))
            if not piece:
                raise InputError(f"{self.path} ends in the middle of {name}")
            offset, left = offset + len(piece), left - len(piece)
            yield piece


def _members(stream: IO[bytes]) -> list[tarfile.TarInfo]:
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        return [member for member in archive if member.isreg()]


class TarLayout:
    """A layout below a folder of a tar file: a `Source`."""

    def __init__(self, folder: TarFolder, prefix: str) -> None:
        """Read the list of images.

        Raises:
            InputError: there is no layout.
        """
        self._folder = folder
        self._prefix = prefix
        self._names, self._media_types = _read_index(folder.read(f"{prefix}/index.json"), f"{folder.path}: {prefix}")

    def names(self) -> dict[str, str]:
        """The digests of the images by their names."""
        return dict(self._names)

    def digest_of(self, repository: Repository, name: str) -> str:
        """The digest of an image, by tag or digest; empty if it is not there."""
        digest = name if is_digest(name) else self._names.get(repository.named(name), "")
        return digest if digest and self._folder.size(self._file(digest)) is not None else ""

    def manifest(self, repository: Repository, name: str) -> Manifest:
        """A manifest, by tag or digest.

        Raises:
            UnknownManifest: the layout does not have it.
            InvalidContent: it is not what its digest says.
        """
        digest = self.digest_of(repository, name)
        if not digest:
            raise UnknownManifest(f"{self._folder.path} has no image {repository.named(name)}")
        if (self._folder.size(self._file(digest)) or 0) > MANIFEST_LIMIT:
            raise InvalidContent(f"{self._folder.path}: {digest} is longer than a manifest may be")
        return Manifest(self._folder.read(self._file(digest)), self._media_types.get(digest, ""), digest)

    def read_blob(self, _repository: Repository, descriptor: Descriptor) -> Iterator[bytes]:
        """A blob, a piece at a time; the last piece comes only when all of it is checked.

        Raises:
            InvalidContent: it is not there, or not what its digest says.
        """
        name = self._file(descriptor.digest)
        if self._folder.size(name) is None:
            raise InvalidContent(f"{self._folder.path} has no blob {descriptor.digest}")
        try:
            yield from Check(descriptor, f"{self._folder.path}: {name}").pass_on(self._folder.pieces(name))
        except Interrupted as fault:
            raise InvalidContent(str(fault)) from None

    def _file(self, digest: str) -> str:
        return f"{self._prefix}/blobs/{digest.replace(':', '/', 1)}"


def _read_index(data: bytes, subject: str) -> tuple[dict[str, str], dict[str, str]]:
    """The digests of the images by name, and the media types by digest."""
    try:
        entries = [entry for entry in json.loads(data)["manifests"] if is_digest(entry["digest"])]
        names = {entry["annotations"][REF_NAME]: entry["digest"] for entry in entries if "annotations" in entry}
        return names, {entry["digest"]: str(entry.get("mediaType", "")) for entry in entries}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(f"{subject}/index.json: this is no index of images") from None
