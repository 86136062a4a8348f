"""The network: a `Transport` on urllib3, and the only module that imports it.

Connections are kept and reused; proxies are those of the environment (`HTTPS_PROXY`, `NO_PROXY`, ...). Why a server
cannot be reached is told apart, since each reason asks for something else to be done.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import IncompleteRead, RemoteDisconnected
from typing import Final
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    InsecureRequestWarning,
    LocationValueError,
    MaxRetryError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from chartkit.errors import InputError, Unreachable
from chartkit.oci.auth import LOOPBACK
from chartkit.oci.failures import Interrupted, NoSuchHost, NotTls, Refused, TimedOut, TlsFailure, one_line
from chartkit.oci.transport import CHUNK, Request
from chartkit.version import __version__
from chartkit.weburl import split_url

_AGENT: Final = f"chartkit/{__version__}"
_DRAINED: Final = 16 * 1024
# What OpenSSL says where the other side does not speak TLS; the words changed from version to version.
_NO_TLS: Final = ("wrong version number", "record layer failure", "http request", "packet length too long")


@dataclass(frozen=True, slots=True)
class Connecting:
    """How servers are reached.

    Attributes:
        ca_file: certificates of authorities to trust beside those of the system.
        insecure: whether any certificate will do.
        connect_timeout: seconds until a connection must stand.
        read_timeout: seconds that a server may be silent.
        connections: how many are kept to each server.
    """

    ca_file: str = ""
    insecure: bool = False
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    connections: int = 8


class UrllibTransport:
    """Carries requests with urllib3."""

    def __init__(self, connecting: Connecting | None = None) -> None:
        """Get ready; nothing is connected yet.

        Raises:
            InputError: the file with the authorities cannot be used.
        """
        self._connecting = connecting or Connecting()
        self._context = _tls(self._connecting)
        self._pools: dict[str, urllib3.PoolManager] = {}
        self._proxies = getproxies()

    def send(self, request: Request) -> UrllibResponse:
        """The answer of the server, whatever its status.

        Raises:
            Unreachable: there is no answer.
        """
        body = request.body() if callable(request.body) else request.body
        try:
            raw = self._pool(request.url).request(
                request.method,
                request.url,
                body=body,
                headers={"User-Agent": _AGENT, **request.headers},
                preload_content=False,
                decode_content=False,
                redirect=False,
                retries=False,
            )
        except (HTTPError, OSError) as error:
            raise _failure(error, _host(request.url), self._connecting) from error
        return UrllibResponse(raw, _host(request.url), self._connecting)

    def _pool(self, url: str) -> urllib3.PoolManager:
        """The connections that an address is reached by: straight ones, or those through its proxy."""
        parts = split_url(url)
        proxy = self._proxies.get(parts.scheme) or self._proxies.get("all") or ""
        # No proxy could reach this machine's own servers; Go and curl see it the same way.
        if parts.hostname in LOOPBACK or proxy_bypass(parts.hostname or ""):
            proxy = ""
        pool = self._pools.get(proxy)
        if pool is None:
            pool = self._pools.setdefault(proxy, self._new_pool(proxy))
        return pool

    def _new_pool(self, proxy: str) -> urllib3.PoolManager:
        chosen = self._connecting
        timeout = urllib3.Timeout(connect=chosen.connect_timeout, read=chosen.read_timeout)
        if not proxy:
            return urllib3.PoolManager(maxsize=chosen.connections, timeout=timeout, ssl_context=self._context)
        parts = split_url(proxy if "://" in proxy else f"http://{proxy}")
        login = f"{parts.username}:{parts.password or ''}" if parts.username else None
        return urllib3.ProxyManager(
            f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            proxy_headers=urllib3.make_headers(proxy_basic_auth=login),
            maxsize=chosen.connections,
            timeout=timeout,
            ssl_context=self._context,
        )


class UrllibResponse:
    """An answer that is read as it comes."""

    def __init__(self, raw: urllib3.BaseHTTPResponse, host: str, connecting: Connecting) -> None:
        self._raw = raw
        self._host = host
        self._connecting = connecting
        self.status = raw.status
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in raw.headers.items()}

    def chunks(self) -> Iterator[bytes]:
        """The body, a piece at a time.

        Raises:
            Unreachable: the connection broke, or ended before the promised length.
        """
        try:
            yield from self._raw.stream(CHUNK, decode_content=False)
        except (HTTPError, OSError) as error:
            raise _failure(error, self._host, self._connecting) from error

    def close(self) -> None:
        """Let go of the connection; it is kept for the next request if little or nothing is left in it."""
        left = self._raw.length_remaining
        if left is not None and left <= _DRAINED:
            # Even an empty body must be read, or the connection waits for that.
            self._raw.drain_conn()
        else:
            self._raw.close()


def _tls(connecting: Connecting) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if connecting.ca_file:
        try:
            context.load_verify_locations(cafile=connecting.ca_file)
        except (OSError, ssl.SSLError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise InputError(f"cannot use the certificates of {connecting.ca_file}: {reason}") from error
    if connecting.insecure:
        # Who asks for it need not be told at every connection.
        urllib3.disable_warnings(InsecureRequestWarning)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _host(url: str) -> str:
    return split_url(url).netloc.rpartition("@")[2]


def _failure(error: BaseException, host: str, connecting: Connecting) -> Unreachable:
    """Why a server cannot be reached, in words that say what to do."""
    if isinstance(error, MaxRetryError) and error.reason is not None:
        error = error.reason
    if isinstance(error, ProxyError):
        inner = _failure(error.original_error, host, connecting)
        return type(inner)(f"{inner} (through the proxy of the environment)", hint=inner.hint)
    if isinstance(error, NameResolutionError):
        return NoSuchHost(f"{host}: no such host: the name does not resolve")
    if isinstance(error, (ReadTimeoutError, TimeoutError)):
        return TimedOut(f"{host}: silent for {connecting.read_timeout:g} s")
    if isinstance(error, NewConnectionError):
        cause = error.__cause__ or error.__context__
        return Refused(f"{host}: {_reason(cause)}")
    if isinstance(error, ConnectTimeoutError):
        return TimedOut(f"{host}: no connection within {connecting.connect_timeout:g} s")
    if isinstance(error, (SSLError, ssl.SSLError)):
        return _tls_failure(error, host)
    if isinstance(error, LocationValueError):
        return NoSuchHost(f"{host}: this is no host")
    return Interrupted(f"{host}: the connection broke: {_reason(error)}")


def _reason(error: BaseException | None) -> str:
    """What is behind a failure, in a few words."""
    if isinstance(error, ProtocolError) and len(error.args) > 1 and isinstance(error.args[1], BaseException):
        error = error.args[1]
    if isinstance(error, IncompleteRead):
        return "it ended before all was said"
    if isinstance(error, RemoteDisconnected):
        return "it ended without an answer"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    return one_line(str(error)) or type(error).__name__


def _tls_failure(error: BaseException, host: str) -> Unreachable:
    found = error.args[0] if error.args and isinstance(error.args[0], ssl.SSLError) else error
    if isinstance(found, ssl.SSLCertVerificationError):
        return TlsFailure(
            f"{host}: the certificate is not trusted: {found.verify_message}",
            hint="--ca-file names the certificate of your own authority; --insecure checks none",
        )
    said = str(found).lower().replace("_", " ")
    if any(words in said for words in _NO_TLS):
        return NotTls(f"{host}: plain HTTP where TLS was expected", hint=f"--plain-http {host} speaks it, without TLS")
    return TlsFailure(f"{host}: TLS failed: {getattr(found, 'reason', '') or found}")
