"""A user and a password for a registry, which never show themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol

MASK: Final = "********"
"""What stands for a password wherever one would be shown."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a registry asks for.

    Attributes:
        username: the user.
        password: the password or token.
        identity_token: a refresh token, which stands in for both (OAuth2; docker's `identitytoken`).
        email: the address that old registries wanted.
        registry_token: a bearer token that is sent as it is (docker's `registrytoken`).
    """

    username: str = ""
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)
    email: str = ""
    registry_token: str = field(default="", repr=False)


class Keychain(Protocol):
    """Where credentials are."""

    def credential(self, registry: str, repository: str = "") -> Credential | None:
        """The credential for a repository of a registry (host and port, `docker.io`), if there is one."""
