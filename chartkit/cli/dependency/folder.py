"""What the dependency commands share: the chart's folder, and how the archives and the lock file get into it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Final

from chartkit.adapters.clock import system_clock
from chartkit.adapters.files import write_atomic
from chartkit.chart.chart import Chart
from chartkit.chart.loader import load_chart
from chartkit.chart.marshal import lock_yaml
from chartkit.chart.requirements import Resolution, update
from chartkit.cli.chart_sources import SOURCES, open_sources, user_repositories
from chartkit.cli.exits import tell
from chartkit.cli.flags import UsageError, Words
from chartkit.cli.helm_flags import OURS
from chartkit.errors import InputError, LoadError
from chartkit.profile import Profile

DEPENDENCY: Final = tuple(flag for flag in OURS if flag.name == "helm")
"""The flag that says whose rules a chart is read by."""

FETCHING: Final = (*DEPENDENCY, *SOURCES)
"""The flags of what may fetch charts."""

_SECOND: Final = 1_000_000_000


def chart_path(words: Words) -> str:
    """The folder that the command line names; by default the working directory.

    Raises:
        UsageError: it names several.
    """
    if len(words.others) > 1:
        raise UsageError(f"one chart at a time: {' and '.join(words.others)}")
    return words.others[0] if words.others else "."


def unpacked_chart(path: str, profile: Profile) -> Chart:
    """The chart in a folder, into which dependencies can be put.

    Raises:
        LoadError: it is an archive, or no chart.
    """
    if os.path.isfile(path):
        raise LoadError("only unpacked charts can be updated", hint=f"{path} is a file: unpack it first")
    return load_chart(path, profile=profile)


def update_folder(path: str, profile: Profile, words: Words) -> None:
    """Bring the newest dependencies into a chart's folder, and write the lock file if anything in it changed.

    Raises:
        ChartError: a dependency cannot be had.
        RegistryError: a repository does not answer.
    """
    chart = unpacked_chart(path, profile)
    if not chart.metadata.dependencies:
        return
    resolution = update(chart, path, open_sources(words), user_repositories(words), generated=_now())
    store(resolution, path, profile)
    if chart.lock is None or chart.lock.digest != resolution.lock.digest:
        name = "requirements.lock" if chart.metadata.api_version == "v1" else "Chart.lock"
        write_atomic(Path(path, name), lock_yaml(resolution.lock).encode("utf-8", "surrogateescape"))


def store(resolution: Resolution, path: str, profile: Profile) -> None:
    """Write the archives into the charts folder, and remove those that they replace.

    What is in the folder and no chart's archive stays: Helm does not remove it either.

    Raises:
        InputError: a file cannot be written.
    """
    base = Path(path, "charts")
    if base.exists() and not base.is_dir():
        raise InputError(f'"{base}" is not a directory')
    for name, data in resolution.archives.items():
        write_atomic(base / name, data)
    base.mkdir(exist_ok=True)
    for file in sorted(base.iterdir()):
        if file.is_dir() or file.name in resolution.archives or not _is_outdated(file, resolution, profile):
            continue
        file.unlink()
        tell(f"removed {file}")


def _is_outdated(file: Path, resolution: Resolution, profile: Profile) -> bool:
    try:
        return load_chart(file, profile=profile).metadata.name not in resolution.local
    except LoadError:
        return False


def _now() -> str:
    """The time as Go writes it: with nanoseconds, without zeros at their end."""
    nanoseconds = system_clock()()
    moment = datetime.fromtimestamp(nanoseconds // _SECOND).astimezone()
    fraction = f".{nanoseconds % _SECOND:09d}".rstrip("0").rstrip(".")
    offset = moment.strftime("%z")
    zone = "Z" if offset == "+0000" else f"{offset[:3]}:{offset[3:]}"
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}{zone}"
