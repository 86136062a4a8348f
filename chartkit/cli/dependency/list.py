"""`chartkit dependency list`: the table that `helm dependency list` prints."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from chartkit.chart.chart import Chart
from chartkit.chart.dependency_status import dependency_status, undeclared
from chartkit.chart.loader import load_chart
from chartkit.cli.command import Command
from chartkit.cli.dependency.folder import DEPENDENCY, chart_path
from chartkit.cli.exits import tell
from chartkit.cli.flags import Flag, as_integer
from chartkit.cli.pipeline import put
from chartkit.cli.subject import read_command

_WIDTH: Final = 80
_ELLIPSIS: Final = "..."


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit dependency list`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    path = chart_path(words)
    chart = load_chart(path, profile=profile)
    if not chart.metadata.declares:
        tell(f"WARNING: no dependencies at {os.path.join(path, 'charts')}")
        return 0
    width = as_integer(words.text("max-col-width", str(_WIDTH)))
    lines = [f"{line}\n" for line in _table(chart, path, width)]
    warnings = [
        f'WARNING: "{extra}" is {"not a chart" if kind == "not a chart" else "not in Chart.yaml"}.\n'
        for extra, kind in undeclared(chart, path)
    ]
    put("".join([*lines, "\n", *warnings]))
    return 0


def _table(chart: Chart, path: str, width: int) -> list[str]:
    rows = [("NAME", "VERSION", "REPOSITORY", "STATUS")]
    for wanted in chart.metadata.dependencies:
        rows.append((wanted.name, wanted.version, wanted.repository, dependency_status(chart, path, wanted)))
    cells = [[_shortened(cell, width) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["\t".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)) for row in cells]


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width or not width else text[: max(width - len(_ELLIPSIS), 0)] + _ELLIPSIS


COMMAND: Final = Command(
    name="dependency list",
    usage="[OPTIONS] CHART",
    help="List the charts that a chart depends on, and whether each is in its charts folder: ok (an archive), unpacked "
    "(a folder), missing, wrong version, misnamed, corrupt, too many matches.",
    flags=(Flag("max-col-width", "the widest a column may be (default: 80)", "integer"), *DEPENDENCY),
    run=run,
)
