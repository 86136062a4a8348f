"""Go's fmt: recorded from Helm 4.2.3 and 4.3.1."""

from __future__ import annotations

import pytest

from chartkit.goquote import quote_ascii
from chartkit.gotemplate.gofmt import (
    format_float,
    go_syntax,
    json_float,
    quote,
    quote_rune,
    sprint,
    sprint_value,
    sprintf,
    sprintln,
    template_text,
)
from chartkit.gotypes import GoObject, Int64, IntList, Matrix, NilMap, NilSlice, StringList, Uint64, Values

PRINTF = [
    (
        "%05s|%-05s|%-05d|%05d|%+05d|%05.1f|%+08.2f|%-08.2f|%x",
        ["ab", "ab", 42, -42, 42, -1.25, 3.14159, 3.14, 255],
        "000ab|ab   |42   |-0042|+0042|-01.2|+0003.14|3.14    |ff",
    ),
    (
        "%#08x|%08x|%.3d|%8.3d|%08.3d|%.0d|%5.0d|",
        [255, -255, 5, 5, 5, 0, 0],
        "0x000000ff|-00000ff|005|     005|     005||     |",
    ),
    (
        "%+q|%#q|%#q|%#+q|% x|%#x|%# x|%X",
        ["é`", "a`b", "ab", "é", "abc", "abc", "abc", "hi"],
        '"\\u00e9`"|"a`b"|`ab`|`é`|61 62 63|0x616263|0x61 0x62 0x63|6869',
    ),
    ("%.2x|%10x|%-10x|%010x|%x", ["abcdef", "ab", "ab", "ab", ""], "6162|      6162|6162      |0000006162|"),
    ("%5x|", [""], "     |"),
    (
        "%U|%#U|%.6U|%10U|%-10U|%#.3U",
        [233, 233, 233, 233, 233, 7],
        "U+00E9|U+00E9 'é'|U+0000E9|    U+00E9|U+00E9    |U+0007",
    ),
    ("%q|%+q|%#q|%q|%q|%5q|%-5q|", [233, 233, 233, 1114112, -1, 120, 120], "'é'|'\\u00e9'|'é'|'�'|'�'|  'x'|'x'  |"),
    ("%c|%5c|%05c|%-5c|%c|%c", [233, 120, 120, 120, 1114112, -1], "é|    x|0000x|x    |�|�"),
    (
        "%b|%b|%x|%X|%.3x|%#x|%+x",
        [3.5, -0.1, 3.5, -0.1, 3.14159, 2.0, 1.0],
        "7881299347898368p-51|-7205759403792794p-56|0x1.cp+01|-0X1.999999999999AP-04|0x1.922p+01|0x1.0000p+01|+0x1p+00",
    ),
    (
        "%#g|%#g|%#g|%#.3g|%#e|%#.0f|%#.0e|%#v|%#x",
        [1.0, 100000.0, 10000000000.0, 1.5, 1.5, 2.0, 2.0, 2.0, 1.0],
        "1.00000|100000.|1.00000e+10|1.50|1.500000e+00|2.|2.e+00|2|0x1.0000p+00",
    ),
    (
        "%g|%.3g|%.10g|%.0g|%.1g|%G|%g",
        [1.234e-05, 123456.0, 123456.789, 15.0, 0.00012, 1e20, 1e21],
        "1.234e-05|1.23e+05|123456.789|2e+01|0.0001|1E+20|1e+21",
    ),
    (
        "%e|%.0e|%.10e|%f|%.0f|%F|%.1f",
        [123456.789, 123456.789, 123456.789, 1e21, 0.5, 1.5, 0.25],
        "1.234568e+05|1e+05|1.2345678900e+05|1000000000000000000000.000000|0|1.500000|0.2",
    ),
    (
        "%v|%v|%v|%5v|%+v|% v|%+d",
        [1j, [1, 2j], 1.5, 1j, 1.5, 1.5, [1, 2]],
        "(0+1i)|[1 (0+2i)]|1.5|(    0   +1i)|1.5| 1.5|[+1 +2]",
    ),
    (
        "%t|%5t|%-7t|%07t|%q|%s|%d|%v",
        [True, True, False, True, True, True, True, True],
        "true| true|false  |000true|%!q(bool=true)|%!s(bool=true)|%!d(bool=true)|true",
    ),
    ("%v|%d|%s|%q|%x|%X|% x|%#v|%T", [b"", b"", b"", b"", b"", b"", b"", b"", b""], '[]|[]||""||||[]byte{}|[]uint8'),
    ("%d|%s", [[None, "a", 1], {"a": 1, "b": None}], "[<nil> %!d(string=a) 1]|map[a:%!s(int=1) b:<nil>]"),
    ("%5d|%x|%q", [["x", None], ["ab", 255], {"a": "b"}], '[%!d(string=    x) <nil>]|[6162 ff]|map["a":"b"]'),
    (
        "%#v",
        [{"a": [None, {}]}],
        'map[string]interface {}{"a":[]interface {}{interface {}(nil), map[string]interface {}{}}}',
    ),
    ("%[2]d %[1]d|%[3]*.[2]*[1]f|%[1]d", [1, 2], "2 1|%!f(BADINDEX)|1"),
    ("%[3]*.[2]*[1]f", [12.0, 2, 6], " 12.00"),
    (
        "%[5]d|%[0]d|%[x]d|%[]d|%[2]*[1]d|%[1]d %d",
        [1, 2],
        "%!d(BADINDEX)|%!d(BADINDEX)|%!d(BADINDEX)|%!d(BADINDEX)| 1|1 2",
    ),
    ("%[1]d|%d|%d", [1, 2, 3], "1|2|3"),
    ("%[", [1], "%!(NOVERB)"),
    ("%[1", [1], "%!(NOVERB)"),
    ("%[1]", [1], "%!(NOVERB)"),
    ("%[1]2d|%[1].2d|%.[1]2d", [5], "%!d(BADINDEX)|%!d(BADINDEX)|05"),
    ("%*d|%.*d|%*d|%-*d", ["x", 5, "y", 6, -5, 7, -5, 8], "%!(BADWIDTH)5|%!(BADPREC)6|7    |8    "),
    ("%.f|%.d|%6.|%-", [2.5, 3], "2|3|%!|(MISSING)%!(NOVERB)"),
    ("%w|%w|%w|%w", [1, "a", [1], None], "%!w(int=1)|%!w(string=a)|%!w([]interface {}=[1])|%!w(<nil>)"),
    ("%z|%z|%é|%k", [1, "a", 2, [1, "a"]], "%!z(int=1)|%!z(string=a)|%!é(int=2)|[%!k(int=1) %!k(string=a)]"),
    ("%!|%!d", [1, 2], "%!!(int=1)|%!!(int=2)d"),
    ("%d|%d", [1, 2, 3, None, "x"], "1|2%!(EXTRA int=3, <nil>, string=x)"),
    ("%s", [], "%!s(MISSING)"),
    ("%s|%v|%d", [[], [[]], {}], "[]|[[]]|map[]"),
    ("%#v|%#v|%#v|%#v|%#v", [1000000.0, 1e21, 1e-07, -0.0, 100000.0], "1e+06|1e+21|1e-07|-0|100000"),
    ("%#v|%#v|%#v", ['a"b', "a`b\n", "é\u200b"], '"a\\"b"|"a`b\\n"|"é\\u200b"'),
    ("%#q|%#q|%#q|%#q", ["a\tb", "a\nb", "a\x7fb", "a\ufeffb"], '`a\tb`|"a\\nb"|"a\\x7fb"|"a\\ufeffb"'),
    (
        "%6.2v|%.3v|%.3v|%10.3v|%06v|%-6v|",
        [3.14159, "abcdef", 3.14159, "abcdef", "ab", 1.5],
        "   3.1|abc|3.14|       abc|0000ab|1.5   |",
    ),
    (
        "%x|%X|%o|%b|%d|%c|%U|%q|%e|%t|%s",
        ["é", "é", "é", "é", "é", "é", "é", "é", "é", "é", "é"],
        'c3a9|C3A9|%!o(string=é)|%!b(string=é)|%!d(string=é)|%!c(string=é)|%!U(string=é)|"é"|%!e(string=é)|%!t(string=é)|é',
    ),
    (
        "%x|%X|%o|%b|%d|%c|%U|%q|%e|%t|%s",
        [1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5],
        "0x1.8p+00|0X1.8P+00|%!o(float64=1.5)|6755399441055744p-52|%!d(float64=1.5)|%!c(float64=1.5)|%!U(float64=1.5)|%!q(float64=1.5)|1.500000e+00|%!t(float64=1.5)|%!s(float64=1.5)",
    ),
    (
        "%d|%s|%5d|%-5s|%05d|%+d|%#d|%+s",
        [None, None, None, None, None, None, "a", 5],
        "%!d(<nil>)|%!s(<nil>)|%!d(<nil>)|%!s(<nil>)|%!d(<nil>)|%!d(<nil>)|%!d(string=a)|%!s(int=+5)",
    ),
    (
        "%5d|%-5d|%05d|%+d|%#x",
        ["a", "a", "a", ["a", 1], ["a", 1]],
        "%!d(string=    a)|%!d(string=a    )|%!d(string=0000a)|[%!d(string=a) +1]|[0x61 0x1]",
    ),
    ("%T|%10T|%-10T|%.3T|%T", [1, 1, 1, 1, None], "int|       int|int       |int|<nil>"),
    ("%p|%p", [1, "a"], "%!p(int=1)|%!p(string=a)"),
    ("%v %s", [float("nan"), float("inf")], "NaN %!s(float64=+Inf)"),
    (
        "%5.1f|%05f|%+f|% f|%-8f|%d|%x|%b",
        [
            float("nan"),
            float("inf"),
            float("inf"),
            float("nan"),
            float("-inf"),
            float("nan"),
            float("inf"),
            float("nan"),
        ],
        "  NaN| +Inf|+Inf| NaN|-Inf    |%!d(float64=NaN)|+Inf|NaN",
    ),
    ("%v|%d|%s|%x", [Int64(5), Int64(-5), Int64(5), Int64(255)], "5|-5|%!s(int64=5)|ff"),
    ("%.2s|%.1q|%.2v|%.10s|%5.1s|", ["éàü", "éàü", "éàü", "é", "éàü"], 'éà|"é"|éà|é|    é|'),
    ("%s|%v|%q|%x|%5s|", ["\udcc3", "\udcc3", "\udcc3", "\udcc3", "\udcc3"], '\udcc3|\udcc3|"\\xc3"|c3|    \udcc3|'),
    ("%0-#.w", ["%d"], '%!w(string="")'),
    ("%08.X|", [""], "00000000|"),
    ("%#.1v", ['a`b"'], '"a"'),
    ("%99999999999d|", [1], "%!(NOVERB)%!(EXTRA int=1)"),
    ("%[1]*d|", [3], "%!d(MISSING)|"),
    ("%#v %v", [Uint64(1), Uint64(1)], "0x1 1"),
    ("%#v", [Values({"a": Int64(5)})], 'common.Values{"a":5}'),
    ("%s %d", [b"ab", b"ab"], "ab [97 98]"),
    ("%x %#v", [b"ab", b"ab"], "6162 []byte{0x61, 0x62}"),
]
FLOATS = [
    (0.0, "0", "0"),
    (-0.0, "-0", "-0"),
    (1.0, "1", "1"),
    (0.1, "0.1", "0.1"),
    (0.0001, "0.0001", "0.0001"),
    (0.00012345, "0.00012345", "0.00012345"),
    (1e-05, "1e-05", "0.00001"),
    (999999.0, "999999", "999999"),
    (999999.9, "999999.9", "999999.9"),
    (1000000.0, "1e+06", "1000000"),
    (1000000.5, "1.0000005e+06", "1000000.5"),
    (1234567.5, "1.2345675e+06", "1234567.5"),
    (12345678.0, "1.2345678e+07", "12345678"),
    (1000000000000000.0, "1e+15", "1000000000000000"),
    (1e16, "1e+16", "10000000000000000"),
    (1.2345678901234568e17, "1.2345678901234568e+17", "123456789012345680"),
    (1e20, "1e+20", "100000000000000000000"),
    (1e21, "1e+21", "1e+21"),
    (1.5e300, "1.5e+300", "1.5e+300"),
    (5e-324, "5e-324", "5e-324"),
    (-1.5, "-1.5", "-1.5"),
    (-1e-07, "-1e-07", "-1e-7"),
    (-1000000.0, "-1e+06", "-1000000"),
    (65536.0, "65536", "65536"),
    (1e-06, "1e-06", "0.000001"),
    (9.9e-07, "9.9e-07", "9.9e-7"),
    (123456789.125, "1.23456789125e+08", "123456789.125"),
    (3000000.0, "3e+06", "3000000"),
    (2.5e-05, "2.5e-05", "0.000025"),
]
QUOTED = [
    ("", '""', '""'),
    ("abc", '"abc"', '"abc"'),
    ('a"b\\c', '"a\\"b\\\\c"', '"a\\"b\\\\c"'),
    (
        "\x07\x08\x0c\n\r\t\x0b\x00\x1f\x7f",
        '"\\a\\b\\f\\n\\r\\t\\v\\x00\\x1f\\x7f"',
        '"\\a\\b\\f\\n\\r\\t\\v\\x00\\x1f\\x7f"',
    ),
    ("\xe9\u4e16\u754c\U0001f600", '"\xe9\u4e16\u754c\U0001f600"', '"\\u00e9\\u4e16\\u754c\\U0001f600"'),
    ("\xa0\u200b\u2028\ufeff\ufffd", '"\\u00a0\\u200b\\u2028\\ufeff\ufffd"', '"\\u00a0\\u200b\\u2028\\ufeff\\ufffd"'),
    ("\u0378\U000e0001\ue000", '"\\u0378\\U000e0001\\ue000"', '"\\u0378\\U000e0001\\ue000"'),
    ("\U0001fae9\u088f", '"\U0001fae9\u088f"', '"\\U0001fae9\\u088f"'),
]


