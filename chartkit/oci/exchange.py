"""Asking with patience: repeats what may succeed later, and follows redirects without giving secrets away."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from chartkit.errors import RegistryError, Unreachable
from chartkit.oci.failures import NoSuchHost, NotTls, TlsFailure
from chartkit.oci.transport import Request, Response, Transport
from chartkit.weburl import join_url, split_url

_REDIRECTS: Final = frozenset([301, 302, 303, 307, 308])
_REDIRECT_LIMIT: Final = 10
_TRY_AGAIN: Final = frozenset([408, 429, 500, 502, 503, 504])
# A name that does not resolve or a certificate that is not trusted will be no better in a second.
_HOPELESS: Final = (NoSuchHost, TlsFailure, NotTls)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often something is tried, and how long it is waited in between.

    Attributes:
        attempts: how often in all.
        first: seconds before the second attempt; each further wait is twice as long.
        longest: no wait is longer; a server that wants more of it is given up.
        pause: waits.
        now: seconds since 1970.
    """

    attempts: int = 4
    first: float = 0.5
    longest: float = 60.0
    pause: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.time

    def delay(self, attempt: int) -> float:
        """Seconds to wait after an attempt, counted from 0; spread, so that parallel requests do not come at once."""
        return min(self.first * 2.0**attempt, self.longest) * random.uniform(0.75, 1.0)

    def wanted(self, header: str) -> float | None:
        """Seconds that a `Retry-After` header asks for."""
        if header.isascii() and header.isdigit():
            return float(header)
        from email.utils import parsedate_to_datetime

        try:
            return max(0.0, parsedate_to_datetime(header).timestamp() - self.now())
        except (ValueError, TypeError):
            return None


class Exchange:
    """Sends requests until there is an answer."""

    def __init__(self, transport: Transport, patience: Patience) -> None:
        self._transport = transport
        self.patience = patience

    def send(self, request: Request) -> Response:
        """The answer to a request, after redirects; the last one, where even repeating brings no better.

        Raises:
            Unreachable: there is no answer.
            RegistryError: the redirects do not end.
        """
        for attempt in range(self.patience.attempts if request.repeatable else 1):
            last = attempt == self.patience.attempts - 1 or not request.repeatable
            try:
                response = self._follow(request)
            except Unreachable as failure:
                if last or isinstance(failure, _HOPELESS):
                    raise
                self.patience.pause(self.patience.delay(attempt))
                continue
            wait = self._wait(response, attempt)
            if last or wait is None:
                return response
            response.close()
            self.patience.pause(wait)
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, response: Response, attempt: int) -> float | None:
        """Seconds until it makes sense to ask again; `None` if it does not."""
        if response.status not in _TRY_AGAIN:
            return None
        wanted = self.patience.wanted(response.headers.get("retry-after", ""))
        if wanted is None:
            return self.patience.delay(attempt)
        return wanted if wanted <= self.patience.longest else None

    def _follow(self, request: Request) -> Response:
        for _ in range(_REDIRECT_LIMIT):
            response = self._transport.send(request)
            target = response.headers.get("location", "")
            if response.status not in _REDIRECTS or not target:
                return response
            response.close()
            request = redirected(request, target, response.status)
        raise RegistryError(f"{request.url}: more than {_REDIRECT_LIMIT} redirects")


def redirected(request: Request, target: str, status: int) -> Request:
    """The request that a redirect asks for; a login is not carried to another server.

    Raises:
        RegistryError: the redirect leads to something other than a web server.
    """
    url = join_url(request.url, target)
    if split_url(url).scheme not in ("http", "https"):
        raise RegistryError(f"{request.url}: redirect to an address that is none of the web")
    headers = dict(request.headers)
    if not same_server(request.url, url):
        headers.pop("Authorization", None)
    if status in (307, 308) or request.method in ("GET", "HEAD"):
        return replace(request, url=url, headers=headers)
    kept = {name: value for name, value in headers.items() if not name.startswith("Content-")}
    return Request("GET", url, kept)


def same_server(first: str, second: str) -> bool:
    """Whether two addresses are of one scheme, host and port."""
    return _server(first) == _server(second)


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = split_url(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
