"""Sprig's functions on lists, against results of the real Helm."""

from __future__ import annotations

import pytest

from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import FunctionError, IntList, Matrix, NilSlice, StringList
from chartkit.sprig import lists

FUNCTIONS = {function.name: function.call for function in lists.FUNCTIONS}

RESULTS = [
    ("sortAlpha", (None,), "[<nil>]"),
    ("chunk", (-1, [1, 2]), "[]"),
    ("slice", ([],), ""),
    ("first", (NilSlice(),), ""),
    ("list", (1, "a", None), "[1 a <nil>]"),
    ("tuple", (1, 2), "[1 2]"),
    ("first", ([1, 2],), "1"),
    ("last", ([1, 2],), "2"),
    ("rest", ([1, 2, 3],), "[2 3]"),
    ("initial", ([1, 2, 3],), "[1 2]"),
    ("first", ([],), ""),
    ("append", ([1], None), "[1 <nil>]"),
    ("prepend", ([1], 2), "[2 1]"),
    ("push", (IntList([0, 1]), 5), "[0 1 5]"),
    ("concat", ([1], IntList([0, 1]), StringList(["a", "b"])), "[1 0 1 a b]"),
    ("reverse", (StringList(["a", "b"]),), "[b a]"),
    ("uniq", ([1, 1.0, "1", 1, None, None, [1], [1]],), "[1 1 1 <nil> [1]]"),
    ("uniq", (["b", "a", "b"],), "[b a]"),
    ("without", ([1, 2, 3, 2], 2, 3), "[1]"),
    ("without", ([1, 1.0], 1), "[1]"),
    ("has", (1, [1.0]), "false"),
    ("has", ("a", StringList(["a", "b"])), "true"),
    ("has", ({"a": 1}, [{"a": 1}]), "true"),
    ("has", (1, None), "false"),
    ("compact", ([0, 1, "", "a", None, False, [], {}, 0.0],), "[1 a]"),
    ("sortAlpha", (["b", 1, None, True, "A", "a", "é", "z"],), "[1 A a b true z é]"),
    ("sortAlpha", ("x",), "[x]"),
    ("slice", ([1, 2, 3, 4], 1, 3), "[2 3]"),
    ("slice", ([1, 2, 3], "1"), "[2 3]"),
    ("slice", ([1, 2, 3], 1.9), "[2 3]"),
    ("chunk", (2, [1, 2, 3]), "[[1 2] [3]]"),
    ("chunk", (-3, [1]), "[[1]]"),
]

FAILURES = [
    ("first", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("rest", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("chunk", (0, [1, 2]), "runtime error: makeslice: len out of range"),
    ("chunk", (0, []), "runtime error: makeslice: len out of range"),
    ("slice", ([1, 2, 3], 2, 1), "reflect.Value.Slice: slice index out of bounds"),
    ("slice", ([1, 2, 3], 0, 9), "reflect.Value.Slice: slice index out of bounds"),
    ("slice", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("slice", ("abc", 0), "list should be type of slice or array but string"),
    ("uniq", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("without", (None, 1), "runtime error: invalid memory address or nil pointer dereference"),
    ("has", (1, "x"), "Cannot find has on type string"),
    ("compact", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("concat", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("concat", ("x",), "Cannot concat type string as list"),
    ("concat", ([], {}), "Cannot concat type map as list"),
    ("reverse", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("mustSlice", (5,), "list should be type of slice or array but int"),
    ("chunk", (2, None), "runtime error: invalid memory address or nil pointer dereference"),
    ("chunk", (2, {}), "Cannot chunk type map"),
    ("chunk", (-1, [1]), "runtime error: makeslice: len out of range"),
    ("chunk", (-1, [1, 2, 3]), "runtime error: makeslice: len out of range"),
    ("mustFirst", ("x",), "Cannot find first on type string"),
    ("mustLast", (5,), "Cannot find last on type int"),
    ("mustRest", (True,), "Cannot find rest on type bool"),
    ("mustInitial", ({},), "Cannot find initial on type map"),
    ("mustReverse", (1.5,), "Cannot find reverse on type float64"),
    ("mustUniq", ("x",), "Cannot find uniq on type string"),
    ("mustCompact", ("x",), "Cannot compact on type string"),
    ("mustWithout", ("x", 1), "Cannot find without on type string"),
    ("mustHas", (1, "x"), "Cannot find has on type string"),
    ("mustAppend", ("x", 1), "Cannot push on type string"),
    ("mustPush", (5, 1), "Cannot push on type int"),
    ("mustPrepend", ("x", 1), "Cannot prepend on type string"),
    ("mustChunk", (1, "x"), "Cannot chunk type string"),
    ("last", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("initial", (None,), "runtime error: invalid memory address or nil pointer dereference"),
    ("prepend", (None, 1), "runtime error: invalid memory address or nil pointer dereference"),
]


def call(name, arguments):
    return FUNCTIONS[name](*arguments)


@pytest.mark.parametrize(("name", "arguments", "text"), RESULTS)
def test_result_is_helms(name, arguments, text):
    result = call(name, arguments)
    assert ("" if result is None else sprint_value(result)) == text


@pytest.mark.parametrize(("name", "arguments", "message"), FAILURES)
def test_failure_is_worded_as_in_helm(name, arguments, message):
    with pytest.raises(FunctionError) as failure:
        call(name, arguments)
    assert str(failure.value) == message


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (lists.rest([]), NilSlice),
        (lists.initial([]), NilSlice),
        (lists.concat(), NilSlice),
        (lists.concat([]), NilSlice),
        (lists.rest([1]), list),
        (lists.uniq([]), list),
        (lists.new_list(), list),
        (lists.cut(StringList(["a", "b"]), 1), StringList),
        (lists.cut(IntList([1, 2]), 0, 1), IntList),
        (lists.reverse(StringList(["a"])), list),
        (lists.sort_alpha(["b"]), StringList),
        (lists.chunk(1, [1]), Matrix),
    ],
    ids=str,
)
def test_result_has_gos_type(result, kind):
    assert type(result) is kind


def test_append_leaves_the_list_alone():
    original = [1]
    lists.append(original, 2)
    assert original == [1]
