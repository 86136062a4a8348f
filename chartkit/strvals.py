"""The grammar of `--set` and its sisters: `a.b=1,c[0]=x,d={1,2}`.

Every function writes into a tree in place, as the flags of one command line build on each other, and returns where in
the flag's text each leaf was given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from chartkit.gojson import JSONError, decode_prefix
from chartkit.goquote import quote, quote_rune
from chartkit.gotypes import INT64_MAX, INT64_MIN, Int64, go_type

MAX_INDEX: Final = 65536
MAX_NESTING: Final = 30
_INTEGER: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)
_MOST_DIGITS: Final = 4000
_WORDS: Final = {"true": True, "false": False, "null": None}

Convert = Callable[[str], Any]


class StrvalsError(ValueError):
    """A flag that does not follow the grammar; the text is Helm's."""


class _EndOfText(Exception):
    """The text ended at a place where nothing more is needed: the flag is complete."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a flag's text gives one leaf: the path that it sets and the offset of the value."""

    path: tuple[str | int, ...]
    offset: int


def _fits(digits: str) -> bool:
    """Whether a whole number is an int64; Python itself refuses to read one with thousands of digits."""
    return len(digits) < _MOST_DIGITS and INT64_MIN <= int(digits) <= INT64_MAX


def typed_value(text: str) -> Any:
    """What `--set` makes of a value: true, false, null and whole numbers have their types, all else is a string."""
    word = text.casefold()
    if word in _WORDS:
        return _WORDS[word]
    if text == "0":
        return Int64(0)
    if text[:1] != "0" and _INTEGER.fullmatch(text) and _fits(text):
        return Int64(int(text))
    return text


def parse_typed(text: str, target: dict[str, Any], *, ends_in_index: bool = True) -> list[Place]:
    """Write a `--set` flag into `target`.

    `ends_in_index` is about a text that ends inside an index (`a[`): Helm 4 takes it for complete, Helm 3 refuses it.
    """
    return _Parser(text, typed_value, ends_in_index).parse(target)


def parse_strings(text: str, target: dict[str, Any], *, ends_in_index: bool = True) -> list[Place]:
    """Write a `--set-string` flag into `target`: every value is a string."""
    return _Parser(text, str, ends_in_index).parse(target)


def parse_files(
    text: str, target: dict[str, Any], read: Callable[[str], str], *, ends_in_index: bool = True
) -> list[Place]:
    """Write a `--set-file` flag into `target`: each value is what `read` gives for the path."""
    return _Parser(text, read, ends_in_index).parse(target)


def parse_json(text: str, target: dict[str, Any], *, ends_in_index: bool = True) -> list[Place]:
    """Write a `--set-json` flag of the form `key=json,key=json` into `target`."""
    return _JSONParser(text, str, ends_in_index).parse(target)


def parse_literal(text: str, target: dict[str, Any], *, ends_in_index: bool = True) -> list[Place]:
    """Write a `--set-literal` flag into `target`: one key, and everything after its `=` as it stands."""
    return _LiteralParser(text, str, ends_in_index).parse(target)


