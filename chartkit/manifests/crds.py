"""The CRD files of a chart and its subcharts."""

from __future__ import annotations

from chartkit.chart.chart import Chart


def chart_crds(chart: Chart) -> tuple[tuple[str, str], ...]:
    """Path and text of each manifest in the crds folders: the chart's own first, then those of its subcharts."""
    return tuple((f"{each.full_path}/{file.name}", file.text) for each in chart.walk() for file in each.crds)
