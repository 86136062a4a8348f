"""Sprig's regular expressions, against results of the real Helm."""

from __future__ import annotations

from typing import Any

import pytest

from chartkit.gotypes import FunctionError, NilSlice, StringList
from chartkit.sprig import regex

FUNCTIONS = {function.name: function.call for function in regex.FUNCTIONS}

RESULTS = [
    ("regexMatch", ("^[a-z]+$", "abc"), True),
    ("regexMatch", ("a$", "a\n"), False),
    ("regexFind", ("[0-9]+", "a12b3"), "12"),
    ("regexFind", ("x", "a"), ""),
    ("regexFindAll", ("[2,4,6,8]", "123456789", -1), ["2", "4", "6", "8"]),
    ("regexFindAll", ("a*", "baac", 2), ["", "aa"]),
    ("regexReplaceAll", ("a(x*)b", "-ab-axxb-", "${1}W"), "-W-xxW-"),
    ("regexReplaceAll", ("\\W+", "My App Name!", "-"), "My-App-Name-"),
    ("regexReplaceAllLiteral", ("a(x*)b", "-ab-axxb-", "${1}"), "-${1}-${1}-"),
    ("regexSplit", ("z+", "pizza", -1), ["pi", "a"]),
    ("regexSplit", ("z", "pizza", 2), ["pi", "za"]),
    ("regexSplit", ("", "", -1), []),
]

PANICS = [
    ("regexFind", ("(", "x"), "regexp: Compile(`(`): error parsing regexp: missing closing ): `(`"),
    (
        "regexFindAll",
        ("*", "x", 1),
        "regexp: Compile(`*`): error parsing regexp: missing argument to repetition operator: `*`",
    ),
    ("regexReplaceAll", ("[", "x", "y"), "regexp: Compile(`[`): error parsing regexp: missing closing ]: `[`"),
    ("regexReplaceAllLiteral", ("a)", "x", "y"), "regexp: Compile(`a)`): error parsing regexp: unexpected ): `a)`"),
    ("regexSplit", ("a`(", "x", 1), 'regexp: Compile("a`("): error parsing regexp: missing closing ): `a`(`'),
    ("regexFind", ("\n(", "x"), 'regexp: Compile("\\n("): error parsing regexp: missing closing ): `\n(`'),
]


@pytest.mark.parametrize(("name", "arguments", "expected"), RESULTS)
def test_result(name: str, arguments: tuple[Any, ...], expected: object) -> None:
    assert FUNCTIONS[name](*arguments) == expected


@pytest.mark.parametrize(("name", "arguments", "expected"), RESULTS)
def test_must_twin_gives_the_same(name: str, arguments: tuple[Any, ...], expected: object) -> None:
    assert FUNCTIONS[f"must{name[0].upper()}{name[1:]}"](*arguments) == expected


@pytest.mark.parametrize(("name", "arguments", "message"), PANICS)
def test_bad_pattern_stops_with_the_text_of_a_panic(name: str, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(FunctionError) as caught:
        FUNCTIONS[name](*arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(("name", "arguments", "message"), PANICS)
def test_bad_pattern_stops_the_must_twin_with_the_bare_text(
    name: str, arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(FunctionError) as caught:
        FUNCTIONS[f"must{name[0].upper()}{name[1:]}"](*arguments)
    assert str(caught.value) == message[message.index("error parsing") :]


def test_bad_pattern_matches_nothing() -> None:
    assert FUNCTIONS["regexMatch"]("(", "a") is False
    with pytest.raises(FunctionError, match="^error parsing regexp: missing closing"):
        FUNCTIONS["mustRegexMatch"]("(", "a")


def test_lists_of_matches_are_typed_and_nil_without_any() -> None:
    assert type(FUNCTIONS["regexFindAll"]("a", "aa", -1)) is StringList
    assert type(FUNCTIONS["regexFindAll"]("x", "aa", -1)) is NilSlice
    assert type(FUNCTIONS["regexSplit"]("x", "aa", 0)) is NilSlice
    assert type(FUNCTIONS["regexSplit"]("", "", -1)) is StringList


def test_quote_meta() -> None:
    assert FUNCTIONS["regexQuoteMeta"]("1.2.3+[x]") == r"1\.2\.3\+\[x\]"
