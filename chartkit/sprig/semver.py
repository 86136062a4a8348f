"""Sprig's semantic versions: `semver` and `semverCompare`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar, Final

from chartkit.ambient import Ambient
from chartkit.constraint import (
    Constraint,
    InvalidConstraint,
    InvalidVersion,
    Version,
    check_metadata,
    check_prerelease,
)
from chartkit.gotypes import Function, FunctionError, GoObject, Uint64

_UINT64_LIMIT: Final = 1 << 64


class SemverValue(GoObject):
    """Go's semver.Version: what `IncMajor` and its kin give. It has fewer methods than the pointer."""

    __slots__ = ("generation", "version")
    go_type: ClassVar[str] = "semver.Version"
    go_kind: ClassVar[str] = "struct"

    def __init__(self, version: Version, generation: int) -> None:
        self.version = version
        self.generation = generation

    def go_string(self) -> str:
        """The version, written out in full."""
        return str(self.version)

    def go_json(self) -> str:
        """The version, written out in full."""
        return str(self.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SemverValue) and type(self) is type(other) and self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)


class SemverPointer(SemverValue):
    """Go's *semver.Version: what `semver` gives."""

    __slots__ = ()
    go_type: ClassVar[str] = "*semver.Version"
    go_kind: ClassVar[str] = "ptr"


def semver(ambient: Ambient, text: str) -> SemverPointer:
    """Read a version."""
    generation = ambient.profile.semver_generation
    try:
        return SemverPointer(Version.parse(text, generation), generation)
    except InvalidVersion as error:
        raise FunctionError(str(error)) from None


def semver_compare(ambient: Ambient, constraint: str, version: str) -> bool:
    """Whether a version meets a constraint."""
    generation = ambient.profile.semver_generation
    try:
        return Constraint.parse(constraint, generation).matches(Version.parse(version, generation))
    except (InvalidConstraint, InvalidVersion) as error:
        raise FunctionError(str(error)) from None


def _increase(part: str, following: Callable[[Version], Version]) -> Callable[[SemverValue], SemverValue]:
    def increase(one: SemverValue) -> SemverValue:
        grown = following(one.version)
        if max(grown.numbers) >= _UINT64_LIMIT:
            if one.generation >= 5:
                raise FunctionError(f"{part} version increment would overflow uint64")
            major, minor, patch = (number % _UINT64_LIMIT for number in grown.numbers)
            grown = one.version.with_original(Version(major, minor, patch))
        return SemverValue(grown, one.generation)

    return increase


def _set_prerelease(one: SemverValue, text: str) -> SemverValue:
    _check(check_prerelease, text, one.generation)
    return SemverValue(one.version.with_original(replace(one.version, prerelease=text)), one.generation)


def _set_metadata(one: SemverValue, text: str) -> SemverValue:
    _check(check_metadata, text, one.generation)
    return SemverValue(one.version.with_original(replace(one.version, metadata=text)), one.generation)


def _check(check: Callable[[str, int], None], text: str, generation: int) -> None:
    try:
        check(text, generation)
    except InvalidVersion as error:
        raise FunctionError(str(error)) from None


def _comparing(name: str, holds: Callable[[int], Any]) -> Function:
    return Function(name, lambda one, other: holds(one.version.compare(other.version)), ("semver",))


_VALUE_METHODS: Final = (
    Function("IncMajor", _increase("major", Version.next_major)),
    Function("IncMinor", _increase("minor", Version.next_minor)),
    Function("IncPatch", _increase("patch", Version.next_patch)),
    Function("Major", lambda one: Uint64(one.version.major)),
    Function("MarshalJSON", lambda one: f'"{one.version}"'.encode()),
    Function("MarshalText", lambda one: str(one.version).encode()),
    Function("Metadata", lambda one: one.version.metadata),
    Function("Minor", lambda one: Uint64(one.version.minor)),
    Function("Patch", lambda one: Uint64(one.version.patch)),
    Function("Prerelease", lambda one: one.version.prerelease),
    Function("SetMetadata", _set_metadata, ("string",)),
    Function("SetPrerelease", _set_prerelease, ("string",)),
    Function("String", lambda one: str(one.version)),
    Function("Value", lambda one: str(one.version)),
)
_POINTER_METHODS: Final = (
    _comparing("Compare", lambda order: order),
    _comparing("Equal", lambda order: order == 0),
    _comparing("GreaterThan", lambda order: order > 0),
    _comparing("GreaterThanEqual", lambda order: order >= 0),
    _comparing("LessThan", lambda order: order < 0),
    _comparing("LessThanEqual", lambda order: order <= 0),
    Function("Original", lambda one: one.version.original),
)
SemverValue.go_methods = {method.name: method for method in _VALUE_METHODS}
SemverPointer.go_methods = {method.name: method for method in _VALUE_METHODS + _POINTER_METHODS}

FUNCTIONS: Final = (
    Function("semver", semver, ("string",), ambient=True),
    Function("semverCompare", semver_compare, ("string", "string"), ambient=True),
)
