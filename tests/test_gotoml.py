"""TOML in and out, against results of the real Helm."""

from __future__ import annotations

import pytest

from chartkit import gojson
from chartkit.gotoml import Tables, TomlError, TomlTime, dump_toml, load_toml
from chartkit.gotypes import GoObject, Int64, IntList, Matrix, NilMap, NilSlice, StringList, StringMap, go_kind, go_type

WRITTEN = [
    ({"a": 1, "b": "x", "c": True, "d": 1.5}, 'a = 1\nb = "x"\nc = true\nd = 1.5\n'),
    (
        {"t": {"x": 1, "u": {"y": 2}}, "l": [1, 2], "s": "q"},
        'l = [1, 2]\ns = "q"\n\n[t]\n  x = 1\n  [t.u]\n    y = 2\n',
    ),
    ({"n": None, "e": NilSlice(), "m": NilMap()}, ""),
    ({"m": [1, "a", 2.5, True, []]}, 'm = [1, "a", 2.5, true, []]\n'),
    ([1, 2], "[1, 2]"),
    ([], "[]"),
    ([[], "x"], '[[], "x"]'),
    (StringList(["a", "b"]), '["a", "b"]'),
    (StringMap({"_0": "a", "_1": "b"}), '_0 = "a"\n_1 = "b"\n'),
    ("x", '"x"'),
    (5, "5"),
    (1.5, "1.5"),
    (True, "true"),
    (
        {"s": "a\"b\\c\nd\t\xe9'\x01\x7f\u2028", "k.with.dot": 1, "sp ace": 2, "": 3, "é": 4},
        '"" = 3\n"k.with.dot" = 1\ns = "a\\"b\\\\c\\nd\\t\xe9\'\\u0001\\u007f\u2028"\n"sp ace" = 2\n"\xe9" = 4\n',
    ),
    ({"e": {}, "el": []}, "el = []\n\n[e]\n"),
    ({"a": {"b": {"c": {"d": 1}}}}, "[a]\n  [a.b]\n    [a.b.c]\n      d = 1\n"),
    ({"a": [[1, 2], ["x"]]}, 'a = [[1, 2], ["x"]]\n'),
    ({"mixed": [{"a": 1}, 2]}, "mixed = [{a = 1}, 2]\n"),
    ({"x": {"z": 1, "a": {"q": 1}, "b": 2}}, "[x]\n  b = 2\n  z = 1\n  [x.a]\n    q = 1\n"),
    ({"a": [{"b": 1}, {"c": 2}]}, "[[a]]\n  b = 1\n\n[[a]]\n  c = 2\n"),
    (
        {"a": {"l": [{"b": 1, "x": {"y": 1}}, {"c": 2}]}},
        "[a]\n\n  [[a.l]]\n    b = 1\n    [a.l.x]\n      y = 1\n\n  [[a.l]]\n    c = 2\n",
    ),
    ({"a": [{"b": None}, 2, {"c": None, "d": 1, "e": {"f": 1}}]}, "a = [{}, 2, {d = 1, e = {f = 1}}]\n"),
    ({"a": [1, {"a": 1, "b": None}]}, "a = [1, {a = 1, }]\n"),
    ({"a": [[{"x": 1}]]}, "a = [[{x = 1}]]\n"),
    ({"a b": {"c.d": {"é": 1}}}, '["a b"]\n  ["a b"."c.d"]\n    "\xe9" = 1\n'),
    (
        {"a": 1, "b": {"c": 1}, "d": [{"e": 1}], "f": {"g": 2}},
        "a = 1\n\n[b]\n  c = 1\n\n[[d]]\n  e = 1\n\n[f]\n  g = 2\n",
    ),
    (
        {
            "f": 3.0,
            "g": 1e21,
            "h": 1e-07,
            "i": float("-inf"),
            "n": float("nan"),
            "o": 100000.0,
            "p": 123456789.125,
            "q": -0.0,
        },
        "f = 3.0\ng = 1e+21\nh = 1e-07\ni = -inf\nn = nan\no = 100000.0\np = 1.23456789125e+08\nq = -0.0\n",
    ),
    ({"x": IntList([0, 1]), "z": Matrix([[1], [2]]), "i": Int64(5)}, "i = 5\nx = [0, 1]\nz = [[1], [2]]\n"),
]

NOT_WRITABLE = [
    ([{"a": 1}], "toml: top-level values must be Go maps or structs"),
    ([None], "toml: cannot encode array with nil element"),
    ({"a": [1, None]}, "toml: cannot encode array with nil element"),
    ({"a": {"b": [{"c": [None]}]}}, "toml: cannot encode array with nil element"),
]

