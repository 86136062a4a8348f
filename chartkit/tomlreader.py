"""Reads TOML as the library BurntSushi/toml does, with its leniences and in its error texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from chartkit.errors import LimitError
from chartkit.goquote import quote
from chartkit.gotypes import INT64_MAX, INT64_MIN, Int64
from chartkit.tomlscanner import BARE, BLANK, BREAKS, Key, Scanner, TomlError, dotted, show_rune
from chartkit.tomltime import TomlTime, parse_time

_WORD: Final = re.compile(r"[^\W\d_]*")
_SPECIAL_FLOAT: Final = re.compile(r"[in](?:nf|n?an)")
_SPECIAL_START: Final = re.compile(r"[in]n?a?")
_NUMBER: Final = re.compile(
    r"0b[01_]*|0o[0-7_]*|0x[0-9a-fA-F_]*"
    r"|(?P<time>[0-9]{2,}[-:][0-9Tt .Zz:+-]*|[1-9][-:][0-9Tt .Zz:+-]*)"
    r"|(?P<float>[0-9][0-9_]*[.eE][0-9_.eE+-]*)|[0-9][0-9_]*"
)
_TIME_LETTERS: Final = str.maketrans("zt ", "ZTT")
_SIGNED: Final = re.compile(r"[+-](?P<float>inf|nan|[0-9][0-9_]*[.eE][0-9_.eE+-]*)|[+-][0-9][0-9_]*")
_MOST_DIGITS: Final = 4000
_DEEPEST: Final = 1000
_BASES: Final = {"0b": "a binary", "0o": "an octal", "0x": "a hexadecimal"}
_MISPLACED_UNDERSCORE: Final = re.compile(r"(?<![0-9a-fA-F])_|[^0-9a-fA-F]\Z")


class Tables(list[Any]):
    """Go's []map[string]interface {}: what `[[name]]` makes."""

    __slots__ = ()
    go_type = "[]map[string]interface {}"
    go_kind = "slice"


def load_toml(text: str, *, make_time: Callable[[TomlTime], Any], strict: bool = False) -> dict[str, Any]:
    """Read a TOML document into the Go value model: whole numbers are int64, tables are maps.

    Args:
        text: the document.
        make_time: makes the value of a date or time.
        strict: read TOML 1.0 and count lines as older releases of the library do; otherwise TOML 1.1.

    Raises:
        TomlError: the text is no TOML.
    """
    text = text.removeprefix("\ufeff")
    if "\0" in text[:6]:
        message = "files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8"
        raise TomlError(f"toml: line 1: {message}")
    return _Parser(text, make_time, strict=strict).parse()


