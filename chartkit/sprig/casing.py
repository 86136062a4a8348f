"""Functions that change the case of letters or the way words are joined (Sprig's strings, goutils and xstrings)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Final, Literal

from chartkit.gotypes import Function
from chartkit.sprig.runes import (
    SPACES,
    byte_text,
    is_lower,
    is_title,
    is_upper,
    lower_rune,
    title_rune,
    to_lower,
    to_upper,
    upper_rune,
    with_replacements,
)

WordKind = Literal["number", "upper", "letters", "joint", "punctuation", "other", "end"]
Word = tuple[WordKind, str]

_NUMBERS: Final = frozenset({"Nd", "Nl", "No"})


def title(text: str) -> str:
    """Go's strings.Title: a letter after anything that is no letter, digit or underscore gets its title case."""
    result = []
    after_gap = True
    for rune in with_replacements(text):
        result.append(title_rune(rune) if after_gap else rune)
        after_gap = _separates(rune)
    return "".join(result)


def _separates(rune: str) -> bool:
    return not (rune.isalnum() or rune == "_") if rune.isascii() else rune in SPACES


def untitle(text: str) -> str:
    """Lower-case the first character of every word."""
    result = []
    after_gap = True
    for rune in with_replacements(text):
        if rune in SPACES:
            after_gap = True
        elif after_gap:
            after_gap = False
            rune = lower_rune(rune)
        result.append(rune)
    return "".join(result)


def swapcase(text: str) -> str:
    """Swap the case of every letter."""
    result = []
    after_gap = True
    for rune in with_replacements(text):
        if is_upper(rune) or is_title(rune):
            after_gap = False
            rune = lower_rune(rune)
        elif is_lower(rune):
            rune = title_rune(rune) if after_gap else upper_rune(rune)
            after_gap = False
        else:
            after_gap = rune in SPACES
        result.append(rune)
    return "".join(result)


def _is_joint(rune: str) -> bool:
    return rune == "-" or rune == "_" or rune in SPACES


def _is_letter(rune: str) -> bool:
    """Letters that have words: all but the common Chinese, Japanese and Korean characters."""
    if not rune.isalpha():
        return False
    return not ("\u4e00" <= rune <= "\u9fcc" or "\u3400" <= rune <= "\u4d85" or "\U00020000" <= rune <= "\U0002b81d")


def _is_number(rune: str) -> bool:
    return unicodedata.category(rune) in _NUMBERS


def _is_punctuation(rune: str) -> bool:
    return unicodedata.category(rune)[0] == "P"


def _is_small_letter(rune: str) -> bool:
    return _is_letter(rune) and not is_upper(rune)


def _is_other(rune: str) -> bool:
    return not (_is_joint(rune) or _is_letter(rune) or _is_number(rune) or _is_punctuation(rune))


_KINDS: Final[tuple[tuple[WordKind, Callable[[str], bool]], ...]] = (
    ("joint", _is_joint),
    ("punctuation", _is_punctuation),
    ("upper", is_upper),
    ("letters", _is_small_letter),
    ("number", _is_number),
    ("other", _is_other),
)


def _words(text: str) -> Iterator[Word]:
    """Cut a text into words of one kind each; capitals and the small letters after them are one word."""
    start = 0
    while start < len(text):
        kind, test = next((kind, test) for kind, test in _KINDS if test(text[start]))
        end = _run(text, start, test)
        if kind == "upper":
            end = _end_of_capitals(text, start, end)
        yield kind, text[start:end]
        start = end


def _run(text: str, start: int, test: Callable[[str], bool]) -> int:
    end = start
    while end < len(text) and test(text[end]):
        end += 1
    return end


def _end_of_capitals(text: str, start: int, end: int) -> int:
    """Where a word ends that starts with capitals: `HTTPStatus` is `HTTP` and `Status`."""
    if end - start == 1:
        return _run(text, end, _is_small_letter)
    if end < len(text) and _is_small_letter(text[end]):
        return end - 1
    return end


