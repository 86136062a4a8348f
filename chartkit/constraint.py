"""Versions and version constraints as Helm reads them (the Go library Masterminds/semver).

Helm's release lines carry three generations of that library. They differ in the wording of errors, and in when a
pre-release version is let through: see `Constraint.matches`. This module is the only door to the `semver` package.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from chartkit.goquote import quote
from chartkit.pattern import pattern
from chartkit.record import dataclass, replace

NEWEST_GENERATION: Final = 5
"""The N of the newest 3.N of the library."""

_UINT64_LIMIT: Final = 1 << 64
_MAX_BYTES: Final = 256
# Searching for ranges takes time by the square of the length, and no constraint is a fraction of this long.
_LONGEST_CONSTRAINT: Final = 5000
_SUFFIX: Final = r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
_VERSION: Final = pattern(rf"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?{_SUFFIX}")
_PART: Final = r"[0-9|xX*]++"
_WANTED: Final = rf"(v?({_PART})(?:\.({_PART}))?(?:\.({_PART}))?{_SUFFIX})"
_OPERATOR: Final = r"=||!=|>|<|>=|=>|<=|=<|~|~>|\^"
_SPACE: Final = r"[\t\n\f\r ]"
_TERM: Final = pattern(rf"{_SPACE}*({_OPERATOR}){_SPACE}*{_WANTED}({_SPACE}*)")
_RANGE: Final = pattern(rf"{_SPACE}*+{_WANTED}{_SPACE}++-{_SPACE}++{_WANTED}{_SPACE}*+")
_SECOND_WANTED: Final = 7


class InvalidVersion(ValueError):
    """A text that is no version, in the library's words."""


class InvalidConstraint(ValueError):
    """A text that is no version constraint, in the library's words."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version: `1.2.3-beta.1+build`; minor and patch may be left out and a `v` may stand before it.

    Attributes:
        original: the text that was read.
    """

    major: int
    minor: int
    patch: int
    prerelease: str = ""
    metadata: str = ""
    original: str = ""

    @staticmethod
    def parse(text: str, generation: int = NEWEST_GENERATION) -> Version:
        """Read a version, or raise `InvalidVersion`."""
        if generation >= 5 and len(text.encode("utf-8", "surrogateescape")) > _MAX_BYTES:
            raise InvalidVersion(f"version string is too long (max {_MAX_BYTES} bytes)")
        match = _VERSION.fullmatch(text)
        if not match:
            raise InvalidVersion("Invalid Semantic Version" if generation < 4 else "invalid semantic version")
        major, minor, patch, prerelease, metadata = match.groups("")
        numbers = [_segment(part, generation) for part in (major, minor, patch)]
        check_prerelease(prerelease, generation)
        return Version(numbers[0], numbers[1], numbers[2], prerelease, metadata, text)

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}.{self.patch}"
        text += f"-{self.prerelease}" if self.prerelease else ""
        return text + (f"+{self.metadata}" if self.metadata else "")

    @property
    def numbers(self) -> tuple[int, int, int]:
        """Major, minor and patch."""
        return self.major, self.minor, self.patch

    def compare(self, other: Version) -> int:
        """-1, 0 or 1 as this version is before, level with or after another; build metadata does not count."""
        if self.numbers != other.numbers:
            return -1 if self.numbers < other.numbers else 1
        if self.prerelease == other.prerelease:
            return 0
        if not self.prerelease or not other.prerelease:
            return -1 if self.prerelease else 1
        return compare_prereleases(self.prerelease, other.prerelease)

    def next_major(self) -> Version:
        """The first version of the next major line."""
        return self._renewed(major=self.major + 1, minor=0, patch=0)

    def next_minor(self) -> Version:
        """The first version of the next minor line."""
        return self._renewed(major=self.major, minor=self.minor + 1, patch=0)

    def next_patch(self) -> Version:
        """The release of a pre-release, the next patch of a release."""
        return self._renewed(major=self.major, minor=self.minor, patch=self.patch + (0 if self.prerelease else 1))

    def _renewed(self, *, major: int, minor: int, patch: int) -> Version:
        return self.with_original(Version(major, minor, patch))

    def with_original(self, changed: Version) -> Version:
        """A version made out of this one, with its text spelt anew: the `v` stays."""
        return replace(changed, original=("v" if self.original.startswith("v") else "") + str(changed))


