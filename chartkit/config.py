"""The configuration: `chartkit.yaml`, `.chartkit.yaml`, or `[tool.chartkit]` in pyproject.toml.

    chart: charts/app                   # the chart, where no other is named
    helm: "4.3"                         # whose behaviour to reproduce
    expect: registry.example.com        # where images must come from
    allow: [docker.io/library/busybox]  # images that may come from elsewhere
    rules:
      CK101: error                      # error, warning, info or off
      CK114: {level: warning, ignore: ["charts/legacy/*"]}
    targets:                            # the renders that count
      - name: prod
        values: [values-common.yaml, "values-prod-*.yaml"]

Paths are relative to the file. A target's `expect` stands in place of the general one, its `allow` adds to it. Where
`values` has a name with `*`, `?` or `[`, it stands for several files, and the target for one render with each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chartkit.configtypes import LEVELS, Config, RuleSetting, Target

__all__ = [
    "LEVELS",
    "NAMES",
    "PYPROJECT",
    "Config",
    "RuleSetting",
    "Target",
    "load_config",
    "read_config",
    "upwards",
]

NAMES: Final = ("chartkit.yaml", ".chartkit.yaml")
"""The files that hold a configuration and nothing else; of two in one folder the first counts."""

PYPROJECT: Final = "pyproject.toml"


def load_config(start: Path) -> Config | None:
    """The configuration for a folder: the nearest in it or above it, up to the root of the repository.

    A chartkit.yaml anywhere on the way goes before a pyproject.toml.

    Raises:
        InputError: it cannot be read, has a key that is not known, or a value of the wrong kind; with the position.
    """
    folders = list(upwards(start))
    for folder in folders:
        for name in NAMES:
            if (folder / name).is_file():
                return read_config(folder / name)
    for folder in folders:
        if (folder / PYPROJECT).is_file():
            found = read_config(folder / PYPROJECT)
            if found is not None:
                return found
    return None


def read_config(path: Path) -> Config | None:
    """The configuration in a file; `None` for a pyproject.toml that has none.

    Raises:
        InputError: as `load_config`.
    """
    # The reader is imported where there is something to read: most renders have no configuration.
    from chartkit.configreader import read

    return read(path)


def upwards(start: Path) -> Iterator[Path]:
    """A folder and those above it, up to the root of the repository it belongs to; relative while that is possible."""
    folder = start
    for above in (start.absolute(), *start.absolute().parents):
        yield folder
        if (above / ".git").exists():
            return
        below = folder != folder.parent and ".." not in folder.parts
        folder = folder.parent if below else above.parent
