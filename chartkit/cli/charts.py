"""Which chart a command works on, when it was not said, and where that was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chartkit.errors import InputError

CONFIGURATIONS: Final = ("chartkit.yaml", ".chartkit.yaml")
BUNDLED: Final = "orkes-conductor"

_PACKAGE: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class ChosenChart:
    """A chart's path and, for the user, what it was chosen by."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"chart: {self.path} (from {self.reason})"


def choose_chart(named: str, values_files: Sequence[str]) -> ChosenChart:
    """The chart to use: the one named, the configured one, the one around the values file, or the bundled one.

    Args:
        named: what `--chart` says, or the empty string.
        values_files: the values files on the command line; the search starts at the first one's folder.

    Raises:
        InputError: if the configuration cannot be read, what it names is not there, or there is no chart at all.
    """
    start = _start(values_files)
    chosen = ChosenChart(Path(named), "--chart") if named else _configured(start) or _around(start) or _bundled()
    if not chosen.path.exists():
        raise InputError(
            f"there is no chart {chosen.path} (from {chosen.reason})",
            hint="a chart is a folder with a Chart.yaml, or a .tgz archive; charts are not downloaded",
        )
    return chosen


def _start(values_files: Sequence[str]) -> Path:
    first = next((Path(name) for name in values_files if name != "-"), None)
    return first.parent if first else Path()


def _upwards(start: Path) -> Iterator[Path]:
    """A folder and those above it, up to the root of the repository it belongs to."""
    folder = start
    for above in (start.absolute(), *start.absolute().parents):
        yield folder
        if (above / ".git").exists():
            return
        folder = above.parent


def _configured(start: Path) -> ChosenChart | None:
    for folder in _upwards(start):
        for name in CONFIGURATIONS:
            path = folder / name
            if path.is_file():
                chart = _chart_entry(path)
                return ChosenChart(folder / chart, str(path)) if chart else None
    return None


def _chart_entry(path: Path) -> str:
    from chartkit.goyaml.failure import YAMLError
    from chartkit.goyaml.load import load

    try:
        content = load(path.read_text(encoding="utf-8", errors="surrogateescape"))
    except YAMLError as error:
        raise InputError(f"{path}: {error}") from error
    if content is None:
        return ""
    chart = content.get("chart", "") if isinstance(content, dict) else None
    if not isinstance(chart, str):
        raise InputError(f"{path}: must be a mapping, and its `chart` the path of a chart")
    return chart


def _around(start: Path) -> ChosenChart | None:
    for folder in _upwards(start):
        if (folder / "Chart.yaml").is_file():
            return ChosenChart(folder, f"{folder / 'Chart.yaml'}")
    return None


def _bundled() -> ChosenChart:
    for place in (_PACKAGE / "_charts", _PACKAGE.parent / "charts"):
        if (place / BUNDLED / "Chart.yaml").is_file():
            return ChosenChart(place / BUNDLED, "chartkit itself, as no other was named or found")
    raise InputError("no chart was named or found", hint="name one with --chart, or in chartkit.yaml")