class Pair(GoObject):
    """A struct without a String method."""

    go_type = "demo.Pair"
    go_fields = ("Left", "Right")

    def __init__(self, left: object, right: object) -> None:
        self.Left = left
        self.Right = right


class PairPointer(Pair):
    """A pointer to the struct."""

    go_type = "*demo.Pair"
    go_kind = "ptr"


class Named(int, GoObject):
    """A number with a String method."""

    go_type = "demo.Named"
    go_kind = "int64"

    def go_string(self) -> str:
        return f"number {int(self)}"


class Hiding(Pair):
    """A struct with an unexported field."""

    def go_parts(self) -> dict[str, object]:
        return {"Left": self.Left, "hidden": None, "Right": self.Right}


class Addressed(Pair):
    """A struct whose pointer has a String method."""

    def go_printed(self) -> str:
        return "by address"


@pytest.mark.parametrize(("template", "args", "expected"), PRINTF, ids=range(len(PRINTF)))
def test_sprintf_gives_what_helm_prints(template, args, expected):
    assert sprintf(template, args) == expected


@pytest.mark.parametrize(("value", "printed", "encoded"), FLOATS, ids=repr)
def test_floats_print_as_go_does(value, printed, encoded):
    assert format_float(value) == printed
    assert json_float(value) == encoded