def _segment(digits: str, generation: int) -> int:
    number = int(digits or "0") if len(digits) < 4000 else _UINT64_LIMIT
    if number >= _UINT64_LIMIT:
        start = "Error" if generation < 4 else "error"
        raise InvalidVersion(
            f'{start} parsing version segment: strconv.ParseUint: parsing "{digits}": value out of range'
        )
    return number


def check_prerelease(text: str, generation: int = NEWEST_GENERATION) -> None:
    """Refuse numbers with leading zeros in a pre-release, and what no pre-release can hold."""
    if not text:
        return
    # The oldest generation looks for bad characters only, and lets empty parts through.
    allowed = "[0-9A-Za-z-]*" if generation < 4 else "[0-9A-Za-z-]+"
    for part in text.split("."):
        if not re.fullmatch(allowed, part):
            raise InvalidVersion("Invalid Prerelease string" if generation < 4 else "invalid prerelease string")
        if part.isdigit() and len(part) > 1 and part[0] == "0":
            raise InvalidVersion("Version segment starts with 0" if generation < 4 else "version segment starts with 0")


def check_metadata(text: str, generation: int = NEWEST_GENERATION) -> None:
    """Refuse what no build metadata can hold."""
    allowed = "[0-9A-Za-z.-]+" if generation < 4 else r"[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*"
    if text and not re.fullmatch(allowed, text):
        raise InvalidVersion("Invalid Metadata string" if generation < 4 else "invalid metadata string")


