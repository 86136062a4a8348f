"""Go's built-in template functions: recorded from Helm 4.2.3, and 3.17.2 where it differs."""

from __future__ import annotations

import pytest

from chartkit.ambient import Ambient
from chartkit.gotemplate.builtins import FUNCTIONS, html_escape, js_escape, query_escape
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import (
    UNTYPED_NIL,
    FunctionError,
    Int64,
    IntList,
    Matrix,
    NilMap,
    NilSlice,
    StringList,
    StringMap,
    Uint8,
)
from chartkit.profile import HELM_3_17, HELM_4_2

BY_NAME = {function.name: function for function in FUNCTIONS}
RESULTS = [
    ("eq", [["x", "yy", "z"], UNTYPED_NIL], "false"),
    ("eq", [UNTYPED_NIL, ["x", "yy", "z"]], "false"),
    ("eq", [None, ["x", "yy", "z"]], "false"),
    ("eq", [["x", "yy", "z"], None], "false"),
    ("eq", [{"k1": "v1", "k2": "v2"}, None], "false"),
    ("eq", [UNTYPED_NIL, UNTYPED_NIL], "true"),
    ("eq", [UNTYPED_NIL, 1], "false"),
    ("eq", [1, UNTYPED_NIL], "false"),
    ("eq", [None, 1], "false"),
    ("eq", [None, None], "true"),
    ("eq", [1, UNTYPED_NIL, 1], "true"),
    ("eq", [1, 1, "a"], "true"),
    ("eq", [UNTYPED_NIL, "a", UNTYPED_NIL], "true"),
    ("eq", [Int64(1), 1], "true"),
    ("eq", [1, Int64(1)], "true"),
    ("eq", [1j, 2j], "false"),
    ("eq", [True, False, True], "true"),
    ("eq", ["", UNTYPED_NIL], "false"),
    ("eq", [float("nan"), float("nan")], "false"),
    ("eq", ["\udcc3", "\udcc3"], "true"),
    ("ne", [["x", "yy", "z"], UNTYPED_NIL], "true"),
    ("ne", [UNTYPED_NIL, None], "false"),
    ("ne", [1, 2], "true"),
    ("lt", [1, 2], "true"),
    ("lt", [Int64(1), 2], "true"),
    ("lt", ["a", "b"], "true"),
    ("lt", ["Z", "a"], "true"),
    ("le", [float("nan"), 1.0], "false"),
    ("gt", [float("nan"), 1.0], "true"),
    ("ge", [float("nan"), 1.0], "true"),
    ("le", ["a", "a"], "true"),
    ("gt", ["é", "z"], "true"),
    ("index", [{"k1": "v1", "k2": "v2"}, "zz"], "<nil>"),
    ("index", ["abc", 1], "98"),
    ("index", ["two", 0], "116"),
    ("index", [["x", "yy", "z"]], "[x yy z]"),
    ("index", [StringList(["a", "b"]), 1], "b"),
    ("index", [IntList([0, 1, 2]), 2], "2"),
    ("index", [Matrix([[1], [2]]), 1, 0], "2"),
    ("index", [["x", "yy", "z"], 0, 0], "120"),
    ("index", [{"k1": "v1", "k2": "v2"}, "k1", 0], "118"),
    ("index", [{"a": {"b": [1, 2]}}, "a", "b", 1], "2"),
    ("index", [{"a": None}, "a"], "<nil>"),
    ("len", [["x", "yy", "z"]], "3"),
    ("len", [""], "0"),
    ("len", ["é"], "2"),
    ("len", [{}], "0"),
    ("len", [[1]], "1"),
    ("len", [StringList(["a", "b"])], "2"),
    ("not", [UNTYPED_NIL], "true"),
    ("not", [None], "true"),
    ("not", [1], "false"),
    ("not", [[]], "true"),
    ("not", ["x"], "false"),
    ("not", [1j], "false"),
    ("not", [0j], "true"),
    ("print", [1, 2, "a", "b", 3, None, None, True], "1 2ab3 <nil> <nil> true"),
    ("print", [], ""),
    ("print", [None], "<nil>"),
    ("print", [None, None], "<nil> <nil>"),
    ("print", [1.5, 2.5], "1.5 2.5"),
    ("print", ["a", 1], "a1"),
    ("print", [1, "a", 2, 3], "1a2 3"),
    ("print", [[1], {}], "[1] map[]"),
    ("print", [True, True], "true true"),
    ("println", [], "\n"),
    ("println", [1, None, "a"], "1 <nil> a\n"),
    ("println", ["a", "b"], "a b\n"),
    ("print", [1j, 2], "(0+1i) 2"),
    ("html", ["a\x00b<>&'\""], "a�b&lt;&gt;&amp;&#39;&#34;"),
    ("html", [1, 2, "<"], "1 2&lt;"),
    ("html", [None], "&lt;no value&gt;"),
    ("html", [None, None], "&lt;no value&gt;&lt;no value&gt;"),
    ("html", [["<", None]], "[&lt; &lt;nil&gt;]"),
    ("html", [None], "&lt;no value&gt;"),
    ("html", [], ""),
    ("html", ["\udcc3"], "\udcc3"),
    (
        "js",
        ["\\'\"<>&=\n\x00\x1f\x7f é\u200b\u2028\xa0😀"],
        "\\\\\\'\\\"\\u003C\\u003E\\u0026\\u003D\\u000A\\u0000\\u001F\x7f é\\u200B\\u2028\\u00A0😀",
    ),
    ("js", [1], "1"),
    ("js", [None], "\\u003Cno value\\u003E"),
    ("js", ["\U000e0001"], "\\uE0001"),
    ("js", [["<"]], "[\\u003C]"),
    ("js", ["\udcc3"], "\udcc3"),
    (
        "urlquery",
        ["a b&c=d/é?+~-_.!*'()%#[]@:;,$"],
        "a+b%26c%3Dd%2F%C3%A9%3F%2B~-_.%21%2A%27%28%29%25%23%5B%5D%40%3A%3B%2C%24",
    ),
    ("urlquery", [1, 2], "1+2"),
    ("urlquery", [None], "%3Cno+value%3E"),
    ("urlquery", [["a", "b"]], "%5Ba+b%5D"),
    ("urlquery", ["\x00\n😀"], "%00%0A%F0%9F%98%80"),
    ("urlquery", ["\udcc3"], "%C3"),
    ("urlquery", [""], ""),
    ("urlquery", ["a", "b"], "ab"),
    ("printf", ["%s %s", "a"], "a %!s(MISSING)"),
    ("eq", [NilSlice(), UNTYPED_NIL], "true"),
    ("eq", [NilMap(), None], "true"),
    ("ne", [Int64(3), 3], "false"),
    ("index", [b"ab", 1], "98"),
    ("index", [{"a": {"l": [1.0, None]}}, "a", "l", 1], "<nil>"),
    ("index", [{}, "nope"], "<nil>"),
]
FAILURES = [
    (
        "eq",
        [["x", "yy", "z"], {"k1": "v1", "k2": "v2"}],
        "non-comparable types [x yy z]: []interface {}, map[string]interface {}: map[k1:v1 k2:v2]",
    ),
    (
        "eq",
        [{"k1": "v1", "k2": "v2"}, ["x", "yy", "z"]],
        "non-comparable types map[k1:v1 k2:v2]: map[string]interface {}, []interface {}: [x yy z]",
    ),
    ("eq", [["x", "yy", "z"], 1], "incompatible types for comparison: []interface {} and int"),
    ("eq", [1, ["x", "yy", "z"]], "incompatible types for comparison: int and []interface {}"),
    ("eq", [["x", "yy", "z"], "x"], "incompatible types for comparison: []interface {} and string"),
    ("eq", [[1, 2], [1, 2]], "non-comparable type [%!s(int=1) %!s(int=2)]: []interface {}"),
    ("eq", [[1, "a", None], []], "non-comparable type []: []interface {}"),
    ("eq", [{"a": 1}, {}], "non-comparable type map[]: map[string]interface {}"),
    ("eq", [[], StringList(["a"])], "non-comparable type [a]: []string"),
    ("eq", [1, 2, "a", 1], "incompatible types for comparison: int and string"),
    ("eq", [1, "a", 1], "incompatible types for comparison: int and string"),
    ("eq", [Int64(1), 1.0], "incompatible types for comparison: int64 and float64"),
    ("eq", [1j, 1], "incompatible types for comparison: complex128 and int"),
    ("eq", [[], []], "non-comparable type []: []interface {}"),
    ("eq", [{}, []], "non-comparable types map[]: map[string]interface {}, []interface {}: []"),
    ("ne", [["x", "yy", "z"], ["x", "yy", "z"]], "non-comparable type [x yy z]: []interface {}"),
    ("ne", [["x", "yy", "z"], 1], "incompatible types for comparison: []interface {} and int"),
    ("ne", [1, 1.5], "incompatible types for comparison: int and float64"),
    ("lt", [1j, 2j], "invalid type for comparison"),
    ("lt", [True, True], "invalid type for comparison"),
    ("lt", ["a", 1], "incompatible types for comparison: string and int"),
    ("lt", [UNTYPED_NIL, UNTYPED_NIL], "invalid type for comparison"),
    ("lt", [None, 1], "invalid type for comparison"),
    ("lt", [1, None], "invalid type for comparison"),
    ("lt", [{"k1": "v1", "k2": "v2"}, 1], "invalid type for comparison"),
    ("lt", [1, ["x", "yy", "z"]], "invalid type for comparison"),
    ("lt", [1.5, Int64(2)], "incompatible types for comparison: float64 and int64"),
    ("le", [1j, 1j], "invalid type for comparison"),
    ("le", [True, True], "invalid type for comparison"),
    ("gt", [True, False], "invalid type for comparison"),
    ("ge", [UNTYPED_NIL, UNTYPED_NIL], "invalid type for comparison"),
    ("gt", [1, "a"], "incompatible types for comparison: int and string"),
    ("ge", ["a", UNTYPED_NIL], "invalid type for comparison"),
    ("index", [["x", "yy", "z"], 4], "index out of range: 4"),
    ("index", [["x", "yy", "z"], 3], "reflect: slice index out of range"),
    ("index", [["x", "yy", "z"], 100], "index out of range: 100"),
    ("index", [["x", "yy", "z"], UNTYPED_NIL], "cannot index slice/array with nil"),
    ("index", [["x", "yy", "z"], True], "cannot index slice/array with type bool"),
    ("index", [["x", "yy", "z"], 1.0], "cannot index slice/array with type float64"),
    ("index", [["x", "yy", "z"], None], "cannot index slice/array with nil"),
    ("index", [{"k1": "v1", "k2": "v2"}, "zz", "y"], "index of nil pointer"),
    ("index", [{"k1": "v1", "k2": "v2"}, None], "value is nil; should be of type string"),
    ("index", [{"k1": "v1", "k2": "v2"}, 1.5], "value has type float64; should be string"),
    ("index", [{"k1": "v1", "k2": "v2"}, True], "value has type bool; should be string"),
    ("index", [{"k1": "v1", "k2": "v2"}, ["x", "yy", "z"]], "value has type []interface {}; should be string"),
    ("index", ["abc", 3], "reflect: string index out of range"),
    ("index", ["abc", 5], "index out of range: 5"),
    ("index", ["abc", -1], "index out of range: -1"),
    ("index", ["abc", "x"], "cannot index slice/array with type string"),
    ("index", [1, 0], "can't index item of type int"),
    ("index", [1.5, "x"], "can't index item of type float64"),
    ("index", [True, 1], "can't index item of type bool"),
    ("index", [UNTYPED_NIL, 1], "index of untyped nil"),
    ("index", [UNTYPED_NIL], "index of untyped nil"),
    ("index", [None], "index of untyped nil"),
    ("index", [[], 0], "reflect: slice index out of range"),
    ("index", [[], 1], "index out of range: 1"),
    ("index", [["x", "yy", "z"], 0, 0, 0], "can't index item of type uint8"),
    ("index", [["x", "yy", "z"], 0, 5], "index out of range: 5"),
    ("index", [1.0, 1], "can't index item of type float64"),
    ("index", [{"a": None}, "a", "b"], "index of nil pointer"),
    ("len", [UNTYPED_NIL], "reflect: call of reflect.Value.Type on zero Value"),
    ("len", [None], "len of nil pointer"),
    ("len", [1], "len of type int"),
    ("len", [1.5], "len of type float64"),
    ("len", [True], "len of type bool"),
    ("len", [0.0], "len of type float64"),
    ("index", [{"a": {"l": [1.0, None]}}, "a", "l", 1, "x"], "index of nil pointer"),
    ("index", [{}, "nope", "x", "y"], "index of nil pointer"),
]
OPERANDS_WITHOUT_TYPES = [("eq", 1, 1.0), ("ne", "a", 1), ("lt", 1.5, Int64(2)), ("ge", 1, "a"), ("eq", [1], 1)]