@pytest.mark.parametrize(("text", "quoted", "in_ascii"), QUOTED, ids=ascii)
def test_quote_escapes_what_cannot_be_printed(text, quoted, in_ascii):
    assert quote(text) == quoted
    assert quote_ascii(text) == in_ascii


def test_quote_shows_undecodable_bytes():
    assert quote("a\udcc3\udca9é") == '"a\\xc3\\xa9é"'


@pytest.mark.parametrize(
    ("code", "expected"),
    [(120, "'x'"), (39, "'\\''"), (34, "'\"'"), (10, "'\\n'"), (233, "'é'"), (0x110000, "'\ufffd'"), (-1, "'\ufffd'")],
)
def test_quote_rune_gives_a_character_literal(code, expected):
    assert quote_rune(code) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "<nil>"),
        (True, "true"),
        (12, "12"),
        (1e6, "1e+06"),
        ("text", "text"),
        (1j, "(0+1i)"),
        (b"no", "[110 111]"),
        ([1, "a", None, 1.5, True, [], {}], "[1 a <nil> 1.5 true [] map[]]"),
        ({"b": None, "a": [None]}, "map[a:[<nil>] b:<nil>]"),
        (Matrix([[1], [2]]), "[[1] [2]]"),
        (StringList(["a", "b"]), "[a b]"),
        (NilSlice(), "[]"),
        (Pair("a", 1), "{a 1}"),
        ([Pair("a", None)], "[{a <nil>}]"),
        (PairPointer("a", 1), "&{a 1}"),
        (Named(3), "number 3"),
        (Addressed("a", 1), "{a 1}"),
    ],
    ids=repr,
)
def test_sprint_value_gives_the_text_of_v(value, expected):
    assert sprint_value(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "<no value>"),
        ([None], "[<nil>]"),
        ("a", "a"),
        (3.0, "3"),
        (PairPointer("a", 1), "{a 1}"),
        (Addressed("a", 1), "by address"),
    ],
    ids=repr,
)
def test_template_text_gives_what_an_action_prints(value, expected):
    assert template_text(value) == expected


