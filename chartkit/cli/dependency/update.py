"""`chartkit dependency update`: the newest charts that Chart.yaml admits, and the lock file that names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.cli.command import Command
from chartkit.cli.dependency.folder import FETCHING, chart_path, update_folder
from chartkit.cli.subject import read_command


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit dependency update`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    update_folder(chart_path(words), profile, words)
    return 0


COMMAND: Final = Command(
    name="dependency update",
    usage="[OPTIONS] CHART",
    help="Get the newest version of each dependency that Chart.yaml admits into the charts folder, remove the archives "
    "that it replaces, and write Chart.lock with Helm's digest. Nothing is written before everything is fetched.",
    flags=FETCHING,
    run=run,
)
