"""What registries refuse, and why they cannot be asked: one class for each thing a user would do about it.

    RegistryError
    |-- Unreachable
    |   |-- NoSuchHost           the name does not resolve
    |   |-- Refused              nothing listens there
    |   |-- TimedOut             nothing answers
    |   |-- TlsFailure           the certificate is not trusted
    |   |-- NotTls               the server speaks plain HTTP where TLS was expected
    |   `-- Interrupted          the connection broke
    |-- Unauthorized
    |   |-- WrongPassword        the registry does not know the user, or not with this password
    |   |-- ExpiredToken         the password or token was good once
    |   |-- LoginNeeded          it wants a login, and there is none
    |   `-- Denied               the login is good, but not for this
    |-- NotFound
    |   |-- UnknownRepository
    |   `-- UnknownManifest      the repository is there, this tag or digest is not
    |-- RateLimited
    |-- ServerFault              the registry failed, by its own word
    `-- InvalidContent           what came is not what was promised

What a server says is quoted in one line, cut short, without control characters and without the password.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from chartkit.errors import NotFound, RegistryError, Unauthorized, Unreachable
from chartkit.oci.credential import MASK
from chartkit.oci.transport import Response, read_all

_BODY_LIMIT: Final = 64 * 1024
_SHOWN: Final = 300
_LONG: Final = 6


class NoSuchHost(Unreachable):
    """The name of the host does not resolve."""


class Refused(Unreachable):
    """Nothing listens at the port."""


class TimedOut(Unreachable):
    """The host does not answer in time."""


class TlsFailure(Unreachable):
    """The connection is not to be trusted."""


class NotTls(Unreachable):
    """The server speaks plain HTTP where TLS was expected."""


class Interrupted(Unreachable):
    """The connection broke."""


class WrongPassword(Unauthorized):
    """The registry refuses the user and password."""


class ExpiredToken(Unauthorized):
    """The password or token is too old."""


class LoginNeeded(Unauthorized):
    """The registry wants a login, and there is no credential for it."""


class Denied(Unauthorized):
    """The user may not do this, or the registry does not say that there is no such repository."""


class UnknownRepository(NotFound):
    """The registry has no such repository."""


class UnknownManifest(NotFound):
    """The repository has no such tag or digest."""


class RateLimited(RegistryError):
    """The registry wants fewer requests."""


class ServerFault(RegistryError):
    """The registry failed."""


class InvalidContent(RegistryError):
    """A manifest or blob that is not what its digest, its size or the specification says."""


class Words:
    """What a server says of a refusal.

    Attributes:
        codes: the error codes of the registry protocol.
        text: its messages, fit for one line.
        expired: whether it says that something is out of date.
    """

    def __init__(self, body: bytes, secrets: Iterable[str] = ()) -> None:
        content = _parse(body)
        found = content.get("errors") or content.get("error") or content.get("details") or content.get("message")
        entries = found if isinstance(found, list) else [found]
        self.codes = frozenset(
            entry["code"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("code"), str)
        )
        texts = [*map(_message, entries), content.get("error_description")]
        said = dict.fromkeys(text for text in texts if isinstance(text, str) and text)
        self.text = one_line("; ".join(said), secrets)
        self.expired = any("expire" in text.lower() for text in said)


def read_words(response: Response, secrets: Iterable[str] = ()) -> Words:
    """What the body of a refusal says; nothing if it cannot be read."""
    try:
        return Words(read_all(response, _BODY_LIMIT), secrets)
    except RegistryError:
        return Words(b"")


def refusal(response: Response, subject: str, secrets: Iterable[str] = ()) -> RegistryError:
    """The error for an answer that is not the one hoped for, unless it is about the login."""
    words, status = read_words(response, secrets), response.status
    said = f": {words.text}" if words.text else ""
    if status == 404:
        kind = UnknownRepository if "NAME_UNKNOWN" in words.codes else UnknownManifest
        return kind(f"{subject}: not found{said}")
    if status == 403 or (status == 401 and words.codes & {"DENIED"}):
        return ExpiredToken(f"{subject}{said}") if words.expired else Denied(f"{subject}: denied{said}")
    if status == 429:
        wait = response.headers.get("retry-after", "")
        is_seconds = wait.isascii() and wait.isdigit()
        return RateLimited(
            f"{subject}: the registry wants fewer requests{said}",
            hint=f"try again in {one_line(wait)} seconds" if is_seconds else "log in, or try again later",
        )
    if status >= 500:
        return ServerFault(f"{subject}: the registry failed with status {status}{said}")
    return RegistryError(f"{subject}: the registry answers with status {status}{said}")


def one_line(text: str, secrets: Iterable[str] = ()) -> str:
    """A server's words in one line: no control characters that could drive a terminal, no password, not endless."""
    for secret in filter(None, secrets):
        # Masked within words, a short password would be told by the letters that are missing.
        found = re.escape(secret)
        text = re.sub(found if len(secret) >= _LONG else rf"(?<!\w){found}(?!\w)", MASK, text)
    clean = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return clean if len(clean) <= _SHOWN else f"{clean[:_SHOWN]}..."


def _parse(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _message(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return entry
    return entry.get("message") or entry.get("code")
