"""Which chart a command works on, when it was not said, and where that was found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chartkit.config import load_config, upwards
from chartkit.errors import InputError
from chartkit.record import dataclass

BUNDLED: Final = "orkes-conductor"

_FORMS: Final = "a chart is a folder with a Chart.yaml, a .tgz archive, or an address: oci://, https://"
_PACKAGE: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class ChosenChart:
    """A chart's path or address and, for the user, what it was chosen by."""

    path: Path | str
    reason: str

    def __str__(self) -> str:
        return f"chart: {self.path} (from {self.reason})"


def choose_chart(named: str, values_files: Sequence[str]) -> ChosenChart:
    """The chart to use: the one named, the configured one, the one around the values file, or the bundled one.

    Args:
        named: what `--chart` says, or the empty string; an address is taken as it is.
        values_files: the values files on the command line; the search starts at the first one's folder.

    Raises:
        InputError: if the configuration cannot be read, what it names is not there, or there is no chart at all.
    """
    start = start_folder(values_files)
    if "://" in named:
        return ChosenChart(named, "--chart")
    chosen = ChosenChart(Path(named), "--chart") if named else _configured(start) or _around(start) or _bundled()
    if isinstance(chosen.path, Path) and not chosen.path.exists():
        raise InputError(
            f"there is no chart {chosen.path} (from {chosen.reason})",
            hint=_meant(chosen.path) or _FORMS,
        )
    return chosen


def _meant(path: Path) -> str:
    """The chart beside the path that may have been meant."""
    from difflib import get_close_matches

    if not path.parent.is_dir():
        return ""
    charts = [each.name for each in path.parent.iterdir() if (each / "Chart.yaml").is_file() or each.suffix == ".tgz"]
    near = get_close_matches(path.name, charts, n=1)
    return f"did you mean {path.with_name(near[0])}?" if near else ""


def start_folder(words: Sequence[str]) -> Path:
    """Where the search for a configuration or a chart starts.

    Args:
        words: values files and charts; the first one's folder it is, and without any the working directory.
    """
    first = next((Path(name) for name in words if name != "-"), None)
    if first is None:
        return Path()
    return first if first.is_dir() else first.parent


def _configured(start: Path) -> ChosenChart | None:
    config = load_config(start)
    return ChosenChart(config.chart, str(config.path)) if config and config.chart else None


def _around(start: Path) -> ChosenChart | None:
    for folder in upwards(start):
        if (folder / "Chart.yaml").is_file():
            return ChosenChart(folder, f"{folder / 'Chart.yaml'}")
    return None


def _bundled() -> ChosenChart:
    for place in (_PACKAGE / "_charts", _PACKAGE.parent / "charts"):
        if (place / BUNDLED / "Chart.yaml").is_file():
            return ChosenChart(place / BUNDLED, "chartkit itself, as no other was named or found")
    raise InputError("no chart was named or found", hint="name one with --chart, or in chartkit.yaml")
