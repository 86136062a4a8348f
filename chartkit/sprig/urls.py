"""Sprig's URLs, read and written by the rules of Go's net/url."""

from __future__ import annotations

import re
from typing import Any, Final

from chartkit.goquote import quote
from chartkit.gotypes import Function, FunctionError, go_kind
from chartkit.sprig.addresses import InvalidAddress, parse_address

_ALWAYS: Final = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~"
_IN_HOST: Final = frozenset(_ALWAYS + b"!$&'()*+,;=:[]<>\"")
_IN_PATH: Final = frozenset(_ALWAYS + b"$&+,/:;=@")
_IN_USERINFO: Final = frozenset(_ALWAYS + b"$&+,;=")
_IN_FRAGMENT: Final = frozenset(_ALWAYS + b"$&+,/:;=?@!()*")
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*(?=:)")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_USERINFO: Final = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_PORT: Final = re.compile(r"(:[0-9]*)?")
_ESCAPE: Final = re.compile("%([0-9a-fA-F]{2})")


class _BadUrl(ValueError):
    """A text that is no URL, in Go's words."""


def url_parse(text: str) -> dict[str, Any]:
    """The parts of a URL by their names."""
    try:
        return _parse(text)
    except _BadUrl as error:
        raise FunctionError(f"unable to parse url: {error}") from None


def _parse(text: str) -> dict[str, Any]:
    before, _, fragment = text.partition("#")
    try:
        parts = _parse_unfragmented(before)
    except _BadUrl as error:
        raise _BadUrl(f"parse {quote(before)}: {error}") from None
    try:
        return {**parts, "fragment": _unescape(fragment)}
    except _BadUrl as error:
        raise _BadUrl(f"parse {quote(text)}: {error}") from None


def _parse_unfragmented(text: str) -> dict[str, str]:
    if _CONTROL.search(text):
        raise _BadUrl("net/url: invalid control character in URL")
    parts = dict.fromkeys(("scheme", "host", "hostname", "path", "query", "opaque", "userinfo"), "")
    if text == "*":
        return {**parts, "path": "*"}
    if text.startswith(":"):
        raise _BadUrl("missing protocol scheme")
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() + 1 :] if scheme else text
    parts["scheme"] = scheme[0].lower() if scheme else ""
    rest, _, parts["query"] = rest.partition("?")
    if not rest.startswith("/"):
        if scheme:
            return {**parts, "opaque": rest}
        if ":" in rest.partition("/")[0]:
            raise _BadUrl("first path segment in URL cannot contain colon")
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        parts["userinfo"], parts["host"] = _parse_authority(authority, parts["scheme"])
        parts["hostname"] = _hostname(parts["host"])
        rest = slash + path
    return {**parts, "path": _unescape(rest)}


def _parse_authority(authority: str, scheme: str) -> tuple[str, str]:
    """User information, as Go prints it again, and the host with its port."""
    user, at, host = authority.rpartition("@")
    host = _parse_host(host, scheme)
    if not at:
        return "", host
    if not _USERINFO.fullmatch(user):
        raise _BadUrl("net/url: invalid userinfo")
    name, colon, password = user.partition(":")
    return _escape(_unescape(name), _IN_USERINFO) + colon + _escape(_unescape(password), _IN_USERINFO), host


def _parse_host(host: str, scheme: str) -> str:
    opening = host.rfind("[")
    if opening > 0:
        raise _BadUrl("invalid IP-literal")
    if opening == 0:
        return _parse_bracketed(host)
    # Only web addresses are held to a single colon.
    colon = host.find(":") if scheme in ("http", "https") else host.rfind(":")
    if colon >= 0:
        _check_port(host[colon:])
    return _unescape_host(host)


def _parse_bracketed(host: str) -> str:
    """An IPv6 address between brackets, and the port."""
    end = host.rfind("]")
    if end < 0:
        raise _BadUrl("missing ']' in host")
    _check_port(host[end + 1 :])
    address, percent, zone = host[1:end].partition("%25")
    name = _unescape_host(address) + (_unescape_zone(percent + zone) if percent else "")
    try:
        if len(parse_address(name)) == 4:
            raise _BadUrl("invalid IP-literal")
    except InvalidAddress as error:
        raise _BadUrl(f"invalid host: {error}") from None
    return f"[{name}]{host[end + 1 :]}"


