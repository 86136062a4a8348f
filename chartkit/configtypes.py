"""What a configuration holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from chartkit.errors import InputError
from chartkit.source import Position

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
    """One render that counts; with wildcards in `chart` or `values`, one for each file that they stand for.

    Attributes:
        name: what it is called.
        chart: its chart, a path or an address (oci://, https://); `None` where neither it nor the configuration names
            one.
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
    chart: Path | str | None = None
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
        charts = self._files(str(self.chart), "chart") if isinstance(self.chart, Path) else [("", "")]
        found: list[tuple[str, tuple[str, ...]]] = [(self.name + suffix, (chart,)) for suffix, chart in charts]
        for name in self.values:
            files = self._files(name, "values file")
            found = [(title + suffix, (*paths, file)) for title, paths in found for suffix, file in files]
        return tuple(
            replace(self, name=title, chart=Path(chart) if chart else self.chart, values=tuple(files))
            for title, (chart, *files) in found
        )

    def _files(self, name: str, kind: str) -> list[tuple[str, str]]:
        if _WILDCARDS.isdisjoint(name) or Path(name).exists():
            return [("", name)]
        from glob import glob

        files = sorted(glob(name, recursive=True))
        if not files:
            raise InputError(f"no {kind} fits {name} (of target {self.name})", position=self.position)
        return [(f" ({Path(file).name})", file) for file in files]


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration.

    Attributes:
        path: the file it is from.
        chart: the chart to use where no other is named, a path or an address.
        helm: whose behaviour to reproduce; empty for the default.
        targets: the renders that count.
        expect: the registries that images must come from.
        allow: images and registries that are fine all the same.
        rules: what is set for single rules, by their ids.
        limits: what one render may use, by the names of the limits; `seconds` for its time.
    """

    path: Path
    chart: Path | str | None = None
    helm: str = ""
    targets: tuple[Target, ...] = ()
    expect: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)

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
