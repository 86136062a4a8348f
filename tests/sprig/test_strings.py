"""Sprig's functions on strings, against results of the real Helm."""

from __future__ import annotations

import pytest

from chartkit.ambient import Ambient
from chartkit.errors import LimitError
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import FunctionError, IntList, StringList, StringMap
from chartkit.limits import Limits
from chartkit.profile import PROFILES
from chartkit.sprig import strings

AMBIENT = Ambient(profile=PROFILES["4.2"])
FUNCTIONS = {function.name: function for function in strings.FUNCTIONS}

RESULTS = [
    ("substr", (-2, 2, "abc"), "ab"),
    ("trunc", (-5, "abc"), "abc"),
    ("trunc", (-3, "abc"), "abc"),
    ("trunc", (0, "abc"), ""),
    ("wrap", (5, "Hello World long-worded-things x"), "Hello\nWorld\nlong-worded-things\nx"),
    ("wrapWith", (5, "|", "Hello World long-worded-things x"), "Hello|World|long-|worde|d-thi|ngs x"),
    ("abbrev", (5, "hello world"), "he..."),
    ("abbrev", (3, "hello world"), "hello world"),
    ("abbrev", (-1, "hello world"), "hello world"),
    ("abbrevboth", (5, 10, "1234 5678 9123 456789"), "...5678..."),
    ("abbrevboth", (0, 5, "1234 5678 9123 456789"), "12..."),
    ("abbrevboth", (5, 8, "1234 5678 9123 456789"), "...56..."),
    ("abbrevboth", (30, 10, "1234 5678 9123"), "...78 9123"),
    ("abbrevboth", (-3, 10, "1234 5678 9123"), "1234 56..."),
    ("abbrevboth", (5, 6, "1234 5678 9123"), "1234 5678 9123"),
    ("splitn", (",", -1, "a,b"), "map[_0:a _1:b]"),
    ("splitn", ("", 2, "héy"), "map[_0:h _1:éy]"),
    ("split", ("", "héy"), "map[_0:h _1:é _2:y]"),
    ("split", ("", ""), "map[]"),
    ("plural", ("a", "b", 1), "a"),
    ("plural", ("a", "b", 0), "b"),
    ("trim", ("\xa0\u2003 a \u200b \x1c\x0b",), "a \u200b \x1c"),
    ("trimAll", ("aé", "éabcéa"), "bc"),
    ("trimAll", ("", "aba"), "aba"),
    ("trimall", ("$", "$5$"), "5"),
    ("trimSuffix", ("", "a"), "a"),
    ("cat", (None, None), ""),
    ("quote", ({"a": None}, "\udcff"), '"map[a:<nil>]" "\\xff"'),
    ("trim", (" \n a b \t",), "a b"),
    ("trimSuffix", ("-", "a--"), "a-"),
    ("trimPrefix", ("-", "--a"), "-a"),
    ("trimSuffix", ("é", "aé"), "a"),
    ("repeat", (3, "ab"), "ababab"),
    ("substr", (0, 5, "hello world"), "hello"),
    ("substr", (2, -1, "hello"), "llo"),
    ("trunc", (3, "aéb"), "aé"),
    ("contains", ("cat", "catch"), "true"),
    ("hasPrefix", ("ca", "catch"), "true"),
    ("hasSuffix", ("ch", "cat"), "false"),
    ("quote", ('a"b\\c\n\t\xe9\u200b',), '"a\\"b\\\\c\\n\\té\\u200b"'),
    ("quote", (1, None, True, "x", 1.5, 1000000.0), '"1" "true" "x" "1.5" "1e+06"'),
    ("quote", (), ""),
    ("quote", (None,), ""),
    ("squote", ("it's", 1000000.0, None, [1, "a"]), "'it's' '1e+06' '[1 a]'"),
    ("cat", ("a%", "b", None, 1, True, [1, 2]), "a% b 1 true [1 2]"),
    ("cat", ("", "a", ""), " a "),
    ("indent", (2, "a\nb\n"), "  a\n  b\n  "),
    ("nindent", (4, "a\nb"), "\n    a\n    b"),
    ("nindent", (0, ""), "\n"),
    ("replace", ("", "-", "aé"), "-a-é-"),
    ("replace", ("a", "", "banana"), "bnn"),
    ("splitList", ("/", "a/b/c"), "[a b c]"),
    ("splitList", ("", "aé"), "[a é]"),
    ("split", ("$", "foo$bar$baz"), "map[_0:foo _1:bar _2:baz]"),
    ("splitn", ("$", 2, "foo$bar$baz"), "map[_0:foo _1:bar$baz]"),
    ("splitn", ("$", 5, "foo$bar"), "map[_0:foo _1:bar]"),
    ("join", ("-", [1, None, "a", 1.5, [1], {"k": 2}]), "1-a-1.5-[1]-map[k:2]"),
    ("join", (",", "x"), "x"),
    ("join", (",", None), ""),
    ("join", (",", StringList(["a", "b"])), "a,b"),
    ("join", (",", IntList([0, 1, 2])), "0,1,2"),
    ("toStrings", ([1, None, "a"],), "[1 a]"),
    ("toStrings", (5,), "[5]"),
    ("toString", (1234567.0,), "1.234567e+06"),
    ("toString", (None,), "<nil>"),
    ("wrap", (10, "The quick brown fox jumps over a lazy dog"), "The quick\nbrown fox\njumps over\na lazy dog"),
    ("wrap", (0, "a bc d"), "a\nbc\nd"),
    ("wrap", (5, "  lead  ing"), "lead \ning"),
    ("wrap", (3, "éé é"), "\xe9\xe9\n\xe9"),
    ("wrapWith", (4, "<br>", "internationalisation x"), "inte<br>rnat<br>iona<br>lisa<br>tion<br>x"),
    ("abbrev", (9, "déjà vu déjà vu"), "déjà..."),
    ("abbrevboth", (6, 10, "1234 5678 9123 456789"), "...678 ..."),
    ("hello", (), "Hello!"),
]

