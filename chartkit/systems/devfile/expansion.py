"""Texts with variables in them: what they stand for, and which written characters each part comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

# Bounded, so that a text full of braces and blanks takes no longer than it is long.
VARIABLE: Final = re.compile(r"\{\{\s{0,100}+(.{0,500}?)\s{0,100}\}\}")
_ARGUMENT: Final = re.compile(r"\$(?:\{(?P<braced>\w+)(?::(?P<sign>[-+])(?P<word>[^}]{0,2000}))?\}|(?P<bare>\w+))")
# No quotes and commas: a `{{` in one string and the `}}` that closes two maps of JSON are no variable.
_MASKED: Final = re.compile(r"\{\{[ \t]*[^\s{}\"',]+[ \t]*\}\}")
# The private use area: YAML takes these characters in plain scalars, and no manifest has a use for them.
_PRIVATE: Final = 0xE000
_HIDE: Final = {code: _PRIVATE + code for code in range(0x80)}
_SHOW: Final = {hidden: code for code, hidden in _HIDE.items()}


@dataclass(frozen=True, slots=True)
class Expanded:
    """A text with its variables filled in.

    Attributes:
        written: the text as it is written.
        text: what it stands for.
        pieces: for each variable where it is written, start and end, and where its value is in `text`.
        missing: the variables that have no value; they stay as they are written.
    """

    written: str
    text: str
    pieces: tuple[tuple[int, int, int, int], ...] = ()
    missing: tuple[str, ...] = ()

    def written_at(self, offset: int) -> int | None:
        """Where a place of `text` is written; `None` inside a variable's value."""
        shift = 0
        for _, end, value_start, value_end in self.pieces:
            if offset <= value_start:
                break
            if offset < value_end:
                return None
            shift = end - value_end
        return offset + shift

    def has_variable_before(self, offset: int) -> bool:
        """Whether any character of `text` before a place comes from a variable."""
        return any(value_start < offset and value_start < value_end for _, _, value_start, value_end in self.pieces)


def expand_variables(written: str, variables: Mapping[str, str]) -> Expanded:
    """Fill in the `{{name}}` of a devfile."""
    return _expand(written, VARIABLE, lambda match: (match[1], variables.get(match[1])))


def expand_arguments(written: str, arguments: Mapping[str, str]) -> Expanded:
    """Fill in the `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` of a Dockerfile."""

    def value_of(match: re.Match[str]) -> tuple[str, str | None]:
        name = match["braced"] or match["bare"]
        value = arguments.get(name)
        if match["sign"] == "-":
            value = value or match["word"]
        elif match["sign"] == "+":
            value = match["word"] if value else ""
        return name, value

    return _expand(written, _ARGUMENT, value_of)


def sole_argument(written: str) -> str:
    """The name of the argument that a text consists of; empty if there is more to it."""
    match = _ARGUMENT.fullmatch(written)
    return "" if match is None or match["sign"] else match["braced"] or match["bare"]


def mask(text: str) -> str:
    """A text of the same length whose `{{name}}` are plain letters to every YAML reader; `unmask` undoes it.

    Manifests are filled in before they are read, so `image: {{image}}` is as good as a quoted one, but no YAML yet.
    """
    return _MASKED.sub(lambda match: match[0].translate(_HIDE), text)


def unmask(text: str) -> str:
    """The text that was masked."""
    return text.translate(_SHOW)


def _expand(
    written: str, pattern: re.Pattern[str], value_of: Callable[[re.Match[str]], tuple[str, str | None]]
) -> Expanded:
    parts: list[str] = []
    pieces: list[tuple[int, int, int, int]] = []
    missing: list[str] = []
    at = length = 0
    for match in pattern.finditer(written):
        name, value = value_of(match)
        if value is None:
            # It stays as it is written, as the devfile library leaves it, so that the complaint can show it.
            missing.append(name)
            continue
        before = written[at : match.start()]
        start = length + len(before)
        length = start + len(value)
        parts += (before, value)
        pieces.append((match.start(), match.end(), start, length))
        at = match.end()
    return Expanded(written, "".join((*parts, written[at:])), tuple(pieces), tuple(dict.fromkeys(missing)))
