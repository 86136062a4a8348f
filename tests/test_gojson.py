"""JSON: recorded from Helm 4.2.3 (Go's first engine) and 4.3.1 (the second)."""

from __future__ import annotations

import pytest

from chartkit.gojson import JSONError, decode, decode_prefix, encode
from chartkit.gotypes import GoObject, Int64, IntList, Matrix, NilMap, NilSlice, StringList, StringMap, Uint8, Values

FAULTS = [
    ('{"a":1', "unexpected end of JSON input", "unexpected end of JSON input"),
    ("null x", "invalid character 'x' after top-level value", "invalid character 'x' after top-level value"),
    (
        "{'a':1}",
        "invalid character '\\'' looking for beginning of object key string",
        "invalid character '\\'' looking for beginning of object key string",
    ),
    (
        '{"a":1,}',
        "invalid character '}' looking for beginning of object key string",
        "invalid character '}' looking for beginning of object key string",
    ),
    (
        '{"a":01}',
        "invalid character '1' after object key:value pair",
        "invalid character '1' after object key:value pair",
    ),
    ('{"a":"\\q"}', "invalid character 'q' in string escape code", "invalid escape sequence `\\q` in string"),
    (
        '{"a":"\\u12g4"}',
        "invalid character 'g' in \\u hexadecimal character escape",
        "invalid escape sequence `\\u12g4` in string",
    ),
    (
        '{"a":"\\u12"}',
        "invalid character '\"' in \\u hexadecimal character escape",
        'invalid escape sequence `\\u12"}` in string',
    ),
    (
        '{"a":tru}',
        "invalid character '}' in literal true (expecting 'e')",
        "invalid character '}' in literal true (expecting 'e')",
    ),
    (
        '{"a":trux}',
        "invalid character 'x' in literal true (expecting 'e')",
        "invalid character 'x' in literal true (expecting 'e')",
    ),
    ('{"a":t', "invalid character ' ' in literal true (expecting 'r')", "unexpected end of JSON input"),
    (
        '{"a":fals1}',
        "invalid character '1' in literal false (expecting 'e')",
        "invalid character '1' in literal false (expecting 'e')",
    ),
    (
        '{"a":nul}',
        "invalid character '}' in literal null (expecting 'l')",
        "invalid character '}' in literal null (expecting 'l')",
    ),
    (
        '{"a":nulL}',
        "invalid character 'L' in literal null (expecting 'l')",
        "invalid character 'L' in literal null (expecting 'l')",
    ),
    (
        '{"a":NaN}',
        "invalid character 'N' looking for beginning of value",
        "invalid character 'N' looking for beginning of value",
    ),
    (
        '{"a":Infinity}',
        "invalid character 'I' looking for beginning of value",
        "invalid character 'I' looking for beginning of value",
    ),
    ('{"a":-}', "invalid character '}' in numeric literal", "invalid character '}' in numeric literal"),
    ('{"a":-x}', "invalid character 'x' in numeric literal", "invalid character 'x' in numeric literal"),
    ('{"a":-Infinity}', "invalid character 'I' in numeric literal", "invalid character 'I' in numeric literal"),
    (
        '{"a":1.}',
        "invalid character '}' after decimal point in numeric literal",
        "invalid character '}' in numeric literal",
    ),
    (
        '{"a":1.x}',
        "invalid character 'x' after decimal point in numeric literal",
        "invalid character 'x' in numeric literal",
    ),
    ('{"a":1e}', "invalid character '}' in exponent of numeric literal", "invalid character '}' in numeric literal"),
    ('{"a":1ex}', "invalid character 'x' in exponent of numeric literal", "invalid character 'x' in numeric literal"),
    ('{"a":1e+}', "invalid character '}' in exponent of numeric literal", "invalid character '}' in numeric literal"),
    ('{"a":1e+x}', "invalid character 'x' in exponent of numeric literal", "invalid character 'x' in numeric literal"),
    (
        '{"a":.5}',
        "invalid character '.' looking for beginning of value",
        "invalid character '.' looking for beginning of value",
    ),
    (
        '{"a":+1}',
        "invalid character '+' looking for beginning of value",
        "invalid character '+' looking for beginning of value",
    ),
    ('{"a" 1}', "invalid character '1' after object key", "invalid character '1' after object key"),
    ('{"a"', "unexpected end of JSON input", "unexpected end of JSON input"),
    ('{"a":', "unexpected end of JSON input", "unexpected end of JSON input"),
    ('{"a"}', "invalid character '}' after object key", "invalid character '}' after object key"),
    (
        '{"a":1 "b":2}',
        "invalid character '\"' after object key:value pair",
        "invalid character '\"' after object key:value pair",
    ),
    (
        '{"a":1 ]',
        "invalid character ']' after object key:value pair",
        "invalid character ']' after object key:value pair",
    ),
    ('{"a":[1 2]}', "invalid character '2' after array element", "invalid character '2' after array element"),
    (
        '{"a":[1,]}',
        "invalid character ']' looking for beginning of value",
        "invalid character ']' looking for beginning of value",
    ),
    (
        '{"a":[,1]}',
        "invalid character ',' looking for beginning of value",
        "invalid character ',' looking for beginning of value",
    ),
    ('{"a":[1}', "invalid character '}' after array element", "invalid character '}' after array element"),
    ('{"a":[1', "unexpected end of JSON input", "unexpected end of JSON input"),
    ('{"a":[', "unexpected end of JSON input", "unexpected end of JSON input"),
    ('{"a":[1,', "unexpected end of JSON input", "unexpected end of JSON input"),
    (
        "{,}",
        "invalid character ',' looking for beginning of object key string",
        "invalid character ',' looking for beginning of object key string",
    ),
    (
        "{1:2}",
        "invalid character '1' looking for beginning of object key string",
        "invalid character '1' looking for beginning of object key string",
    ),
    ("{", "unexpected end of JSON input", "unexpected end of JSON input"),
    ("{}}", "invalid character '}' after top-level value", "invalid character '}' after top-level value"),
    ("{} {}", "invalid character '{' after top-level value", "invalid character '{' after top-level value"),
    ("{},", "invalid character ',' after top-level value", "invalid character ',' after top-level value"),
    ("[1,2", "unexpected end of JSON input", "unexpected end of JSON input"),
    ('"s', "unexpected end of JSON input", "unexpected end of JSON input"),
    ("tru", "invalid character ' ' in literal true (expecting 'e')", "unexpected end of JSON input"),
    ("nul", "invalid character ' ' in literal null (expecting 'l')", "unexpected end of JSON input"),
    (
        "nulx",
        "invalid character 'x' in literal null (expecting 'l')",
        "invalid character 'x' in literal null (expecting 'l')",
    ),
    (
        "\xe9",
        "invalid character '\xc3' looking for beginning of value",
        "invalid character '\xe9' looking for beginning of value",
    ),
    (
        "{\xe9}",
        "invalid character '\xc3' looking for beginning of object key string",
        "invalid character '\xe9' looking for beginning of object key string",
    ),
    (
        '{"a":\xe9}',
        "invalid character '\xc3' looking for beginning of value",
        "invalid character '\xe9' looking for beginning of value",
    ),
    (
        '{"\xe9":1\xe9}',
        "invalid character '\xc3' after object key:value pair",
        "invalid character '\xe9' after object key:value pair",
    ),
    (
        '{"a":"\xe9"\xe9',
        "invalid character '\xc3' after object key:value pair",
        "invalid character '\xe9' after object key:value pair",
    ),
    ('{"a":1e400', "unexpected end of JSON input", "unexpected end of JSON input"),
    ('{"a":"\t"}', "invalid character '\\t' in string literal", "invalid character '\\t' in string"),
    ('{"a":"x', "unexpected end of JSON input", "unexpected end of JSON input"),
    ('{"a":"x\\', "invalid character ' ' in string escape code", "unexpected end of JSON input"),
    ('{"a":"x\\u', "invalid character ' ' in \\u hexadecimal character escape", "unexpected end of JSON input"),
    ('{"a":"x\\u00', "invalid character ' ' in \\u hexadecimal character escape", "unexpected end of JSON input"),
    ('{"a\\q":1}', "invalid character 'q' in string escape code", "invalid escape sequence `\\q` in string"),
    ('{"a":"\\', "invalid character ' ' in string escape code", "unexpected end of JSON input"),
    ('{"a":1}\tx', "invalid character 'x' after top-level value", "invalid character 'x' after top-level value"),
    (
        "@",
        "invalid character '@' looking for beginning of value",
        "invalid character '@' looking for beginning of value",
    ),
    (
        "'",
        "invalid character '\\'' looking for beginning of value",
        "invalid character '\\'' looking for beginning of value",
    ),
    ('"', "unexpected end of JSON input", "unexpected end of JSON input"),
    (
        "\\",
        "invalid character '\\\\' looking for beginning of value",
        "invalid character '\\\\' looking for beginning of value",
    ),
    (
        "//",
        "invalid character '/' looking for beginning of value",
        "invalid character '/' looking for beginning of value",
    ),
    ('{"a":1}//x', "invalid character '/' after top-level value", "invalid character '/' after top-level value"),
    (
        '{"a":0x10}',
        "invalid character 'x' after object key:value pair",
        "invalid character 'x' after object key:value pair",
    ),
    (
        '{"a":1_000}',
        "invalid character '_' after object key:value pair",
        "invalid character '_' after object key:value pair",
    ),
    (
        '{"a":00}',
        "invalid character '0' after object key:value pair",
        "invalid character '0' after object key:value pair",
    ),
    (
        '{"a":-01}',
        "invalid character '1' after object key:value pair",
        "invalid character '1' after object key:value pair",
    ),
    (
        '{"a":1.5.5}',
        "invalid character '.' after object key:value pair",
        "invalid character '.' after object key:value pair",
    ),
    (
        '{"a":1e5e5}',
        "invalid character 'e' after object key:value pair",
        "invalid character 'e' after object key:value pair",
    ),
    (
        '{"a":"b"c}',
        "invalid character 'c' after object key:value pair",
        "invalid character 'c' after object key:value pair",
    ),
    ('{"a":null,"b"}', "invalid character '}' after object key", "invalid character '}' after object key"),
    (
        '{"a":{"b":[1,{"c":tru}]}}',
        "invalid character '}' in literal true (expecting 'e')",
        "invalid character '}' in literal true (expecting 'e')",
    ),
    (
        '{"a":{"b":[1,{"c":"\\x"}]}}',
        "invalid character 'x' in string escape code",
        "invalid escape sequence `\\x` in string",
    ),
    ("\t ", "unexpected end of JSON input", "unexpected end of JSON input"),
    (
        "bad",
        "invalid character 'b' looking for beginning of value",
        "invalid character 'b' looking for beginning of value",
    ),
    (
        '{"a":\U0001f600}',
        "invalid character '\xf0' looking for beginning of value",
        "invalid character '\U0001f600' looking for beginning of value",
    ),
    (
        "\ufeff{}",
        "invalid character '\xef' looking for beginning of value",
        "invalid character '\\ufeff' looking for beginning of value",
    ),
    (
        '{"a":1,,}',
        "invalid character ',' looking for beginning of object key string",
        "invalid character ',' looking for beginning of object key string",
    ),
    (
        '{"a"::1}',
        "invalid character ':' looking for beginning of value",
        "invalid character ':' looking for beginning of value",
    ),
    (
        '{"a":}',
        "invalid character '}' looking for beginning of value",
        "invalid character '}' looking for beginning of value",
    ),
    ("[1,2] x", "invalid character 'x' after top-level value", "invalid character 'x' after top-level value"),
    ('"a" "b"', "invalid character '\"' after top-level value", "invalid character '\"' after top-level value"),
    ("5 5", "invalid character '5' after top-level value", "invalid character '5' after top-level value"),
    (
        '{"a":"\\u123\t4"}',
        "invalid character '\\t' in \\u hexadecimal character escape",
        'invalid escape sequence "\\\\u123\\t" in string',
    ),
    (
        '{"a":\t}',
        "invalid character '}' looking for beginning of value",
        "invalid character '}' looking for beginning of value",
    ),
    ('{"a":"b}', "unexpected end of JSON input", "unexpected end of JSON input"),
    (
        "[}",
        "invalid character '}' looking for beginning of value",
        "invalid character '}' looking for beginning of value",
    ),
    (
        "]",
        "invalid character ']' looking for beginning of value",
        "invalid character ']' looking for beginning of value",
    ),
    (
        "}",
        "invalid character '}' looking for beginning of value",
        "invalid character '}' looking for beginning of value",
    ),
    (
        ":",
        "invalid character ':' looking for beginning of value",
        "invalid character ':' looking for beginning of value",
    ),
    (
        ",",
        "invalid character ',' looking for beginning of value",
        "invalid character ',' looking for beginning of value",
    ),
    ("-", "invalid character ' ' in numeric literal", "unexpected end of JSON input"),
    ("1.", "invalid character ' ' after decimal point in numeric literal", "unexpected end of JSON input"),
    ('"abc', "unexpected end of JSON input", "unexpected end of JSON input"),
    ('"ab\\c"', "invalid character 'c' in string escape code", "invalid escape sequence `\\c` in string"),
    (
        "[1,2,,]",
        "invalid character ',' looking for beginning of value",
        "invalid character ',' looking for beginning of value",
    ),
    (
        '{"a":"\\\xe9"}',
        "invalid character '\xc3' in string escape code",
        'invalid escape sequence "\\\\\\xc3" in string',
    ),
    ('{"a":"\\`"}', "invalid character '`' in string escape code", 'invalid escape sequence "\\\\`" in string'),
    ('{"a":"\\ "}', "invalid character ' ' in string escape code", 'invalid escape sequence "\\\\ " in string'),
    (
        '{"a":"\\u 123"}',
        "invalid character ' ' in \\u hexadecimal character escape",
        'invalid escape sequence "\\\\u 123" in string',
    ),
    (
        '{"a":"\\u`123"}',
        "invalid character '`' in \\u hexadecimal character escape",
        'invalid escape sequence "\\\\u`123" in string',
    ),
    (
        '{"a":"\\u12\xe94"}',
        "invalid character '\xc3' in \\u hexadecimal character escape",
        "invalid escape sequence `\\u12\xe9` in string",
    ),
    (
        '{"a":"\\u1z',
        "invalid character 'z' in \\u hexadecimal character escape",
        "invalid escape sequence `\\u1z` in string",
    ),
    ('{"a":"\\u', "invalid character ' ' in \\u hexadecimal character escape", "unexpected end of JSON input"),
    ('{"a":"\\ud8', "invalid character ' ' in \\u hexadecimal character escape", "unexpected end of JSON input"),
    ('{"a":"\\ud800\\u', "invalid character ' ' in \\u hexadecimal character escape", "unexpected end of JSON input"),
    ('{"a":"\\ud800\\u12', "invalid character ' ' in \\u hexadecimal character escape", "unexpected end of JSON input"),
    (
        '{"a":"\\ud800\\uzzzz"}',
        "invalid character 'z' in \\u hexadecimal character escape",
        "invalid escape sequence `\\uzzzz` in string",
    ),
    ('{"a":"\\ud800\\x"}', "invalid character 'x' in string escape code", "invalid escape sequence `\\x` in string"),
    (
        '{"a":"\\u00zz"',
        "invalid character 'z' in \\u hexadecimal character escape",
        "invalid escape sequence `\\u00zz` in string",
    ),
    (
        '{"a":"\\u00e"',
        "invalid character '\"' in \\u hexadecimal character escape",
        'invalid escape sequence `\\u00e"` in string',
    ),
    ('{"a":"\\U0001"}', "invalid character 'U' in string escape code", "invalid escape sequence `\\U` in string"),
    ('{"a":"\xe9\t"}', "invalid character '\\t' in string literal", "invalid character '\\t' in string"),
    ('{"a":"\t', "invalid character '\\t' in string literal", "invalid character '\\t' in string"),
    ('{"a":1e400}}', "invalid character '}' after top-level value", "invalid character '}' after top-level value"),
]


