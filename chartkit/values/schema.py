"""Whether the values of a chart and of its subcharts meet their values.schema.json files."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Any

from chartkit.chart.chart import Chart
from chartkit.errors import SchemaError
from chartkit.gotypes import go_type
from chartkit.profile import Profile
from chartkit.values.schema_quick import Check, quick_check

_HEADING = "values don't meet the specifications of the schema(s) in the following chart(s):\n"


def check_schemas(chart: Chart, values: dict[str, Any], profile: Profile) -> None:
    """Check the coalesced values of a chart, and those of each subchart against its own schema.

    Raises:
        SchemaError: a schema refuses the values, or cannot be used; the text tells of all charts.
    """
    faults = _faults(chart, values, profile)
    if faults:
        raise SchemaError(_HEADING + faults)


def _faults(chart: Chart, values: dict[str, Any], profile: Profile) -> str:
    """What is wrong in a chart and below it, as Helm prints it."""
    text = ""
    if chart.schema is not None:
        fault = schema_fault(values, chart.schema, profile)
        if fault is not None:
            text += f"{chart.name}:\n{fault}"
    for child in chart.dependencies:
        inner = values.get(child.name)
        if type(inner) is dict:
            text += _faults(child, inner, profile)
        elif inner is not None:
            text += f"{child.name}:\ninvalid type for values: expected object (map), got {go_type(inner)}\n"
    return text


def schema_fault(values: dict[str, Any], schema: bytes, profile: Profile) -> str | None:
    """What one schema says against values; `None` where it says nothing."""
    text = schema.decode("utf-8", "surrogateescape")
    if profile.santhosh_schema:
        with suppress(RecursionError):
            # One that refers to itself without end is told of in Helm's words below.
            accepts = _quick(text)
            if accepts is not None and accepts(values):
                return None
    from chartkit.values.schema_full import full_fault

    return full_fault(values, text, profile)


@lru_cache(maxsize=64)
def _quick(text: str) -> Check | None:
    """What says quickly whether values meet the schema, for most schemas."""
    return quick_check(text)
