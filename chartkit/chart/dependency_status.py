"""What `helm dependency list` says of each dependency: whether it is there, and in a version that is admitted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from chartkit.chart.chart import Chart
from chartkit.chart.loader import load_chart
from chartkit.chart.metadata import Dependency
from chartkit.constraint import Constraint, InvalidConstraint, InvalidVersion, Version
from chartkit.errors import LoadError

# Semantic Versioning 2.0.0 without the leniences that constraints have: three numbers, and no `v` in front.
_STRICT: Final = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][\da-zA-Z-]*))*)?(\+[\da-zA-Z-]+(\.[\da-zA-Z-]+)*)?"
)


def dependency_status(chart: Chart, folder: str, wanted: Dependency) -> str:
    """One of `ok` (an archive), `unpacked` (a folder), `missing`, `wrong version`, `invalid version`, `misnamed`,
    `corrupt` and `too many matches`.
    """
    archives = _archives(folder, wanted.name)
    if len(archives) > 1:
        archives = [each for each in archives if _STRICT.fullmatch(_version_part(each, wanted.name))]
        if len(archives) > 1:
            return "too many matches"
    if archives:
        return _archive_status(os.path.join(folder, "charts", archives[0]), chart, wanted)
    present = [each for each in chart.dependencies if each.name == wanted.name]
    if not present:
        return "missing"
    return _fault(wanted, present[-1].metadata.version) or "unpacked"


def undeclared(chart: Chart, folder: str) -> Iterator[tuple[str, str]]:
    """The paths in the charts folder that no dependency asks for, each with what it is: `not a chart` or `extra`."""
    names = {wanted.name for wanted in chart.metadata.dependencies}
    base = os.path.join(folder, "charts")
    for entry in sorted(os.listdir(base)) if os.path.isdir(base) else ():
        path = os.path.join(base, entry)
        if not os.path.isdir(path) and not entry.endswith(".tgz"):
            continue
        try:
            found = load_chart(path, profile=chart.profile)
        except LoadError:
            yield path, "not a chart"
            continue
        if found.metadata.name not in names:
            yield path, "extra"


def _archives(folder: str, name: str) -> list[str]:
    base = os.path.join(folder, "charts")
    if not os.path.isdir(base):
        return []
    return sorted(each for each in os.listdir(base) if each.startswith(f"{name}-") and each.endswith(".tgz"))


def _version_part(archive: str, name: str) -> str:
    return archive.removesuffix(".tgz").removeprefix(f"{name}-")


def _archive_status(path: str, chart: Chart, wanted: Dependency) -> str:
    try:
        found = load_chart(path, profile=chart.profile)
    except LoadError:
        return "corrupt"
    if found.metadata.name != wanted.name:
        return "misnamed"
    return _fault(wanted, found.metadata.version) or "ok"


def _fault(wanted: Dependency, version: str) -> str:
    if version == wanted.version:
        return ""
    try:
        matches = Constraint.parse(wanted.version).matches(Version.parse(version))
    except (InvalidConstraint, InvalidVersion):
        return "invalid version"
    return "" if matches else "wrong version"