class Version(GoObject):
    """A struct with fields out of order."""

    go_fields = ("Version", "Major")
    Version = "1.2"
    Major = "1"


@pytest.mark.parametrize(("text", "first", "second"), FAULTS, ids=[ascii(fault[0]) for fault in FAULTS])
def test_decode_words_errors_as_go(text, first, second):
    for expected, v2_errors in ((first, False), (second, True)):
        with pytest.raises(JSONError) as failure:
            decode(text, v2_errors=v2_errors)
        assert str(failure.value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":1,"a":2,"b":{"x":1},"b":{"y":2}}', {"a": 2.0, "b": {"y": 2.0}}),
        (" [1, 1.5E+3, 2e-2, 1e-400, 0e1]\n", [1.0, 1500.0, 0.02, 0.0, 0.0]),
        ("12345678901234567890", 12345678901234567890.0),
        ("null", None),
        ("true", True),
        ('"\\/\\u00e9\\n"', "/é\n"),
        ('{"a":"\\ud800"}', {"a": "\ufffd"}),
        ('{"a":"\\ud800\\u0041"}', {"a": "\ufffdA"}),
        ('{"a":"\\ud800\\ud800\\udc00"}', {"a": "\ufffd\U00010000"}),
        ('{"\\udc00":["\\uD83D\\uDE00"]}', {"\ufffd": ["😀"]}),
        ('{"a":"\udcc3\udce2\udc82x"}', {"a": "\ufffd\ufffd\ufffdx"}),
    ],
    ids=ascii,
)
def test_decode_gives_go_values(text, expected):
    value = decode(text)
    assert value == expected
    assert type(value) is type(expected)


