"""A transport that answers from a list, and keeps what it was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator

from chartkit.oci.transport import Request


class Answer:
    """An answer that is there from the start."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.closed = False
        self._body = body

    def chunks(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), 3):
            yield self._body[start : start + 3]

    def close(self) -> None:
        self.closed = True


def answer(status: int, body: object = b"", **headers: str) -> Answer:
    """An answer; what is no bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, data)


class Served:
    """Answers in order; what is an error is raised. With a function instead, answers what that says."""

    def __init__(self, answers) -> None:
        self._answers = answers if callable(answers) else None
        self._left = [] if callable(answers) else list(answers)
        self.seen: list[Request] = []

    def send(self, request: Request):
        self.seen.append(request)
        if callable(request.body):
            request = Request(request.method, request.url, request.headers, b"".join(request.body()))
            self.seen[-1] = request
        found = self._answers(request) if self._answers else self._left.pop(0)
        if isinstance(found, BaseException):
            raise found
        return found


class Keys:
    """One credential for everything."""

    def __init__(self, credential=None) -> None:
        self._credential = credential
        self.asked: list[tuple[str, str]] = []

    def credential(self, registry, repository=""):
        self.asked.append((registry, repository))
        return self._credential
