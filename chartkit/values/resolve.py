"""The way from a loaded chart and the user's values to what templates see: dependencies, defaults, schemas.

The steps can be called one by one, as Helm tells of the first fault in a fixed order and does other checks in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chartkit.chart.chart import Chart
from chartkit.profile import Profile
from chartkit.record import dataclass
from chartkit.values.coalesce import Coalescer, Observer, Tree
from chartkit.values.dependencies import Outcomes, process_dependencies
from chartkit.values.inputs import ValuesInput


@dataclass(frozen=True, slots=True)
class Resolved:
    """A chart that is ready to render.

    Attributes:
        chart: the chart with only the subcharts that are switched on.
        values: the values of the root chart, those of each subchart under its name; a fresh tree.
        warnings: what Helm would say on stderr.
    """

    chart: Chart
    values: Tree
    warnings: tuple[str, ...] = ()


def resolve_values(
    chart: Chart,
    given: ValuesInput,
    *,
    profile: Profile,
    skip_schema: bool = False,
    observer: Observer | None = None,
    known: Outcomes | None = None,
) -> Resolved:
    """The chart and the values that templates see; `known` is kept from one call for a chart to the next.

    Raises:
        ChartError: what is given for a subchart is no map.
        SchemaError: a schema refuses the values.
    """
    warnings: list[str] = list(chart.warnings)
    processed = process_dependencies(
        chart, given.data, profile=profile, observer=observer, warnings=warnings, known=known
    )
    values = coalesce(processed, given.data, profile=profile, observer=observer, warnings=warnings)
    if not skip_schema and any(part.schema is not None for part in processed.walk()):
        from chartkit.values.schema import check_schemas

        check_schemas(processed, values, profile)
    return Resolved(processed, values, tuple(warnings))


def coalesce(
    chart: Chart,
    given: Mapping[str, Any],
    *,
    profile: Profile,
    observer: Observer | None = None,
    warnings: list[str] | None = None,
) -> Tree:
    """A fresh tree of the values of a chart and its subcharts, with the user's over the defaults.

    Raises:
        ChartError: what is given for a subchart is no map.
    """
    coalescer = Coalescer(profile, observer=observer, warnings=[] if warnings is None else warnings)
    return coalescer.values(chart, given)
