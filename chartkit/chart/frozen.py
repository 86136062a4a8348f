"""What was read out of a chart's YAML files as plain data that a cache can keep, and the way back.

The files themselves are not kept: they are read each time, and their digest says whether the data still fits.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from chartkit.chart.chart import Chart, Lock
from chartkit.chart.files import File
from chartkit.chart.records import Dependency, Maintainer, Metadata
from chartkit.codecache import CodeCache, digest, engine_mark, seal, unseal
from chartkit.profile import Profile

Parts: TypeAlias = "dict[str, tuple[Any, ...]]"
"""By the location of a chart inside the root chart: metadata, values, lock, warnings, and the schema if it is plain."""

_RECORDS: Final = (Metadata, Maintainer, Dependency, Lock)
_MARK: Final = "\0record"


def chart_name(files: Iterable[File], profile: Profile) -> str:
    """The name under which a cache keeps what belongs to a chart's files."""
    parts = [engine_mark(), profile.name.encode()]
    for file in files:
        parts += (file.name.encode("utf-8", "surrogateescape"), file.data)
    return digest(parts)


def freeze(chart: Chart) -> bytes:
    """The parsed parts of a chart and of everything below it.

    Raises:
        ValueError: something in it cannot be kept.
    """
    parts: Parts = {}
    for part in chart.walk():
        if part.location in parts:
            raise ValueError("two charts in one place")
        parts[part.location] = (
            _plain(part.metadata),
            dict(part.values),
            _plain(part.lock),
            part.warnings,
        )
    return seal(parts)


def thaw(cache: CodeCache, name: str) -> Parts | None:
    """The parsed parts of a chart, where a cache has them."""
    found = unseal(cache.load(f"{name}.chart"))
    return found if type(found) is dict else None


def record(value: Any) -> Any:
    """A record out of the plain data that it was kept as."""
    if type(value) is tuple:
        if value and value[0] == _MARK:
            return _RECORDS[value[1]](*map(record, value[2:]))
        return tuple(map(record, value))
    return value


def _plain(value: Any) -> Any:
    """A record as a tuple of its fields."""
    for index, kind in enumerate(_RECORDS):
        if type(value) is kind:
            return (_MARK, index, *(_plain(getattr(value, name)) for name in kind.__match_args__))
    return tuple(map(_plain, value)) if type(value) is tuple else value
