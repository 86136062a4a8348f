"""The full evaluation of a schema, for what it says against values."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NoReturn

from chartkit.gojson import JSONError, decode_prefix
from chartkit.profile import Profile
from chartkit.values.schema_document import Schema, SchemaFault, parse_json


def full_fault(values: dict[str, Any], text: str, profile: Profile) -> str | None:
    """What one schema says against values, in Helm's words; `None` where it says nothing."""
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
