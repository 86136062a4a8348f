"""The credentials that the command line and the environment give."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Final

from chartkit.cli.csv import split_csv
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.pull_secret.passwords import SOURCES, VARIABLE, WAYS, Passwords
from chartkit.errors import InputError
from chartkit.oci.credential import Credential
from chartkit.oci.credentials import HUB_SERVER

_REFUSED: Final = (
    f"is not taken: everybody on the machine could read it in the list of processes; give the password by {WAYS}"
)
_PARTS: Final = ("server", "username", "email", *SOURCES)
_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "server": ("_SERVER", "_REGISTRY", "_HOST", ""),
    "username": ("_USERNAME", "_USER"),
    "password": ("_PASSWORD", "_TOKEN"),
    "email": ("_EMAIL",),
}

GIVEN: Final = (
    Flag("server", f"the registry: the key under `auths` (default: {HUB_SERVER})", "text"),
    Flag("username", "the user", "text", "u"),
    Flag("email", "the address, which no registry of today asks for", "text"),
    Flag("password-stdin", "read the password from standard input"),
    Flag("password-file", "read the password from a file", "text"),
    Flag("password-env", "take the password from this variable of the environment", "text"),
    Flag("password", kind="text", short="p", refused=_REFUSED),
    Flag("docker-password", kind="text", refused=_REFUSED),
    Flag(
        "registry",
        "one of several registries: server=...,username=... and one of password-env=NAME, password-file=FILE, "
        "password-stdin; may be repeated",
        "repeated",
    ),
    Flag("from-env", "take a registry from NAME_SERVER, NAME_USERNAME and NAME_PASSWORD; may be repeated", "repeated"),
)
"""The flags that give credentials."""


def read_given(words: Words) -> dict[str, Credential]:
    """The credentials that the flags give, by server.

    Raises:
        UsageError: the flags make no sense.
        InputError: a password is not where it should be.
    """
    # A flag that is refused lets the words for "no" through.
    if "password" in words.given or "docker-password" in words.given:
        raise UsageError(f"--password {_REFUSED}")
    passwords = Passwords(is_stdin_taken="-" in (*words.others, *words.texts("values")))
    found: dict[str, Credential] = {}
    for server, credential in _all(words, passwords):
        if server in found:
            raise UsageError(f"{server} is given twice")
        found[server] = credential
    return found


def check_login(server: str, user: str) -> None:
    """Make sure that a server and a user can stand in a pull secret.

    Raises:
        InputError: they cannot.
    """
    if not server:
        raise InputError("the server is empty", hint=f"for Docker Hub it is {HUB_SERVER}")
    if not user:
        raise InputError(f"there is no user for {server}", hint="say --username USER")
    if ":" in user:
        raise InputError(
            f"the user for {server} has a colon in it",
            hint="the kubelet would take what stands behind the colon for a part of the password",
        )


def _all(words: Words, passwords: Passwords) -> Iterator[tuple[str, Credential]]:
    single = {name: value for name in _PARTS if not isinstance(value := words.given.get(name), (list, type(None)))}
    if single:
        yield _credential(single, passwords)
    for text in words.texts("registry"):
        yield _credential(_parts(text), passwords)
    for name in words.texts("from-env"):
        yield _from_environment(name)


def _parts(text: str) -> dict[str, str | bool]:
    """What a `--registry` says."""
    parts: dict[str, str | bool] = {}
    for item in _items(text):
        name, equals, value = item.partition("=")
        if name == "password":
            raise UsageError(f"password=... in --registry {_REFUSED}")
        # What is no known part is not told: it may be the rest of a password with a comma in it.
        if name not in _PARTS or bool(equals) == (name == "password-stdin"):
            raise UsageError(
                "--registry has a part that is none of its parts",
                hint=f"they are server=..., username=..., email=... and one of {', '.join(SOURCES)}",
            )
        if name in parts:
            raise UsageError(f"--registry has {name} twice")
        parts[name] = value if equals else True
    if not parts.get("server"):
        raise UsageError("--registry needs server=...")
    return parts


def _items(text: str) -> list[str]:
    try:
        return split_csv(text)
    except ValueError:
        raise UsageError("--registry is not comma-separated text") from None


def _credential(parts: Mapping[str, str | bool], passwords: Passwords) -> tuple[str, Credential]:
    server, user = str(parts.get("server", HUB_SERVER)), str(parts.get("username", ""))
    check_login(server, user)
    password = passwords.read(parts, f"{user} at {server}")
    return server, Credential(user, password, email=str(parts.get("email", "")))


def _from_environment(name: str) -> tuple[str, Credential]:
    """The registry that variables with a common beginning describe."""
    if not VARIABLE.fullmatch(name):
        raise UsageError("--from-env takes what the names of variables begin with, such as CI_REGISTRY")
    found = {part: _variable(name, endings) for part, endings in _ENDINGS.items()}
    for part in ("server", "username", "password"):
        if not found[part]:
            tried = " or ".join(f"{name}{ending}" for ending in _ENDINGS[part])
            raise InputError(f"the environment has no {part} for --from-env {name}", hint=f"it would stand in {tried}")
    check_login(found["server"], found["username"])
    return found["server"], Credential(found["username"], found["password"], email=found["email"])


def _variable(name: str, endings: tuple[str, ...]) -> str:
    return next((os.environ[name + ending] for ending in endings if os.environ.get(name + ending)), "")
