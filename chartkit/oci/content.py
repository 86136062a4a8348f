"""Checking a blob while it passes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from chartkit.oci.failures import Interrupted, InvalidContent
from chartkit.oci.manifest import Descriptor


class Check:
    """Counts and hashes a blob's bytes as they pass, also in several goes.

    The last piece is held back until it is sure that digest and size are right. A receiver that waits for a promised
    number of bytes therefore never has all of a wrong blob.

    Attributes:
        length: how many bytes have passed.
    """

    def __init__(self, descriptor: Descriptor, subject: str) -> None:
        self.length = 0
        self._descriptor = descriptor
        self._subject = subject
        self._hash = hashlib.new(descriptor.digest.partition(":")[0])

    def pass_on(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces, the last one only if all is well.

        Raises:
            InvalidContent: the blob is too long, or has another digest.
            Interrupted: it is not complete.
        """
        size = self._descriptor.size
        for piece in pieces:
            if not piece:
                continue
            self.length += len(piece)
            self._hash.update(piece)
            if self.length > size:
                raise InvalidContent(f"{self._subject}: longer than the {size} bytes that its manifest says")
            if self.length == size:
                self._finish()
            yield piece
        if self.length < size:
            raise Interrupted(f"{self._subject}: ended after {self.length} of {size} bytes")
        if not size:
            self._finish()

    def _finish(self) -> None:
        found = f"{self._hash.name}:{self._hash.hexdigest()}"
        if found != self._descriptor.digest:
            raise InvalidContent(f"{self._subject}: what came has the digest {found}: it was changed on the way")


def in_chunks(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in chunks of one size; the last one may be shorter."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)
