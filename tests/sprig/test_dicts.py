"""Sprig's functions on maps, against results of the real Helm."""

from __future__ import annotations

import pytest

from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import FunctionError, IntList, NilMap, NilSlice, StringList, StringMap, Values
from chartkit.sprig import dicts

FUNCTIONS = {function.name: function.call for function in dicts.FUNCTIONS}

RESULTS = [
    ("dig", ("a", "d", {"a": None}), ""),
    ("dig", ("a", None, {}), ""),
    ("deepCopy", ([None, 1],), "[<nil> 1]"),
    ("deepCopy", ({"a": None},), "map[a:<nil>]"),
    ("deepCopy", (True,), "true"),
    ("pluck", ("a",), "[]"),
    ("pluck", ("a", NilMap()), "[]"),
    ("merge", ({},), "map[]"),
    ("merge", (NilMap(), {"a": 1}), "map[a:1]"),
    ("mergeOverwrite", (NilMap(), {"a": 1}), "map[a:1]"),
    ("mustMerge", (NilMap(), {"a": 1}), "map[a:1]"),
    ("mustMerge", ({}, NilMap()), "map[]"),
    ("merge", (NilMap(),), "map[]"),
    ("merge", (NilMap(), NilMap()), "map[]"),
    ("unset", (NilMap(), "a"), "map[]"),
    ("hasKey", (NilMap(), "a"), "false"),
    ("get", (NilMap(), "a"), ""),
    ("pick", (NilMap(), "a"), "map[]"),
    ("omit", (NilMap(), "a"), "map[]"),
    ("keys", (NilMap(),), "[]"),
    ("values", (NilMap(),), "[]"),
    ("merge", ({"a": StringMap({"_0": "x"})}, {"a": {"b": None}}), "map[a:map[_0:x]]"),
    (
        "merge",
        ({"a": StringMap({"_0": "x", "_1": "y"})}, {"a": StringMap({"_0": "q", "_1": "y"})}),
        "map[a:map[_0:x _1:y]]",
    ),
    (
        "merge",
        ({"a": {"q": 1, "_0": "q", "_1": "y"}}, {"a": StringMap({"_0": "q", "_1": "y"})}),
        "map[a:map[_0:q _1:y q:1]]",
    ),
    ("dict", ("a", 1, "b"), "map[a:1 b:]"),
    ("dict", (), "map[]"),
    ("dict", (1.5, "x", True, "y"), "map[1.5:x true:y]"),
    ("get", ({"a": 1}, "a"), "1"),
    ("get", ({}, "a"), ""),
    ("get", ({"a": None}, "a"), ""),
    ("set", ({"a": 1, "b": 2}, "b", 2), "map[a:1 b:2]"),
    ("unset", ({"b": 2}, "a"), "map[b:2]"),
    ("unset", ({"a": 1}, "zz"), "map[a:1]"),
    ("hasKey", ({"n": None}, "n"), "true"),
    ("hasKey", ({}, "n"), "false"),
    ("pluck", ("a", {"a": 1}, {"b": 2}, {"a": 3}), "[1 3]"),
    ("pick", ({"a": 1, "b": 2, "c": 3}, "a", "c", "zz"), "map[a:1 c:3]"),
    ("omit", ({"a": 1, "b": 2, "c": 3}, "a", "zz"), "map[b:2 c:3]"),
    ("dig", ("a", "b", "d", {"a": {"b": 1}}), "1"),
    ("dig", ("a", "zz", "d", {"a": {"b": 1}}), "d"),
    ("dig", ("zz", "b", "d", {"a": 1}), "d"),
    ("dig", ("a", "b", "d", {"a": {"b": None}}), ""),
    ("merge", ({"a": 1, "b": 3}, {"a": 2, "b": 3}), "map[a:1 b:3]"),
    (
        "merge",
        ({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}, {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}),
        "map[a:1 b:2 c:3 d:4 e:5 f:6]",
    ),
    ("merge", ({"a": {"x": 1, "y": 3}}, {"a": {"x": 2, "y": 3}}), "map[a:map[x:1 y:3]]"),
    ("merge", ({"a": {"x": 1}}, {"a": "str"}), "map[a:map[x:1]]"),
    ("merge", ({"a": "str"}, {"a": {"x": 1}}), "map[a:str]"),
    ("merge", ({"l": [1, 2]}, {"l": [3]}), "map[l:[1 2]]"),
    ("merge", ({}, {"a": None}), "map[]"),
    ("merge", ({"a": 1, "b": 2, "c": 4}, {"b": 2}, {"a": 3, "c": 4}), "map[a:1 b:2 c:4]"),
    ("merge", ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 1}}}), "map[a:map[b:map[c:1]]]"),
    ("merge", ({"a": {"b": {"c": None}}}, {"a": {"b": {"c": None}}}), "map[a:map[b:map[c:<nil>]]]"),
    ("mergeOverwrite", ({"a": 2, "b": 3}, {"a": 2, "b": 3}), "map[a:2 b:3]"),
    (
        "mergeOverwrite",
        ({"a": "", "b": 0, "c": False, "d": None, "e": []}, {"a": "", "b": 0, "c": False, "d": None, "e": []}),
        "map[a: b:0 c:false d:<nil> e:[]]",
    ),
    ("mergeOverwrite", ({"a": {"x": 2, "z": 9, "y": 3}}, {"a": {"x": 2, "y": 3}}), "map[a:map[x:2 y:3 z:9]]"),
    ("mergeOverwrite", ({"a": {"b": 1}}, {"a": {}}), "map[a:map[b:1]]"),
    ("mergeOverwrite", ({"a": {}}, {"a": {}}), "map[a:map[]]"),
    ("mergeOverwrite", ({"a": "x"}, {"a": "x"}), "map[a:x]"),
    ("mergeOverwrite", ({"l": [3]}, {"l": [3]}), "map[l:[3]]"),
    ("mustMergeOverwrite", ({"a": None}, {"a": None}), "map[a:<nil>]"),
    (
        "mustMerge",
        ({"a": StringMap({"_0": "x", "_1": "y", "_2": "w"})}, {"a": StringMap({"_0": "q", "_1": "z", "_2": "w"})}),
        "map[a:map[_0:x _1:y _2:w]]",
    ),
    ("deepCopy", ([1, {"a": None}],), "[1 map[a:<nil>]]"),
    ("deepCopy", ("s",), "s"),
]