FAILURES = [
    ("repeat", (-1, "a"), "strings: negative Repeat count"),
    ("indent", (-1, "a"), "strings: negative Repeat count"),
    ("nindent", (-1, "a"), "strings: negative Repeat count"),
    ("substr", (3, 1, "abcdef"), "runtime error: slice bounds out of range [3:1]"),
    ("substr", (5, -1, "abc"), "runtime error: slice bounds out of range [5:3]"),
    ("substr", (-1, 9, "abc"), "runtime error: slice bounds out of range [:9] with length 3"),
    ("substr", (-1, -5, "abc"), "runtime error: slice bounds out of range [:-5]"),
    ("substr", (9, 12, "abc"), "runtime error: slice bounds out of range [9:3]"),
]


def call(name, arguments):
    function = FUNCTIONS[name]
    return function.call(AMBIENT, *arguments) if function.ambient else function.call(*arguments)


@pytest.mark.parametrize(("name", "arguments", "text"), RESULTS)
def test_result_is_helms(name, arguments, text):
    result = call(name, arguments)
    assert ("" if result is None else sprint_value(result)) == text


@pytest.mark.parametrize(("name", "arguments", "message"), FAILURES)
def test_failure_is_worded_as_in_helm(name, arguments, message):
    with pytest.raises(FunctionError) as failure:
        call(name, arguments)
    assert str(failure.value) == message


def test_repeat_stops_at_the_limit():
    ambient = Ambient(limits=Limits(output_characters=10))
    assert strings.repeat(ambient, 5, "ab") == "ababababab"
    with pytest.raises(LimitError, match="^a text is repeated to more than 10 characters$"):
        strings.repeat(ambient, 6, "ab")


def test_to_strings_gives_a_string_slice():
    assert type(strings.to_strings([1, "a"])) is StringList


def test_split_gives_a_string_map():
    assert type(strings.split(",", "a,b")) is StringMap


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (strings.trunc(1, "é"), r'"\xc3"'),
        (strings.trunc(-1, "é"), r'"\xa9"'),
        (strings.trunc(2, "aé"), r'"a\xc3"'),
        (strings.substr(0, 1, "é"), r'"\xc3"'),
        (strings.abbrev(4, "éabcde"), r'"\xc3..."'),
        (strings.wrap_with(1, "|", "éa"), r'"\xc3|\xa9|a"'),
    ],
    ids=str,
)
def test_cut_character_keeps_its_bytes(text, quoted):
    assert strings.quote(text) == quoted
