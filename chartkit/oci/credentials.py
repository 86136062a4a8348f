"""Where credentials are on a machine: Docker's and podman's files, and the helpers that these name.

A lookup goes as with docker: `credHelpers` for the server, else `credsStore`, else `auths`. In `auths` a key may be a
host, as `docker login` writes it, or a host with the beginning of a path, as `podman login` does; the longest counts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from chartkit.errors import InputError
from chartkit.oci.credential import Credential, Keychain
from chartkit.oci.docker_config import DockerConfig, Entry, read_docker_config
from chartkit.oci.helper import Runner, ask_helper, list_helper
from chartkit.reference import DEFAULT_REGISTRY
from chartkit.source import Source

HUB_SERVER: Final = "https://index.docker.io/v1/"
"""The name of Docker Hub in configurations."""

_HUB_NAMES: Final = (HUB_SERVER, "index.docker.io", DEFAULT_REGISTRY, "registry-1.docker.io")
_VARIABLE: Final = "DOCKER_AUTH_CONFIG"
_PODMAN_VARIABLE: Final = "REGISTRY_AUTH_FILE"


def server_of(registry: str) -> str:
    """The name that docker gives a registry in its configuration."""
    return HUB_SERVER if registry in _HUB_NAMES else registry


def host_of(server: str) -> str:
    """Host and port of a key under `auths`, without scheme and path; `docker.io` under each of its names."""
    host = _without_scheme(server).partition("/")[0]
    return DEFAULT_REGISTRY if host in _HUB_NAMES else host


def load_keychain(runner: Runner, environment: Mapping[str, str] = os.environ) -> Keychain:
    """The credentials of this machine: the first of its configuration files that has some for a registry counts.

    Raises:
        InputError: a file cannot be read or used.
    """
    configs = [read_docker_config(source) for source in find_configs(environment)]
    for config in configs:
        config.check()
    return ChainedKeychain(tuple(DockerKeychain(config, runner) for config in configs))


def find_configs(environment: Mapping[str, str] = os.environ) -> Iterator[Source]:
    """The configurations of this machine, in the order in which they count.

    DOCKER_AUTH_CONFIG holds one itself. REGISTRY_AUTH_FILE names the only file, DOCKER_CONFIG its folder; without them
    there are Docker's file, podman's, and Docker's file of old.

    Raises:
        InputError: a file cannot be read, or that of REGISTRY_AUTH_FILE is missing.
    """
    if environment.get(_VARIABLE):
        yield Source(f"${_VARIABLE}", environment[_VARIABLE], is_secret=True)
    named = environment.get(_PODMAN_VARIABLE)
    if named:
        found = _read(Path(named))
        if found is None:
            raise InputError(f"there is no file {named}", hint=f"{_PODMAN_VARIABLE} names it")
        yield found
        return
    for path in _usual_files(environment):
        found = _read(path)
        if found is not None:
            yield found


def read_config_file(path: Path) -> DockerConfig:
    """One configuration file; a folder stands for its `config.json`.

    Raises:
        InputError: it cannot be read or used.
    """
    found = _read(path / "config.json" if path.is_dir() else path)
    if found is None:
        raise InputError(f"there is no file {path}")
    config = read_docker_config(found)
    config.check()
    return config


def _usual_files(environment: Mapping[str, str]) -> Iterator[Path]:
    if environment.get("DOCKER_CONFIG"):
        yield Path(environment["DOCKER_CONFIG"], "config.json")
        return
    home = Path(environment.get("HOME") or os.path.expanduser("~"))
    yield home / ".docker" / "config.json"
    if environment.get("XDG_RUNTIME_DIR"):
        yield Path(environment["XDG_RUNTIME_DIR"], "containers", "auth.json")
    yield Path(environment.get("XDG_CONFIG_HOME") or home / ".config", "containers", "auth.json")
    yield home / ".dockercfg"


def _read(path: Path) -> Source | None:
    try:
        return Source(str(path), path.read_bytes().decode("utf-8", "surrogateescape"), is_secret=True)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error


class DockerKeychain:
    """The credentials of one configuration file, and of the helpers that it names."""

    def __init__(self, config: DockerConfig, runner: Runner) -> None:
        self._config = config
        self._runner = runner
        # One run of a helper may take a second, or ask the user something.
        self._asked: dict[tuple[str, str], Credential | None] = {}

    def credential(self, registry: str, repository: str = "") -> Credential | None:
        """The credential for a repository of a registry, if there is one.

        Raises:
            InputError: a helper fails, or what the file says of the registry cannot be used.
        """
        entry = self.entry(registry, repository)
        if entry is not None:
            self._config.check(entry.server)
        return self._combined(entry, self._from_helper(_names(registry), server_of(registry)))

    def entry(self, registry: str, repository: str = "") -> Entry | None:
        """What stands under `auths` for a repository of a registry."""
        names = _names(registry)
        entries = self._config.entries
        wanted = f"{host_of(registry)}/{repository}/"
        scopes = [name for name in entries if wanted.startswith(f"{_scope(name)}/")]
        if scopes and repository:
            return entries[max(scopes, key=lambda name: len(_scope(name)))]
        exact = next((name for name in names if name in entries), None)
        near = next((name for name in entries if host_of(name) == host_of(registry)), None)
        found = exact or near
        return entries[found] if found else None

    def servers(self) -> tuple[str, ...]:
        """All servers that there may be credentials for.

        Raises:
            InputError: the helper that knows of them fails.
        """
        stored = list_helper(self._runner, self._config.store) if self._config.store else ()
        return tuple(dict.fromkeys((*self._config.entries, *self._config.helpers, *stored)))

    def names(self, server: str) -> bool:
        """Whether the file has this very name of a server."""
        return server in self._config.entries or server in self._config.helpers

    def of_server(self, server: str) -> Credential | None:
        """The credential under the very name of a server.

        Raises:
            InputError: a helper fails, or what the file says of the server cannot be used.
        """
        self._config.check(server)
        entry = self._config.entries.get(server)
        return self._combined(entry, self._from_helper((server,), server))

    def _combined(self, entry: Entry | None, kept: Credential | None) -> Credential | None:
        """What a helper keeps, else what stands in the file."""
        if kept is None:
            return None if entry is None or entry.is_empty else entry.credential
        # Helpers keep no address: docker leaves it in the file.
        return replace(kept, email=entry.credential.email) if entry else kept

    def _from_helper(self, names: Sequence[str], usual: str) -> Credential | None:
        """What the helper for a server keeps: one that is for it under some name, else that for all servers."""
        server = next((name for name in names if name in self._config.helpers), usual)
        helper = self._config.helpers.get(server) or self._config.store
        if not helper:
            return None
        if (helper, server) not in self._asked:
            self._asked[helper, server] = self._ask(helper, server)
        return self._asked[helper, server]

    def _ask(self, helper: str, server: str) -> Credential | None:
        try:
            return ask_helper(self._runner, helper, server)
        except InputError as error:
            raise InputError(
                str(error), hint=error.hint or f"{self._config.source.name} names this helper for {server}"
            ) from error


@dataclass(frozen=True, slots=True)
class ChainedKeychain:
    """Several keychains; the first that has a credential counts."""

    keychains: tuple[Keychain, ...]

    def credential(self, registry: str, repository: str = "") -> Credential | None:
        """The credential for a repository of a registry, if there is one."""
        found = (each.credential(registry, repository) for each in self.keychains)
        return next((credential for credential in found if credential is not None), None)


def _names(registry: str) -> tuple[str, ...]:
    return _HUB_NAMES if server_of(registry) == HUB_SERVER else (registry,)


def _without_scheme(server: str) -> str:
    return server.removeprefix("https://").removeprefix("http://")


def _scope(server: str) -> str:
    """Host and path that a key is for; with a scheme, or a path that names the protocol, it is for the whole host."""
    rest = _without_scheme(server)
    _, _, path = rest.partition("/")
    if rest != server or path.rstrip("/") in ("", "v1", "v2"):
        return host_of(server)
    return f"{host_of(server)}/{path.rstrip('/')}"
