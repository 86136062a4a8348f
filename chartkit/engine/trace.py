"""A render that knows where its characters came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chartkit.chart.chart import Chart
from chartkit.engine.contexts import Contexts
from chartkit.engine.render import Rendering
from chartkit.gotemplate.origins import OriginTable
from chartkit.origin import Lookup, Span
from chartkit.values.inputs import ValuesInput


@dataclass(frozen=True)
class Trace(Rendering):
    """The texts of one render, with the origin of their characters.

    Attributes:
        spans: by template path, the spans of its text in order.
        reads: every key that some template read, and what it held.
        given: the values that the user gave.
        whole_chart: the chart as it was loaded, disabled subcharts included.
    """

    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    reads: tuple[Lookup, ...] = ()
    given: ValuesInput = field(default_factory=ValuesInput)
    whole_chart: Chart | None = None


def origin_table(contexts: Contexts) -> OriginTable:
    """The table that knows the values, Chart.yaml and the release of every chart of a render.

    Every subchart has a copy of the root's globals; a user sets them at the root, so that is where they are found.
    """
    table = OriginTable()
    root = contexts.charts[0][1]["Values"]
    for path, context in contexts.charts:
        values = context["Values"]
        shared = values.get("global")
        if isinstance(shared, dict):
            table.register(shared, "values", ("global",))
            if path:
                table.also(shared, (*path, "global"), root.get("global"))
        table.register(values, "values", path)
        if isinstance(context["Chart"], dict):
            table.register(context["Chart"], "chart_metadata", (*path, "Chart"))
    table.register(contexts.release, "release", ("Release",))
    return table
