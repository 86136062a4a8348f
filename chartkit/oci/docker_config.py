"""Docker's configuration file, `config.json`: the credentials in it, the helpers it names, and what is wrong with it.

The content of a pull secret has the same form, and the older `.dockercfg` is its `auths` alone. What is said about a
fault never holds a user's text but for names of servers and fields: anything else may be a password.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import JSONDecodeError, loads
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.gojson import decode
from chartkit.json_places import Path, Places, json_places
from chartkit.oci.credential import Credential
from chartkit.source import Position, Source

_TEXTS: Final = ("auth", "username", "password", "email", "identitytoken", "registrytoken")
_NOT_JSON: Final = "it is not JSON; is a quote, a backslash or a line break in the password not escaped?"
_KINDS: Final = {dict: "a map", list: "a list", bool: "a truth value", int: "a number", float: "a number"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a configuration.

    Attributes:
        message: what, without any secret.
        position: where.
        server: the key under `auths` that it is about; empty for the file as a whole.
        is_fatal: whether the kubelet gives up on all of it, and with it on every image of the pod.
    """

    message: str
    position: Position
    server: str = ""
    is_fatal: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """The credentials under one key of `auths`.

    Attributes:
        server: the key, as it is written.
        credential: what it holds; empty where a helper has it, or where there is a fault.
        position: where the key is written.
        has_auth: whether the credentials come from `auth`, which counts before `username` and `password`.
    """

    server: str
    credential: Credential
    position: Position
    has_auth: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it to log in with."""
        known = self.credential
        return not (known.username or known.password or known.identity_token or known.registry_token)


@dataclass(frozen=True, slots=True)
class DockerConfig:
    """A configuration file, read.

    Attributes:
        source: its text.
        entries: the credentials by server, in the order of the file.
        helpers: by server the name of the helper that has its credentials (`credHelpers`).
        store: the name of the helper for all other servers (`credsStore`); mostly empty.
        faults: what is wrong with it, in the order of the file.
        start: where it begins.
    """

    source: Source
    entries: Mapping[str, Entry]
    helpers: Mapping[str, str]
    store: str
    faults: tuple[Fault, ...]

    @property
    def start(self) -> Position:
        """Where the text begins."""
        return Position(self.source, 0)

    def check(self, server: str = "") -> None:
        """Make sure that the file, and what it says of a server, can be used.

        Raises:
            InputError: it cannot.
        """
        for fault in self.faults:
            if fault.server in ("", server):
                raise InputError(fault.message, position=fault.position)


def read_docker_config(source: Source, *, is_legacy: bool | None = None) -> DockerConfig:
    """Read a configuration; faults are kept, not raised.

    Args:
        source: the text; positions in it are never shown with the line they are in.
        is_legacy: whether it is a `.dockercfg`; found out where it is not said.
    """
    return _Reader(Source(source.name, source.text, is_secret=True)).read(is_legacy)


def kubelet_faults(config: DockerConfig) -> Iterator[Fault]:
    """What the kubelet cannot use of a configuration that is the content of a pull secret, beside its faults."""
    if not config.faults and not config.entries:
        yield Fault("it has no auths", config.start, is_fatal=False)
    # A fault of an entry says more than that nothing could be read from it.
    told = {fault.server for fault in config.faults}
    for entry in config.entries.values():
        known = entry.credential
        if entry.server in told or known.username:
            continue
        if known.password:
            reason = f"auths of {entry.server} has a password and no user"
        elif known.identity_token or known.registry_token:
            reason = f"auths of {entry.server} has a token alone, which the kubelet does not read"
        elif config.store or config.helpers:
            reason = f"auths of {entry.server} has no credentials, and the kubelet runs no credential helper"
        else:
            reason = f"auths of {entry.server} has no credentials"
        yield Fault(reason, entry.position, entry.server, is_fatal=False)


def decode_auth(auth: str) -> tuple[str, str] | None:
    """User and password out of the field `auth`, which may lack its padding; `None` if it is not the base64 of both."""
    text = auth.strip().replace("\r", "").replace("\n", "")
    try:
        plain = a2b_base64(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), strict_mode=True).decode()
    except ValueError:
        return None
    user, colon, password = plain.partition(":")
    return (user, password.strip("\0")) if colon else None


class _Reader:
    """One pass over a configuration."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.places = Places()

    def read(self, is_legacy: bool | None) -> DockerConfig:
        content = self.parsed()
        if is_legacy is None:
            is_legacy = not _has_any(content, "auths", "credHelpers", "credsStore") and _is_legacy(content)
        path, auths = ((), content) if is_legacy else self.field(content, "auths", ())
        helpers = {} if is_legacy else self.map(*self.field(content, "credHelpers", ()), "credHelpers")
        store = "" if is_legacy else self.field(content, "credsStore", ())[1]
        for name in [name for name, helper in helpers.items() if not isinstance(helper, str)]:
            self.add(f"credHelpers of {name} must be the name of a helper", ("credHelpers", name), is_fatal=False)
            del helpers[name]
        if not isinstance(store, (str, type(None))):
            self.add("credsStore must be the name of a helper", ("credsStore",), is_fatal=False)
            store = ""
        entries = {name: self.entry(name, (*path, name), each) for name, each in self.map(path, auths, "auths").items()}
        self.faults.sort(key=lambda fault: fault.position.offset)
        return DockerConfig(self.source, entries, helpers, store or "", tuple(self.faults))

    def parsed(self) -> dict[str, Any]:
        text = self.source.text
        try:
            # Python's reader tells the place of a fault, and Go's gives what Go would read.
            loads(text)
            content = decode(text)
        except JSONDecodeError as error:
            self.faults.append(Fault(_NOT_JSON, Position.shown(self.source, error.pos)))
            return {}
        except ValueError:
            # Go's fault, or a number with more digits than Python reads.
            self.add(_NOT_JSON, ())
            return {}
        except RecursionError:
            self.add("it nests too deeply", ())
            return {}
        self.places = json_places(text)
        if not isinstance(content, dict):
            self.add(f"it must be a map, and is {_kind(content)}", ())
            return {}
        return content

    def add(self, message: str, path: Path, server: str = "", *, is_fatal: bool = True) -> None:
        self.faults.append(Fault(message, self.position(self.places.of(path)), server, is_fatal))

    def position(self, offset: int) -> Position:
        return Position(self.source, offset)

    def field(self, content: Mapping[str, Any], name: str, path: Path) -> tuple[Path, Any]:
        """The path and the value of a field; capitals do not matter in its name, as in Go."""
        found = name
        if name not in content:
            found = next((key for key in content if key.lower() == name.lower()), name)
        return (*path, found), content.get(found)

    def map(self, path: Path, value: Any, name: str) -> dict[str, Any]:
        if isinstance(value, dict):
            return dict(value)
        if value is not None:
            self.add(f"{name} must be a map, and is {_kind(value)}", path)
        return {}

    def entry(self, server: str, path: Path, content: Any) -> Entry:
        place = self.position(self.places.keys.get(path, 0))
        if not isinstance(content, dict):
            self.add(f"auths of {server} must be a map, and is {_kind(content)}", path, server)
            return Entry(server, Credential(), place)
        known: dict[str, str] = {}
        for name in _TEXTS:
            where, value = self.field(content, name, path)
            if value is not None and not isinstance(value, str):
                self.add(f"{name} of {server} must be text in quotes, and is {_kind(value)}", where, server)
            known[name] = value if isinstance(value, str) else ""
        user, password = self.user(server, self.field(content, "auth", path)[0], known)
        token, bearer = known["identitytoken"], known["registrytoken"]
        credential = Credential(user, password, token, known["email"], bearer)
        return Entry(server, credential, place, bool(known["auth"]))

    def user(self, server: str, path: Path, known: Mapping[str, str]) -> tuple[str, str]:
        named = known["username"], known["password"]
        if not known["auth"]:
            return named
        decoded = decode_auth(known["auth"])
        if decoded is None:
            self.add(f"auth of {server} is not the base64 of user:password", path, server)
            return named
        if (named[0] and named[0] != decoded[0]) or (named[1] and named[1] != decoded[1]):
            message = f"auth of {server} says something else than its username and password"
            self.add(message, path, server, is_fatal=False)
        return decoded


def _has_any(content: Mapping[str, Any], *names: str) -> bool:
    known = {key.lower() for key in content}
    return any(name.lower() in known for name in names)


def _is_legacy(content: Mapping[str, Any]) -> bool:
    """Whether a map looks like the servers of a `.dockercfg`."""
    return bool(content) and all(isinstance(each, dict) and _has_any(each, *_TEXTS) for each in content.values())


def _kind(value: Any) -> str:
    return "null" if value is None else "text" if isinstance(value, str) else _KINDS[type(value)]
