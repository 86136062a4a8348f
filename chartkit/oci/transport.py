"""One HTTP exchange, as the registry protocol needs it: what goes out, what comes back, and who carries it.

A transport is one method. It follows no redirect, repeats nothing and knows no credentials: those are decided by
`exchange` and `auth`, where they can be read and tested without a socket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from chartkit.errors import RegistryError

CHUNK: Final = 256 * 1024
"""How many bytes of a body are held at a time."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a server.

    Attributes:
        method: `GET`, `HEAD`, ...
        url: the absolute address.
        headers: what goes with it.
        body: the bytes, or what gives them anew each time it is called; the caller says their number in
            `Content-Length`.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Callable[[], Iterable[bytes]] | None = None

    @property
    def repeatable(self) -> bool:
        """Whether it may simply be sent again: a streamed body changes the state of an upload as it goes."""
        return not callable(self.body)


class Response(Protocol):
    """What a server answers; the body is read as it comes."""

    @property
    def status(self) -> int:
        """The status code."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, their names in lower case; those of one name joined by commas."""

    def chunks(self) -> Iterator[bytes]:
        """The body, a piece at a time.

        Raises:
            Unreachable: the connection broke, or ended before the promised length.
        """

    def close(self) -> None:
        """Let go of the connection, whether the body was read or not."""


class Transport(Protocol):
    """Who carries requests."""

    def send(self, request: Request) -> Response:
        """The answer of the server, whatever its status.

        Raises:
            Unreachable: there is no answer.
        """


def read_all(response: Response, limit: int) -> bytes:
    """The whole body, where it is small.

    Raises:
        RegistryError: it is longer than the limit.
        Unreachable: the connection broke.
    """
    parts, length = [], 0
    try:
        for part in response.chunks():
            parts.append(part)
            length += len(part)
            if length > limit:
                raise RegistryError(f"the answer is longer than {limit} bytes")
    finally:
        response.close()
    return b"".join(parts)