def test_decode_keeps_the_sign_of_zero():
    assert [str(number) for number in decode("[-0, -0.0, 0]")] == ["-0.0", "-0.0", "0.0"]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("1e400", "1e400 into Go value of type float64", "1e400 into Go value of type float64"),
        (
            '{"a":{"b":-1e400}}',
            "-1e400 into Go value of type float64",
            "-1e400 into Go struct field .a.b of type float64",
        ),
        ('{"a":[1,1e400]}', "1e400 into Go value of type float64", "1e400 into .a.1 of type float64"),
        (
            '{"a":[{"b":1e400}]}',
            "1e400 into Go value of type float64",
            "1e400 into Go struct field .a.0.b of type float64",
        ),
    ],
)
def test_decode_refuses_numbers_out_of_range(text, first, second):
    for expected, v2_errors in ((first, False), (second, True)):
        with pytest.raises(JSONError) as failure:
            decode(text, v2_errors=v2_errors)
        assert str(failure.value) == f"json: cannot unmarshal number {expected}"


def test_decode_keeps_the_rest_when_a_number_is_out_of_range():
    with pytest.raises(JSONError) as first:
        decode('{"a":1e400,"b":[1]}')
    with pytest.raises(JSONError) as second:
        decode('{"a":1e400,"b":[1]}', v2_errors=True)
    assert first.value.partial == {"a": None, "b": [1.0]}
    assert second.value.partial == {"a": 0.0, "b": [1.0]}


