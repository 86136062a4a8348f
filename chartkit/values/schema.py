"""Whether the values of a chart and of its subcharts meet their values.schema.json files."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NoReturn

from chartkit.chart.chart import Chart
from chartkit.errors import SchemaError
from chartkit.gojson import JSONError, decode_prefix
from chartkit.gotypes import go_type
from chartkit.profile import Profile
from chartkit.values.schema_document import Schema, SchemaFault, parse_json

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
    try:
        if not profile.santhosh_schema:
            from chartkit.values.schema_classic import check_classic

            return check_classic(values, _parsed(text, profile))
        from chartkit.values.schema_modern import refusal

        return refusal(values, _usable(text, profile), counts_rightly=profile.schema_places_exact)
    except SchemaFault as error:
        return str(error)
    except RecursionError:
        return "unable to validate schema: it refers to itself without end"


@lru_cache(maxsize=64)
def _usable(text: str, profile: Profile) -> Schema:
    """The schema, checked itself; that takes longer than checking values, so it is kept."""
    from chartkit.values.schema_modern import usable_schema

    return usable_schema(_parsed(text, profile), counts_rightly=profile.schema_places_exact)


def _parsed(text: str, profile: Profile) -> Any:
    """The schema, or the fault in Go's words; Helm 3 stops reading behind the first value."""
    try:
        if profile.santhosh_schema:
            return parse_json(text)
        end = decode_prefix(text, v2_errors=profile.json_errors_v2)[1]
        return parse_json(text[:end])
    except JSONError as error:
        raise SchemaFault(_stream_fault(text, str(error))) from error
    except ValueError:
        return _refused(text, profile)


def _refused(text: str, profile: Profile) -> NoReturn:
    """Tell what is wrong with a schema that is no JSON."""
    try:
        decode_prefix(text, v2_errors=profile.json_errors_v2)
    except JSONError as error:
        raise SchemaFault(_stream_fault(text, str(error))) from error
    raise SchemaFault("invalid character after top-level value")


def _stream_fault(text: str, fault: str) -> str:
    """The fault as it is told by a reader of streams, to which an early end is nothing special."""
    if fault != "unexpected end of JSON input":
        return fault
    return "unexpected EOF" if text.strip() else "EOF"
