"""A server before a registry that passes everything on, but for the faults that a test wants.

A fault is a function of the handler; it returns whether it has answered. `fixture faulty` starts such servers:
`faulty(registry)`; its `.host` is used instead of the registry's, and `.faults` holds what goes wrong.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Fault = Callable[["Passing"], bool]


class FaultyServer(ThreadingHTTPServer):
    """Passes requests on; `seen` keeps them as `METHOD path`, and `ranges` the Range headers."""

    daemon_threads = True

    def __init__(self, registry: object) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.registry = registry
        self.faults: list[Fault] = []
        self.seen: list[str] = []
        self.ranges: list[str] = []

    @property
    def host(self) -> str:
        """Host and port, as in references."""
        return f"127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_args: object) -> None:
        # Connections break here on purpose.
        pass


class Passing(BaseHTTPRequestHandler):
    """Passes one request on."""

    protocol_version = "HTTP/1.1"
    server: FaultyServer

    def handle_one_request(self) -> None:
        self.changed: Callable[[bytes], bytes] = lambda body: body
        super().handle_one_request()

    def do_any(self) -> None:
        self.server.seen.append(f"{self.command} {self.path}")
        if "Range" in self.headers:
            self.server.ranges.append(self.headers["Range"])
        if any(fault(self) for fault in list(self.server.faults)):
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        backend = http.client.HTTPConnection(self.server.registry.host, timeout=20)
        backend.request(self.command, self.path, body, dict(self.headers))
        answer = backend.getresponse()
        self.answer(answer.status, dict(answer.getheaders()), answer.read())
        backend.close()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_any

    def answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        """Answer; the body goes through `changed`."""
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(self.changed(body))

    def hang_up(self) -> bool:
        """Break the connection."""
        self.close_connection = True
        return True

    def log_message(self, *_args: object) -> None:
        pass


def times(count: int, fault: Fault, *where: str) -> Fault:
    """A fault that happens so many times, and only where the request has all these words in it."""
    left = [count]
    lock = threading.Lock()

    def limited(handler: Passing) -> bool:
        request = f"{handler.command} {handler.path}"
        with lock:
            if not left[0] or not all(word in request for word in where):
                return False
            left[0] -= 1
        return fault(handler)

    return limited


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    """Answers with a status."""

    def fault(handler: Passing) -> bool:
        handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        handler.answer(code, {name.replace("_", "-"): value for name, value in headers.items()}, body)
        return True

    return fault


def truncated(handler: Passing) -> bool:
    """Breaks off in the middle of the body."""
    handler.changed = lambda body: body[: len(body) // 2]
    handler.close_connection = True
    return False


def corrupted(handler: Passing) -> bool:
    """Changes the last byte of the body."""
    handler.changed = lambda body: body[:-1] + bytes([body[-1] ^ 1])
    return False


def cut(handler: Passing) -> bool:
    """Takes a part of what is sent, and breaks off."""
    handler.rfile.read(int(handler.headers.get("Content-Length", 0)) // 2)
    return handler.hang_up()


def slow(seconds: float) -> Fault:
    """Waits first."""

    def fault(_handler: Passing) -> bool:
        time.sleep(seconds)
        return False

    return fault


@pytest.fixture
def faulty() -> Iterator[Callable[[object], FaultyServer]]:
    """Starts a server before a registry."""
    with ExitStack() as stack:

        def start(registry: object) -> FaultyServer:
            server = FaultyServer(registry)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            return server

        yield start
