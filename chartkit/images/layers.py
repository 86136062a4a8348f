"""Which layer gives a value, and where: user files and flags over the defaults of a chart and its subcharts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from chartkit.chart.chart import Chart
from chartkit.engine.trace import Trace
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.positions import Positions, load_positions
from chartkit.origin import Lookup, Path
from chartkit.source import Position, Source

_GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Layer:
    """Where a value is given.

    Attributes:
        name: `-f FILE`, `--set`, `chart default`, `parent chart` or `Chart.yaml`; empty where nothing gives it.
        position: the value's place, where it is written somewhere.
    """

    name: str = ""
    position: Position | None = None


def layer_of(trace: Trace, lookup: Lookup) -> Layer:
    """The layer that gave what a lookup found."""
    if lookup.kind == "chart_metadata":
        return _metadata_layer(trace.chart, lookup.path)
    if lookup.kind != "values":
        return Layer(lookup.kind)
    if lookup.held == "absent" and lookup.value is None and not _is_written(trace, lookup.path):
        return Layer()
    given = trace.given.giver(lookup.path)
    if given is not None:
        name = f"-f {given.name}" if given.kind == "values_file" else given.name
        return Layer(name, given.position(lookup.path))
    return _default_layer(trace.chart, lookup.path, from_parent=False) or Layer()


def _is_written(trace: Trace, path: Path) -> bool:
    """Whether an empty value is written somewhere, as a null."""
    return trace.given.giver(path) is not None or _default_layer(trace.chart, path, from_parent=False) is not None


def _default_layer(chart: Chart, path: Path, *, from_parent: bool) -> Layer | None:
    """The values.yaml that has a path: the chart's own, or that of the subchart that the path leads into."""
    if chart.values_source is not None:
        place = _positions(chart.values_source)
        offset = None if place is None else place.value(path)
        if offset is not None:
            into_child = bool(path) and any(child.name == path[0] for child in chart.dependencies)
            return Layer("parent chart" if into_child else "chart default", Position(chart.values_source, offset))
    for child in chart.dependencies:
        if path and child.name == path[0] and len(path) > 1:
            found = _default_layer(child, path[1:], from_parent=True)
            if found is not None:
                return found
        if path and path[0] == _GLOBAL:
            found = _default_layer(child, path, from_parent=True)
            if found is not None:
                return found
    return None


def _metadata_layer(chart: Chart, path: Path) -> Layer:
    """The place in Chart.yaml of a field that templates see under Go's name."""
    *owners, _, field = path
    for name in owners:
        chart = next((child for child in chart.dependencies if child.name == name), chart)
    raw = next((file for file in chart.raw if file.name == "Chart.yaml"), None)
    if raw is None:
        return Layer("Chart.yaml")
    folder = chart.values_source.name.removesuffix("values.yaml") if chart.values_source else ""
    source = Source(f"{folder}Chart.yaml", raw.text)
    place = _positions(source)
    offset = None if place is None else place.value((metadata_key(str(field)),))
    return Layer("Chart.yaml", None if offset is None else Position(source, offset))


def metadata_key(field: str) -> str:
    """The key in Chart.yaml of a field of `.Chart`: `AppVersion` is `appVersion`, `APIVersion` is `apiVersion`."""
    return "apiVersion" if field == "APIVersion" else field[:1].lower() + field[1:]


def _positions(source: Source) -> Positions | None:
    return _read(source.name, source.text)


@lru_cache(maxsize=64)
def _read(name: str, text: str) -> Positions | None:
    try:
        return load_positions(Source(name, text))[1]
    except YAMLError:
        return None
