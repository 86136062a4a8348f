from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chartkit.chart.chart import Chart
from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files
from chartkit.errors import ChartError
from chartkit.profile import HELM_3_17, HELM_4_1, HELM_4_3, PROFILES, Profile
from chartkit.values.coalesce import Coalescer, copy_list
from chartkit.values.inputs import ValuesInput
from chartkit.values.resolve import resolve_values

LAYERS = json.loads((Path(__file__).parent / "recorded_layers.json").read_text(encoding="utf-8"), parse_int=float)


def charts(root: str, child: str = "") -> Chart:
    return chart_from_files(
        [
            File("Chart.yaml", b"apiVersion: v2\nname: tc\nversion: 1.0.0\n"),
            File("values.yaml", root.encode()),
            File("charts/s1/Chart.yaml", b"apiVersion: v2\nname: s1\nversion: 1.0.0\n"),
            File("charts/s1/values.yaml", child.encode()),
        ]
    )


class Recorder:
    """Remembers which original each entry of the result comes from."""

    def __init__(self) -> None:
        self.origins: dict[tuple[int, Any], Any] = {}
        self.kept: list[Any] = []

    def copied(self, copy: Any, original: Any) -> None:
        self.kept += [copy, original]
        for key in copy if isinstance(copy, dict) else range(len(copy)):
            self.origins[id(copy), key] = self.origins.get((id(original), key), (id(original), key))
            if isinstance(copy[key], dict | list):
                self.copied(copy[key], original[key])

    def moved(self, target: dict[str, Any], key: str, source: dict[str, Any]) -> None:
        self.kept += [target, source]
        self.origins[id(target), key] = self.origins[id(source), key]


def layered(case: dict[str, Any]) -> Chart:
    """A chart with a subchart with a subchart."""
    files = []
    for folder, name, values in zip(
        ("", "charts/s1/", "charts/s1/charts/g1/"), ("tc", "s1", "g1"), case["charts"], strict=True
    ):
        files.append(File(f"{folder}Chart.yaml", f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n".encode()))
        files.append(File(f"{folder}values.yaml", json.dumps(values).encode()))
    return chart_from_files(files)


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case["name"])
@pytest.mark.parametrize("version", ["4.3", "4.1", "3.17"])
def test_layers_give_the_values_and_warnings_that_helm_recorded(case: dict[str, Any], version: str) -> None:
    expected, profile = case["results"][version], PROFILES[version]
    if "error" in expected:
        with pytest.raises(ChartError) as caught:
            resolve_values(layered(case), ValuesInput(data=case["given"]), profile=profile)
        assert str(caught.value) == expected["error"]
    else:
        found = resolve_values(layered(case), ValuesInput(data=case["given"]), profile=profile)
        assert found.values == expected["values"]
        assert sorted(found.warnings) == expected["warnings"]


@pytest.mark.parametrize(
    ("root", "given", "expected"),
    [
        ("a: 1\nb: {c: 2}\n", {"b": {"d": 3}}, {"a": 1.0, "b": {"c": 2.0, "d": 3}}),
        ("a: 1\n", {"a": None}, {}),
        ("a: {b: 1}\n", {"a": {"b": None}}, {"a": {}}),
        ("a: 1\n", {"z": None}, {"a": 1.0, "z": None}),
        ("a: {b: 1}\n", {"a": {"z": None}}, {"a": {"b": 1.0, "z": None}}),
        ("a: [1, 2]\n", {"a": [3]}, {"a": [3]}),
        ("a: {b: 1}\n", {"a": {}}, {"a": {"b": 1.0}}),
        ("a: {b: 1}\n", {"a": 5}, {"a": 5}),
        ("a: 5\n", {"a": {"b": 1}}, {"a": {"b": 1}}),
        ("a: [null]\n", {}, {"a": [None]}),
    ],
)
def test_user_values_win_over_defaults(root: str, given: dict[str, Any], expected: Any) -> None:
    result = Coalescer(HELM_4_3).values(charts(root), given)
    del result["s1"]
    assert result == expected


@pytest.mark.parametrize(
    ("profile", "expected"),
    [(HELM_4_3, {"b": {}}), (HELM_4_1, {"a": None, "b": {"c": None}}), (HELM_3_17, {"a": None, "b": {"c": None}})],
    ids=["4.3", "4.1", "3.17"],
)
def test_nulls_in_defaults_go_since_helm_4_2(profile: Profile, expected: Any) -> None:
    result = Coalescer(profile).values(charts("a: null\nb: {c: null}\n"), {})
    del result["s1"]
    assert result == expected


def test_globals_reach_subcharts_and_the_parents_win() -> None:
    chart = charts("global: {g: top, m: {a: 1}}\n", "global: {g: sub, own: 1, m: {b: 2}}\n")
    result = Coalescer(HELM_4_3).values(chart, {})
    assert result["s1"] == {"global": {"g": "top", "own": 1.0, "m": {"a": 1.0, "b": 2.0}}}
    assert result["global"] == {"g": "top", "m": {"a": 1.0}}


def test_tables_deep_in_globals_are_shared_with_the_parent() -> None:
    result = Coalescer(HELM_4_3).values(charts("global: {m: {a: {x: 1}}}\n", "global: {m: {a: {z: 2}}}\n"), {})
    assert result["global"]["m"]["a"] is result["s1"]["global"]["m"]["a"]
    assert result["global"]["m"]["a"] == {"x": 1.0, "z": 2.0}


def test_null_of_the_user_deletes_the_default_of_a_subchart() -> None:
    chart = charts("s1: {k: 1}\n", "x: 1\nz: 2\n")
    assert Coalescer(HELM_4_3).values(chart, {"s1": {"x": None}})["s1"] == {"k": 1.0, "z": 2.0, "global": {}}


def test_null_for_a_subchart_in_defaults_is_an_error_before_helm_4_2() -> None:
    assert Coalescer(HELM_4_3).values(charts("s1: null\n", "x: 1\n"), {})["s1"] == {"x": 1.0, "global": {}}
    with pytest.raises(ChartError, match=r"^type mismatch on s1: %!t\(<nil>\)$"):
        Coalescer(HELM_4_1).values(charts("s1: null\n"), {})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.0, "%!t(float64=5)"),
        (1e6, "%!t(float64=1e+06)"),
        ("x", "%!t(string=x)"),
        (True, "true"),
        ([1.0, None], "[%!t(float64=1) <nil>]"),
        ([{"a": None}], "[map[%!t(string=a):<nil>]]"),
    ],
    ids=str,
)
def test_scalar_for_a_subchart_is_an_error(value: Any, text: str) -> None:
    with pytest.raises(ChartError) as caught:
        Coalescer(HELM_4_3).values(charts(""), {"s1": value})
    assert str(caught.value) == f"type mismatch on s1: {text}"


