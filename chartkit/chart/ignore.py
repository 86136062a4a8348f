"""`.helmignore`: which files of a chart folder are left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from chartkit.record import dataclass

DEFAULT_RULE: Final = "templates/.?*"


class InvalidPattern(ValueError):
    """A pattern that cannot be used; the text is Helm's."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the file."""

    pattern: re.Pattern[str]
    negated: bool
    folders_only: bool
    whole_path: bool

    def matches(self, path: str) -> bool:
        """Whether the pattern fits the path, or its last part."""
        name = path if self.whole_path else path.rsplit("/", 1)[-1]
        return self.pattern.fullmatch(name) is not None

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Whether this rule throws the path out; a negated one throws out everything that it does not name."""
        applies = is_folder or not self.folders_only
        return not (applies and self.matches(path)) if self.negated else applies and self.matches(path)


def parse_rules(text: str) -> tuple[Rule, ...]:
    """The rules of a `.helmignore`, and Helm's own last.

    Raises:
        InvalidPattern: a line has `**`, or is no pattern.
    """
    lines = [line.strip() for line in text.removeprefix("\ufeff").split("\n")]
    rules = [_rule(line) for line in lines if line and not line.startswith("#")]
    return (*rules, _rule(DEFAULT_RULE))


def is_ignored(rules: tuple[Rule, ...], path: str, is_folder: bool) -> bool:
    """Whether a path, relative to the chart, is left out."""
    return any(rule.ignores(path, is_folder) for rule in rules)


def _rule(line: str) -> Rule:
    if "**" in line:
        raise InvalidPattern("double-star (**) syntax is not supported")
    compile_pattern(line)
    negated = line.startswith("!")
    text = line[1:] if negated else line
    folders_only = text.endswith("/")
    text = text.removesuffix("/")
    return Rule(compile_pattern(text.removeprefix("/")), negated, folders_only, "/" in text)


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A shell pattern as Go's filepath.Match reads it: `*` and `?` stop at slashes, `[a-c]`, `[^a]`, `\\` escapes.

    Raises:
        InvalidPattern: the pattern is malformed.
    """
    at, parts = 0, []
    while at < len(pattern):
        part, at = _PARTS.get(pattern[at], _literal)(pattern, at)
        parts.append(part)
    return re.compile("".join(parts), re.DOTALL)


def _literal(pattern: str, at: int) -> tuple[str, int]:
    return re.escape(pattern[at]), at + 1


def _escaped(pattern: str, at: int) -> tuple[str, int]:
    if at + 1 == len(pattern):
        raise InvalidPattern("syntax error in pattern")
    return re.escape(pattern[at + 1]), at + 2


def _class(pattern: str, at: int) -> tuple[str, int]:
    """A class in brackets, as a regular expression."""
    at += 1
    negated = pattern[at : at + 1] == "^"
    at += negated
    ranges: list[str] = []
    while pattern[at : at + 1] != "]" or not ranges:
        low, at = _bound(pattern, at)
        high = low
        if pattern[at : at + 1] == "-":
            high, at = _bound(pattern, at + 1)
        # A range that runs backwards matches nothing, and would be an error in a regular expression.
        ranges.append(f"{re.escape(low)}-{re.escape(high)}" if low <= high else "")
    inside = "".join(ranges)
    if not inside:
        return ("." if negated else "(?!)"), at + 1
    return f"[{'^' if negated else ''}{inside}]", at + 1


def _bound(pattern: str, at: int) -> tuple[str, int]:
    """One end of a range, and where it stops; something must follow."""
    if pattern[at : at + 1] in ("", "-", "]"):
        raise InvalidPattern("syntax error in pattern")
    at += pattern[at] == "\\"
    if at + 1 >= len(pattern):
        raise InvalidPattern("syntax error in pattern")
    return pattern[at], at + 1


_PARTS: Final[dict[str, Callable[[str, int], tuple[str, int]]]] = {
    "*": lambda pattern, at: ("[^/]*", at + 1),
    "?": lambda pattern, at: ("[^/]", at + 1),
    "[": _class,
    "\\": _escaped,
}
