"""Go's regular expressions, against results of the real Helm (which uses Go's own engine)."""

from __future__ import annotations

import random
import time

import pytest

from chartkit.goregexp import InvalidRegexp, Regexp, compile_regexp, quote_meta
from chartkit.goregexp.machine import Machine
from chartkit.goregexp.risk import backtracking_limit
from chartkit.goregexp.syntax import parse

FOUND = [
    ("a*", "baac", ["", "aa", ""]),
    ("(a|ab)(c|bcd)(d*)", "abcd", ["abcd"]),
    ("(?U)a+", "aaa", ["a", "a", "a"]),
    ("a+?", "aaa", ["a", "a", "a"]),
    ("\\x{41}|\\x42", "xBA", ["B", "A"]),
    ("[^[:^digit:]]+", "a12", ["12"]),
    ("\\pL+", "\xe91\xfc", ["\xe9", "\xfc"]),
    ("\\p{Greek}+", "ab\u03b1\u03b2", ["\u03b1\u03b2"]),
    ("\\p{Old_Persian}?x", "x", ["x"]),
    ("\\w+", "\xe9ab_1", ["ab_1"]),
    ("\\bfoo\\b", "a foo b", ["foo"]),
    ("\\B", "ab", [""]),
    ("a$", "a\n", []),
    ("(?m)a$", "a\na", ["a", "a"]),
    ("(?m)^.", "ab\ncd", ["a", "c"]),
    ("(?s).+", "a\nb", ["a\nb"]),
    (".+", "a\nb", ["a", "b"]),
    ("(?i)k", "kK\u212a", ["k", "K", "\u212a"]),
    ("(?i)[k-z]", "S\u017f", ["S", "\u017f"]),
    ("(?i)straße", "STRASSE stra\xdfe", ["stra\xdfe"]),
    ("\\Qa.b\\E+", "a.bbb axb", ["a.bbb"]),
    ("a{,3}", "aa{,3}", ["a{,3}"]),
    ("a{2}", "aaaaa", ["aa", "aa"]),
    ("a{2,3}?", "aaaaa", ["aa", "aa"]),
    ("(a*)+", "aab", ["aa", ""]),
    ("(|a)+", "aa", ["", "", ""]),
    ("(a|b)*?c", "abac", ["abac"]),
    ("[]a]+", "a]b", ["a]"]),
    ("[^]a]+", "a]b", ["b"]),
    ("[a-]+", "a-b", ["a-"]),
    ("\\s", "\xa0 \x0b", [" "]),
    ("[[:word:]-]+", "a-b c", ["a-b", "c"]),
    ("", "ab", ["", "", ""]),
    ("$^", "", [""]),
    ("\\z", "a", [""]),
    ("[^a]", "\n", ["\n"]),
    ("(?i)\\W+", "k\u212as -", [" -"]),
    ("\\x{10FFFF}?b", "b", ["b"]),
    ("(?:(?:a?)*?b)+", "aab", ["aab"]),
    ("é|ü+", "\xfc\xfc\xe9", ["\xfc\xfc", "\xe9"]),
    ("\\07|\\a", "\x07", ["\x07"]),
    ("[\\d\\-x]+", "1-x", ["1-x"]),
    ("\\PN+", "ab1", ["ab"]),
    ("(?i:a)B", "aB AB ab", ["aB", "AB"]),
    ("x|", "ax", ["", "x"]),
    ("\\p{Letter}\\p{nd}", "a1", ["a1"]),
    ("(?P<y>\\d{4})-(?<m>\\d\\d)", "2024-03", ["2024-03"]),
]

REPLACED = [
    ("a(x*)b", "-ab-axxb-", "${1}W", "-W-xxW-"),
    ("a(x*)b", "-ab-axxb-", "$1W", "---"),
    ("(?P<n>a)b", "ab", "${n}-$n", "a-a"),
    ("a", "aba", "$$", "$b$"),
    ("a", "aba", "$0$0", "aabaa"),
    ("a", "aba", "\\1", "\\1b\\1"),
    ("(a)", "a", "$2x", ""),
    ("(a)", "a", "$1_x", ""),
    ("(a)", "a", "${1}_x", "a_x"),
    ("", "ab", "-", "-a-b-"),
    ("a*", "baac", "<$0>", "<>b<aa>c<>"),
    ("(a)|(b)", "ab", "[$1|$2]", "[a|][|b]"),
    ("a", "a", "$", "$"),
    ("a", "a", "${", "${"),
    ("a", "a", "${1", "${1"),
    ("a", "a", "$ x", "$ x"),
    ("a", "a", "$-", "$-"),
    ("a", "a", "$01", ""),
    ("(?P<n>a)(?P<n>b)?", "a", "<$n>", "<a>"),
    ("b*", "abb", "-", "-a-"),
    ("^", "ab", "x", "xab"),
    ("$", "ab", "x", "abx"),
    ("\\b", "a b", "|", "|a| |b|"),
    ("é", "aéb", "e", "aeb"),
    ("(a)(b)?", "ab a", "$2.$1;", "b.a; .a;"),
    ("a", "a", "$$1", "$1"),
    ("a", "a", "$$$0", "$a"),
]

