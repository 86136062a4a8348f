"""Where the goldens of our own charts lie, and the list of their checksums.

A golden is what real Helm printed for a chart with one values file: `NAME.yaml`, or what it said in refusing it:
`NAME.error.txt`. Older versions of Helm have goldens of their own, such as `4.2/NAME.yaml`, only where they answer
otherwise than the next newer one. Only `record.py` writes goldens and their checksums; tests never do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
GOLDENS: Final = ROOT / "fixtures" / "goldens"
CHECKSUMS: Final = GOLDENS / "SHA256SUMS"
VERSIONS: Final = {"4.3": "4.3.1", "4.2": "4.2.3", "4.1": "4.1.4", "3.17": "3.17.2"}
"""The version of Helm that stands for each profile, the newest first."""
RELEASE: Final = "release-name"
_TEXT: Final = ".yaml"
_ERROR: Final = ".error.txt"


@dataclass(frozen=True, slots=True)
class Pair:
    """A chart of ours with one values file."""

    chart: Path
    values: Path

    @property
    def id(self) -> str:
        """A name for tests and reports."""
        return f"{self.chart.name}/{self.values.stem}"

    def golden(self, profile: str, *, error: bool = False) -> Path:
        """Where the answer of the profile's own version lies, if it was worth recording."""
        folder = GOLDENS / self.chart.name / ("" if profile == next(iter(VERSIONS)) else profile)
        return folder / f"{self.values.stem}{_ERROR if error else _TEXT}"

    def recorded(self, profile: str) -> Path:
        """The golden that holds for the profile: its own, or that of the nearest newer one."""
        profiles = list(VERSIONS)
        for each in reversed(profiles[: profiles.index(profile) + 1]):
            for path in (self.golden(each), self.golden(each, error=True)):
                if path.is_file():
                    return path
        return self.golden(profile)


def is_error(golden: Path) -> bool:
    """Whether Helm refused."""
    return golden.name.endswith(_ERROR)


def pairs() -> Iterator[Pair]:
    """Every chart of ours with every values file made for it; `fixtures/orkes` belongs to `charts/orkes-conductor`."""
    for chart in sorted(path.parent for path in (ROOT / "charts").glob("*/Chart.yaml")):
        for folder in sorted(path for path in (ROOT / "fixtures").iterdir() if path.is_dir()):
            if f"{chart.name}-".startswith(f"{folder.name}-"):
                yield from (Pair(chart, values) for values in sorted(folder.glob("*.yaml")))


def checksums() -> str:
    """The checksums of all goldens, in the form that `sha256sum --check` reads."""
    files = sorted(path for path in GOLDENS.rglob("*") if path.is_file() and path != CHECKSUMS)
    sums = ((hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(GOLDENS).as_posix()) for path in files)
    return "".join(f"{digest}  {name}\n" for digest, name in sums)