def test_objects_without_string_method_follow_their_kind():
    assert sprintf("%d %v %x", [Named(10), Named(10), Named(10)]) == "10 number 10 6e756d626572203130"
    assert sprintf("%+v", [Pair(1, "b")]) == "{Left:1 Right:b}"
    assert sprintf("%v %+v", [Hiding(1, 2), Hiding(1, 2)]) == "{1 <nil> 2} {Left:1 hidden:<nil> Right:2}"
    assert sprintf("%t", [Named(10)]) == "%!t(demo.Named=10)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "<nil>"),
        ("é", '"é"'),
        (NilSlice(), "[]interface {}(nil)"),
        (NilMap(), "map[string]interface {}(nil)"),
        (IntList([0, 1]), "[]int{0, 1}"),
        ([None, Int64(1)], "[]interface {}{interface {}(nil), 1}"),
        (Pair(1, "b"), 'demo.Pair{Left:1, Right:"b"}'),
        (PairPointer(1, "b"), '&demo.Pair{Left:1, Right:"b"}'),
    ],
    ids=repr,
)
def test_go_syntax_gives_go_source(value, expected):
    assert go_syntax(value) == expected


def test_sprint_parts_operands_that_are_no_strings():
    assert sprint([1, 2, "a", "b", 3, None, None, True]) == "1 2ab3 <nil> <nil> true"
    assert sprint([]) == ""


def test_sprintln_parts_all_operands():
    assert sprintln([1, None, "a"]) == "1 <nil> a\n"