@lru_cache(maxsize=256)
def compare_prereleases(one: str, other: str) -> int:
    """-1, 0 or 1 by the precedence rules of semver 2.0."""
    # Only pre-releases need the package, and few renders compare two of them.
    from semver import Version as Precedence

    return Precedence(0, prerelease=one).compare(Precedence(0, prerelease=other))


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison of a constraint, such as `>=1.2`.

    Attributes:
        operator: as it was written; empty for none.
        version: what is compared with; absent parts are 0.
        dirty: whether a part is absent or a wildcard.
        any_minor: whether only the major part is there.
        any_patch: whether major and minor are there, and the patch is not.
    """

    operator: str
    version: Version
    dirty: bool = False
    any_minor: bool = False
    any_patch: bool = False


@dataclass(frozen=True, slots=True)
class Constraint:
    """Groups of terms: all terms of at least one group must hold."""

    groups: tuple[tuple[Term, ...], ...]
    generation: int = NEWEST_GENERATION

    @staticmethod
    @lru_cache(maxsize=512)
    def parse(text: str, generation: int = NEWEST_GENERATION) -> Constraint:
        """Read a constraint such as `>=1.2 <2 || ^3`, or raise `InvalidConstraint`."""
        if len(text) > _LONGEST_CONSTRAINT:
            raise InvalidConstraint(f"improper constraint: {text[:80]}...")
        groups = [_read_group(part, generation) for part in _without_ranges(text).split("||")]
        return Constraint(tuple(groups), generation)

    def matches(self, version: Version) -> bool:
        """Whether a version is let through.

        A pre-release needs a term of its group that names a pre-release itself. The oldest generation asks this of
        each term by itself, and not at all of a `!=` with a full version.
        """
        return any(all(self._holds(term, group, version) for term in group) for group in self.groups)

    def _holds(self, term: Term, group: tuple[Term, ...], version: Version) -> bool:
        if version.prerelease:
            named_by = (term,) if self.generation < 4 else group
            asked = self.generation >= 4 or term.operator != "!=" or term.dirty
            if asked and not any(other.version.prerelease for other in named_by):
                return False
        return _CHECKS[term.operator](version, term)


@lru_cache(maxsize=4096)
def is_compatible(constraint: str, version: str, generation: int = NEWEST_GENERATION) -> bool:
    """Whether a version meets a constraint, where neither has to be valid."""
    try:
        return Constraint.parse(constraint, generation).matches(Version.parse(version, generation))
    except (InvalidConstraint, InvalidVersion):
        return False


def _without_ranges(text: str) -> str:
    """Write `1.2 - 2.3` as two comparisons."""
    out = text
    for match in _RANGE.finditer(text):
        out = out.replace(match[0], f">= {match[1]}, <= {match[_SECOND_WANTED]} ", 1)
    return out


def _read_group(text: str, generation: int) -> tuple[Term, ...]:
    matches = []
    at = 0
    while True:
        match = _TERM.match(text, at)
        if not match:
            raise InvalidConstraint(f"improper constraint: {quote(text) if generation >= 5 else text}")
        matches.append(match)
        at = match.end()
        if at == len(text):
            return tuple(_read_term(match, generation) for match in matches)
        if text[at] == ",":
            at += 1
        elif not match[8]:
            raise InvalidConstraint(f"improper constraint: {quote(text) if generation >= 5 else text}")


def _read_term(match: re.Match[str], generation: int) -> Term:
    operator, whole, major, minor, patch, prerelease = match.groups("")[:6]
    suffix = f"-{prerelease}" if prerelease else ""
    try:
        if _is_any(major):
            return Term(operator, Version.parse(f"0.0.0{suffix}", generation), dirty=True)
        if _is_any(minor):
            return Term(operator, Version.parse(f"{major}.0.0{suffix}", generation), dirty=True, any_minor=True)
        if _is_any(patch):
            return Term(operator, Version.parse(f"{major}.{minor}.0{suffix}", generation), dirty=True, any_patch=True)
        return Term(operator, Version.parse(whole, generation))
    except InvalidVersion:
        reason = "constraint Parser Error" if generation < 4 else "constraint parser error"
        raise InvalidConstraint(reason) from None


def _is_any(part: str) -> bool:
    return part in ("", "x", "X", "*")


def _not_equal(version: Version, term: Term) -> bool:
    wanted = term.version
    if not term.dirty:
        return version.compare(wanted) != 0
    if wanted.major != version.major:
        return True
    if term.any_minor:
        return False
    if wanted.minor != version.minor:
        return True
    if not term.any_patch:
        return version.compare(wanted) != 0
    return version.prerelease != wanted.prerelease


def _greater(version: Version, term: Term) -> bool:
    if version.major == term.version.major and term.any_minor:
        return False
    if version.major == term.version.major and term.any_patch:
        return version.minor > term.version.minor
    return version.compare(term.version) > 0


def _less_or_equal(version: Version, term: Term) -> bool:
    if not term.dirty:
        return version.compare(term.version) <= 0
    if version.major != term.version.major:
        return version.major < term.version.major
    return term.any_minor or version.minor <= term.version.minor


def _tilde(version: Version, term: Term) -> bool:
    wanted = term.version
    if version.compare(wanted) < 0:
        return False
    if wanted.numbers == (0, 0, 0) and not term.any_minor and not term.any_patch:
        return True
    return version.major == wanted.major and (term.any_minor or version.minor == wanted.minor)


def _caret(version: Version, term: Term) -> bool:
    wanted = term.version
    if version.compare(wanted) < 0 or version.major != wanted.major:
        return False
    if wanted.major > 0 or term.any_minor:
        return True
    if wanted.minor > 0 or term.any_patch:
        return version.minor == wanted.minor
    return version.minor == 0 and version.patch == wanted.patch


def _equal(version: Version, term: Term) -> bool:
    return _tilde(version, term) if term.dirty else version.compare(term.version) == 0


def _less(version: Version, term: Term) -> bool:
    return version.compare(term.version) < 0


def _greater_or_equal(version: Version, term: Term) -> bool:
    return version.compare(term.version) >= 0


_CHECKS: Final[dict[str, Callable[[Version, Term], bool]]] = {
    "": _equal,
    "=": _equal,
    "!=": _not_equal,
    ">": _greater,
    "<": _less,
    ">=": _greater_or_equal,
    "=>": _greater_or_equal,
    "<=": _less_or_equal,
    "=<": _less_or_equal,
    "~": _tilde,
    "~>": _tilde,
    "^": _caret,
}
