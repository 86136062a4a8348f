"""Helm's TOML functions."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from chartkit.ambient import Ambient
from chartkit.gotoml import TomlError, TomlTime, dump_toml, load_toml
from chartkit.gotypes import Function, FunctionError
from chartkit.sprig.calendars import unix_seconds
from chartkit.sprig.gotime import Time
from chartkit.sprig.timespan import SECOND
from chartkit.sprig.zones import UTC, FixedZone, Zone, local_zone


def must_to_toml(ambient: Ambient, value: Any) -> str:
    """TOML of a value."""
    if value is None:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    try:
        return dump_toml(value, plain_floats=ambient.profile.toml_plain_floats)
    except TomlError as error:
        raise FunctionError(str(error)) from error


def to_toml(ambient: Ambient, value: Any) -> str:
    """TOML of a value, or the text of an error."""
    try:
        return must_to_toml(ambient, value)
    except FunctionError as error:
        if value is None:
            raise
        return str(error)


def from_toml(ambient: Ambient, text: str) -> dict[str, Any]:
    """The table of a TOML text; an error goes under the key `Error`."""
    try:
        # The library's older release is known by its floats.
        return load_toml(text, make_time=partial(_go_time, ambient), strict=ambient.profile.toml_plain_floats)
    except TomlError as error:
        return {"Error": str(error)}


def _go_time(ambient: Ambient, time: TomlTime) -> Time:
    """A time.Time in the zone that the TOML library gives it."""
    local = local_zone(ambient.zone)
    seconds = unix_seconds(time.date, time.clock)
    if time.offset is None:
        zone: Zone = FixedZone(time.zone, local.lookup(ambient.now_ns() // SECOND)[1])
    elif time.zone:
        zone = UTC
    elif local.lookup(seconds - time.offset)[1] == time.offset:
        zone = local
    else:
        zone = FixedZone("", time.offset)
    return Time(seconds - zone.lookup(seconds)[1], time.nanosecond, zone)


FUNCTIONS: Final = (
    Function("fromToml", from_toml, ("string",), ambient=True, pure=False),
    Function("mustToToml", must_to_toml, ("any",), ambient=True),
    Function("toToml", to_toml, ("any",), ambient=True),
)