class _Parser(Scanner):
    """Reads one document.

    `implicit` are the keys of tables that were only implied so far; `arrays` those of plain lists.
    """

    def __init__(self, text: str, make_time: Callable[[TomlTime], Any], *, strict: bool) -> None:
        super().__init__(text, strict=strict)
        self._make_time = make_time
        self._root: dict[str, Any] = {}
        self._implicit: set[Key] = set()
        self._arrays: set[Key] = set()

    def parse(self) -> dict[str, Any]:
        """The whole document."""
        while character := self.skip_comments():
            if character == "[":
                self._header()
            else:
                self._pair()
            self._end_of_line()
        return self._root

    def _end_of_line(self) -> None:
        if self.skip(BLANK) == "#":
            self.skip_comment()
        character = self.next()
        if character and character not in BREAKS:
            expected = "expected a top-level item to end with a newline, comment, or EOF"
            raise self.error(f"{expected}, but got {show_rune(character)} instead")

    # Keys and headers.

    def _header(self) -> None:
        self.next()
        many = self.peek() == "["
        if many:
            self.next()
        key = self._header_key()
        if many and (character := self.next()) != "]":
            raise self.error(f"expected end of table array name delimiter ']', but got {show_rune(character)} instead")
        self._enter(key, many=many)
        self._arrays.discard(self.context)

    def _header_key(self) -> Key:
        parts: list[str] = []
        while True:
            character = self.skip(BLANK)
            if character in ("]", ""):
                raise self.error("unexpected end of table name (table names cannot be empty)")
            if character == ".":
                raise self.error("unexpected table separator (table names cannot be empty)")
            if not parts:
                self.key_line = self.line
            self._check_depth(parts)
            parts.append(self._key_part())
            self.skip(BLANK)
            character = self.next()
            if character == "]":
                return tuple(parts)
            if character != ".":
                raise self.error(f"expected '.' or ']' to end table name, but got {show_rune(character)} instead")

    def _key_part(self) -> str:
        mark = self.peek()
        if mark in ('"', "'") and mark:
            self.next()
            return self.string() if mark == '"' else self.raw_string()
        match = self.take(BARE)
        return match[0] if match else ""

    def _key(self) -> Key:
        character = self.skip(BLANK)
        if character in ("=", ""):
            raise self.error("unexpected '=': key name appears blank")
        if character == ".":
            raise self.error("unexpected '.': keys cannot start with a '.'")
        self.key_line = self.line
        parts = [self._key_part()]
        while self._key_goes_on():
            character = self.skip(BLANK)
            if character in ("=", ".", ""):
                raise self.error("unexpected '.'" if character == "." else "unexpected '='")
            self._check_depth(parts)
            parts.append(self._key_part())
        return tuple(parts)

    def _check_depth(self, parts: Sequence[str]) -> None:
        """Refuse a key whose tables would take time by the square of their number."""
        if len(parts) >= _DEEPEST:
            raise LimitError(f"a TOML key has more than {_DEEPEST} parts")

    def _key_goes_on(self) -> bool:
        self.skip(BLANK)
        character = self.next()
        if not character:
            raise self.error("unexpected EOF; expected key separator '='")
        if character not in ".=":
            line = self.line - 1 if character == "\n" and not self.strict else None
            raise self.error(f"expected '.' or '=', but got {show_rune(character)} instead", line=line)
        return character == "."

    def _pair(self) -> None:
        """Read `key = value` into the current table."""
        outer = self.context
        self._assignment()
        self.context = outer
        self.current = ""

    def _assignment(self) -> tuple[Key, Any]:
        """Read `key = value`; the table that the last part of the key is in stays the current one."""
        key = self._key()
        self.current = key[-1]
        for part in key[:-1]:
            self._implicit.add((*self.context, part))
            self._enter((*self.context, part))
        value = self._value()
        self._set(key[-1], value)
        self._note_type(key[-1], value)
        return key, value

    def _note_type(self, name: str, value: Any) -> None:
        if type(value) is list:
            self._arrays.add((*self.context, name))
        else:
            self._arrays.discard((*self.context, name))

    # Tables.

    def _descend(self, key: Key, complaint: str) -> dict[str, Any]:
        """The table that a key leads to; of tables in a list, the last one."""
        table = self._root
        for index, part in enumerate(key):
            found = table[part]
            if isinstance(found, Tables):
                found = found[-1]
            if not isinstance(found, dict):
                raise self.error(complaint.format(dotted(key[: index + 1])), line=self.key_line)
            table = found
        return table

    def _enter(self, key: Key, *, many: bool = False) -> None:
        """Make a table the current one; tables on the way to it are implied."""
        for index in range(1, len(key)):
            parent = self._descend(key[: index - 1], "Key '{}' was already created as a hash.")
            if key[index - 1] not in parent:
                self._implicit.add(key[:index])
                parent[key[index - 1]] = {}
        table = self._descend(key[:-1], "Key '{}' was already created as a hash.")
        self.context = key[:-1]
        if not many:
            self._set(key[-1], {})
        elif isinstance(tables := table.setdefault(key[-1], Tables()), Tables):
            tables.append({})
        else:
            message = f"Key '{dotted(key)}' was already created and cannot be used as an array."
            raise self.error(message, line=self.key_line)
        self.context = key

    def _set(self, name: str, value: Any) -> None:
        """Set a key of the current table, which may be there only by implication."""
        table = self._descend(self.context, "Key '{}' has already been defined.")
        key = (*self.context, name)
        if name not in table:
            table[name] = value
        elif key not in self._implicit:
            raise self.error(f"Key '{dotted(key)}' has already been defined.", line=self.key_line)
        else:
            self._implicit.discard(key)
            if key in self._arrays:
                table[name] = value

    # Values.

    def _value(self, *, in_list: bool = False) -> Any:
        mark = self.skip(BLANK)
        if mark == "[":
            self.next()
            return self._list()
        if mark == "{":
            self.next()
            return self._inline_table(in_list=in_list)
        if mark in ('"', "'") and mark:
            return self.any_string(mark)
        if mark.isascii() and mark.isdigit():
            return self._number()
        if mark in ("+", "-") and mark:
            return self._signed_number()
        return self._word(mark)

    def _word(self, mark: str) -> Any:
        """true, false, inf, nan, and all that cannot start a value."""
        if match := self.take(_SPECIAL_FLOAT):
            return self._to_float(match[0])
        if mark.isalpha():
            if match := self.take(_SPECIAL_START):
                # The library steps back only one character after it failed to read inf or nan.
                self.at -= 1
            match = self.take(_WORD)
            word = match[0] if match else ""
            if word in ("true", "false"):
                return word == "true"
            raise self.error(f"expected value but found {quote(word)} instead")
        self.next()
        if mark == ".":
            raise self.error("floats must start with a digit, not '.'")
        if not mark:
            raise self.error("unexpected EOF; expected value")
        line = self.line - 1 if mark == "\n" and not self.strict else None
        raise self.error(f"expected value but found {show_rune(mark)} instead", line=line)

    def _list(self) -> list[Any]:
        key = (*self.context, self.current) if self.current else self.context
        self._arrays.add(key)
        result: list[Any] = []
        while (character := self.skip_comments()) != "]":
            if character == ",":
                self.next()
                raise self.error("unexpected comma")
            result.append(self._value(in_list=True))
            character = self.skip_comments()
            if character == "]":
                break
            self.next()
            if character != ",":
                shown = f"'{character}'" if character else "end of file"
                raise self.error(f"expected a comma (',') or array terminator (']'), but got {shown}")
        self.next()
        return result

    def _inline_table(self, *, in_list: bool) -> dict[str, Any]:
        outer, outer_key = self.context, self.current
        result: dict[str, Any] = {}
        key = (*outer, outer_key)
        self.current = ""
        self._implicit.add(key)
        self._enter(key, many=in_list)
        while (character := self._skip_inside_table()) != "}":
            if character == ",":
                self.next()
                raise self.error("unexpected comma")
            self._member(result, key)
            character = self._skip_inside_table()
            if character == "}":
                break
            self.next()
            if character != ",":
                shown = f"'{character}'" if character else "end of file"
                raise self.error(f"expected a comma or an inline table terminator '}}', but got {shown} instead")
            if self.strict and self.skip(BLANK) == "}":
                raise self.error("trailing comma not allowed in inline tables")
        self.next()
        self.context, self.current = outer, outer_key
        return result

    def _skip_inside_table(self) -> str:
        """Pass over what may stand between the parts of an inline table; gives the next character, which stays."""
        if not self.strict:
            return self.skip_comments()
        while (character := self.skip(BLANK)) == "#":
            self.skip_comment()
        if character and character in BREAKS:
            raise self.error("newlines not allowed within inline tables")
        return character

    def _member(self, result: dict[str, Any], context: Key) -> None:
        """Read one pair of an inline table, into the document and into the table's own value."""
        self.context = context
        name, value = self._assignment()
        # The name stays the current one: an error after the value still blames it.
        self.context = context
        table = result
        for part in name[:-1]:
            table = table.setdefault(part, {})
        table[name[-1]] = value

    # Numbers and times.

    def _number(self) -> Any:
        match = self.take(_NUMBER)
        text = match[0] if match else ""
        if match and match["time"]:
            return self._to_time(text.strip())
        if match and match["float"]:
            return self._to_float(text)
        if text[:2] in _BASES and (len(text) == 2 or text[2] == "_"):
            after = text[2:3] or self.text[self.at : self.at + 1] or "\0"
            name = _BASES[text[:2]]
            if self.strict:
                # The older release spells it so.
                name = name.replace("hexa", "hexi")
            raise self.error(f"not {name} number: '{text[:2]}{after}'")
        return self._to_integer(text)

    def _signed_number(self) -> Any:
        rest = self.text[self.at + 1 : self.at + 4]
        if rest[:2] in _BASES:
            sign = self.next()
            raise self.error(f"cannot use sign with non-decimal numbers: '{sign}{rest[:2]}'")
        if match := self.take(_SIGNED):
            return self._to_float(match[0]) if match["float"] else self._to_integer(match[0])
        sign = self.next()
        character = self.next()
        if character == ".":
            raise self.error("floats must start with a digit, not '.'")
        if character in ("i", "n"):
            second = rest[1:2] if rest[1:2] == {"i": "n", "n": "a"}[character] else ""
            raise self.error(f"invalid float: '{sign}{character}{second}'")
        raise self.error(f"expected a digit but got {show_rune(character)}")

    def _to_integer(self, text: str) -> Int64:
        self._check_digits(text, "integer", text)
        # Python itself refuses to read a number of thousands of digits.
        number = INT64_MAX + 1 if len(text) > _MOST_DIGITS else int(text, 0) if text[:2] in _BASES else int(text)
        if not INT64_MIN <= number <= INT64_MAX:
            raise self.error(f"{text} is out of range for int64")
        return Int64(number)

    def _check_digits(self, whole: str, kind: str, text: str) -> None:
        if not text or _MISPLACED_UNDERSCORE.search(text):
            raise self.error(f'Invalid {kind} "{whole}": underscores must be surrounded by digits')
        digits = text.lstrip("+-")
        if len(digits) > 1 and digits[0] == "0" and digits[:2] not in _BASES:
            raise self.error(f'Invalid {kind} "{whole}": cannot have leading zeroes')

    def _to_float(self, text: str) -> float:
        if text.lstrip("+-") in ("inf", "nan"):
            return float(text)
        for part in re.split("[.eE]+", text.rstrip(".eE")):
            if not part or _MISPLACED_UNDERSCORE.search(part):
                raise self.error(f'Invalid float "{text}": underscores must be surrounded by digits')
        self._check_digits(text, "float", re.split("[.eE]", text)[0])
        if re.search(r"\.(?![0-9])", text):
            raise self.error(f"Invalid float \"{text}\": '.' must be followed by one or more digits")
        try:
            number = float(text.replace("_", ""))
        except ValueError:
            raise self.error(f'Invalid float value: "{text}"') from None
        if number in (float("inf"), float("-inf")):
            raise self.error(f"{text} is out of range for float64")
        return number

    def _to_time(self, text: str) -> Any:
        text = text.translate(_TIME_LETTERS)
        time = parse_time(text)
        if time is None or (self.strict and not time.complete):
            raise self.error(f"invalid datetime: {quote(text)}")
        return self._make_time(time)
