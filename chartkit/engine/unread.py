"""Keys that the user gives and no template reads.

    for key in unread_keys(trace):
        if not key.known:
            print(key)      # server.image.registries is never read; did you mean server.image.registry?

A key counts as read if a template looked it up, or took it as part of something whole: with toYaml, range, printf and
the like. A key that was looked up only on the way to one below it is not read with all that it holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from chartkit.chart.chart import Chart
from chartkit.engine.function_table import functions
from chartkit.engine.mentions import Mentions, mentions_of, parsed
from chartkit.engine.trace import Trace
from chartkit.goyaml.load import split_documents
from chartkit.goyaml.positions import load_positions
from chartkit.origin import Path
from chartkit.source import Position
from chartkit.values.inputs import Layer
from chartkit.values.schema_names import schema_names

_GLOBAL: Final = "global"
_ANCHORED: Final = re.compile(r"[:-]\s+&\S")
_SIMILAR: Final = 0.7
_ALIKE: Final = 0.75


@dataclass(frozen=True, slots=True)
class UnreadKey:
    """A key that is given and not read.

    Attributes:
        path: the key as a user writes it; what it holds is not read either.
        steps: the same step by step.
        layer: what gives it: `-f FILE`, `--set`.
        position: where it is written.
        known: why it is no mistake that nothing reads it with these values; empty if nothing in the chart knows it.
        meant: the key that may have been meant; empty if none is near.
    """

    path: str
    steps: Path
    layer: str
    position: Position | None
    known: str = ""
    meant: str = ""

    def __str__(self) -> str:
        advice = f"; did you mean {self.meant}?" if self.meant else ""
        reason = f" with these values: {self.known}" if self.known else ""
        return f"{self.path} is never read{reason}{advice}"


def unread_keys(trace: Trace) -> tuple[UnreadKey, ...]:
    """The keys in the user's files and flags that no template reads, in their order; those below them are not named.

    Those with `known` are all right: the chart has them among its defaults, in its schema, or in a branch that was not
    taken. The others are without any effect.
    """
    search = _Search(trace)
    return tuple(search.judged(path) for path in search.candidates(trace.given.data, ()))


def known_keys(trace: Trace) -> frozenset[str]:
    """Every key of the values that was read, is given, or has a default, as a user writes it."""
    given = _keys(trace.given.data, ())
    return frozenset(map(dotted, (*_Search(trace).known, *given)))


def dotted(path: Iterable[str | int]) -> str:
    """A path as a user writes it: `workers[0].image`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else ".{}".format(step.replace(".", "\\."))
    return text.removeprefix(".")


