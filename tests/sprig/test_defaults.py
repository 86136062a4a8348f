"""Sprig's functions on emptiness, choice and types, against results of the real Helm."""

from __future__ import annotations

import pytest

from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import Int64, IntList, Matrix, NilMap, NilSlice, StringList, StringMap
from chartkit.sprig import defaults

FUNCTIONS = {function.name: function.call for function in defaults.FUNCTIONS}

RESULTS = [
    ("default", ("d", None), "d"),
    ("default", ("d", ""), "d"),
    ("default", ("d", 0), "d"),
    ("default", ("d", 0.0), "d"),
    ("default", ("d", False), "d"),
    ("default", ("d", []), "d"),
    ("default", ("d", {}), "d"),
    ("default", ("d", "x"), "x"),
    ("default", ("d", [None]), "[<nil>]"),
    ("default", ("d",), "d"),
    ("default", ("d", 1, 2), "1"),
    ("default", ("d", 0, 2), "d"),
    ("default", ("d", float("nan")), "NaN"),
    ("empty", ("",), "true"),
    ("empty", (" ",), "false"),
    ("empty", (0,), "true"),
    ("empty", (Int64(0),), "true"),
    ("empty", (None,), "true"),
    ("empty", ([],), "true"),
    ("empty", (NilSlice(),), "true"),
    ("empty", ({},), "true"),
    ("empty", (StringMap({"_0": ""}),), "false"),
    ("empty", (float("nan"),), "false"),
    ("coalesce", (None, "", 0, "x", "y"), "x"),
    ("coalesce", (), ""),
    ("coalesce", (None,), ""),
    ("all", (1, "a", True), "true"),
    ("all", (1, 0), "false"),
    ("all", (), "true"),
    ("any", (0, ""), "false"),
    ("any", (0, 1), "true"),
    ("any", (), "false"),
    ("ternary", ("y", "n", True), "y"),
    ("ternary", ("y", "n", False), "n"),
    ("typeOf", (1,), "int"),
    ("typeOf", ("s",), "string"),
    ("typeOf", (None,), "<nil>"),
    ("typeOf", (1.5,), "float64"),
    ("typeOf", (True,), "bool"),
    ("typeOf", (Int64(1),), "int64"),
    ("typeOf", ([],), "[]interface {}"),
    ("typeOf", ({},), "map[string]interface {}"),
    ("typeOf", (StringList(["a"]),), "[]string"),
    ("typeOf", (StringMap({"_0": "a"}),), "map[string]string"),
    ("typeOf", (IntList([0]),), "[]int"),
    ("typeOf", (Matrix([[1]]),), "[][]interface {}"),
    ("kindOf", (None,), "invalid"),
    ("kindOf", (1,), "int"),
    ("kindOf", ([],), "slice"),
    ("kindOf", ({},), "map"),
    ("kindOf", (StringMap({"_0": "a"}),), "map"),
    ("kindOf", ("x",), "string"),
    ("kindIs", ("map", {}), "true"),
    ("kindIs", ("slice", IntList([0])), "true"),
    ("kindIs", ("invalid", None), "true"),
    ("kindIs", ("list", []), "false"),
    ("typeIs", ("string", "a"), "true"),
    ("typeIs", ("[]interface {}", []), "true"),
    ("typeIs", ("int", 1.0), "false"),
    ("typeIsLike", ("string", "a"), "true"),
    ("deepEqual", ([1, 2], [1, 2]), "true"),
    ("deepEqual", ([1, 2], [1, 2.0]), "false"),
    ("deepEqual", (1, 1.0), "false"),
    ("deepEqual", (1, Int64(1)), "false"),
    ("deepEqual", (None, None), "true"),
    ("deepEqual", (None, []), "false"),
    ("deepEqual", ([], NilSlice()), "false"),
    ("deepEqual", (NilSlice(), NilSlice()), "true"),
    ("deepEqual", (["a"], StringList(["a"])), "false"),
    ("deepEqual", ({"a": []}, {"a": NilSlice()}), "false"),
    ("deepEqual", ({"a": 1}, {"a": 1}), "true"),
    ("deepEqual", ({"a": 1}, {"b": 1}), "false"),
    ("deepEqual", (float("nan"), float("nan")), "false"),
    ("deepEqual", ("a", "a"), "true"),
    ("deepEqual", (True, 1), "false"),
    ("deepEqual", (NilMap(), {}), "false"),
]


def call(name, arguments):
    return FUNCTIONS[name](*arguments)


@pytest.mark.parametrize(("name", "arguments", "text"), RESULTS)
def test_result_is_helms(name, arguments, text):
    result = call(name, arguments)
    assert ("" if result is None else sprint_value(result)) == text
