"""Declared dependencies: the lock file, and whether what Chart.yaml asks for is there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from chartkit.chart.chart import Chart, Lock
from chartkit.chart.godecode import DECODING, DecodeError, Place
from chartkit.chart.metadata import ChartYamlDecoder
from chartkit.errors import DependencyError, LoadError
from chartkit.goquote import quote
from chartkit.goyaml.load import YAMLError
from chartkit.profile import Profile

_LOCK: Final[Mapping[str, tuple[str, str]]] = {
    "generated": ("generated", "moment"),
    "digest": ("digest", "text"),
    "dependencies": ("dependencies", "dependencies"),
}

_TIME_LAYOUT: Final = "2006-01-02T15:04:05Z07:00"
_TIME_PARTS: Final = (
    ("2006", "[0-9]{4}"), ("-", "-"), ("01", "[0-9]{2}"), ("-", "-"), ("02", "[0-9]{2}"), ("T", "T"),
    ("15", "[0-9]{2}"), (":", ":"), ("04", "[0-9]{2}"), (":", ":"), ("05", r"[0-9]{2}([.,][0-9]+)?"),
    ("Z07:00", "Z|[+-][0-9]{2}:[0-9]{2}"),
)  # fmt: skip


class _LockDecoder(ChartYamlDecoder):
    """The decoder for lock files, which hold a time."""

    def moment(self, value: Any, place: Place) -> str:
        """A time; only whether it is one matters."""
        if type(value) is not str:
            if self.profile.json_errors_v2:
                raise self.wrong(value, "time.Time", place)
            raise DecodeError(f"{DECODING}Time.UnmarshalJSON: input is not a JSON string")
        rest = value
        for name, pattern in _TIME_PARTS:
            match = re.match(pattern, rest)
            if match is None:
                layout = f"parsing time {quote(value)} as {quote(_TIME_LAYOUT)}"
                raise DecodeError(f"{DECODING}{layout}: cannot parse {quote(rest)} as {quote(name)}")
            rest = rest[match.end() :]
        if rest:
            raise DecodeError(f"{DECODING}parsing time {quote(value)}: extra text: {quote(rest)}")
        return value


def decode_lock(name: str, data: bytes, profile: Profile) -> Lock:
    """The lock file `name`.

    Raises:
        LoadError: the text is no YAML, or a field has the wrong type.
    """
    decoder = _LockDecoder(profile)
    try:
        found: dict[str, Any] = decoder.struct(decoder.load(data), _LOCK, Place(), f"{decoder.package}.Lock")
    except YAMLError as error:
        raise LoadError(f"cannot load {name}: {error.full}") from error
    except DecodeError as error:
        raise LoadError(f"cannot load {name}: {error}") from error
    return Lock(**found)


def missing_dependencies(chart: Chart) -> tuple[str, ...]:
    """The names of the declared dependencies that are not in the chart's `charts` folder.

    Only names count: Helm accepts a subchart of another version here, and an entry with a `file://` repository must be
    in the folder like any other.
    """
    present = {dependency.name for dependency in chart.dependencies}
    return tuple(wanted.name for wanted in chart.metadata.dependencies if wanted.name not in present)


def check_installable(chart: Chart) -> None:
    """Refuse a chart that `helm template` refuses before it looks at any values.

    Raises:
        LoadError: it only lends its templates to others, or has an apiVersion that the release line does not install.
        DependencyError: some of its dependencies are missing.
    """
    if chart.profile.major > 3 and chart.metadata.api_version not in ("v1", "v2"):
        raise LoadError("invalid chart apiVersion")
    if chart.metadata.is_library:
        raise LoadError("library charts are not installable")
    missing = missing_dependencies(chart)
    if not missing:
        return
    article = "An" if chart.profile.major == 3 else "an"
    tick = "`" if chart.profile.backtick_advice else "'"
    raise DependencyError(
        f"{article} error occurred while checking for chart dependencies. You may need to run "
        f"{tick}helm dependency build{tick} to fetch missing dependencies: "
        f"found in Chart.yaml, but missing in charts/ directory: {', '.join(missing)}",
        hint="Put the missing charts into the charts folder, as folders or as .tgz files.",
    )
