"""`chartkit dependency build`: the charts that the lock file names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.chart.requirements import build
from chartkit.cli.chart_sources import open_sources, user_repositories
from chartkit.cli.command import Command
from chartkit.cli.dependency.folder import FETCHING, chart_path, store, unpacked_chart, update_folder
from chartkit.cli.subject import read_command


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit dependency build`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    path = chart_path(words)
    chart = unpacked_chart(path, profile)
    if chart.lock is None:
        update_folder(path, profile, words)
    else:
        store(build(chart, path, open_sources(words), user_repositories(words)), path, profile)
    return 0


COMMAND: Final = Command(
    name="dependency build",
    usage="[OPTIONS] CHART",
    help="Get the very versions that Chart.lock names into the charts folder; without a lock file, as `update` does. A "
    "lock file that does not belong to Chart.yaml any more is refused.",
    flags=FETCHING,
    run=run,
)