def call(name, args, profile=HELM_4_2):
    function = BY_NAME[name]
    return function.call(*([Ambient(profile=profile)] if function.ambient else []), *args)


@pytest.mark.parametrize(
    ("name", "args", "expected"), RESULTS, ids=[f"{name}-{at}" for at, (name, *_) in enumerate(RESULTS)]
)
def test_function_gives_what_helm_prints(name, args, expected):
    assert sprint_value(call(name, args)) == expected


@pytest.mark.parametrize(
    ("name", "args", "text"), FAILURES, ids=[f"{name}-{at}" for at, (name, *_) in enumerate(FAILURES)]
)
def test_function_fails_in_go_words(name, args, text):
    with pytest.raises(FunctionError) as failure:
        call(name, args)
    assert str(failure.value) == text


@pytest.mark.parametrize(("name", "left", "right"), OPERANDS_WITHOUT_TYPES)
def test_comparison_does_not_name_types_in_helm_3(name, left, right):
    with pytest.raises(FunctionError) as failure:
        call(name, [left, right], HELM_3_17)
    assert str(failure.value) == "incompatible types for comparison"


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.5, "non-function .Values.a of type float64"), (None, "call of nil"), (UNTYPED_NIL, "call of nil")],
)
def test_call_names_what_is_no_function(value, text):
    with pytest.raises(FunctionError) as failure:
        BY_NAME["call"].call(".Values.a", value)
    assert str(failure.value) == text


def test_index_gives_bytes_of_strings():
    assert type(call("index", ["abc", 1])) is Uint8


def test_index_gives_the_zero_of_typed_maps():
    class Contents(dict):
        go_type = "engine.files"
        go_kind = "map"
        go_zero = bytes

    assert call("index", [Contents(), "nope"]) == b""
    assert call("index", [StringMap(), "nope"]) == ""


def test_slice_is_left_to_sprig():
    assert "slice" not in BY_NAME


def test_escapes_work_on_text():
    assert html_escape("<a href='x'>&\"</a>") == "&lt;a href=&#39;x&#39;&gt;&amp;&#34;&lt;/a&gt;"
    assert js_escape("a=\n'") == "a\\u003D\\u000A\\'"
    assert query_escape("a b&c=d/é?+") == "a+b%26c%3Dd%2F%C3%A9%3F%2B"
