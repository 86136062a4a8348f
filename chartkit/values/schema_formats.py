"""The formats of texts that schemas of draft 7 and older can ask for, with the words of Helm 4's library."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from ipaddress import AddressValueError, IPv6Address
from typing import Final
from urllib.parse import unquote

from chartkit.goquote import quote, quote_rune


class InvalidFormat(ValueError):
    """A text that does not have the format."""


_HOST_PART: Final = re.compile(r"[a-zA-Z0-9-]*")
_LOCAL_PART: Final = re.compile(r"[a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]*")
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_UUID_GROUPS: Final = (8, 4, 4, 4, 12)


def _first_outside(pattern: re.Pattern[str], text: str) -> str:
    """The first character that the pattern does not take; empty when it takes all."""
    match = pattern.match(text)
    return text[match.end() : match.end() + 1] if match else text[:1]


def _json_pointer(text: str) -> None:
    if not text:
        return
    if not text.startswith("/"):
        raise InvalidFormat("not starting with /")
    if re.search(r"~(?![01])", text):
        raise InvalidFormat("~ must be followed by 0 or 1")


def _relative_json_pointer(text: str) -> None:
    digits = len(text) - len(text.lstrip("0123456789"))
    if not digits:
        raise InvalidFormat("must start with non-negative integer")
    if digits > 1 and text.startswith("0"):
        raise InvalidFormat("starts with zero")
    if text[digits:] != "#":
        _json_pointer(text[digits:])


def _uuid(text: str) -> None:
    groups = text.split("-")
    if len(groups) != len(_UUID_GROUPS):
        raise InvalidFormat(f"must have {len(_UUID_GROUPS)} elements")
    for number, (group, size) in enumerate(zip(groups, _UUID_GROUPS, strict=True), 1):
        if len(group.encode()) != size:
            raise InvalidFormat(f"element {number} must be {size} characters long")
        wrong = _first_outside(re.compile("[0-9a-fA-F]*"), group)
        if wrong:
            raise InvalidFormat(f"non-hex character {quote_rune(ord(wrong))}")


def _duration(text: str) -> None:
    if not text.startswith("P"):
        raise InvalidFormat("must start with P")
    rest = text[1:]
    if not rest:
        raise InvalidFormat("nothing after P")
    if rest.endswith("W"):
        if rest == "W":
            raise InvalidFormat("no number in week")
        if not re.fullmatch("[0-9]*", rest[:-1]):
            raise InvalidFormat("invalid week")
        return
    for index, part in enumerate(rest.split("T")):
        if index and not part:
            raise InvalidFormat("no time elements")
        if index > 1:
            raise InvalidFormat("more than one T")
        _duration_part(part, "HMS" if index else "YMD")


def _duration_part(part: str, units: str) -> None:
    """Numbers with units, the units in order."""
    left = units
    while part:
        match = re.match("[0-9]+", part)
        if match is None:
            raise InvalidFormat("missing number")
        part = part[match.end() :]
        if not part:
            raise InvalidFormat("missing unit")
        if part[0] not in left:
            unit = quote_rune(ord(part[0]))
            raise InvalidFormat(f"unit {unit} out of order" if part[0] in units else f"invalid unit {unit}")
        left = left[left.index(part[0]) + 1 :]
        part = part[1:]


def _ipv4(text: str) -> None:
    groups = text.split(".")
    if len(groups) != 4:
        raise InvalidFormat("expected four decimals")
    for group in groups:
        if len(group) > 1 and group.startswith("0"):
            raise InvalidFormat("leading zeros")
        if not re.fullmatch(r"[+-]?[0-9]+", group):
            raise InvalidFormat(f"strconv.Atoi: parsing {quote(group)}: invalid syntax")
        if not 0 <= int(group) <= 255:
            raise InvalidFormat("decimal must be between 0 and 255")


def _ipv6(text: str) -> None:
    if ":" not in text:
        raise InvalidFormat("missing colon")
    if "%" in text:
        raise InvalidFormat("zone id is not a part of ipv6 address")
    try:
        IPv6Address(text)
    except AddressValueError:
        raise InvalidFormat(f"ParseAddr({quote(text)}): {_ipv6_fault(text)}") from None


def _ipv6_fault(text: str) -> str:
    """What Go says about an address that is none."""
    for match in re.finditer("[^:]+", text):
        field = match[0]
        wrong = _first_outside(re.compile("[0-9a-fA-F]*"), field)
        if wrong == field[0]:
            at = quote(text[match.start() :])
            return f"each colon-separated field must have at least one digit (at {at})"
        if len(field) > 4 and not wrong:
            return f"each group must have 4 or less digits (at {quote(text[match.start() :])})"
        if wrong:
            return f"unexpected character, want colon (at {quote(text[match.start() + field.index(wrong) :])})"
    if text.endswith(":") and not text.endswith("::"):
        return 'colon must be followed by more characters (at ":")'
    return "address string too short"


def _hostname(text: str) -> None:
    text = text.removesuffix(".")
    if len(text.encode()) > 253:
        raise InvalidFormat("more than 253 characters long")
    for label in text.split("."):
        if not 1 <= len(label.encode()) <= 63:
            raise InvalidFormat("label must be 1 to 63 characters long")
        if label.startswith("-"):
            raise InvalidFormat("label starts with hyphen")
        if label.endswith("-"):
            raise InvalidFormat("label ends with hyphen")
        wrong = _first_outside(_HOST_PART, label)
        if wrong:
            raise InvalidFormat(f"invalid character {quote_rune(ord(wrong))}")


def _email(text: str) -> None:
    if len(text.encode()) > 254:
        raise InvalidFormat("more than 255 characters long")
    local, at, domain = text.rpartition("@")
    if not at:
        raise InvalidFormat("missing @")
    if len(local.encode()) > 64:
        raise InvalidFormat("local part more than 64 characters long")
    _email_local(local)
    if domain.startswith("[") and domain.endswith("]"):
        inside = domain[1:-1]
        version, check = ("ipv6", _ipv6) if inside.startswith("IPv6:") else ("ipv4", _ipv4)
        _within(f"invalid {version} address", check, inside.removeprefix("IPv6:"))
    else:
        _within("invalid domain", _hostname, domain)


def _email_local(local: str) -> None:
    """The part before the at-sign."""
    if len(local) > 1 and local.startswith('"'):
        if "\\" in local[1:-1] or '"' in local[1:-1]:
            raise InvalidFormat("backslash and quote are not allowed within quoted local part")
        return
    if local.startswith("."):
        raise InvalidFormat("starts with dot")
    if local.endswith("."):
        raise InvalidFormat("ends with dot")
    if ".." in local:
        raise InvalidFormat("consecutive dots")
    wrong = _first_outside(_LOCAL_PART, local)
    if wrong:
        raise InvalidFormat(f"invalid character {quote_rune(ord(wrong))}")


def _within(prefix: str, check: Callable[[str], None], text: str) -> None:
    """A check of a part, told with a prefix."""
    try:
        check(text)
    except InvalidFormat as error:
        raise InvalidFormat(f"{prefix}: {error}") from error


def _date(text: str) -> None:
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if match is None:
        raise InvalidFormat(f'parsing time {quote(text)} as "2006-01-02": {_date_fault(text)}')
    year, month, day = map(int, match.groups())
    if not 1 <= month <= 12:
        raise InvalidFormat(f"parsing time {quote(text)}: month out of range")
    try:
        date(year or 4, month, day)
    except ValueError:
        raise InvalidFormat(f"parsing time {quote(text)}: day out of range") from None


def _date_fault(text: str) -> str:
    """Where a text stops being a date, as Go says it."""
    for size, form in ((4, "2006"), (1, "-"), (2, "01"), (1, "-"), (2, "02")):
        part = text[:size]
        fits = part == "-" if form == "-" else len(part) == size and part.isdecimal()
        if not fits:
            return f"cannot parse {quote(text)} as {quote(form)}"
        text = text[size:]
    return f"extra text: {quote(text)}"


def _time(text: str) -> None:
    if len(text) < 9:
        raise InvalidFormat("less than 9 characters long")
    if text[2] != ":" or text[5] != ":":
        raise InvalidFormat("missing colon in correct place")
    hour, minute, second = (_two_digits(part, "hour/min/sec") for part in text[:8].split(":", 2))
    if hour > 23 or minute > 59 or second > 60:
        raise InvalidFormat("hour/min/sec out of range")
    rest = text[8:]
    if rest.startswith("."):
        digits = len(rest[1:]) - len(rest[1:].lstrip("0123456789"))
        if not digits:
            raise InvalidFormat("no digits in second fraction")
        rest = rest[1 + digits :]
    minutes = hour * 60 + minute
    if rest not in ("z", "Z"):
        minutes += _offset(rest)
    if second >= 60 and minutes % (24 * 60) != 24 * 60 - 1:
        raise InvalidFormat("invalid leap second")


def _offset(text: str) -> int:
    """The minutes to add for UTC."""
    if len(text) != 6:
        raise InvalidFormat("offset must be 6 characters long")
    if text[0] not in "+-":
        raise InvalidFormat("offset must begin with plus/minus")
    if text[3] != ":":
        raise InvalidFormat("missing colon in offset in correct place")
    hour, minute = (_two_digits(part, "hour/min in offset") for part in text[1:].split(":", 1))
    if hour > 23 or minute > 59:
        raise InvalidFormat("hour/min in offset out of range")
    return (hour * 60 + minute) * (-1 if text[0] == "+" else 1)


def _two_digits(text: str, what: str) -> int:
    if not re.fullmatch("[+-]?[0-9]+", text):
        raise InvalidFormat(f"invalid {what}")
    if int(text) < 0:
        raise InvalidFormat(f"non-positive {what}")
    return int(text)


def _date_time(text: str) -> None:
    if len(text) < 20:
        raise InvalidFormat("less than 20 characters long")
    if text[10] not in "tT":
        raise InvalidFormat("11th character must be t or T")
    _within("invalid date element", _date, text[:10])
    _within("invalid time element", _time, text[11:])


def _url(text: str) -> None:
    """What Go's URL parser refuses."""
    whole = quote(text)
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise InvalidFormat(f"parse {whole}: net/url: invalid control character in URL")
    if text.startswith(":"):
        raise InvalidFormat(f"parse {whole}: missing protocol scheme")
    escape = re.search(r"%(?![0-9a-fA-F]{2}).{0,2}", text)
    if escape:
        raise InvalidFormat(f"parse {whole}: invalid URL escape {quote(escape[0])}")
    match = re.match(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//([^/?#]*)", text)
    host = match[1].rpartition("@")[2] if match else ""
    if host.startswith("[") and "]" not in host:
        raise InvalidFormat(f"parse {whole}: missing ']' in host")
    if " " in host:
        raise InvalidFormat(f'parse {whole}: invalid character " " in host name')
    port = re.search(r":([^\]]*)$", host)
    if port and not port[1].isdecimal() and port[1]:
        raise InvalidFormat(f"parse {whole}: invalid port {quote(':' + port[1])} after host")
    if host.startswith("["):
        _within("invalid ipv6 address", _ipv6, host[1 : host.index("]")])
    first = text.partition("/")[0].partition("?")[0].partition("#")[0]
    if not match and ":" in first and not _SCHEME.match(text):
        raise InvalidFormat(f"parse {whole}: first path segment in URL cannot contain colon")


def _uri(text: str) -> None:
    _url(text)
    if not _SCHEME.match(text):
        raise InvalidFormat("relative url")


def _uri_reference(text: str) -> None:
    if "\\" in text:
        raise InvalidFormat("contains \\")
    _url(text)


def _uri_template(text: str) -> None:
    _url(text)
    path = re.sub(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?(?://[^/?#]*)?", "", text)
    for step in re.split("[?#]", path, maxsplit=1)[0].split("/"):
        is_open = False
        for brace in re.findall("[{}]", unquote(step)):
            if (brace == "{") == is_open:
                raise InvalidFormat("nested curly braces")
            is_open = not is_open
        if is_open:
            raise InvalidFormat("no matching closing brace")


def _period(text: str) -> None:
    start, slash, end = text.partition("/")
    if not slash:
        raise InvalidFormat("missing slash")
    if start.startswith("P"):
        _within("invalid start duration", _duration, start)
        _within("invalid end date-time", _date_time, end)
        return
    _within("invalid start date-time", _date_time, start)
    if end.startswith("P"):
        _within("invalid end duration", _duration, end)
    else:
        _within("invalid end date-time", _date_time, end)


def _semver(text: str) -> None:
    text, plus, build = text.partition("+")
    if plus and not build:
        raise InvalidFormat("build is empty")
    if plus:
        _identifiers("build", build)
    core, dash, prerelease = text.partition("-")
    if dash:
        _identifiers("pre-release", prerelease)
        if any(len(part) > 1 and part[0] == "0" and part.isdecimal() for part in prerelease.split(".")):
            raise InvalidFormat("pre-release numeric identifier starts with zero")
    numbers = core.split(".")
    if len(numbers) != 3:
        raise InvalidFormat("versionCore must have 3 numbers separated by dot")
    for name, number in zip(("major", "minor", "patch"), numbers, strict=True):
        if not number:
            raise InvalidFormat(f"{name} is empty")
        if len(number) > 1 and number[0] == "0":
            raise InvalidFormat(f"{name} starts with zero")
        if not re.fullmatch("[0-9]+", number):
            raise InvalidFormat(f"{name} contains non-digit")


def _identifiers(what: str, text: str) -> None:
    """Identifiers with dots between them."""
    for part in text.split("."):
        if not part:
            raise InvalidFormat(f"{what} identifier is empty")
        wrong = _first_outside(_HOST_PART, part)
        if wrong:
            raise InvalidFormat(f"invalid character {quote_rune(ord(wrong))} in {what} identifier")


FORMATS: Final[Mapping[str, Callable[[str], None]]] = {
    "json-pointer": _json_pointer,
    "relative-json-pointer": _relative_json_pointer,
    "uuid": _uuid,
    "duration": _duration,
    "period": _period,
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "hostname": _hostname,
    "email": _email,
    "date": _date,
    "time": _time,
    "date-time": _date_time,
    "uri": _uri,
    "iri": _uri,
    "uri-reference": _uri_reference,
    "iri-reference": _uri_reference,
    "uri-template": _uri_template,
    "semver": _semver,
}
