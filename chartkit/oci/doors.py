"""The way into each registry: where its API is, by TLS or plain HTTP, and what it wants of a login.

Found out once per registry, by asking `/v2/`. A registry that could not be reached is not asked again: of twenty images
behind one dead host the first tells it, after all its attempts.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from chartkit.errors import RegistryError
from chartkit.oci.auth import LOOPBACK
from chartkit.oci.challenge import Challenge, choose, read_challenges
from chartkit.oci.exchange import Exchange, same_server
from chartkit.oci.failures import NotTls, refusal
from chartkit.oci.transport import Request
from chartkit.weburl import join_url, split_url

HUB: Final = "docker.io"
_HUB_HOST: Final = "registry-1.docker.io"


@dataclass(frozen=True, slots=True)
class Door:
    """The way into a registry.

    Attributes:
        registry: its name in references.
        base: the address of its API, without a slash at the end.
        challenge: how it wants a login, if it does.
    """

    registry: str
    base: str
    challenge: Challenge | None

    @property
    def plain(self) -> bool:
        """Whether it is spoken to over plain HTTP."""
        return self.base.startswith("http:")

    def address(self, location: str) -> str:
        """The absolute address of what the registry names.

        Behind a proxy that ends TLS some registries take themselves for plain HTTP; they are not followed into that.
        """
        url = join_url(f"{self.base}/", location)
        if not self.plain and url.startswith("http:"):
            upgraded = f"https:{url.removeprefix('http:')}"
            if split_url(url).netloc == split_url(self.base).netloc:
                return upgraded
        return url

    def owns(self, url: str) -> bool:
        """Whether an address is of the registry itself, and may be sent its login."""
        return same_server(url, self.base)


class Doors:
    """The ways into registries, each found once."""

    def __init__(self, exchange: Exchange, plain_http: Collection[str] = ()) -> None:
        self._exchange = exchange
        self._plain_http = frozenset(plain_http)
        self._found: dict[str, Door | RegistryError] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def door(self, registry: str) -> Door:
        """The way into a registry.

        Raises:
            Unreachable: there is none.
            RegistryError: what is there is no registry.
        """
        with self._lock:
            lock = self._locks[registry]
        with lock:
            found = self._found.get(registry)
            if found is None:
                found = self._found[registry] = _or_failure(self._find, registry)
        if isinstance(found, RegistryError):
            raise found
        return found

    def _find(self, registry: str) -> Door:
        host = _HUB_HOST if registry == HUB else registry
        if self._plain_http & {registry, host_name(registry)}:
            return self._ping(registry, f"http://{host}")
        try:
            return self._ping(registry, f"https://{host}")
        except NotTls:
            # A registry on this machine is mostly one for trying things out, and nobody listens in between.
            if host_name(registry) not in LOOPBACK:
                raise
            return self._ping(registry, f"http://{host}")

    def _ping(self, registry: str, base: str) -> Door:
        response = self._exchange.send(Request("GET", f"{base}/v2/"))
        if response.status == 429 or response.status >= 500:
            raise refusal(response, registry)
        # Registries that are open, and those that hide `/v2/`, have no challenge; it may come with a later request.
        challenge = choose(read_challenges(response.headers.get("www-authenticate", "")))
        response.close()
        return Door(registry, base, challenge if response.status == 401 else None)


def host_name(registry: str) -> str:
    """The host of a registry, without its port."""
    return split_url(f"//{registry}").hostname or registry


def _or_failure(find: Callable[[str], Door], registry: str) -> Door | RegistryError:
    try:
        return find(registry)
    except RegistryError as failure:
        return failure