SPLIT = [
    ("z+", "pizza", -1, ["pi", "a"]),
    ("z", "pizza", 2, ["pi", "za"]),
    ("a", "banana", 0, []),
    (",", "", -1, [""]),
    ("", "abc", -1, ["a", "b", "c"]),
    ("b", "abc", -1, ["a", "c"]),
    ("x*", "axbxc", -1, ["a", "b", "c"]),
    ("", "", -1, []),
    ("a", "a", -1, ["", ""]),
    ("a", "aa", 2, ["", "a"]),
    ("", "abc", 2, ["a", "bc"]),
    ("$", "ab", -1, ["ab"]),
    ("^", "ab", -1, ["ab"]),
    ("b|", "abc", -1, ["a", "c"]),
    ("\\s*,\\s*", "a , b,c", -1, ["a", "b", "c"]),
    ("a", "xax", 1, ["xax"]),
]

REFUSED = [
    ("(", "missing closing )", "("),
    ("a)", "unexpected )", "a)"),
    ("a{1001}", "invalid repeat count", "{1001}"),
    ("x{2,1}", "invalid repeat count", "{2,1}"),
    ("(a{2}){501}", "invalid repeat count", "{501}"),
    ("[b-a]", "invalid character class range", "b-a"),
    ("[a", "missing closing ]", "[a"),
    ("[]", "missing closing ]", "[]"),
    ("[^]", "missing closing ]", "[^]"),
    ("[a-\\d]", "invalid escape sequence", "\\d"),
    ("[z-\\d]", "invalid escape sequence", "\\d"),
    ("[[:foo:]]", "invalid character class range", "[:foo:]"),
    ("\\p{Zz}", "invalid character class range", "\\p{Zz}"),
    ("\\p{Gre", "invalid character class range", "\\p{Gre"),
    ("\\p", "invalid character class range", "\\p"),
    ("\\8", "invalid escape sequence", "\\8"),
    ("\\1", "invalid escape sequence", "\\1"),
    ("\\Z", "invalid escape sequence", "\\Z"),
    ("\\C", "invalid escape sequence", "\\C"),
    ("a\\", "trailing backslash at end of expression", ""),
    ("a++", "invalid nested repetition operator", "++"),
    ("a**", "invalid nested repetition operator", "**"),
    ("a{2}{3}", "invalid nested repetition operator", "{2}{3}"),
    ("**", "missing argument to repetition operator", "*"),
    ("*", "missing argument to repetition operator", "*"),
    ("a|*", "missing argument to repetition operator", "*"),
    ("(*)", "missing argument to repetition operator", "*"),
    ("(?i)*", "missing argument to repetition operator", "*"),
    ("(?", "invalid or unsupported Perl syntax", "(?"),
    ("(?z)", "invalid or unsupported Perl syntax", "(?z"),
    ("(?i", "invalid or unsupported Perl syntax", "(?i"),
    ("(?-)", "invalid or unsupported Perl syntax", "(?-)"),
    ("(?i-)", "invalid or unsupported Perl syntax", "(?i-)"),
    ("(?--i)", "invalid or unsupported Perl syntax", "(?--"),
    ("(?=a)", "invalid or unsupported Perl syntax", "(?="),
    ("(?<=a)", "invalid named capture", "(?<=a)"),
    ("(?P=n)", "invalid or unsupported Perl syntax", "(?P"),
    ("(?P<n", "invalid named capture", "(?P<n"),
    ("(?P<>a)", "invalid named capture", "(?P<>"),
    ("(?P<é>a)", "invalid named capture", "(?P<é>"),
    ("\\x", "invalid escape sequence", "\\x"),
    ("\\x4", "invalid escape sequence", "\\x4"),
    ("\\xg", "invalid escape sequence", "\\xg"),
    ("\\x{}", "invalid escape sequence", "\\x{}"),
    ("\\x{110000}", "invalid escape sequence", "\\x{110000"),
    ("\\x{41", "invalid escape sequence", "\\x{41"),
    ("(?'n'a)", "invalid or unsupported Perl syntax", "(?'"),
    ("(?#c)", "invalid or unsupported Perl syntax", "(?#"),
]

EXPLOSIVE = ["(a+)+$", "(a|a)*$", "(a|ab|b)*c", "(.*)*x", "a*a*a*a*a*b", "(a?){30}a{30}$", "([a-z0-9]+-?)+[.]"]


