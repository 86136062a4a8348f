"""The flags of every command that asks registries, and the client that they make.

Everything of the network is imported here and late: a render never pays for it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chartkit.cli.flags import Flag, UsageError, Words, as_integer

if TYPE_CHECKING:
    from chartkit.oci.client import RegistryClient
    from chartkit.oci.credential import Keychain
    from chartkit.oci.manifest import Platform
    from chartkit.oci.transport import Transport

NETWORK: Final = (
    Flag("docker-config", "the folder or file with the logins (default: where docker and podman keep them)", "text"),
    Flag("ca-file", "certificates of authorities to trust beside those of the system", "text"),
    Flag("insecure", "trust any certificate"),
    Flag("plain-http", "speak plain HTTP to these registries (those on this machine may anyway)", "list"),
    Flag("network-timeout", "seconds that a server may be silent (default: 60)", "integer"),
    Flag("retries", "how often a request is repeated that may succeed later (default: 3)", "integer"),
)
"""The flags that say how registries are reached."""

JOBS: Final = Flag("jobs", "how many requests are under way at once (default: 4)", "integer", "j")
PLATFORM: Final = Flag("platform", "only these platforms: linux/amd64, arm64, linux/arm/v7, ...", "list")

_TIMEOUT: Final = 60
_RETRIES: Final = 3
_JOBS: Final = 4


def open_client(words: Words, keychain: Keychain | None = None) -> RegistryClient:
    """The client that the words ask for.

    Args:
        words: a command line with the flags `NETWORK`.
        keychain: the credentials to use instead of those on this machine.

    Raises:
        InputError: a file with logins or certificates cannot be used.
    """
    from chartkit.oci.client import RegistryClient
    from chartkit.oci.exchange import Patience

    patience = Patience(attempts=read_attempts(words))
    chosen = read_keychain(words) if keychain is None else keychain
    return RegistryClient(open_transport(words), chosen, plain_http=words.texts("plain-http"), patience=patience)


def open_transport(words: Words) -> Transport:
    """The way to servers that the words ask for.

    Raises:
        InputError: the file with certificates cannot be used.
    """
    from chartkit.adapters.registry import Connecting, UrllibTransport

    return UrllibTransport(
        Connecting(
            ca_file=words.text("ca-file"),
            insecure=words.switch("insecure"),
            read_timeout=positive(words, "network-timeout", _TIMEOUT),
            # A copy reads from one server while it writes to another, which may be the same.
            connections=2 * read_jobs(words),
        )
    )


def read_keychain(words: Words) -> Keychain:
    """The logins of `--docker-config`, else those on this machine.

    Raises:
        InputError: a file cannot be read or used.
    """
    from chartkit.adapters.process import ProcessRunner
    from chartkit.oci.credentials import DockerKeychain, load_keychain, read_config_file

    named = words.text("docker-config")
    if named:
        return DockerKeychain(read_config_file(Path(named)), ProcessRunner())
    return load_keychain(ProcessRunner(), os.environ)


def read_attempts(words: Words) -> int:
    """How often something is tried in all.

    Raises:
        UsageError: the number makes no sense.
    """
    return positive(words, "retries", _RETRIES, least=0) + 1


def read_jobs(words: Words) -> int:
    """How many requests may be under way at once.

    Raises:
        UsageError: none may.
    """
    return positive(words, "jobs", _JOBS)


def read_platforms(words: Words) -> tuple[Platform, ...]:
    """The platforms that are wanted.

    Raises:
        UsageError: one of them is none.
    """
    from chartkit.oci.manifest import Platform

    try:
        return tuple(dict.fromkeys(Platform.parse(text) for text in words.texts("platform")))
    except ValueError as error:
        raise UsageError(str(error)) from None


def positive(words: Words, flag: str, default: int, *, least: int = 1) -> int:
    """The number that a flag was given.

    Raises:
        UsageError: it is too small.
    """
    number = as_integer(words.text(flag, str(default)))
    if number < least:
        raise UsageError(f"--{flag} must be at least {least}")
    return number