@pytest.mark.parametrize(
    ("byte", "first", "second"),
    [("\udcc3", "'Ã'", "'\\xc3'"), ("é", "'Ã'", "'é'"), ("😀", "'ð'", "'😀'"), ("\ufeff", "'ï'", "'\\ufeff'")],
    ids=ascii,
)
def test_decode_shows_the_character_or_its_first_byte(byte, first, second):
    for expected, v2_errors in ((first, False), (second, True)):
        with pytest.raises(JSONError) as failure:
            decode(byte + "{}", v2_errors=v2_errors)
        assert str(failure.value) == f"invalid character {expected} looking for beginning of value"


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("a=1x", 2, (1.0, 3)),
        ('[1,{"a":null}],b=2', 0, ([1.0, {"a": None}], 14)),
        (' "é",x', 0, ("é", 4)),
        ("truex", 0, (True, 4)),
        ("{}{}", 2, ({}, 4)),
    ],
)
def test_decode_prefix_stops_behind_the_value(text, start, expected):
    assert decode_prefix(text, start) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "EOF"),
        (" \t", "EOF"),
        ("{", "unexpected EOF"),
        ("tru", "unexpected EOF"),
        ('"a', "unexpected EOF"),
        ("[1 2]", "invalid character '2' after array element"),
        ("bad", "invalid character 'b' looking for beginning of value"),
    ],
)
def test_decode_prefix_fails_without_a_value(text, message):
    with pytest.raises(JSONError) as failure:
        decode_prefix(text)
    assert str(failure.value) == message