READ = [
    ("a = 1", '{"a":1}'),
    ('a = "x\\ty\\u00e9\\U0001F600"', '{"a":"x\\tyé😀"}'),
    ("a = 'raw\\n'", '{"a":"raw\\\\n"}'),
    ('a = """\nfoo \\\n   bar"""', '{"a":"foo bar"}'),
    ("a = '''\na'b'''", '{"a":"a\'b"}'),
    ('a = """x"""""', '{"a":"x\\"\\""}'),
    ("a = 0xff\nb = 0o17\nc = 0b11\nd = 1_000\ne = -5\nf = +5", '{"a":255,"b":15,"c":3,"d":1000,"e":-5,"f":5}'),
    ("a = 1.5\nb = 1e5\nc = -1_0.5e-3\nf = 6.0", '{"a":1.5,"b":100000,"c":-0.0105,"f":6}'),
    ("a = true\nb = false", '{"a":true,"b":false}'),
    ("a = [1, 2,\n# comment\n 3,]", '{"a":[1,2,3]}'),
    ('a = []\nb = [[1], ["x"]]', '{"a":[],"b":[[1],["x"]]}'),
    ("a = {b = 1, c.d = 2}", '{"a":{"b":1,"c":{"d":2}}}'),
    ("a = {\n b = 1, # comment\n c = 2,\n}", '{"a":{"b":1,"c":2}}'),
    ("a = [{b = 1}, {b = 2}]", '{"a":[{"b":1},{"b":2}]}'),
    ("[a]\nb = 1\n[a.c]\nd = 2\n[e]", '{"a":{"b":1,"c":{"d":2}},"e":{}}'),
    ("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3", '{"a":[{"b":1},{"b":2,"c":{"d":3}}]}'),
    ('[ a . "b" ]\nc = 1', '{"a":{"b":{"c":1}}}'),
    ("[a.b]\nc = 1\n[a]\nd = 2", '{"a":{"b":{"c":1},"d":2}}'),
    ("# only\n\n", "{}"),
    ('a = "\\e\\x41"', '{"a":"\\u001bA"}'),
    ("a = {b = 1}\na.c = 2", '{"a":{"b":1,"c":2}}'),
    ('a = """"""""', '{"a":"\\"\\""}'),
]