def _check_port(port: str) -> None:
    if not _PORT.fullmatch(port):
        raise _BadUrl(f"invalid port {quote(port)} after host")


def _hostname(host: str) -> str:
    colon = host.rfind(":")
    if colon >= 0 and _PORT.fullmatch(host[colon:]):
        host = host[:colon]
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def _unescape(text: str) -> str:
    """Turn `%41` into `A`."""
    if "%" not in text:
        return text
    for match in re.finditer("%", text):
        if not _ESCAPE.match(text, match.start()):
            raise _BadUrl(f"invalid URL escape {quote(_three_bytes(text[match.start() :]))}")
    data = text.encode("utf-8", "surrogateescape")
    return re.sub(rb"%(..)", lambda found: bytes.fromhex(found[1].decode()), data).decode("utf-8", "surrogateescape")


def _three_bytes(text: str) -> str:
    return text[:3].encode("utf-8", "surrogateescape")[:3].decode("utf-8", "surrogateescape")


def _unescape_host(text: str) -> str:
    """Unescape a host, where only bytes beyond ASCII and the percent sign may be escaped."""
    _check_host(text, in_zone=False)
    return _unescape(text)


def _unescape_zone(text: str) -> str:
    """Unescape an IPv6 zone, where a host's own characters and the space may be escaped too."""
    _check_host(text, in_zone=True)
    return _unescape(text)


def _check_host(text: str, *, in_zone: bool) -> None:
    at = 0
    while at < len(text):
        char = text[at]
        if char == "%":
            _check_host_escape(_three_bytes(text[at : at + 3]), in_zone=in_zone)
            at += 2
        elif char < "\x80" and ord(char) not in _IN_HOST:
            raise _BadUrl(f"invalid character {quote(char)} in host name")
        at += 1


def _check_host_escape(text: str, *, in_zone: bool) -> None:
    match = _ESCAPE.fullmatch(text)
    if not match:
        raise _BadUrl(f"invalid URL escape {quote(text)}")
    value = int(match[1], 16)
    allowed = (value == 0x20 or value in _IN_HOST) if in_zone else value >= 0x80
    if text != "%25" and not allowed:
        raise _BadUrl(f"invalid URL escape {quote(text)}")


def _escape(text: str, kept: frozenset[int]) -> str:
    data = text.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in data)


def url_join(parts: dict[str, Any]) -> str:
    """A URL out of its parts, as `urlParse` names them."""
    names = ("scheme", "host", "path", "query", "opaque", "fragment")
    scheme, host, path, query, opaque, fragment = (_text_part(parts, name) for name in names)
    user = _checked_userinfo(_text_part(parts, "userinfo"))
    out = f"{scheme}:" if scheme else ""
    if opaque:
        out += opaque
    else:
        if (scheme or host or user is not None) and (host or path or user is not None):
            out += "//"
        if user is not None:
            out += f"{user}@"
        out += _escape(host, _IN_HOST)
        escaped = "*" if path == "*" else _escape(path, _IN_PATH)
        if escaped and not escaped.startswith("/") and host:
            out += "/"
        if not out and ":" in escaped.partition("/")[0]:
            out += "./"
        out += escaped
    if query:
        out += f"?{query}"
    return out + (f"#{_escape(fragment, _IN_FRAGMENT)}" if fragment else "")


def _text_part(parts: dict[str, Any], name: str) -> str:
    if name not in parts:
        return ""
    value = parts[name]
    if value is None:
        raise FunctionError("runtime error: invalid memory address or nil pointer dereference")
    if not isinstance(value, str):
        raise FunctionError(f"unable to parse {name} key, must be of type string, but {go_kind(value)} found")
    return value


def _checked_userinfo(text: str) -> str | None:
    """User information as it is printed; `None` for none."""
    if not text:
        return None
    try:
        parsed = _parse(f"proto://{text}@host")
    except _BadUrl as error:
        raise FunctionError(f"unable to parse userinfo in dict: {error}") from None
    # A slash, question mark or hash ends the host part, and with it the user information.
    return str(parsed["userinfo"]) if parsed["host"] == "host" else None


def get_host_by_name(name: str) -> str:
    """Nothing: Helm does not ask name servers while rendering."""
    return ""


FUNCTIONS: Final = (
    Function("urlParse", url_parse, ("string",)),
    Function("urlJoin", url_join, ("map",)),
    Function("getHostByName", get_host_by_name, ("string",)),
)