class _Joiner:
    """Writes the words of a text in lower case with a connector between them, by the rules of xstrings.

    `kind` and `word` are the current word; past the last one they are `end` and the empty text.
    """

    def __init__(self, text: str, connector: str) -> None:
        self.words = list(_words(text))
        self.at = 0
        self.connector = connector
        self.parts: list[str] = []

    @property
    def kind(self) -> WordKind:
        return self.words[self.at][0] if self.at < len(self.words) else "end"

    def join(self) -> str:
        """The joined text."""
        while self.at < len(self.words) - 1:
            self._write_with_successors()
        self._write()
        return "".join(self.parts)

    def _write(self) -> None:
        """Write the current word and go on to the next."""
        if self.at < len(self.words):
            kind, word = self.words[self.at]
            if kind == "upper":
                word = "".join(map(lower_rune, word))
            elif kind == "joint":
                word = self.connector * len(word)
            self.parts.append(word)
        self.at += 1

    def _connect(self) -> None:
        """Write a connector, unless what follows separates by itself."""
        if self.kind not in ("joint", "punctuation", "end"):
            self.parts.append(self.connector)

    def _write_with_successors(self) -> None:
        previous = self.kind
        self._write()
        if previous == "number":
            self._write_tail()
        elif previous not in ("joint", "punctuation"):
            if self.kind == "number":
                self._write_inner_number()
            else:
                self._connect()

    def _write_tail(self) -> None:
        """Small letters and digits after a number belong to it: `20xok`."""
        while self.kind in ("letters", "number"):
            self._write()
        self._connect()

    def _write_inner_number(self) -> None:
        """A number stays with the word before it, unless small letters follow: `bld4_floor`, `http_2xx`."""
        if self.at == len(self.words) - 1:
            return
        if self.words[self.at + 1][0] == "letters":
            self._connect()
            self._write_tail()
        else:
            self._write()
            self._connect()


def snakecase(text: str) -> str:
    """Join the words with underscores, in lower case."""
    return _Joiner(text, "_").join()


def kebabcase(text: str) -> str:
    """Join the words with hyphens, in lower case."""
    return _Joiner(text, "-").join()


def camelcase(text: str) -> str:
    """Join the words, each with a capital; connectors at the start stay, of those inside all but one."""
    text = with_replacements(text)
    head = _run(text, 0, _is_joint)
    if head == len(text):
        # The loop of xstrings writes the last connector once more.
        return text + text[-1:]
    return text[:head] + _pascal(text[head:])


def _pascal(text: str) -> str:
    """Join words that do not start with a connector; capitals after a word's first one are lowered."""
    result = []
    previous = upper_rune(text[0])
    in_capitals = is_upper(text[0])
    for rune in text[1:]:
        if not _is_joint(previous):
            result.append(previous)
            in_capitals = in_capitals and is_upper(rune)
            previous = lower_rune(rune) if in_capitals else rune
        elif _is_joint(rune):
            result.append(previous)
            previous = rune
        else:
            in_capitals = is_upper(rune)
            previous = upper_rune(rune)
    return "".join(result) + previous


def initials(text: str) -> str:
    """The first character of every word, taken byte by byte."""
    result = []
    after_gap = True
    for rune in byte_text(text):
        if rune in SPACES:
            after_gap = True
        elif after_gap:
            after_gap = False
            result.append(rune)
    return "".join(result)


def nospace(text: str) -> str:
    """The text without white space; Sprig reads each byte as a character, which spoils what is not ASCII."""
    shown = byte_text(text)
    result = "".join(rune for rune in shown if rune not in SPACES)
    return text if len(result) == len(shown) else result


FUNCTIONS: Final = tuple(
    Function(name, call, ("string",))
    for name, call in (
        ("upper", to_upper),
        ("lower", to_lower),
        ("title", title),
        ("untitle", untitle),
        ("swapcase", swapcase),
        ("snakecase", snakecase),
        ("kebabcase", kebabcase),
        ("camelcase", camelcase),
        ("initials", initials),
        ("nospace", nospace),
    )
)