NOT_READABLE = [
    (
        "a.b = 1\na.c = 2\\n\"x y\".'z' = 3",
        "toml: line 2: expected a top-level item to end with a newline, comment, or EOF, but got '\\\\' instead",
    ),
    ("a", "toml: line 1: unexpected EOF; expected key separator '='"),
    ("a = ", 'toml: line 1 (last key "a"): unexpected EOF; expected value'),
    ("= 1", "toml: line 1: unexpected '=': key name appears blank"),
    ("a = foo", 'toml: line 1 (last key "a"): expected value but found "foo" instead'),
    (
        "a = 1 b = 2",
        "toml: line 1: expected a top-level item to end with a newline, comment, or EOF, but got 'b' instead",
    ),
    ('a = "x', 'toml: line 1 (last key "a"): unexpected EOF; expected \'"\''),
    ('a = "x\ny"', 'toml: line 1 (last key "a"): strings cannot contain newlines'),
    ("a = 'x", 'toml: line 1 (last key "a"): unexpected EOF; expected "\'"'),
    ('a = """x', 'toml: line 1 (last key "a"): unexpected EOF; expected \'"""\''),
    ("a = 1\na = 2", "toml: line 2 (last key \"a\"): Key 'a' has already been defined."),
    ("[a]\n[a]", "toml: line 2: Key 'a' has already been defined."),
    ("a = 1\na.b = 2", "toml: line 2 (last key \"a.b\"): Key 'a' has already been defined."),
    ("a = 1\n[a.b]", "toml: line 2: Key 'a' was already created as a hash."),
    ("[[a]]\n[a]", "toml: line 2: Key 'a' has already been defined."),
    ("a = []\n[[a]]", "toml: line 2: Key 'a' was already created and cannot be used as an array."),
    ("a = {b = 1}\n[a]", "toml: line 2: Key 'a' has already been defined."),
    ("a = 01", 'toml: line 1 (last key "a"): Invalid integer "01": cannot have leading zeroes'),
    ("a = 1__0", 'toml: line 1 (last key "a"): Invalid integer "1__0": underscores must be surrounded by digits'),
    ("a = 1_", 'toml: line 1 (last key "a"): Invalid integer "1_": underscores must be surrounded by digits'),
    ("a = 99999999999999999999", 'toml: line 1 (last key "a"): 99999999999999999999 is out of range for int64'),
    ("a = 1e400", 'toml: line 1 (last key "a"): 1e400 is out of range for float64'),
    ("a = 1.", 'toml: line 1 (last key "a"): Invalid float "1.": \'.\' must be followed by one or more digits'),
    ("a = .5", "toml: line 1 (last key \"a\"): floats must start with a digit, not '.'"),
    ("a = -x", "toml: line 1 (last key \"a\"): expected a digit but got 'x'"),
    ("a = +", "toml: line 1 (last key \"a\"): expected a digit but got '\\x00'"),
    ("a = 0xg", "toml: line 1 (last key \"a\"): not a hexadecimal number: '0xg'"),
    ("a = -0x1", "toml: line 1 (last key \"a\"): cannot use sign with non-decimal numbers: '-0x'"),
    ("a = 2020-13-01", 'toml: line 1 (last key "a"): invalid datetime: "2020-13-01"'),
    ("a = 2021-02-29", 'toml: line 1 (last key "a"): invalid datetime: "2021-02-29"'),
    ("a = 25:00:00", 'toml: line 1 (last key "a"): invalid datetime: "25:00:00"'),
    ("[a", "toml: line 1: expected '.' or ']' to end table name, but got '\\x00' instead"),
    ("[]", "toml: line 1: unexpected end of table name (table names cannot be empty)"),
    ("[a.]", "toml: line 1: unexpected end of table name (table names cannot be empty)"),
    ("[.a]", "toml: line 1: unexpected table separator (table names cannot be empty)"),
    ("[[a]", "toml: line 1: expected end of table array name delimiter ']', but got '\\x00' instead"),
    (
        "[a] b",
        "toml: line 1 (last key \"a\"): expected a top-level item to end with a newline, comment, or EOF, but got 'b' instead",  # noqa: E501
    ),
    (
        "a = [1 2]",
        "toml: line 1 (last key \"a\"): expected a comma (',') or array terminator (']'), but got '2'",
    ),
    ("a = [,]", 'toml: line 1 (last key "a"): unexpected comma'),
    (
        "a = [1",
        "toml: line 1 (last key \"a\"): expected a comma (',') or array terminator (']'), but got end of file",
    ),
    (
        "a = {b = 1",
        "toml: line 1 (last key \"a.b\"): expected a comma or an inline table terminator '}', but got end of file instead",  # noqa: E501
    ),
    (
        "a = {b = 1 c = 2}",
        "toml: line 1 (last key \"a.b\"): expected a comma or an inline table terminator '}', but got 'c' instead",
    ),
    ("a = {,}", 'toml: line 1 (last key "a"): unexpected comma'),
    ("a = {b}", "toml: line 1 (last key \"a\"): expected '.' or '=', but got '}' instead"),
    ("a b = 1", "toml: line 1: expected '.' or '=', but got 'b' instead"),
    ("a. = 1", "toml: line 1: unexpected '='"),
    (".a = 1", "toml: line 1: unexpected '.': keys cannot start with a '.'"),
    ('a = "\\q"', "toml: line 1 (last key \"a\"): invalid escape in string '\\q'"),
    (
        'a = "\\u12"',
        'toml: line 1 (last key "a"): expected four hexadecimal digits after \'\\u\', but got "\\\\u12\\"" instead',
    ),
    ('a = "\\ud800"', "toml: line 1 (last key \"a\"): Escaped character '\\ud800' is not valid UTF-8."),
    ('a = "\\ "', "toml: line 1 (last key \"a\"): invalid escape: '\\ '"),
    ("a = @", "toml: line 1 (last key \"a\"): expected value but found '@' instead"),
    ("a = \x01", "toml: line 1 (last key \"a\"): TOML files cannot contain control characters: '0x01'"),
    ("\x00", "toml: line 1: files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8"),
    ("a = in", 'toml: line 1 (last key "a"): expected value but found "n" instead'),
    ('a = "\udcff"', 'toml: line 1 (last key "a"): invalid UTF-8 byte: 0xff'),
]


def load(text, *, strict=False):
    return load_toml(text, make_time=lambda time: time, strict=strict)


class Text(GoObject):
    go_type = "*semver.Version"
    go_kind = "ptr"

    def go_string(self):
        return "1.2.3"


