"""OCI image layouts: images in a folder, as skopeo, umoci, regctl and oras read and write them.

Images are named in `index.json` by `org.opencontainers.image.ref.name`: here always by their whole reference, registry
and all, since one folder holds images of many registries. Layouts of other tools, which mostly write a tag there, are
read too. Blobs are written beside their place and moved there when they are complete and checked; a layout is never
left with a part of one, nor `index.json` with an image that is not complete.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

from chartkit.errors import InputError
from chartkit.oci.content import Check
from chartkit.oci.failures import Interrupted, InvalidContent, UnknownManifest
from chartkit.oci.manifest import MANIFEST_LIMIT, OCI_INDEX, Descriptor, Manifest, is_digest
from chartkit.oci.shelf import Repository
from chartkit.oci.transport import CHUNK

REF_NAME: Final = "org.opencontainers.image.ref.name"
_MARK: Final = "oci-layout"
_VERSION: Final = "1.0.0"
_INDEX: Final = "index.json"
_MODE: Final = 0o644


class Layout:
    """A layout on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()

    @classmethod
    def create(cls, folder: Path) -> Layout:
        """The layout in a folder, which is made if it is not there yet.

        Raises:
            InputError: it cannot be made, or is something else.
        """
        layout = cls(folder)
        mark = folder / _MARK
        if not mark.exists():
            with _told(folder):
                if folder.exists() and any(folder.iterdir()):
                    raise InputError(f"{folder} is no OCI layout, and not empty either")
                (folder / "blobs" / "sha256").mkdir(parents=True, exist_ok=True)
            layout._write_index([])
            layout._write(mark, json.dumps({"imageLayoutVersion": _VERSION}).encode())
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Layout:
        """The layout in a folder.

        Raises:
            InputError: there is none.
        """
        layout = cls(folder)
        version = layout._json(folder / _MARK).get("imageLayoutVersion")
        if version != _VERSION:
            raise InputError(f"{folder} is an OCI layout of version {version}; version {_VERSION} can be read")
        layout.names()
        return layout

    def names(self) -> dict[str, str]:
        """The digests of the images by their names."""
        return {name: entry["digest"] for entry in self._entries() if (name := _name(entry))}

    def digest_of(self, repository: Repository, name: str) -> str:
        """The digest of an image, by tag or digest; empty if it is not there.

        Raises:
            InputError: the layout cannot be read.
        """
        digest = name if is_digest(name) else self.names().get(repository.named(name), "")
        return digest if digest and self._path(digest).exists() else ""

    def manifest(self, repository: Repository, name: str) -> Manifest:
        """A manifest, by tag or digest.

        Raises:
            UnknownManifest: the layout does not have it.
            InvalidContent: it is not what its digest says.
            InputError: the layout cannot be read.
        """
        digest = self.digest_of(repository, name)
        if not digest:
            raise UnknownManifest(f"{self.folder} has no image {repository.named(name)}")
        with _told(self.folder):
            path = self._path(digest)
            if path.stat().st_size > MANIFEST_LIMIT:
                raise InvalidContent(f"{path}: longer than a manifest may be")
            return Manifest(path.read_bytes(), self._media_types().get(digest, ""), digest)

    def has_blob(self, _repository: Repository, descriptor: Descriptor) -> bool:
        """Whether a blob is there, and of the right size; repositories share their blobs."""
        try:
            return self._path(descriptor.digest).stat().st_size == descriptor.size
        except OSError:
            return False

    def read_blob(self, _repository: Repository, descriptor: Descriptor) -> Iterator[bytes]:
        """A blob, a piece at a time; the last piece comes only when all of it is checked.

        Raises:
            InvalidContent: it is not what its digest says.
            InputError: it cannot be read.
        """
        path = self._path(descriptor.digest)
        check = Check(descriptor, str(path))
        with _told(self.folder), open(path, "rb") as stream:
            try:
                yield from check.pass_on(iter(lambda: stream.read(CHUNK), b""))
            except Interrupted as fault:
                raise InvalidContent(str(fault)) from None

    def mount_blob(self, _repository: Repository, _digest: str, _source: str) -> str | None:
        """Nothing is to be mounted where repositories share their blobs; where it may be uploaded to."""
        return ""

    def upload_blob(
        self, _repository: Repository, descriptor: Descriptor, pieces: Callable[[], Iterable[bytes]], *, place: str = ""
    ) -> None:
        """Store a blob, checked.

        Raises:
            InvalidContent: it is not what its digest says.
            InputError: it cannot be written.
        """
        check = Check(descriptor, place or descriptor.digest)
        self._write_pieces(self._path(descriptor.digest), check.pass_on(pieces()))

    def put_manifest(self, repository: Repository, manifest: Manifest, name: str = "") -> None:
        """Store a manifest; as an image with a name, or as a part of one.

        Raises:
            InputError: it cannot be written.
        """
        self._write(self._path(manifest.digest), manifest.body)
        if not name:
            return
        full = repository.named(name)
        entry = {
            "mediaType": manifest.media_type,
            "digest": manifest.digest,
            "size": len(manifest.body),
            "annotations": {REF_NAME: full},
        }
        with self._lock:
            self._write_index([*(each for each in self._entries() if _name(each) != full), entry])

    def _path(self, digest: str) -> Path:
        algorithm, _, digits = digest.partition(":")
        return self.folder / "blobs" / algorithm / digits

    def _entries(self) -> list[dict[str, Any]]:
        entries = self._json(self.folder / _INDEX).get("manifests")
        if not isinstance(entries, list) or not all(map(_usable, entries)):
            raise InputError(f"{self.folder / _INDEX}: this is no index of images")
        return entries

    def _media_types(self) -> dict[str, str]:
        return {entry["digest"]: str(entry.get("mediaType", "")) for entry in self._entries()}

    def _json(self, path: Path) -> dict[str, Any]:
        try:
            content = json.loads(path.read_bytes())
        except FileNotFoundError:
            raise InputError(f"{self.folder} is no OCI layout: there is no {path.name}") from None
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror}") from error
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise InputError(f"{path}: this is no JSON object")
        return content

    def _write_index(self, entries: list[dict[str, Any]]) -> None:
        # Sorted, so that copies that ran in parallel leave the same bytes.
        ordered = sorted(entries, key=lambda entry: (_name(entry), entry["digest"]))
        content = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": ordered}
        self._write(self.folder / _INDEX, json.dumps(content, separators=(",", ":")).encode())

    def _write(self, path: Path, data: bytes) -> None:
        self._write_pieces(path, [data])

    def _write_pieces(self, path: Path, pieces: Iterable[bytes]) -> None:
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".part-")
            try:
                with os.fdopen(handle, "wb") as stream:
                    _write_all(stream, pieces)
                os.replace(name, path)
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(name)
                raise


def _write_all(stream: IO[bytes], pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        stream.write(piece)
    # A full disk may show only now, and must before the file has its name.
    stream.flush()
    os.fchmod(stream.fileno(), _MODE)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Failures of the disk as errors that name the place."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{path}: {reason[:1].lower()}{reason[1:]}") from error


def _usable(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("digest"), str) and is_digest(entry["digest"])


def _name(entry: dict[str, Any]) -> str:
    annotations = entry.get("annotations")
    name = annotations.get(REF_NAME, "") if isinstance(annotations, dict) else ""
    return name if isinstance(name, str) else ""