FAILURES = [
    ("dig", ("a", "b", None), "interface conversion: interface {} is nil, not map[string]interface {}"),
    ("dig", (1, "b", {"a": 1}), "interface conversion: interface {} is int, not string"),
    ("dig", ("a", "b", "c", {"a": None}), "interface conversion: interface {} is nil, not map[string]interface {}"),
    ("dig", ("a", "b", "c", {"a": "x"}), "interface conversion: interface {} is string, not map[string]interface {}"),
    (
        "dig",
        ("a", "b", StringMap({"_0": "a"})),
        "interface conversion: interface {} is map[string]string, not map[string]interface {}",
    ),
    ("deepCopy", (None,), "reflect: call of reflect.Value.Type on zero Value"),
    ("mustDeepCopy", (None,), "reflect: call of reflect.Value.Type on zero Value"),
    ("set", (NilMap(), "a", 1), "assignment to entry in nil map"),
    (
        "merge",
        ({"a": StringMap({"_0": "x"})}, {"a": {"_0": "", "b": "c"}}),
        "reflect.Value.SetMapIndex: value of type interface {} is not assignable to type string",
    ),
    (
        "mergeOverwrite",
        ({"a": StringMap({"_0": "x"})}, {"a": {"_0": "", "b": "c"}}),
        "reflect.Value.SetMapIndex: value of type interface {} is not assignable to type string",
    ),
    (
        "mergeOverwrite",
        ({"a": StringMap({"_0": "x"})}, {"a": {"b": 5}}),
        "reflect.Value.SetMapIndex: value of type interface {} is not assignable to type string",
    ),
    (
        "mergeOverwrite",
        ({"a": StringMap({"_0": "x"})}, {"a": {"b": None}}),
        "reflect.Value.SetMapIndex: value of type interface {} is not assignable to type string",
    ),
    (
        "dig",
        ("l", "b", "d", {"l": [1]}),
        "interface conversion: interface {} is []interface {}, not map[string]interface {}",
    ),
    ("dig", ("a", "d"), "dig needs at least three arguments"),
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


def test_keys_are_sorted_in_each_map():
    assert dicts.keys({"b": 1, "a": 2}, {"A": 3}) == ["a", "b", "A"]


def test_values_go_by_their_keys():
    assert dicts.values({"b": 1, "a": 2}) == [2, 1]


@pytest.mark.parametrize("name", ["set", "unset", "merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"])
def test_result_is_the_first_map_typed_plainly(name):
    values = Values({"a": 1})
    arguments = {"set": ("b", 2), "unset": ("b",)}.get(name, ({"b": 2},))
    assert FUNCTIONS[name](values, *arguments) is values
    assert values.go_type == "map[string]interface {}"


@pytest.mark.parametrize("name", ["common.Values", "chartutil.Values"])
def test_dig_refuses_values(name):
    with pytest.raises(FunctionError) as failure:
        dicts.dig("a", "d", Values({"a": 1}, go_name=name))
    assert str(failure.value) == f"interface conversion: interface {{}} is {name}, not map[string]interface {{}}"


def test_merge_shares_what_the_target_lacked():
    source = {"n": {"q": 1}, "e": {}}
    target = dicts.merge({"e": {}}, source)
    assert target["n"] is source["n"]
    assert target["e"] is source["e"]


def test_merge_copies_into_an_empty_map_and_shares_below_it():
    source = {"n": {"q": {"x": 1}}}
    target = dicts.merge({"n": {}}, source)
    assert target["n"] is not source["n"]
    assert target["n"]["q"] is source["n"]["q"]


def test_merge_overwrite_leaves_sources_alone():
    first, second = {"a": {"x": 1}}, {"a": {"y": 2}}
    assert dicts.merge_overwrite({"a": {"z": 3}}, first, second) == {"a": {"x": 1, "y": 2, "z": 3}}
    assert (first, second) == ({"a": {"x": 1}}, {"a": {"y": 2}})


@pytest.mark.parametrize("value", [StringList(["a"]), IntList([1]), StringMap({"a": "b"}), NilSlice()], ids=repr)
def test_deep_copy_keeps_types(value):
    copy = dicts.deep_copy({"a": value})["a"]
    assert type(copy) is type(value)
    assert copy == value
    assert copy is not value


def test_deep_copy_of_values_keeps_their_name():
    copy = dicts.deep_copy(Values({"a": {}}, go_name="chartutil.Values"))
    assert copy.go_type == "chartutil.Values"


@pytest.mark.parametrize(("name", "kind"), [("merge", dict), ("unset", NilMap)])
def test_nil_map_gives_way_only_to_something_merged(name, kind):
    argument = {} if name == "merge" else "a"
    assert type(FUNCTIONS[name](NilMap(), argument)) is kind
