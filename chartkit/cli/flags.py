"""Command-line flags as Helm reads them (the rules of Go's pflag), out of one table per command.

Flags and other words may stand in any order; `--name=value`, `--name value`, `-nvalue`, `-n=value` and joined short
switches work; `--` ends the flags. Errors have pflag's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Literal

from chartkit.cli.csv import split_csv
from chartkit.errors import InputError
from chartkit.goquote import quote
from chartkit.pattern import pattern
from chartkit.record import dataclass, field

Kind = Literal["switch", "text", "list", "repeated", "integer", "decimal", "duration", "pairs", "strategy"]

TRUE_WORDS: Final = frozenset(["1", "t", "T", "TRUE", "true", "True"])
FALSE_WORDS: Final = frozenset(["0", "f", "F", "FALSE", "false", "False"])
_STRATEGIES: Final = ("watcher", "hookOnly", "legacy")
_INTEGER: Final = pattern(r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]*|[1-9][0-9_]*)")
_INT64_LIMIT: Final = 1 << 63
_DURATION: Final = pattern(r"[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|[-+]?0")


class UsageError(InputError):
    """Words on the command line that make no sense together."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag.

    Attributes:
        name: the long name, without dashes.
        help: what it does, for `--help`; flags without a text are accepted, do nothing and are not listed.
        kind: `list` may be repeated and splits each value at commas, `repeated` may be repeated and does not.
        short: the one-letter name.
        bare: what the flag means without a value; `None` where it needs one.
        majors: the major versions of Helm that know the flag.
        refused: why the flag cannot be honoured, for those that are always an error.
        deprecated: what is said when it is used as a flag of Helm 4.
    """

    name: str
    help: str = ""
    kind: Kind = "switch"
    short: str = ""
    bare: str | None = None
    majors: tuple[int, ...] = (3, 4)
    refused: str = ""
    deprecated: str = ""

    @property
    def label(self) -> str:
        """The flag as pflag names it in errors."""
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"

    @property
    def implied(self) -> str | None:
        """The value of the flag when it stands alone."""
        return "true" if self.kind == "switch" else self.bare


@dataclass(slots=True)
class Words:
    """A command line, read: the values of the flags that were given, and the other words."""

    given: dict[str, str | bool | list[str]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    stdin: str | None = None
    """What was read from the standard input already, to find out what it is."""

    def switch(self, name: str) -> bool:
        """Whether a switch is on."""
        return bool(self.given.get(name, False))

    def text(self, name: str, default: str = "") -> str:
        """The value of a flag that takes one."""
        value = self.given.get(name, default)
        return value if isinstance(value, str) else default

    def texts(self, name: str) -> list[str]:
        """The values of a flag that may be repeated."""
        value = self.given.get(name, [])
        return list(value) if isinstance(value, list) else []


def read_words(arguments: Sequence[str], flags: Iterable[Flag], major: int) -> Words:
    """Read the words after a command's name.

    Raises:
        UsageError: for an unknown flag, a value that is missing or of the wrong kind, or a flag that is refused.
    """
    return _Reader(arguments, [each for each in flags if major in each.majors], major).read()


class _Reader:
    """One pass over the words of a command line."""

    def __init__(self, arguments: Sequence[str], flags: Sequence[Flag], major: int) -> None:
        self.pending = list(reversed(arguments))
        self.by_name = {each.name: each for each in flags}
        self.by_letter = {each.short: each for each in flags if each.short}
        self.major = major
        self.words = Words()

    def read(self) -> Words:
        while self.pending:
            word = self.pending.pop()
            if word == "--":
                self.words.others += reversed(self.pending)
                break
            if word.startswith("--"):
                self._long(word)
            elif word.startswith("-") and word != "-":
                self._short(word)
            else:
                self.words.others.append(word)
        return self.words

    def _long(self, word: str) -> None:
        name, equals, value = word[2:].partition("=")
        if not name or name.startswith("-"):
            raise UsageError(f"bad flag syntax: {word}")
        flag = self.by_name.get(name)
        if flag is None:
            raise UsageError(f"unknown flag: --{name}", hint=self._meant(name))
        if not equals:
            value = self._value(flag, f"--{name}")
        self._set(flag, value)

    def _meant(self, name: str) -> str:
        """The flag that may have been meant."""
        from difflib import get_close_matches

        near = get_close_matches(name, [each.name for each in self.by_name.values() if each.help], n=1)
        return f"did you mean --{near[0]}?" if near else ""

    def _short(self, word: str) -> None:
        letters = word[1:]
        while letters:
            shown = f"'{_first_byte(letters)}' in -{letters}"
            flag = self.by_letter.get(letters[0])
            letters = letters[1:]
            if flag is None:
                raise UsageError(f"unknown shorthand flag: {shown}")
            if letters.startswith("=") and len(letters) > 1:
                value, letters = letters[1:], ""
            elif flag.implied is not None:
                value = flag.implied
            elif letters:
                value, letters = letters, ""
            else:
                value = self._value(flag, shown)
            self._set(flag, value)

    def _value(self, flag: Flag, shown: str) -> str:
        if flag.implied is not None:
            return flag.implied
        if not self.pending:
            raise UsageError(f"flag needs an argument: {shown}")
        return self.pending.pop()

    def _set(self, flag: Flag, value: str) -> None:
        problem = _PROBLEMS[flag.kind](value)
        if problem:
            raise UsageError(f'invalid argument {quote(value)} for "{flag.label}" flag: {problem}')
        if flag.refused and value not in FALSE_WORDS:
            raise UsageError(f"--{flag.name} {flag.refused}")
        if flag.deprecated and self.major > 3:
            self.words.notices.append(f"Flag --{flag.name} has been deprecated, {flag.deprecated}")
        self._store(flag, value)

    def _store(self, flag: Flag, value: str) -> None:
        given = self.words.given
        if flag.kind == "switch":
            given[flag.name] = value in TRUE_WORDS
        elif flag.kind == "list":
            given[flag.name] = self.words.texts(flag.name) + split_csv(value)
        elif flag.kind == "repeated":
            given[flag.name] = [*self.words.texts(flag.name), value]
        else:
            given[flag.name] = value


def _first_byte(letters: str) -> str:
    """The letter that pflag names, which takes words apart by bytes."""
    return chr(letters[0].encode("utf-8", "surrogateescape")[0])


def _no_problem(_value: str) -> str:
    return ""


def _switch_problem(value: str) -> str:
    return (
        ""
        if value in TRUE_WORDS or value in FALSE_WORDS
        else f"strconv.ParseBool: parsing {quote(value)}: invalid syntax"
    )


def _list_problem(value: str) -> str:
    try:
        split_csv(value)
    except ValueError as error:
        return str(error)
    return ""


def _integer_problem(value: str) -> str:
    if not _INTEGER.fullmatch(value):
        return f"strconv.ParseInt: parsing {quote(value)}: invalid syntax"
    if abs(as_integer(value)) >= _INT64_LIMIT:
        return f"strconv.ParseInt: parsing {quote(value)}: value out of range"
    return ""


def as_integer(value: str) -> int:
    """The number that a flag of kind `integer` was given; a 0 in front means octal, as in Go."""
    digits = value.lstrip("+-")
    octal = digits.startswith("0") and digits.isdigit()
    return int(value, 8 if octal else 0)


def _decimal_problem(value: str) -> str:
    try:
        float(value)
    except ValueError:
        return f"strconv.ParseFloat: parsing {quote(value)}: invalid syntax"
    return ""


def _strategy_problem(value: str) -> str:
    if value in (*_STRATEGIES, "true", "false"):
        return ""
    return f"invalid wait input {quote(value)}. Valid inputs are watcher, hookOnly, and legacy"


def _duration_problem(value: str) -> str:
    if _DURATION.fullmatch(value):
        return ""
    number = re.match(r"[-+]?(?:\d+\.?\d*|\.\d+)([^\d.]*)", value)
    if number is None:
        return f"time: invalid duration {quote(value)}"
    unit = f'unknown unit "{number[1]}"' if number[1] else "missing unit"
    return f"time: {unit} in duration {quote(value)}"


def _pairs_problem(value: str) -> str:
    return "" if "=" in value else f"{value} must be formatted as key=value"


_PROBLEMS: Final[Mapping[Kind, Callable[[str], str]]] = {
    "switch": _switch_problem,
    "text": _no_problem,
    "list": _list_problem,
    "repeated": _no_problem,
    "integer": _integer_problem,
    "decimal": _decimal_problem,
    "duration": _duration_problem,
    "pairs": _pairs_problem,
    "strategy": _strategy_problem,
}