class Pair(GoObject):
    go_type = "common.KubeVersion"
    go_fields = ("Version", "Major")
    Version = "v1"
    Major = "1"


@pytest.mark.parametrize(("value", "text"), WRITTEN)
def test_value_is_written_as_by_helm(value, text):
    assert dump_toml(value, plain_floats=False) == text


@pytest.mark.parametrize(("value", "message"), NOT_WRITABLE)
def test_value_that_cannot_be_written_is_named_as_by_helm(value, message):
    with pytest.raises(TomlError) as failure:
        dump_toml(value, plain_floats=False)
    assert str(failure.value) == message


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e6, "1000000.0"),
        (123456789.125, "123456789.125"),
        (1e-7, "0.0000001"),
        (1e21, "1000000000000000000000.0"),
        (2.5, "2.5"),
    ],
)
def test_plain_float_has_no_exponent(number, text):
    assert dump_toml(number, plain_floats=True) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [({"v": Text()}, 'v = "1.2.3"\n'), (Text(), '"1.2.3"'), (Pair(), 'Version = "v1"\nMajor = "1"\n')],
    ids=["text", "top", "struct"],
)
def test_object_is_written_as_text_or_table(value, text):
    assert dump_toml(value, plain_floats=False) == text


@pytest.mark.parametrize(
    ("value", "message"),
    [(1j, "unsupported type for key '': complex128"), ({"d": 1j}, "unsupported type: complex128")],
)
def test_complex_number_cannot_be_written(value, message):
    with pytest.raises(TomlError) as failure:
        dump_toml(value, plain_floats=False)
    assert str(failure.value) == message


@pytest.mark.parametrize(("text", "json"), READ)
def test_text_is_read_as_by_helm(text, json):
    assert gojson.encode(load(text)) == json


@pytest.mark.parametrize(("text", "message"), NOT_READABLE)
def test_text_that_is_no_toml_is_named_as_by_helm(text, message):
    with pytest.raises(TomlError) as failure:
        load(text)
    assert str(failure.value) == message


def test_whole_numbers_are_int64_and_others_float64():
    table = load("a = 1\nb = 1.0")
    assert [type(value) for value in table.values()] == [Int64, float]


@pytest.mark.parametrize(("text", "number"), [("inf", float("inf")), ("+inf", float("inf")), ("-inf", float("-inf"))])
def test_infinity_is_read(text, number):
    assert load(f"a = {text}") == {"a": number}


def test_tables_in_a_list_have_gos_type():
    tables = load("[[x]]\na = 1")["x"]
    assert type(tables) is Tables
    assert (go_type(tables), go_kind(tables)) == ("[]map[string]interface {}", "slice")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("1979-05-27T07:32:01Z", TomlTime((1979, 5, 27), (7, 32, 1), 0, 0, "UTC")),
        ("1979-05-27 07:32:01.5-08:30", TomlTime((1979, 5, 27), (7, 32, 1), 500_000_000, -30_600, "")),
        ("1979-05-27t07:32:01", TomlTime((1979, 5, 27), (7, 32, 1), 0, None, "datetime-local")),
        ("1979-05-27", TomlTime((1979, 5, 27), (0, 0, 0), 0, None, "date-local")),
        ("07:32:01.1234567899", TomlTime((0, 1, 1), (7, 32, 1), 123_456_789, None, "time-local")),
        ("07:32", TomlTime((0, 1, 1), (7, 32, 0), 0, None, "time-local", complete=False)),
    ],
)
def test_time_is_read_with_its_zone(text, time):
    assert load(f"a = {text} # comment")["a"] == time


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = [1", "line 0 (last key \"a\"): expected a comma (',') or array terminator (']'), but got end of file"),
        ("a\n", "line 2: expected '.' or '=', but got '\\n' instead"),
        ('a = "\\e"', "line 1 (last key \"a\"): invalid escape in string '\\e'"),
        ("a = {b = 1,}", 'line 1 (last key "a.b"): trailing comma not allowed in inline tables'),
        ("a = {b = 1, # c\n}", 'line 1 (last key "a.b"): newlines not allowed within inline tables'),
        ("a = 07:32", 'line 1 (last key "a"): invalid datetime: "07:32"'),
    ],
)
def test_strict_reader_is_that_of_helm_3(text, message):
    with pytest.raises(TomlError) as failure:
        load(text, strict=True)
    assert str(failure.value) == f"toml: {message}"
