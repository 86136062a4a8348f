from __future__ import annotations

from typing import Any

import pytest

from chartkit.chart.chart import Chart
from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files
from chartkit.gotypes import StringMap
from chartkit.profile import HELM_3_17, HELM_4_3
from chartkit.values.dependencies import process_dependencies


def chart_with(dependencies: str, **values: str) -> Chart:
    names = {"values.yaml": values.get("root", "")} | {
        f"charts/{name}/values.yaml": text for name, text in values.items() if name != "root"
    }
    files = [File("Chart.yaml", f"apiVersion: v2\nname: tc\nversion: 1.0.0\n{dependencies}".encode())]
    files += [File(name, text.encode()) for name, text in names.items()]
    for name in values.keys() - {"root"}:
        files.append(File(f"charts/{name}/Chart.yaml", f"name: {name}\nversion: 1.2.0\n".encode()))
    return chart_from_files(files)


def names(chart: Chart, **given: Any) -> list[str]:
    return [child.name for child in process_dependencies(chart, given).dependencies]


@pytest.mark.parametrize(
    ("entry", "given", "kept"),
    [
        ("condition: s1.on", {"s1": {"on": False}}, False),
        ("condition: s1.on", {"s1": {"on": "no"}}, True),
        ("condition: s1.on", {}, True),
        ("condition: 'x,s1.on'", {"x": None, "s1": {"on": False}}, False),
        ("condition: 'x, s1.on'", {"s1": {"on": False}}, True),
        ("condition: ' x '", {"x": False}, False),
        ("tags: [a]", {"tags": {"a": False}}, False),
        ("tags: [a, b]", {"tags": {"a": False, "b": True}}, True),
        ("tags: [a]", {"tags": {"a": "x"}}, True),
        ("tags: [a]\n  condition: x", {"tags": {"a": False}, "x": True}, True),
        ("tags: [a]\n  condition: x", {"tags": {"a": True}, "x": False}, False),
    ],
)
def test_tags_and_conditions_switch_a_subchart(entry: str, given: dict[str, Any], kept: bool) -> None:
    chart = chart_with(f"dependencies:\n- name: s1\n  version: '*'\n  {entry}\n", s1="")
    assert names(chart, **given) == (["s1"] if kept else [])


def test_defaults_of_charts_count_for_conditions() -> None:
    chart = chart_with("dependencies: [{name: s1, version: '*', condition: s1.live}]", s1="live: false")
    assert names(chart) == []


def test_alias_takes_the_place_of_the_name() -> None:
    text = "dependencies: [{name: s1, version: '*', alias: one}, {name: s1, version: '*', alias: two}]"
    chart = process_dependencies(chart_with(text, s1="a: 1"), {})
    assert [child.full_path for child in chart.dependencies] == ["tc/charts/one", "tc/charts/two"]
    assert [entry.name for entry in chart.metadata.dependencies] == ["one", "two"]
    assert all(entry.enabled for entry in chart.metadata.dependencies)


def test_subchart_of_another_version_stays_as_an_undeclared_one() -> None:
    chart = chart_with("dependencies: [{name: s1, version: 9.x, alias: one, condition: off}]", s1="")
    assert names(chart, off=False) == ["s1"]


def test_chart_without_the_list_leaves_its_subcharts_alone() -> None:
    files = [
        File("Chart.yaml", b"apiVersion: v2\nname: tc\nversion: 1.0.0\n"),
        File(
            "charts/s1/Chart.yaml",
            b"apiVersion: v2\nname: s1\nversion: 1.0.0\ndependencies: [{name: s2, version: '*', condition: off}]\n",
        ),
        File("charts/s1/charts/s2/Chart.yaml", b"name: s2\nversion: 1.0.0\n"),
    ]
    (child,) = process_dependencies(chart_from_files(files), {"s1": {"off": False}}).dependencies
    assert [inner.name for inner in child.dependencies] == ["s2"]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("data", {"x": 1.0}),
        ("{child: exports.data, parent: imp.o}", {"imp": {"o": {"x": 1.0}}}),
        ("{child: exports.data, parent: .}", {"x": 1.0}),
        ("{child: nosuch, parent: .}", {}),
        ("{child: exports.data}", {"<nil>": {"x": 1.0}}),
    ],
)
def test_import_values_lifts_defaults_into_the_parent(item: str, expected: dict[str, Any]) -> None:
    text = f"dependencies: [{{name: s1, version: '*', import-values: [{item}]}}]"
    values = dict(process_dependencies(chart_with(text, s1="exports: {data: {x: 1}}"), {}).values)
    del values["s1"]
    assert values == expected


def test_own_defaults_win_over_imports() -> None:
    text = "dependencies: [{name: s1, version: '*', import-values: [data]}]"
    chart = process_dependencies(chart_with(text, root="x: 5", s1="exports: {data: {x: 1, z: 2}}"), {})
    assert (chart.values["x"], chart.values["z"]) == (5.0, 2.0)
    assert chart.metadata.dependencies[0].import_values == (StringMap({"child": "exports.data", "parent": "."}),)


def test_chart_that_was_loaded_stays_as_it_is() -> None:
    text = "dependencies: [{name: s1, version: '*', alias: one, import-values: [data]}]"
    chart = chart_with(text, s1="exports: {data: {x: 1}}")
    process_dependencies(chart, {})
    assert chart.values == {}
    assert [child.name for child in chart.dependencies] == ["s1"]
    assert [entry.name for entry in chart.metadata.dependencies] == ["s1"]


def test_chart_below_an_alias_keeps_its_old_path_in_helm_3() -> None:
    files = [
        File(
            "Chart.yaml",
            b"apiVersion: v2\nname: tc\nversion: 1.0.0\ndependencies: [{name: s1, version: '*', alias: one}]\n",
        ),
        File("charts/s1/Chart.yaml", b"apiVersion: v2\nname: s1\nversion: 1.0.0\n"),
        File("charts/s1/charts/s2/Chart.yaml", b"name: s2\nversion: 1.0.0\n"),
    ]
    chart = chart_from_files(files)
    for profile, expected in ((HELM_4_3, "tc/charts/one/charts/s2"), (HELM_3_17, "tc/charts/s1/charts/s2")):
        paths = [part.full_path for part in process_dependencies(chart, {}, profile=profile).walk()]
        assert paths == ["tc", "tc/charts/one", expected]