class _Search:
    """The keys of one trace: what was read, and what the chart knows."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.charts = list(_charts(trace.whole_chart or trace.chart, ()))
        self.active = {path for path, _ in _charts(trace.chart, ())}
        self.read: set[Path] = {lookup.path for lookup in trace.reads if lookup.kind == "values"}
        self.read |= {way for path, chart in self.charts if chart is not None for way in _switches(chart, path)}
        inner = {path[:length] for path in self.read for length in range(1, len(path))}
        self.entered = inner | (self.active - {()}) | {(*path, _GLOBAL) for path in self.active}

    def candidates(self, value: Any, path: Path) -> Iterator[Path]:
        """The keys below one that nothing read."""
        items: Iterable[tuple[str | int, Any]]
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for step, inner in items:
            here = (*path, step)
            if here in self.entered:
                yield from self.candidates(inner, here)
            elif here not in self.read and isinstance(step, str):
                yield here

    def judged(self, path: Path) -> UnreadKey:
        """What is to say of a key that nothing read."""
        layer = self.giver(path)
        name = "" if layer is None else f"-f {layer.name}" if layer.kind == "values_file" else layer.name
        position = None if layer is None else _key_position(layer, path)
        known = self.reason(path, position)
        return UnreadKey(dotted(path), path, name, position, known, "" if known else self.nearest(path))

    def giver(self, path: Path) -> Layer | None:
        """The last layer that gives a key, or something below it."""
        given = self.trace.given
        below = (each for each in reversed(given.layers) if any(way.path[: len(path)] == path for way in each.places))
        return given.giver(path) or next(below, None)

    def reason(self, path: Path, position: Position | None) -> str:
        """Why a key is no mistake; empty if it may be one."""
        owners = [(place, chart) for place, chart in self.charts if path[: len(place)] == place]
        off = next((place for place, _ in owners if place not in self.active), None)
        if off is not None:
            return f"the subchart {dotted(off)} is off"
        if position is not None and _ANCHORED.search(position.source.line_text(position.line)):
            return "it holds an anchor"
        holders = [(path[len(place) :], chart) for place, chart in owners]
        if path[0] == _GLOBAL:
            holders += [(path, chart) for place, chart in self.charts if place]
        for inner, chart in holders:
            if chart is not None and _has(chart.values, inner):
                return "it is among the chart's defaults"
            if chart is not None and chart.schema is not None and schema_names(chart.schema, inner):
                return "the chart's schema names it"
        if any(inner and self.mentions.has(inner) for inner, _ in holders) or self.in_text(path):
            return "what reads it is not reached"
        return ""

    @cached_property
    def mentions(self) -> Mentions:
        """What the templates of all charts name, those of subcharts that are off included."""
        whole = self.trace.whole_chart or self.trace.chart
        files = {f"{chart.location}/{file.name}": file.text for chart in whole.walk() for file in chart.templates}
        return mentions_of(parsed(files, functions(self.trace.profile)))

    def in_text(self, path: Path) -> bool:
        """Whether a text that a chart may take for a template has a key: a value, or one of the chart's files."""
        wanted = f".Values.{dotted(path)}"
        texts = [layer.source.text for layer in self.trace.given.layers]
        for _, chart in self.charts:
            if chart is not None:
                texts += [file.text for file in chart.files if not file.is_crd]
                texts += [chart.values_source.text] if chart.values_source else []
        return any(wanted in text for text in texts)

    def nearest(self, path: Path) -> str:
        """The key that may have been meant: one that ends like it, has nearly its name, or its name elsewhere."""
        from difflib import SequenceMatcher, get_close_matches

        name, known = str(path[-1]), self.known
        longer = [other for other in known if len(path) > 1 and len(other) > len(path) and other[-len(path) :] == path]
        if longer:
            return dotted(longer[0])
        beside = {str(other[-1]): other for other in known if other[:-1] == path[:-1]}
        near = get_close_matches(name, beside, n=1, cutoff=_SIMILAR) or [
            other for other in sorted(beside) if min(len(name), len(other)) > 2 and _is_start(name, other)
        ]
        if near:
            return dotted(beside[near[0]])
        wanted = dotted(path)
        ranked = [
            (SequenceMatcher(None, wanted, dotted(other)).ratio(), dotted(other))
            for other in known
            if other[-1] == path[-1] and len(other) >= len(path)
        ]
        best = max(ranked, default=(0.0, ""))
        return best[1] if best[0] >= _ALIKE else ""

    @cached_property
    def known(self) -> Collection[Path]:
        """Every key that was read or has a default, in a fixed order."""
        found = set(self.read) | self.entered
        for place, chart in self.charts:
            if place in self.active and chart is not None:
                found |= {(*place, *inner) for inner in _keys(chart.values, ())}
        # What the user gives is no proof of itself.
        wrong = set(self.candidates(self.trace.given.data, ()))
        return sorted((path for path in found if path and path not in wrong), key=dotted)


def _charts(chart: Chart, path: Path) -> Iterator[tuple[Path, Chart | None]]:
    """Every chart with the way to its values; `None` for a dependency that is declared and not there."""
    yield path, chart
    children = {child.name: child for child in chart.dependencies}
    declared = {entry.name for entry in chart.metadata.dependencies}
    names = {entry.alias or entry.name: entry.name for entry in chart.metadata.dependencies}
    names |= {name: name for name in children if name not in declared}
    for shown, name in names.items():
        child = children.get(shown) or children.get(name)
        if child is None:
            yield (*path, shown), None
        else:
            yield from _charts(child, (*path, shown))


def _switches(chart: Chart, path: Path) -> Iterator[Path]:
    """The keys that Helm itself reads: conditions, tags, and what is imported from subcharts."""
    for entry in chart.metadata.dependencies:
        for condition in filter(None, entry.condition.replace(" ", "").split(",")):
            yield (*path, *condition.split("."))
        for tag in entry.tags:
            yield ("tags", tag)
            yield (*path, "tags", tag)
        for item in entry.import_values:
            way = f"exports.{item}" if isinstance(item, str) else str(item.get("child", ""))
            yield (*path, entry.alias or entry.name, *way.split("."))


def _has(values: Mapping[str, Any], path: Path) -> bool:
    node: Any = values
    for step in path:
        if isinstance(node, Mapping) and step in node:
            node = node[step]
        elif isinstance(node, list) and isinstance(step, int) and node:
            # All items of a list are taken to be alike.
            node = node[min(step, len(node) - 1)]
        else:
            return False
    return True


def _keys(values: Mapping[str, Any], path: Path) -> Iterator[Path]:
    for key, value in values.items():
        yield (*path, key)
        if isinstance(value, Mapping):
            yield from _keys(value, (*path, key))


def _is_start(one: str, other: str) -> bool:
    return one.lower().startswith(other.lower()) or other.lower().startswith(one.lower())


def _key_position(layer: Layer, path: Path) -> Position | None:
    """Where a layer writes a key; `Layer.position` gives the place of its value."""
    if layer.places:
        below = [place.offset for place in layer.places if tuple(place.path[: len(path)]) == path]
        return Position(layer.source, below[0]) if below else layer.position(path)
    count = len(list(split_documents(layer.source.text))) if layer.profile.merges_documents else 0
    for document in reversed(range(count)) if count else [None]:
        offset = load_positions(layer.source, document=document)[1].key(path)
        if offset is not None:
            return Position(layer.source, offset)
    return None
