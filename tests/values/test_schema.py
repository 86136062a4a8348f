from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files
from chartkit.errors import SchemaError
from chartkit.profile import HELM_3_17, HELM_4_2, HELM_4_3, Profile
from chartkit.values.schema import check_schemas, schema_fault

RECORDED = json.loads((Path(__file__).parent / "recorded_schemas.json").read_text())
PROFILES = {"4.3.1": HELM_4_3, "4.2.3": HELM_4_2, "3.17.2": HELM_3_17}


@pytest.mark.parametrize(("schema", "values", "faults"), RECORDED)
def test_schema_says_what_helm_recorded(schema: str, values: dict[str, Any], faults: dict[str, str]) -> None:
    for version, expected in faults.items():
        found = schema_fault(values, schema.encode(), PROFILES[version]) or ""
        # Helm walks maps in no fixed order, so the lines may come in another one.
        assert sorted(found.strip().split("\n")) == sorted(expected.split("\n"))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1234, "1,234"),
        (123456.789, "123,456.789"),
        (999999, "999,999"),
        (1000000, "1×10⁰⁶"),
        (-1234567, "-1.234567×10⁰⁶"),
        (0.0001234, "0.0001234"),
        (0.00001234, "1.234×10⁻⁰⁵"),
        (-0.5, "-0.5"),
    ],
)
def test_number_is_shown_as_helm_4_shows_it(number: float, text: str) -> None:
    fault = schema_fault({"a": float(number)}, b'{"properties": {"a": {"minimum": 1e301}}}', HELM_4_3)
    assert fault == f"- at '/a': minimum: got {text}, want 1×10³⁰¹\n"


@pytest.mark.parametrize("profile", [HELM_4_3, HELM_3_17], ids=["4.3", "3.17"])
def test_schema_that_refers_to_itself_ends(profile: Profile) -> None:
    assert schema_fault({}, b'{"$ref": "#"}', profile)


@pytest.mark.parametrize("profile", [HELM_4_3, HELM_3_17], ids=["4.3", "3.17"])
@pytest.mark.parametrize("url", ["http://example.com/x.json", "file:///etc/hostname"])
def test_reference_out_of_the_schema_is_not_followed(url: str, profile: Profile) -> None:
    fault = schema_fault({"a": 1.0}, json.dumps({"properties": {"a": {"$ref": url}}}).encode(), profile)
    assert fault is not None
    assert url.removeprefix("file://") in fault


def test_faults_of_all_charts_are_told_together() -> None:
    def text(value: Any) -> bytes:
        return json.dumps(value).encode()

    chart = chart_from_files(
        [
            File("Chart.yaml", b"name: tc\nversion: 1.0.0\n"),
            File("values.schema.json", text({"properties": {"a": {"type": "string"}}})),
            File("charts/s1/Chart.yaml", b"name: s1\nversion: 1.0.0\n"),
            File("charts/s1/values.schema.json", text({"required": ["zz"]})),
        ]
    )
    with pytest.raises(SchemaError) as caught:
        check_schemas(chart, {"a": 1.0, "s1": {}}, HELM_4_3)
    assert str(caught.value) == (
        "values don't meet the specifications of the schema(s) in the following chart(s):\n"
        "tc:\n- at '/a': got number, want string\ns1:\n- at '': missing property 'zz'\n"
    )
