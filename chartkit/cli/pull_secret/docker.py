"""Credentials out of docker's configuration, for a Secret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from chartkit.adapters.process import ProcessRunner
from chartkit.cli.exits import note
from chartkit.errors import InputError
from chartkit.images.providers import provider_of
from chartkit.oci.credential import Credential
from chartkit.oci.credentials import (
    ChainedKeychain,
    DockerKeychain,
    find_configs,
    host_of,
    read_config_file,
    server_of,
)
from chartkit.oci.docker_config import DockerConfig, read_docker_config

_AZURE_TOKEN_USER: Final = "00000000-0000-0000-0000-000000000000"


class DockerLogins:
    """The logins of docker and podman on this machine, or in one file."""

    def __init__(self, file: str = "") -> None:
        configs = [read_config_file(Path(file))] if file else list(_configs())
        if not configs:
            raise InputError("there is no configuration of docker or podman here", hint="log in first: docker login")
        runner = ProcessRunner()
        self._keychains = [DockerKeychain(config, runner) for config in configs]
        self._chain = ChainedKeychain(tuple(self._keychains))

    def all(self) -> dict[str, Credential]:
        """The credentials for all servers.

        Raises:
            InputError: there is none, or a helper fails.
        """
        found: dict[str, Credential] = {}
        for keychain in self._keychains:
            for server in keychain.servers():
                known = keychain.of_server(server)
                if known is None:
                    note(f"warning: there are no credentials for {server}, although the configuration names it")
                elif server not in found:
                    _add(found, server, known)
        if not found:
            raise InputError("there are no credentials in docker's configuration", hint="log in first: docker login")
        return found

    def only(self, servers: Iterable[str]) -> dict[str, Credential]:
        """The credentials for some servers.

        Raises:
            InputError: there is none for one of them, or a helper fails.
        """
        found = {}
        for server in servers:
            known = self._of(server)
            if known is None:
                raise InputError(f"there are no credentials for {server} in docker's configuration")
            found[server_of(server)] = for_secret(server, known)
        return found

    def for_images(self, names: Iterable[tuple[str, str]]) -> dict[str, Credential]:
        """The credentials for the registries and repositories of images, where there are some."""
        found: dict[str, Credential] = {}
        missing: dict[str, None] = {}
        for registry, repository in names:
            known = self._chain.credential(registry, repository)
            if known is not None:
                _add(found, server_of(registry), known)
            elif not provider_of(registry).is_public:
                missing[registry] = None
        for registry in missing.keys() - {host_of(server) for server in found}:
            note(f"warning: docker's configuration has no credentials for {registry}")
        if not found:
            raise InputError("docker's configuration has no credentials for any image of the chart")
        return found

    def _of(self, server: str) -> Credential | None:
        exact = (keychain.of_server(server) for keychain in self._keychains if keychain.names(server))
        found = next((credential for credential in exact if credential is not None), None)
        registry, _, repository = server.partition("/") if "://" not in server else (host_of(server), "", "")
        return found or self._chain.credential(registry, repository)


def for_secret(server: str, known: Credential) -> Credential:
    """The credential in the form that the kubelet takes: user and password.

    Raises:
        InputError: it is a token that has no such form.
    """
    if known.username and known.password:
        return replace(known, identity_token="", registry_token="")
    # Azure alone takes a refresh token as the password of a user that it gives a name.
    if known.identity_token and provider_of(host_of(server)).id == "acr":
        return Credential(_AZURE_TOKEN_USER, known.identity_token, email=known.email)
    if known.identity_token or known.registry_token:
        raise InputError(
            f"the credentials for {server} are a token, which no pull secret can carry",
            hint="make a user and a password, or a deploy token, for the cluster",
        )
    raise InputError(f"the credentials for {server} lack the {'password' if known.username else 'user'}")


def _add(found: dict[str, Credential], server: str, known: Credential) -> None:
    """Add a credential to others; one that no Secret can carry must not keep these from being used."""
    try:
        found[server] = for_secret(server, known)
    except InputError as error:
        note(f"warning: {error}")


def _configs() -> Iterable[DockerConfig]:
    for source in find_configs():
        config = read_docker_config(source)
        config.check()
        yield config