def test_decode_refuses_endless_nesting():
    with pytest.raises(JSONError, match="exceeded max depth"):
        decode("[" * 100_000)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (Int64(-5), "-5"),
        (Uint8(7), "7"),
        (1.0, "1"),
        (-0.0, "-0"),
        (
            [1e20, 1e21, 1e-6, 1e-7, 123456789.125, 5e-324, 1e16],
            "[100000000000000000000,1e+21,0.000001,1e-7,123456789.125,5e-324,10000000000000000]",
        ),
        ('a"<b>&\u2028\n\té\x01/', '"a\\"\\u003cb\\u003e\\u0026\\u2028\\n\\té\\u0001/"'),
        ("\x00\x1f\x7f\x80😀\b\f\r\v", '"\\u0000\\u001f\x7f\x80😀\\b\\f\\r\\u000b"'),
        ({"b": 1, "": 2, "é": [], "<": {}}, '{"":2,"\\u003c":{},"b":1,"é":[]}'),
        (b"ab", '"YWI="'),
        (NilSlice(), "null"),
        (NilMap(), "null"),
        (StringList(["a"]), '["a"]'),
        (IntList([0, 1]), "[0,1]"),
        (Matrix([[1], [2]]), "[[1],[2]]"),
        (StringMap({"a": "b"}), '{"a":"b"}'),
        (Values({"a": None}), '{"a":null}'),
        (Version(), '{"Version":"1.2","Major":"1"}'),
    ],
    ids=ascii,
)
def test_encode_writes_what_go_writes(value, expected):
    assert encode(value) == expected


