"""Sprig's regular expressions, in Go's RE2 syntax."""

from __future__ import annotations

from typing import Any, Final

from chartkit.goquote import can_backquote, quote
from chartkit.goregexp import InvalidRegexp, Regexp, compile_regexp, quote_meta
from chartkit.gotypes import Function, FunctionError, NilSlice, StringList


def _compile(pattern: str) -> Regexp:
    """Compile for a function whose name starts with must."""
    try:
        return compile_regexp(pattern)
    except InvalidRegexp as error:
        raise FunctionError(str(error)) from None


def _compile_or_panic(pattern: str) -> Regexp:
    """Compile for the other functions, which stop with another text."""
    try:
        return compile_regexp(pattern)
    except InvalidRegexp as error:
        shown = f"`{pattern}`" if can_backquote(pattern) else quote(pattern)
        raise FunctionError(f"regexp: Compile({shown}): {error}") from None


def _list(items: list[str], *, nil: bool = True) -> list[Any]:
    """Strings as a Go list; where Go has a nil list, so that JSON shows null, an empty one is that."""
    return StringList(items) if items or not nil else NilSlice()


def match(pattern: str, text: str) -> bool:
    """Whether the text contains a match; a bad pattern matches nothing."""
    try:
        return compile_regexp(pattern).matches(text)
    except InvalidRegexp:
        return False


def must_match(pattern: str, text: str) -> bool:
    """Whether the text contains a match."""
    return _compile(pattern).matches(text)


def find(pattern: str, text: str) -> str:
    """The first match, or the empty string."""
    return _compile_or_panic(pattern).find(text) or ""


def must_find(pattern: str, text: str) -> str:
    """The first match, or the empty string."""
    return _compile(pattern).find(text) or ""


def find_all(pattern: str, text: str, count: int) -> list[Any]:
    """The first `count` matches, all where it is negative."""
    return _list(_compile_or_panic(pattern).find_all(text, count))


def must_find_all(pattern: str, text: str, count: int) -> list[Any]:
    """The first `count` matches, all where it is negative."""
    return _list(_compile(pattern).find_all(text, count))


def replace_all(pattern: str, text: str, template: str) -> str:
    """Replace every match by a template with `$1` and `${name}`."""
    return _compile_or_panic(pattern).replace_all(text, template)


def must_replace_all(pattern: str, text: str, template: str) -> str:
    """Replace every match by a template with `$1` and `${name}`."""
    return _compile(pattern).replace_all(text, template)


def replace_all_literal(pattern: str, text: str, replacement: str) -> str:
    """Replace every match by a fixed text."""
    return _compile_or_panic(pattern).replace_all_literal(text, replacement)


def must_replace_all_literal(pattern: str, text: str, replacement: str) -> str:
    """Replace every match by a fixed text."""
    return _compile(pattern).replace_all_literal(text, replacement)


def split(pattern: str, text: str, count: int) -> list[Any]:
    """The texts between matches: none for 0, at most `count`, all where it is negative."""
    return _list(_compile_or_panic(pattern).split(text, count), nil=count == 0)


def must_split(pattern: str, text: str, count: int) -> list[Any]:
    """The texts between matches: none for 0, at most `count`, all where it is negative."""
    return _list(_compile(pattern).split(text, count), nil=count == 0)


_TWO: Final = ("string", "string")
_COUNTED: Final = ("string", "string", "int")
_THREE: Final = ("string", "string", "string")

FUNCTIONS: Final = (
    Function("regexMatch", match, _TWO),
    Function("mustRegexMatch", must_match, _TWO),
    Function("regexFind", find, _TWO),
    Function("mustRegexFind", must_find, _TWO),
    Function("regexFindAll", find_all, _COUNTED),
    Function("mustRegexFindAll", must_find_all, _COUNTED),
    Function("regexReplaceAll", replace_all, _THREE),
    Function("mustRegexReplaceAll", must_replace_all, _THREE),
    Function("regexReplaceAllLiteral", replace_all_literal, _THREE),
    Function("mustRegexReplaceAllLiteral", must_replace_all_literal, _THREE),
    Function("regexSplit", split, _COUNTED),
    Function("mustRegexSplit", must_split, _COUNTED),
    Function("regexQuoteMeta", quote_meta, ("string",)),
)
