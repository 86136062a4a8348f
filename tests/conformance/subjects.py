"""What there is to compare: charts under a folder, each with its own defaults and with the values files beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

_NO_VALUES: Final = frozenset({"templates", "charts", "crds"})


@dataclass(frozen=True, slots=True)
class Subject:
    """A chart with one values file, or with its defaults.

    Attributes:
        id: the chart's path below the folder, `::`, and the values file or `-`.
        chart: the chart's folder.
        values: the values file, if there is one.
        recorded: what a catalogue says that Helm answered.
    """

    id: str
    chart: Path
    values: Path | None
    recorded: dict[str, Any] | None = None


def find_subjects(folder: Path, repos: list[str], *, all_values: bool = False) -> Iterator[Subject]:
    """Every chart below the folder, or below some of its subfolders."""
    for top in [folder / repo for repo in repos] or [folder]:
        for chart in _charts(top):
            name = chart.relative_to(folder).as_posix()
            yield Subject(f"{name}::-", chart, None)
            for values in _values_files(chart, all_values=all_values):
                yield Subject(f"{name}::{values.relative_to(chart).as_posix()}", chart, values)


def recorded_subjects(folder: Path, catalogue: Path, repos: list[str]) -> Iterator[Subject]:
    """Every row of a catalogue; `owner/name` lies in the folder as `owner+name`."""
    with catalogue.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            repo = row["repo"].replace("/", "+", 1)
            if not repos or repo in repos:
                chart = folder / repo / row["chart"]
                yield Subject(row["id"], chart, chart / row["values"] if row["values"] else None, row)


def chosen(subjects: Iterator[Subject], patterns: list[str]) -> list[Subject]:
    """The subjects whose id fits one of the patterns; all if there is none."""
    return [each for each in subjects if not patterns or any(fnmatch(each.id, pattern) for pattern in patterns)]


def _charts(top: Path) -> Iterator[Path]:
    """Folders with a Chart.yaml; a chart's own subcharts do not count."""
    for base, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if "Chart.yaml" in files:
            folders[:] = [name for name in folders if name not in _NO_VALUES]
            yield Path(base)


def _values_files(chart: Path, *, all_values: bool) -> list[Path]:
    patterns = ["ci/*-values.yaml"] + (["values*.yaml", "values*.yml", "ci/*.yaml"] if all_values else [])
    found = {path for pattern in patterns for path in chart.glob(pattern) if path.is_file()}
    return sorted(found - {chart / "values.yaml"})
