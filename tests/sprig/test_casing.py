"""Functions on case and words, against results of the real Helm."""

from __future__ import annotations

import pytest

from chartkit.gotemplate.gofmt import sprint_value
from chartkit.sprig import casing

FUNCTIONS = {function.name: function.call for function in casing.FUNCTIONS}

RESULTS = [
    ("upper", ("straße ﬁ ŉ ǆ ᾳ ΐ İ ı ς é ⓐ ª",), "STRAßE ﬁ ŉ Ǆ ᾼ ΐ İ I Σ É Ⓐ ª"),
    ("lower", ("İSTANBUL ΑΣ É Ǆ ẞ Ⓐ K",), "istanbul ασ é ǆ ß ⓐ k"),
    (
        "title",
        ("hello wORLD it's 9abc a_b a-b é-ñ ǆx ßx foo.bar «x» 日本",),
        "Hello WORLD It'S 9abc A_b A-B É-Ñ ǅx ßx Foo.Bar «x» 日本",
    ),
    ("untitle", ("Hello World ÉX It'S A-B",), "hello world éX it'S a-B"),
    ("swapcase", ("hello WORLD ǅx ßx éÉ 1a a1B",), "HELLO world ǆX ßX Éé 1A A1b"),
    ("initials", ("hello world  éa ñ-b",), "hwÃÃ"),
    ("nospace", ("a b\tc \xe9",), "abcÃ©"),
    ("nospace", ("é",), "é"),
    ("nospace", ("a é",), "aÃ©"),
    ("camelcase", ("foo_bar",), "FooBar"),
    ("camelcase", ("_foo__bar_",), "_Foo_Bar_"),
    ("camelcase", ("_",), "__"),
    ("camelcase", ("___",), "____"),
    ("camelcase", ("a",), "A"),
    ("camelcase", ("fooBar",), "FooBar"),
    ("camelcase", ("HTTP_SERVER",), "HttpServer"),
    ("camelcase", ("FOO_bar",), "FooBar"),
    ("camelcase", ("no-https x y",), "NoHttpsXY"),
    ("camelcase", ("a.b_c",), "A.bC"),
    ("camelcase", ("-a",), "-A"),
    ("camelcase", ("a-",), "A-"),
    ("camelcase", ("a--",), "A--"),
    ("camelcase", ("__x",), "__X"),
    ("camelcase", ("hello World-foo",), "HelloWorldFoo"),
    ("camelcase", ("éa_ñb",), "ÉaÑb"),
    ("camelcase", ("1a_2b",), "1a2b"),
    ("camelcase", ("A",), "A"),
    ("camelcase", ("",), ""),
    ("camelcase", ("FooBARBaz",), "FooBARBaz"),
    ("camelcase", ("foo bAR",), "FooBAR"),
    ("snakecase", ("FirstName",), "first_name"),
    ("snakecase", ("HTTPServer",), "http_server"),
    ("snakecase", ("NoHTTPS",), "no_https"),
    ("snakecase", ("GO_PATH",), "go_path"),
    ("snakecase", ("GO PATH",), "go_path"),
    ("snakecase", ("GO-PATH",), "go_path"),
    ("snakecase", ("http2xx",), "http_2xx"),
    ("snakecase", ("HTTP20xOK",), "http_20x_ok"),
    ("snakecase", ("Duration2m3s",), "duration_2m3s"),
    ("snakecase", ("Bld4Floor3rd",), "bld4_floor_3rd"),
    ("snakecase", ("GoRPC2Go",), "go_rpc2_go"),
    ("snakecase", ("ID9x",), "id_9x"),
    ("snakecase", ("a..b",), "a..b"),
    ("snakecase", ("foo  bar",), "foo__bar"),
    ("snakecase", ("_x_",), "_x_"),
    ("snakecase", ("日本Go",), "日本_go"),
    ("snakecase", ("ÉcoleÉ1",), "école_é1"),
    ("snakecase", ("1a2B3",), "1a2_b3"),
    ("snakecase", ("a1B2",), "a1_b2"),
    ("snakecase", ("A1",), "a1"),
    ("snakecase", ("a-1-b",), "a_1_b"),
    ("snakecase", ("x/Yz",), "x/yz"),
    ("snakecase", ("",), ""),
    ("kebabcase", ("fooBarBaz9q",), "foo-bar-baz-9q"),
    ("kebabcase", ("userID2",), "user-id2"),
    ("kebabcase", ("userID2Go",), "user-id2-go"),
    ("kebabcase", ("Foo.BarBaz",), "foo.bar-baz"),
    ("kebabcase", ("v1.2.3-rc4",), "v1.2.3-rc4"),
    ("kebabcase", ("ABTest5Groups",), "ab-test5-groups"),
    ("kebabcase", ("9lives",), "9lives"),
    ("kebabcase", ("Ab☃Cd",), "ab-☃-cd"),
    ("title", ("hello wORLD",), "Hello WORLD"),
    ("untitle", ("Hello World",), "hello world"),
    ("swapcase", ("Hello wORLD",), "hELLO World"),
    ("initials", ("First Try",), "FT"),
    ("initials", (" a  b ",), "ab"),
    ("nospace", (" a b ",), "ab"),
    ("upper", ("straße",), "STRAßE"),
    ("lower", ("ÀÉ",), "àé"),
]


def call(name, arguments):
    return FUNCTIONS[name](*arguments)


@pytest.mark.parametrize(("name", "arguments", "text"), RESULTS)
def test_result_is_helms(name, arguments, text):
    result = call(name, arguments)
    assert ("" if result is None else sprint_value(result)) == text