def test_encode_leaves_html_alone_when_asked():
    assert encode("<&>\u2028", escape_html=False) == '"<&>\\u2028"'


def test_encode_indents():
    value = [[], {}, [1, [2]], {"a": {}, "b": 1.5}]
    lines = ["[", "  [],", "  {},", "  [", "    1,", "    [", "      2", "    ]", "  ],", "  {"]
    assert encode(value, indent="  ").split("\n") == [*lines, '    "a": {},', '    "b": 1.5', "  }", "]"]


def test_encode_writes_undecodable_bytes_as_replacement_characters():
    assert encode({"\udcc3": "a\udce2\udc82"}) == '{"\\ufffd":"a\\ufffd\\ufffd"}'
    assert encode("a\udcc3", raw_invalid_utf8=True) == '"a\ufffd"'


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "json: unsupported value: NaN"),
        ([float("inf")], "json: unsupported value: +Inf"),
        ({"a": float("-inf")}, "json: unsupported value: -Inf"),
        ([1j], "json: unsupported type: complex128"),
    ],
    ids=repr,
)
def test_encode_refuses_what_json_cannot_hold(value, message):
    with pytest.raises(JSONError) as failure:
        encode(value)
    assert str(failure.value) == message


def test_encode_refuses_a_map_that_holds_itself():
    value = {}
    value["a"] = value
    with pytest.raises(JSONError, match="encountered a cycle via map"):
        encode(value)
