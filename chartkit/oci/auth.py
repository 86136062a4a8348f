"""Logging in: Basic, and bearer tokens by password or by refresh token; each token is fetched once, and kept.

A token is asked for by scope, such as `repository:team/app:pull`. The password never goes to a token server over plain
HTTP unless the registry itself is spoken to that way, or the server is on this machine.
"""

from __future__ import annotations

import json
import threading
import time
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from chartkit.errors import RegistryError, Unauthorized
from chartkit.oci.challenge import Challenge, choose, read_challenges
from chartkit.oci.credential import Credential, Keychain
from chartkit.oci.exchange import Exchange
from chartkit.oci.expiry import expires_at
from chartkit.oci.failures import (
    Denied,
    ExpiredToken,
    LoginNeeded,
    ServerFault,
    Words,
    WrongPassword,
    read_words,
    refusal,
)
from chartkit.oci.transport import Request, Response, read_all
from chartkit.weburl import split_url

_CLIENT: Final = "chartkit"
_TOKEN_LIMIT: Final = 1024 * 1024
# What the token specification says of tokens that do not tell how long they live.
_LIFETIME: Final = 60.0
# A token is not used in its last seconds, in which a request would still be under way.
_MARGIN: Final = 10.0
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Login:
    """What a request is sent with.

    Attributes:
        header: the `Authorization` header, or the empty string.
        credential: whose it is.
        challenge: what it answers.
    """

    header: str = field(default="", repr=False)
    credential: Credential | None = None
    challenge: Challenge | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        credential = self.credential
        own = () if credential is None else (credential.password, credential.identity_token)
        return (*own, self.header.rpartition(" ")[2])


@dataclass(frozen=True, slots=True)
class _Token:
    header: str = field(repr=False)
    until: float


