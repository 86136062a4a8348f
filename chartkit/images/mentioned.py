"""Registry keys below a map that is not there: a template that finds no `global` looks no further into it."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import Final

from chartkit.chart.chart import Chart
from chartkit.origin import Lookup, Path

_GLOBAL: Final = "global"
_CHAIN: Final = re.compile(r"\bglobal\)*((?:\)*\.\w+)+)")
_NAME: Final = re.compile(r"\.(\w*[rR]egistry)\b")
_ASIDE: Final = re.compile(r"secret|pull|cred|user|pass|enabled", re.IGNORECASE)
_MOST: Final = 4


class MentionedKeys:
    """The registry keys that a chart's templates name anywhere."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart

    def below(self, lookup: Lookup) -> tuple[Path, ...]:
        """The keys that may be read once a map is there; none below anything but globals that are absent or empty."""
        if lookup.kind != "values" or lookup.value or lookup.path[-1:] != (_GLOBAL,):
            return ()
        return tuple((*lookup.path, *steps) for steps in self._registries)

    @cached_property
    def _registries(self) -> tuple[Path, ...]:
        """The ways from the globals to registries, those that are named most often first."""
        counts: Counter[Path] = Counter()
        for chart in self._chart.walk():
            for file in chart.templates:
                if _GLOBAL not in file.text:
                    continue
                chains = (
                    tuple(found[1].replace(")", "").strip(".").split(".")) for found in _CHAIN.finditer(file.text)
                )
                counts.update(chain for chain in chains if _names_registry(chain))
                # Inside `with .Values.global` the names stand alone.
                counts.update((found[1],) for found in _NAME.finditer(file.text) if _names_registry((found[1],)))
        return tuple(path for path, _ in counts.most_common(_MOST))


def _names_registry(chain: tuple[str, ...]) -> bool:
    last = chain[-1].lower()
    return ("registry" in last or last == "hub") and not _ASIDE.search(".".join(chain))
