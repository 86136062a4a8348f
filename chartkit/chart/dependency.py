"""The lock file of declared dependencies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from chartkit.chart.chart import Lock
from chartkit.chart.godecode import DECODING, DecodeError, Place
from chartkit.chart.metadata import ChartYamlDecoder
from chartkit.errors import LoadError
from chartkit.goquote import quote
from chartkit.goyaml.load import YAMLError
from chartkit.profile import Profile

_LOCK: Final[Mapping[str, tuple[str, str]]] = {
    "generated": ("generated", "moment"),
    "digest": ("digest", "text"),
    "dependencies": ("dependencies", "dependencies"),
}

_TIME_LAYOUT: Final = "2006-01-02T15:04:05Z07:00"
_TIME_PARTS: Final = (
    ("2006", "[0-9]{4}"), ("-", "-"), ("01", "[0-9]{2}"), ("-", "-"), ("02", "[0-9]{2}"), ("T", "T"),
    ("15", "[0-9]{2}"), (":", ":"), ("04", "[0-9]{2}"), (":", ":"), ("05", r"[0-9]{2}([.,][0-9]+)?"),
    ("Z07:00", "Z|[+-][0-9]{2}:[0-9]{2}"),
)  # fmt: skip


class _LockDecoder(ChartYamlDecoder):
    """The decoder for lock files, which hold a time."""

    def moment(self, value: Any, place: Place) -> str:
        """A time; only whether it is one matters."""
        if type(value) is not str:
            if self.profile.json_errors_v2:
                raise self.wrong(value, "time.Time", place)
            raise DecodeError(f"{DECODING}Time.UnmarshalJSON: input is not a JSON string")
        rest = value
        for name, pattern in _TIME_PARTS:
            match = re.match(pattern, rest)
            if match is None:
                layout = f"parsing time {quote(value)} as {quote(_TIME_LAYOUT)}"
                raise DecodeError(f"{DECODING}{layout}: cannot parse {quote(rest)} as {quote(name)}")
            rest = rest[match.end() :]
        if rest:
            raise DecodeError(f"{DECODING}parsing time {quote(value)}: extra text: {quote(rest)}")
        return value


def decode_lock(name: str, data: bytes, profile: Profile) -> Lock:
    """The lock file `name`.

    Raises:
        LoadError: the text is no YAML, or a field has the wrong type.
    """
    decoder = _LockDecoder(profile)
    try:
        found: dict[str, Any] = decoder.struct(decoder.load(data), _LOCK, Place(), f"{decoder.package}.Lock")
    except YAMLError as error:
        raise LoadError(f"cannot load {name}: {error.full}") from error
    except DecodeError as error:
        raise LoadError(f"cannot load {name}: {error}") from error
    return Lock(**found)
