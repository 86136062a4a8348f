"""What a repository holds: charts, and the values files that go with them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PASSED_OVER: Final = frozenset(("node_modules", "venv", "vendor", "__pycache__", "templates"))
_LIBRARY: Final = re.compile(r"^type:\s*[\"']?library\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FoundChart:
    """A chart of a repository; all paths are relative to its root.

    Attributes:
        path: the chart's folder.
        values: the values files that seem to be for it, beside its own values.yaml.
    """

    path: Path
    values: tuple[Path, ...]


def find_charts(root: Path) -> list[FoundChart]:
    """The charts in a folder, without libraries and without the subcharts inside other charts."""
    files = sorted(_files(root))
    charts = [file.parent for file in files if file.name == "Chart.yaml"]
    charts = [chart for chart in charts if not any(chart != other and _holds(other, chart) for other in charts)]
    charts = [chart for chart in charts if not _LIBRARY.search(_text(root / chart / "Chart.yaml"))]
    values = [file for file in files if _is_values_file(file)]
    return [FoundChart(chart, tuple(file for file in values if _owner(file, charts) == chart)) for chart in charts]


def _files(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if not name.startswith(".") and name not in _PASSED_OVER]
        for name in files:
            if name.endswith((".yaml", ".yml")):
                yield Path(folder, name).relative_to(root)


def _holds(outer: Path, inner: Path) -> bool:
    return inner.is_relative_to(outer / "charts")


def _is_values_file(file: Path) -> bool:
    return "values" in file.stem and file.name != "values.yaml" and not file.stem.endswith(".schema")


def _owner(file: Path, charts: list[Path]) -> Path | None:
    """The chart around a values file, or the one whose name is part of its path, or the only one there is."""
    around = [chart for chart in charts if file.is_relative_to(chart)]
    if around:
        return max(around, key=lambda chart: len(chart.parts))
    named = [chart for chart in charts if chart.name and chart.name in file.as_posix()]
    candidates = named or charts
    return candidates[0] if len(candidates) == 1 else None


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="surrogateescape")
