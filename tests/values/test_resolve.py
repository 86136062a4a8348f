from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chartkit.chart.chart import Chart
from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files
from chartkit.errors import ChartError, SchemaError
from chartkit.profile import HELM_4_3, PROFILES, Profile
from chartkit.values.inputs import ValuesInput, read_values
from chartkit.values.resolve import Resolved, resolve_values

RECORDED = json.loads((Path(__file__).parent / "recorded_trees.json").read_text())


def resolved(case: dict[str, Any], folder: Path, profile: Profile) -> Resolved:
    files = [File(name, text.encode()) for name, text in case["files"].items()]
    for name, text in case["extra"].items():
        (folder / name).write_text(text)
    args = iter(case["args"])
    given: dict[str, list[str]] = {"files": [], "set": []}
    for flag in args:
        given["files" if flag == "-f" else "set"].append(str(folder / next(args)) if flag == "-f" else next(args))
    return resolve_values(
        chart_from_files(files, profile=profile), read_values(profile=profile, **given), profile=profile
    )


def by_template(chart: Chart, values: Any) -> dict[str, Any]:
    found = {} if chart.metadata.is_library else {f"{chart.full_path}/templates/t.yaml": values}
    for child in chart.dependencies:
        found |= by_template(child, values[child.name])
    return found


@pytest.mark.parametrize("case", RECORDED, ids=lambda case: " ".join(case["args"]) or "defaults")
def test_tree_of_charts_gives_what_helm_recorded(case: dict[str, Any], tmp_path: Path) -> None:
    for result in case["results"]:
        for version in result["helm"]:
            profile = PROFILES[".".join(version.split(".")[:2])]
            if "error" in result:
                with pytest.raises(ChartError) as caught:
                    resolved(case, tmp_path, profile)
                assert str(caught.value) == result["error"]
            else:
                outcome = resolved(case, tmp_path, profile)
                assert by_template(outcome.chart, outcome.values) == result["values"]


def test_every_result_is_a_fresh_tree() -> None:
    chart = chart_from_files(
        [File("Chart.yaml", b"name: tc\nversion: 1.0.0\n"), File("values.yaml", b"a: {b: [{c: 1}]}\n")]
    )
    given = ValuesInput()
    first = resolve_values(chart, given, profile=HELM_4_3).values
    first["a"]["b"][0]["c"] = 2
    first["a"]["d"] = 1
    assert resolve_values(chart, given, profile=HELM_4_3).values == {"a": {"b": [{"c": 1.0}]}}
    assert chart.values == {"a": {"b": [{"c": 1.0}]}}


def test_schema_check_can_be_skipped() -> None:
    chart = chart_from_files(
        [File("Chart.yaml", b"name: tc\nversion: 1.0.0\n"), File("values.schema.json", b'{"required": ["a"]}')]
    )
    with pytest.raises(SchemaError):
        resolve_values(chart, ValuesInput(), profile=HELM_4_3)
    assert resolve_values(chart, ValuesInput(), profile=HELM_4_3, skip_schema=True).values == {}
