"""Character classes of a pattern: brackets, and the classes that have names."""

from __future__ import annotations

from chartkit.goregexp.charclass import CharClass, clean, fold_case, negate
from chartkit.goregexp.errors import InvalidRegexp
from chartkit.goregexp.escapes import next_char, read_escape
from chartkit.goregexp.named import PERL, POSIX, unicode_class


def read_bracket(text: str, start: int, fold: bool) -> tuple[CharClass, int]:
    """Read `[...]` and give its class and the place after it."""
    at = start + 1
    opposite = text.startswith("^", at)
    at += opposite
    first = True
    ranges: list[tuple[int, int]] = []
    while first or not text.startswith("]", at):
        first = False
        part, at = _read_part(text, start, at, fold)
        ranges.extend(part)
    chars = clean(ranges)
    return (negate(chars) if opposite else chars), at + 1


def _read_part(text: str, start: int, at: int, fold: bool) -> tuple[CharClass, int]:
    named = _read_posix(text, at, fold) or read_named_class(text, at, fold)
    if named:
        return named
    low, end = _read_char(text, start, at)
    high = low
    if text.startswith("-", end) and end + 1 < len(text) and text[end + 1] != "]":
        high, end = _read_char(text, start, end + 1)
        if high < low:
            raise InvalidRegexp("invalid character class range", text[at:end])
    chars: CharClass = ((low, high),)
    return (fold_case(chars) if fold else chars), end


def _read_char(text: str, start: int, at: int) -> tuple[int, int]:
    if at >= len(text):
        raise InvalidRegexp("missing closing ]", text[start:])
    return read_escape(text, at) if text[at] == "\\" else next_char(text, at)


def _read_posix(text: str, at: int, fold: bool) -> tuple[CharClass, int] | None:
    if not text.startswith("[:", at):
        return None
    end = text.find(":]", at + 2)
    if end < 0:
        return None
    name = text[at + 2 : end]
    opposite = name.startswith("^")
    chars = POSIX.get(name[opposite:])
    if chars is None:
        raise InvalidRegexp("invalid character class range", text[at : end + 2])
    return _finish(chars, opposite, fold), end + 2


def read_named_class(text: str, at: int, fold: bool) -> tuple[CharClass, int] | None:
    """Read `\\d` or `\\p{Greek}` and give its class and the place after it; `None` where no class stands."""
    letter = text[at + 1 : at + 2]
    if not text.startswith("\\", at) or letter not in ("d", "s", "w", "D", "S", "W", "p", "P"):
        return None
    if letter in "pP":
        return _read_unicode(text, at, fold)
    return _finish(PERL[letter.lower()], letter.isupper(), fold), at + 2


def _read_unicode(text: str, at: int, fold: bool) -> tuple[CharClass, int] | None:
    if at + 2 >= len(text):
        # Go finds an invalid character of no length behind the p.
        raise InvalidRegexp("invalid character class range", text[at:])
    _, end = next_char(text, at + 2)
    name = text[at + 2 : end]
    if name == "{":
        close = text.find("}", at)
        end = len(text) if close < 0 else close + 1
        name = text[at + 3 : end - 1]
        for place in range(at, end):
            next_char(text, place)
        if close < 0:
            raise InvalidRegexp("invalid character class range", text[at:])
    opposite = (text[at + 1] == "P") != name.startswith("^")
    chars = unicode_class(name.removeprefix("^"))
    if chars is None:
        raise InvalidRegexp("invalid character class range", text[at:end])
    return _finish(chars, opposite, fold), end


def _finish(chars: CharClass, opposite: bool, fold: bool) -> CharClass:
    folded = fold_case(chars) if fold else chars
    return negate(folded) if opposite else folded