def test_merging_keeps_nulls() -> None:
    assert Coalescer(HELM_4_3, merging=True).values(charts("a: 1\nb: null\n"), {"a": None}) == {
        "a": None,
        "b": None,
        "s1": {"global": {}},
    }


def test_skipped_values_give_warnings() -> None:
    coalescer = Coalescer(HELM_4_3)
    coalescer.values(charts("a: 1\nb: {c: {d: 1}}\nglobal: 5\n"), {"a": {"x": 1}, "b": {"c": 2}})
    assert coalescer.warnings == [
        "skipped value for tc.a: Not a table.",
        "cannot overwrite table with non table for tc.b.c (map[d:1])",
        "skipping globals because source global is not a table.",
    ]


def test_inputs_stay_as_they_are() -> None:
    chart, given = charts("a: {b: null}\n", "x: {z: 1}\n"), {"s1": {"x": {"z": None}}, "a": {"c": [1]}}
    Coalescer(HELM_4_3).values(chart, given)
    assert chart.values == {"a": {"b": None}}
    assert given == {"s1": {"x": {"z": None}}, "a": {"c": [1]}}


def test_observer_learns_where_every_value_comes_from() -> None:
    recorder = Recorder()
    chart = charts("a: 1\nb: {c: 2}\nglobal: {g: {h: 1}}\n", "x: 3\n")
    given = {"b": {"d": [4]}}
    result = Coalescer(HELM_4_3, observer=recorder).values(chart, given)
    root, child = chart.values, chart.dependencies[0].values
    assert recorder.origins[id(result), "a"] == (id(root), "a")
    assert recorder.origins[id(result["b"]), "c"] == (id(root["b"]), "c")
    assert recorder.origins[id(result["b"]), "d"] == (id(given["b"]), "d")
    assert recorder.origins[id(result["b"]["d"]), 0] == (id(given["b"]["d"]), 0)
    assert recorder.origins[id(result["s1"]), "x"] == (id(child), "x")
    assert recorder.origins[id(result["s1"]["global"]["g"]), "h"] == (id(root["global"]["g"]), "h")


def test_copies_share_nothing_with_the_original() -> None:
    original = [{"a": [{"b": 1}]}, [{"c": [2]}]]
    copy = copy_list(original)
    assert copy == original
    copy[0]["a"][0]["b"] = copy[1][0]["c"][0] = 9
    assert original == [{"a": [{"b": 1}]}, [{"c": [2]}]]


def test_tables_gives_back_the_upper_one_and_can_keep_nulls() -> None:
    upper: dict[str, Any] = {"a": None, "t": {"b": None}}
    assert Coalescer(HELM_4_3).tables(upper, {"a": 1, "t": {"b": 1, "c": 2}}, merging=True) is upper
    assert upper == {"a": None, "t": {"b": None, "c": 2}}


def test_tables_name_the_place_from_their_top() -> None:
    coalescer = Coalescer()
    coalescer.tables({"a": {"b": 1}}, {"a": {"b": {"c": 2}}})
    assert coalescer.warnings == ["cannot overwrite table with non table for a.b (map[c:2])"]


def test_observer_learns_what_globals_are_made_of() -> None:
    recorder = Recorder()
    chart = charts("global: {g: 1, m: {a: 1}}\n", "global: {m: {b: 2}}\n")
    given = {"s1": {"global": {"m": {"c": 3}}}}
    result = Coalescer(HELM_4_3, observer=recorder).values(chart, given)
    root, handed = chart.values["global"], result["s1"]["global"]
    assert recorder.origins[id(handed), "g"] == (id(root), "g")
    assert recorder.origins[id(handed), "m"] == (id(root), "m")
    assert recorder.origins[id(handed["m"]), "a"] == (id(root["m"]), "a")
    assert recorder.origins[id(handed["m"]), "c"] == (id(given["s1"]["global"]["m"]), "c")


def test_merging_keeps_nulls_below_tables_too() -> None:
    merged = Coalescer(HELM_4_3, merging=True).values(charts("a: {b: 1}\n"), {"a": {"b": None}})
    assert merged["a"] == {"b": None}


def test_nothing_given_leaves_the_defaults() -> None:
    assert Coalescer(HELM_4_3).values(charts("a: 1\n"), None) == {"a": 1.0, "s1": {"global": {}}}