class _Parser:
    """One pass over a flag's text."""

    key_stops = "=[,."

    def __init__(self, text: str, convert: Convert, ends_in_index: bool) -> None:
        self.text = re.sub("[\ud800-\udfff]", "\ufffd", text)
        self.at = 0
        self.convert = convert
        self.ends_in_index = ends_in_index
        self.places: list[Place] = []

    def parse(self, target: dict[str, Any]) -> list[Place]:
        """Read `key=value` pairs up to the end of the text."""
        while True:
            try:
                self.key(target, (), 0)
            except _EndOfText:
                return self.places
            except RecursionError:
                raise StrvalsError("the lists of a key are nested too deeply") from None

    def until(self, stops: str) -> tuple[str, str]:
        """The characters up to one of `stops`, and that one; the stop is empty at the end of the text.

        A backslash takes the next character as it is.
        """
        taken: list[str] = []
        text, at, size = self.text, self.at, len(self.text)
        while at < size:
            character = text[at]
            at += 1
            if character in stops:
                self.at = at
                return "".join(taken), character
            if character == "\\":
                if at == size:
                    break
                character = text[at]
                at += 1
            taken.append(character)
        self.at = size
        return "".join(taken), ""

    def key(self, data: dict[str, Any], path: tuple[str | int, ...], nesting: int) -> None:
        """Read one key and what it is set to."""
        name, stop = self.until(self.key_stops)
        if not stop:
            if not name:
                raise _EndOfText
            raise StrvalsError(f"key {quote(name)} has no value")
        here = (*path, name) if name else path
        if stop == "=":
            self.scalar(data, name, here)
        elif stop == "[":
            self.indexed(data, name, here, nesting)
        elif stop == ".":
            self.nested(data, name, here, nesting + 1)
        else:
            raise StrvalsError(f"key {quote(name)} has no value (cannot end with ,)")

    def scalar(self, data: dict[str, Any], name: str, path: tuple[str | int, ...]) -> None:
        """Set `name` to the value that follows."""
        start = self.at
        value, ended = self.value()
        _set(data, name, value)
        self.places.append(Place(path, start))
        if ended:
            raise _EndOfText

    def indexed(self, data: dict[str, Any], name: str, path: tuple[str | int, ...], nesting: int) -> None:
        """Set an item of the list under `name`."""
        index = self.index()
        items = data.get(name, [])
        if type(items) is not list:
            raise _not_a(items, "[]interface {}")
        try:
            self.item(items, index, path, nesting)
        finally:
            _set(data, name, items)

    def nested(self, data: dict[str, Any], name: str, path: tuple[str | int, ...], nesting: int) -> None:
        """Set something in the map under `name`."""
        if nesting > MAX_NESTING:
            raise StrvalsError(
                f"value name nested level is greater than maximum supported nested level of {MAX_NESTING}"
            )
        inner = data.get(name, {})
        if type(inner) is not dict:
            raise _not_a(inner, "map[string]interface {}")
        try:
            self.key(inner, path, nesting)
            if not inner:
                raise StrvalsError(f"key map {quote(name)} has no value")
        finally:
            if inner:
                _set(data, name, inner)

    def index(self) -> int:
        """The number up to the closing bracket."""
        text, stop = self.until("]")
        if not stop:
            if self.ends_in_index:
                raise _EndOfText
            raise StrvalsError("error parsing index: EOF")
        if not _INTEGER.fullmatch(text):
            raise StrvalsError(f"error parsing index: strconv.Atoi: parsing {quote(text)}: invalid syntax")
        if not _fits(text):
            raise StrvalsError(f"error parsing index: strconv.Atoi: parsing {quote(text)}: value out of range")
        return int(text)

    def item(self, items: list[Any], index: int, path: tuple[str | int, ...], nesting: int) -> None:
        """Read what follows an index and set that item."""
        if index < 0:
            raise StrvalsError(f"negative {index} index not allowed")
        extra, stop = self.until("[.=")
        if extra:
            characters = " ".join(quote_rune(ord(character)) for character in extra)
            raise StrvalsError(f"unexpected data at end of array index: [{characters}]")
        if not stop:
            raise _EndOfText
        here = (*path, index)
        start = self.at
        if stop == "=":
            value, _ = self.value()
            self.places.append(Place(here, start))
        elif stop == "[":
            value = self.inner_list(items, index, here, nesting)
        else:
            value = {}
            if index < len(items):
                value = items[index] = items[index] if type(items[index]) is dict else value
            self.key(value, here, nesting)
        _set_item(items, index, value)

    def inner_list(self, items: list[Any], index: int, path: tuple[str | int, ...], nesting: int) -> list[Any]:
        """Read the index of a list in a list, and set an item of that one."""
        number = self.index()
        inner = items[index] if index < len(items) and items[index] is not None else []
        if type(inner) is not list:
            raise _not_a(inner, "[]interface {}")
        self.item(inner, number, path, nesting)
        return inner

    def value(self) -> tuple[Any, bool]:
        """The value after `=`, and whether the text ended before one began."""
        if self.at >= len(self.text):
            return "", True
        if self.text[self.at] == "{":
            self.at += 1
            return self.braced(), False
        return self.convert(self.until(",")[0]), False

    def braced(self) -> list[Any]:
        """The items of a list in braces."""
        items: list[Any] = []
        while True:
            text, stop = self.until(",}")
            if not stop:
                raise StrvalsError("list must terminate with '}'")
            items.append(self.convert(text))
            if stop == "}":
                break
        if self.text[self.at : self.at + 1] == ",":
            self.at += 1
        return items


class _JSONParser(_Parser):
    """The values are JSON."""

    def value(self) -> tuple[Any, bool]:
        """The JSON value after `=`; nothing stands for null."""
        if self.skip_blank():
            return None, False
        try:
            value, self.at = decode_prefix(self.text, self.at)
        except JSONError as error:
            raise StrvalsError(str(error)) from error
        self.skip_blank()
        return value, False

    def skip_blank(self) -> bool:
        """Pass over blanks and one comma; whether a comma or the end of the text came."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if character != "," and not character.isspace():
                return False
            self.at += 1
            if character == ",":
                return True
        return True


class _LiteralParser(_Parser):
    """No escapes, no commas, no braces."""

    key_stops = "=[."

    def until(self, stops: str) -> tuple[str, str]:
        """The characters up to one of `stops`, and that one; the stop is empty at the end of the text."""
        start = self.at
        for at in range(start, len(self.text)):
            if self.text[at] in stops:
                self.at = at + 1
                return self.text[start:at], self.text[at]
        return self.text[start:], ""

    def value(self) -> tuple[Any, bool]:
        """The rest of the text."""
        start, self.at = self.at, len(self.text)
        return self.text[start:], False


def _set(data: dict[str, Any], name: str, value: Any) -> None:
    """Set a key; an empty one is dropped silently."""
    if name:
        data[name] = value


def _set_item(items: list[Any], index: int, value: Any) -> None:
    """Set an item, with nils before it where the list is too short."""
    if index > MAX_INDEX:
        raise StrvalsError(f"index of {index} is greater than maximum supported index of {MAX_INDEX}")
    if index >= len(items):
        items.extend([None] * (index + 1 - len(items)))
    items[index] = value


def _not_a(value: Any, wanted: str) -> StrvalsError:
    """The error for a value that an earlier flag made something else."""
    found = "nil" if value is None else go_type(value)
    return StrvalsError(f"unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}")
