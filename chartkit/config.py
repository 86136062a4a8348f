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

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from chartkit.errors import InputError
from chartkit.source import Position

NAMES: Final = ("chartkit.yaml", ".chartkit.yaml")
"""The files that hold a configuration and nothing else; of two in one folder the first counts."""

PYPROJECT: Final = "pyproject.toml"
LEVELS: Final = ("error", "warning", "info", "off")

_WILDCARDS: Final = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What is set for one rule.

    Attributes:
        level: one of `LEVELS`; empty for the rule's own.
        ignore: patterns of what the rule is not told of.
    """

    level: str = ""
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One render that counts; with wildcards in `values`, one for each file that they stand for.

    Attributes:
        name: what it is called.
        chart: its chart; `None` where neither it nor the configuration names one.
        values: values files, paths as one would type them in the working directory.
        set: what to set, as for `--set`.
        release: the name of the release.
        namespace: its namespace.
        kube_version: the Kubernetes version to render for.
        api_versions: further API versions of the cluster.
        expect: the registries that images must come from.
        allow: images and registries that are fine all the same.
        position: where it is written.
    """

    name: str
    chart: Path | None = None
    values: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    release: str = ""
    namespace: str = ""
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    position: Position | None = field(default=None, compare=False, repr=False)

    def expand(self) -> tuple[Target, ...]:
        """The renders that the target stands for, without wildcards, in the order of the files' names.

        Raises:
            InputError: a pattern fits no file.
        """
        found: list[tuple[str, tuple[str, ...]]] = [(self.name, ())]
        for name in self.values:
            found = [(title + suffix, (*files, file)) for title, files in found for suffix, file in self._files(name)]
        return tuple(replace(self, name=title, values=files) for title, files in found)

    def _files(self, name: str) -> list[tuple[str, str]]:
        if _WILDCARDS.isdisjoint(name) or Path(name).exists():
            return [("", name)]
        from glob import glob

        files = sorted(glob(name, recursive=True))
        if not files:
            raise InputError(f"no values file fits {name} (of target {self.name})", position=self.position)
        return [(f" ({Path(file).name})", file) for file in files]


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration.

    Attributes:
        path: the file it is from.
        chart: the chart to use where no other is named.
        helm: whose behaviour to reproduce; empty for the default.
        targets: the renders that count.
        expect: the registries that images must come from.
        allow: images and registries that are fine all the same.
        rules: what is set for single rules, by their ids.
    """

    path: Path
    chart: Path | None = None
    helm: str = ""
    targets: tuple[Target, ...] = ()
    expect: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder that its paths are relative to."""
        return self.path.parent

    def target(self, name: str) -> Target:
        """The target of a name.

        Raises:
            InputError: there is none.
        """
        for each in self.targets:
            if each.name == name:
                return each
        known = ", ".join(each.name for each in self.targets) or "none at all"
        raise InputError(f"{self.path}: there is no target {name}", hint=f"the file has {known}")


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
