"""`chartkit package`: charts as archives, the same bytes for the same files every time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chartkit.adapters.files import write_atomic
from chartkit.chart.loader import load_chart
from chartkit.chart.package import archive_name, check_complete, pack, renewed
from chartkit.cli.command import Command
from chartkit.cli.dependency.folder import FETCHING, unpacked_chart, update_folder
from chartkit.cli.flags import Flag, UsageError
from chartkit.cli.pipeline import put
from chartkit.cli.subject import read_command
from chartkit.errors import InputError


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit package`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    if not words.others:
        raise UsageError("need at least one argument, the path to the chart")
    epoch = _epoch()
    packed: list[tuple[Path, bytes]] = []
    for path in words.others:
        unpacked_chart(path, profile)
        if words.switch("dependency-update"):
            update_folder(path, profile, words)
        chart = load_chart(path, profile=profile)
        chart = renewed(chart, version=words.text("version"), app_version=words.text("app-version"))
        check_complete(chart)
        packed.append((Path(words.text("destination", "."), archive_name(chart)), pack(chart, epoch=epoch)))
    for file, data in packed:
        write_atomic(file, data)
        put(f"Successfully packaged chart and saved it to: {file.absolute()}\n")
    return 0


def _epoch() -> int | None:
    """The moment that SOURCE_DATE_EPOCH names.

    Raises:
        InputError: it is not a number of seconds.
    """
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if text and not (text.isascii() and text.isdigit() and int(text) < 1 << 33):
        raise InputError(f"SOURCE_DATE_EPOCH is {text!r}, not a number of seconds since 1970")
    return int(text) if text else None


COMMAND: Final = Command(
    name="package",
    usage="[OPTIONS] CHART...",
    help="Pack charts into archives as `helm package` does. The same files always give the same bytes: every file "
    "carries the time of SOURCE_DATE_EPOCH, or without it one fixed time.",
    flags=(
        Flag("destination", "the folder to write to (default: the working directory)", "text", "d"),
        Flag("version", "the version to give the chart", "text"),
        Flag("app-version", "the appVersion to give the chart", "text"),
        Flag("dependency-update", "get the dependencies that Chart.yaml asks for first", short="u"),
        *FETCHING,
    ),
    run=run,
)