def slow(pattern: str) -> Regexp:
    """The pattern, made to run on the machine that never backtracks."""
    regexp = Regexp(pattern)
    regexp._limit = -1
    return regexp


@pytest.mark.parametrize(("pattern", "text", "expected"), FOUND)
def test_find_all_gives_what_go_finds(pattern: str, text: str, expected: list[str]) -> None:
    assert compile_regexp(pattern).find_all(text, -1) == expected


@pytest.mark.parametrize(("pattern", "text", "expected"), FOUND)
def test_machine_finds_what_go_finds(pattern: str, text: str, expected: list[str]) -> None:
    assert slow(pattern).find_all(text, -1) == expected


@pytest.mark.parametrize(("pattern", "text", "template", "expected"), REPLACED)
def test_replace_all_fills_templates_in(pattern: str, text: str, template: str, expected: str) -> None:
    assert compile_regexp(pattern).replace_all(text, template) == expected
    assert slow(pattern).replace_all(text, template) == expected


@pytest.mark.parametrize(("pattern", "text", "count", "expected"), SPLIT)
def test_split_cuts_where_go_cuts(pattern: str, text: str, count: int, expected: list[str]) -> None:
    assert compile_regexp(pattern).split(text, count) == expected


@pytest.mark.parametrize(("pattern", "reason", "part"), REFUSED)
def test_compile_refuses_what_go_refuses(pattern: str, reason: str, part: str) -> None:
    with pytest.raises(InvalidRegexp) as caught:
        compile_regexp(pattern)
    assert str(caught.value) == f"error parsing regexp: {reason}: `{part}`"


def test_compile_refuses_deep_nesting() -> None:
    pattern = "(" * 1001 + ")" * 1001
    with pytest.raises(InvalidRegexp, match="expression nests too deeply"):
        compile_regexp(pattern)


def test_compile_refuses_huge_programs() -> None:
    with pytest.raises(InvalidRegexp, match="expression too large"):
        compile_regexp("x" * 4000 + "(?:" + "y" * 4000 + "){1000}")


def test_compile_refuses_invalid_utf8() -> None:
    with pytest.raises(InvalidRegexp, match="invalid UTF-8"):
        compile_regexp("a\udcff")


def test_compile_takes_deep_nesting_below_the_limit() -> None:
    depth = 700
    assert compile_regexp("(" * depth + "a" + ")" * depth).find("ba") == "a"


@pytest.mark.parametrize("pattern", ["[^a]", ".", r"\PL", r"\x{FFFD}", r"[\x{E000}-\x{FFFF}]"])
def test_invalid_bytes_match_like_the_replacement_character(pattern: str) -> None:
    assert compile_regexp(pattern).find("\udcff") == "\udcff"


@pytest.mark.parametrize("pattern", [r"\pL", r"[a-z]", r"[\x{D000}-\x{E000}]"])
def test_invalid_bytes_are_no_other_character(pattern: str) -> None:
    assert compile_regexp(pattern).find("\udcff") is None


@pytest.mark.parametrize("pattern", EXPLOSIVE)
def test_explosive_patterns_run_in_bounded_time(pattern: str) -> None:
    start = time.perf_counter()
    compile_regexp(pattern).matches("a" * 3000 + "!")
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("pattern", ["[0-9]+", "^[a-z]+$", "a.c", "foo|bar", "[^a-z]+", "(?i)abc"])
def test_plain_patterns_may_backtrack(pattern: str) -> None:
    assert backtracking_limit(parse(pattern).root) > 1000


def test_quote_meta_escapes_all_that_is_special() -> None:
    text = r"1.2+[x](y){z}^$|*?\-_"
    assert quote_meta(text) == r"1\.2\+\[x\]\(y\)\{z\}\^\$\|\*\?\\-_"
    assert compile_regexp(quote_meta(text)).find(f"a{text}b") == text


ATOMS = ["a", "b", "[ab]", "[^a]", r"\w", r"\b", "^", "$", "(a)", "(b|c)", "(a|ab)", "a*", "b+?", "(a|b)*", "x?", "."]
TEXTS = ["", "ab", "aab", "abc abc", "a\nb", "xaxb", "caabb"]


def test_engines_agree_with_re2_on_random_patterns() -> None:
    re2 = pytest.importorskip("re2")
    source = random.Random(11)
    for _ in range(150):
        pattern = "".join(source.choice(ATOMS) for _ in range(source.randint(1, 4)))
        oracle = re2.compile(pattern)
        regexp = compile_regexp(pattern)
        machine = Machine(parse(pattern).root, len(regexp.names))
        for text in TEXTS:
            found = oracle.search(text)
            expected = None if found is None else found.span()
            for result in (regexp.search(text), machine.search(text, 0)):
                assert (None if result is None else result[:2]) == expected, (pattern, text)