class Authenticator:
    """Logs in to registries."""

    def __init__(
        self,
        exchange: Exchange,
        keychain: Keychain,
        *,
        now: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._exchange = exchange
        self._keychain = keychain
        self._now = now
        self._elapsed = elapsed
        self._tokens: dict[tuple[object, ...], _Token] = {}
        self._credentials: dict[tuple[str, str], Credential | None] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def login(self, registry: str, challenge: Challenge | None, scopes: tuple[str, ...], *, plain: bool) -> Login:
        """How to log in to a registry for some scopes; the first scope says whose repository it is.

        Raises:
            Unauthorized: the token server refuses the credential.
            Unreachable: the token server cannot be reached.
        """
        if challenge is None:
            return Login()
        with self._lock:
            lock = self._locks[registry]
        # One at a time for each registry: parallel workers want the same token, and one is enough.
        with lock:
            credential = self._credential(registry, _repository(scopes))
            if challenge.scheme == "basic":
                return Login(_basic(credential), credential, challenge)
            key = (registry, challenge.realm, challenge.service, scopes, credential)
            token = self._tokens.get(key)
            if token is None or token.until <= self._elapsed():
                asked = _TokenRequest(registry, challenge, scopes, credential, plain)
                token = self._tokens[key] = self._fetch(asked)
        return Login(token.header, credential, challenge)

    def forget(self, login: Login) -> None:
        """Let go of a token that turned out to be of no use."""
        for key, token in list(self._tokens.items()):
            if token.header == login.header:
                self._tokens.pop(key, None)

    def rejection(self, response: Response, login: Login, subject: str) -> RegistryError:
        """The error for a request that was refused although all was done to log in."""
        words = read_words(response, login.secrets)
        challenge = choose(read_challenges(response.headers.get("www-authenticate", "")))
        fault = challenge.parameters.get("error", "") if challenge else ""
        said = f": {words.text}" if words.text else ""
        credential = login.credential
        if login.challenge is None and challenge is None:
            return Denied(f"{subject}: the registry wants a login of a kind that is not known here{said}")
        if credential is None:
            return LoginNeeded(
                f"{subject}: the registry wants a login, and there is no credential for it{said}",
                hint="an image that does not exist is refused in the same way by some registries",
            )
        if words.expired or (fault != "insufficient_scope" and self.expired(credential)):
            return ExpiredToken(f"{subject}: the credential of user {_user(credential)} has expired{said}")
        if login.challenge is not None and login.challenge.scheme == "bearer":
            return Denied(f"{subject}: user {_user(credential)} may not do this, or there is no such repository{said}")
        return WrongPassword(f"{subject}: the registry refuses user {_user(credential)} with this password{said}")

    def expired(self, credential: Credential) -> bool:
        """Whether a password or token says of itself that its time is over."""
        times = [expires_at(secret) for secret in (credential.password, credential.identity_token)]
        return any(moment is not None and moment <= self._now() for moment in times)

    def _credential(self, registry: str, repository: str) -> Credential | None:
        """The credential for a repository; where it is kept may be another program, which is asked once."""
        key = (registry, repository)
        if key not in self._credentials:
            self._credentials[key] = self._keychain.credential(registry, repository)
        return self._credentials[key]

    def _fetch(self, asked: _TokenRequest) -> _Token:
        response = self._exchange.send(asked.request())
        if response.status == 200:
            return self._read(read_all(response, _TOKEN_LIMIT), asked)
        if asked.credential is not None and asked.credential.identity_token and response.status in (404, 405):
            raise Unauthorized(f"{asked.registry}: the token server {asked.server} takes no refresh tokens")
        raise self._refusal(response, asked)

    def _read(self, body: bytes, asked: _TokenRequest) -> _Token:
        try:
            content = json.loads(body)
            token = content.get("token") or content.get("access_token")
            lifetime = float(content.get("expires_in") or _LIFETIME)
        except (ValueError, TypeError, AttributeError, RecursionError):
            token, lifetime = None, 0.0
        # Anything but visible ASCII would break out of the header.
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise ServerFault(f"{asked.registry}: the token server {asked.server} gave no token")
        return _Token(f"Bearer {token}", self._elapsed() + max(lifetime - _MARGIN, lifetime / 2))

    def _refusal(self, response: Response, asked: _TokenRequest) -> RegistryError:
        credential, subject = asked.credential, asked.registry
        if response.status not in (400, 401, 403):
            return refusal(response, f"{subject}: token server {asked.server}", asked.secrets)
        words = read_words(response, asked.secrets)
        said = f": {words.text}" if words.text else ""
        if credential is None:
            return LoginNeeded(
                f"{subject}: the token server {asked.server} wants a login, and there is no credential{said}"
            )
        user = _user(credential)
        if words.expired or self.expired(credential):
            return ExpiredToken(f"{subject}: the credential of user {user} has expired{said}")
        if response.status == 403 and not _about_password(words):
            return Denied(
                f"{subject}: the token server {asked.server} denies user {user}{said}",
                hint="the password may be wrong, or lack the right to read packages",
            )
        return WrongPassword(f"{subject}: the registry refuses user {user} with this password{said}")


@dataclass(frozen=True, slots=True)
class _TokenRequest:
    registry: str
    challenge: Challenge
    scopes: tuple[str, ...]
    credential: Credential | None
    plain: bool

    @property
    def server(self) -> str:
        return split_url(self.challenge.realm).netloc.rpartition("@")[2]

    @property
    def secrets(self) -> tuple[str, ...]:
        return Login(_basic(self.credential), self.credential).secrets

    def request(self) -> Request:
        """What is sent: a form for a refresh token (OAuth2), else a plain GET with the password."""
        realm, credential = self.challenge.realm, self.credential
        self._check_realm()
        fields = [("service", self.challenge.service)] if self.challenge.service else []
        if credential is not None and credential.identity_token:
            form = [
                *fields,
                ("grant_type", "refresh_token"),
                ("client_id", _CLIENT),
                ("scope", " ".join(self.scopes)),
                ("refresh_token", credential.identity_token),
            ]
            return Request("POST", realm, {"Content-Type": _FORM}, urlencode(form).encode())
        fields += [("scope", scope) for scope in self.scopes]
        headers = {}
        if credential is not None:
            headers["Authorization"] = _basic(credential)
            fields.append(("account", credential.username))
        joint = "&" if split_url(realm).query else "?"
        return Request("GET", f"{realm}{joint}{urlencode(fields)}" if fields else realm, headers)

    def _check_realm(self) -> None:
        parts = split_url(self.challenge.realm)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ServerFault(f"{self.registry}: the registry names a token server that is no web address")
        if parts.scheme == "http" and not self.plain and self.credential and parts.hostname not in LOOPBACK:
            raise Unauthorized(
                f"{self.registry}: the password would go to the token server {self.server} over plain HTTP",
                hint="--plain-http with the registry's name allows it",
            )


_FORM: Final = "application/x-www-form-urlencoded"


def _basic(credential: Credential | None) -> str:
    if credential is None or not (credential.username or credential.password):
        return ""
    pair = f"{credential.username}:{credential.password}".encode("utf-8", "surrogateescape")
    return f"Basic {b64encode(pair).decode('ascii')}"


def _repository(scopes: tuple[str, ...]) -> str:
    """The repository of the first scope: `team/app` of `repository:team/app:pull`."""
    kind, _, rest = (scopes or ("",))[0].partition(":")
    return rest.rpartition(":")[0] if kind == "repository" else ""


def _user(credential: Credential) -> str:
    return credential.username or "<token>"


def _about_password(words: Words) -> bool:
    return any(hint in words.text.lower() for hint in ("password", "credential", "access denied"))
