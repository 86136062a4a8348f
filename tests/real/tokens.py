"""A token server as the registry's token specification has it, for two users and for nobody.

`writer` may do everything, `reader` and nobody in particular may read. What stands under `private/` needs a login. It
takes the refresh token `fresh` as that of `writer`; the refresh token `stale` has expired.
"""

from __future__ import annotations

import base64
import json
import threading
import time
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from certificates import Identity

SERVICE = "registry.test"
ISSUER = "issuer.test"
PASSWORDS = {"writer": "w-pass", "reader": "r-pass"}
REFRESH_TOKENS = {"fresh": "writer"}
LIFETIME = 60


class TokenServer(ThreadingHTTPServer):
    """The server; `asked` keeps who asked for which scopes."""

    daemon_threads = True

    def __init__(self, identity: Identity) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.identity = identity
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    @property
    def realm(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}/token"

    def grant(self, user: str, scopes: list[str]) -> dict:
        """A token for what a user may do of what is wanted."""
        self.asked.append((user, tuple(scopes)))
        access = [allowed for scope in scopes if (allowed := _allowed(user, scope))["actions"]]
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": user, "aud": SERVICE, "iat": now, "nbf": now - 10, "exp": now + LIFETIME}
        token = self.identity.token({**claims, "jti": str(uuid.uuid4()), "access": access})
        return {"token": token, "expires_in": LIFETIME}


class _Handler(BaseHTTPRequestHandler):
    server: TokenServer

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        user = self._user()
        if user is None:
            self._answer(401, _error("UNAUTHORIZED", "incorrect username or password"))
        else:
            self._answer(200, self.server.grant(user, query.get("scope", [])))

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        user = REFRESH_TOKENS.get(form["refresh_token"][0])
        if form["refresh_token"][0] == "stale":
            self._answer(401, _error("UNAUTHORIZED", "the refresh token has expired"))
        elif user is None or form["grant_type"] != ["refresh_token"] or form["service"] != [SERVICE]:
            self._answer(401, _error("UNAUTHORIZED", "unknown refresh token"))
        else:
            granted = self.server.grant(user, form["scope"][0].split())
            self._answer(200, {"access_token": granted["token"], "expires_in": granted["expires_in"]})

    def _user(self) -> str | None:
        """Who asks: the empty string for nobody in particular, `None` for a wrong password."""
        header = self.headers.get("Authorization", "")
        if not header:
            return ""
        user, _, password = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        return user if PASSWORDS.get(user) == password else None

    def _answer(self, status: int, content: dict) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


def _allowed(user: str, scope: str) -> dict:
    kind, name, wanted = scope.split(":")
    private = name.startswith("private/")
    rights = {"writer": {"pull", "push"}, "reader": {"pull"}, "": set() if private else {"pull"}}[user]
    return {"type": kind, "name": name, "actions": sorted(rights & set(wanted.split(",")))}


def _error(code: str, message: str) -> dict:
    return {"errors": [{"code": code, "message": message}]}


@contextmanager
def token_server(identity: Identity):
    """A token server that runs until the end of the block."""
    server = TokenServer(identity)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
