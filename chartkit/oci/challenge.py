"""Reading what a server wants of a login: the `WWW-Authenticate` header of RFC 9110 and RFC 6750."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER: Final = re.compile(rf'\s*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN}(?:[/:]\S*?)?))\s*(?:,|$)')
_SCHEME: Final = re.compile(rf"[\s,]*({_TOKEN})(?:\s+|\s*,|\s*$)")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way to log in.

    Attributes:
        scheme: `basic`, `bearer`, ... in lower case.
        parameters: what goes with it, names in lower case: `realm`, `service`, `scope`, `error`.
    """

    scheme: str
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def realm(self) -> str:
        """Where tokens are to be had."""
        return self.parameters.get("realm", "")

    @property
    def service(self) -> str:
        """Who the tokens are for."""
        return self.parameters.get("service", "")

    @property
    def scopes(self) -> tuple[str, ...]:
        """What a token must allow, as the server wants it for the request that it refused."""
        return tuple(self.parameters.get("scope", "").split())


def read_challenges(header: str) -> tuple[Challenge, ...]:
    """The ways to log in that a header offers; what cannot be read of it is left out."""
    found: list[Challenge] = []
    offset = 0
    while offset < len(header):
        parameter = _PARAMETER.match(header, offset) if found else None
        if parameter:
            value = re.sub(r"\\(.)", r"\1", parameter[2]) if parameter[2] is not None else parameter[3]
            found[-1].parameters.setdefault(parameter[1].lower(), value)
            offset = parameter.end()
            continue
        scheme = _SCHEME.match(header, offset)
        if scheme is None:
            break
        found.append(Challenge(scheme[1].lower()))
        offset = scheme.end()
    return tuple(found)


def choose(challenges: tuple[Challenge, ...]) -> Challenge | None:
    """The way to log in that is taken: a token where one is to be had, for it can do less than a password."""
    by_scheme = {each.scheme: each for each in reversed(challenges)}
    bearer = by_scheme.get("bearer")
    return bearer if bearer is not None and bearer.realm else by_scheme.get("basic")
