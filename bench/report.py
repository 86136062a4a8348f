"""The tables of results, as Markdown that also reads well as plain text."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sections import CLI, FIRST, GO, GREP, HELM, OURS, RENDER, TRACED, Row
from timing import Spread

_NONE = "-"


@dataclass(slots=True)
class Report:
    """All that was measured.

    Attributes:
        core: where it ran.
        missing: what could not be compared with, and why.
        files: how many values files a matrix had.
    """

    core: str
    missing: tuple[str, ...] = ()
    warm: list[Row] = field(default_factory=list)
    cold: list[Row] = field(default_factory=list)
    matrix: list[Row] = field(default_factory=list)
    files: int = 0
    memory: list[tuple[str, int, float | None]] = field(default_factory=list)
    growth: Mapping[str, Mapping[str, Sequence[tuple[int, float]]]] = field(default_factory=dict)

    def text(self) -> str:
        """The whole text."""
        return "\n".join(line for part in self._parts() for line in (*part, "")).rstrip("\n") + "\n"

    def _parts(self) -> Iterator[list[str]]:
        yield ["# Speed beside Helm"]
        place = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {self.core}."
        yield [place, "", "Times are processor time, that of started programs included. A ratio says how many times",
               "longer the other takes: the median over rounds in which each took its turn, and in",
               "brackets the middle half of them."]  # fmt: skip
        if self.missing:
            yield ["Not compared with:", "", *(f"- {text}" for text in self.missing)]
        if self.warm:
            yield ["## Render after render in one process", "", *_warm(self.warm)]
        if self.cold:
            yield ["## One process per render", "", *_cold(self.cold)]
        if self.matrix:
            yield [f"## {self.files} values files", "", *_matrix(self.matrix)]
        if self.memory:
            yield ["## Memory of a matrix", "", *_memory(self.memory)]
        if self.growth:
            yield ["## How cost grows", "", "![milliseconds by size](growth.svg)", "", *_growth(self.growth)]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for index, row in enumerate((head, *rows)):
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        if index == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"


def _ms(row: Row, name: str) -> str:
    return f"{row.race.spread(name).median * 1000:.2f}" if row.race.has(name) else _NONE


def _ratio(row: Row, slow: str, quick: str) -> str:
    return _shown(row.race.ratio(slow, quick)) if row.race.has(slow, quick) else _NONE


def _shown(spread: Spread) -> str:
    digits = 0 if spread.median >= 100 else 1 if spread.median >= 10 else 2
    return f"{spread.median:.{digits}f} ({spread.low:.{digits}f}-{spread.high:.{digits}f})"


def _megabytes(row: Row, name: str) -> str:
    found = row.memory.get(name)
    return _NONE if found is None else f"{found:.0f}"


def _summary(rows: Sequence[Row], name: str, slow: str, quick: str) -> list[str]:
    """The median over charts, and the least."""
    found = {row.name: row.race.ratio(slow, quick).median for row in rows if row.race.has(slow, quick)}
    if not found:
        return []
    worst = min(found, key=lambda each: found[each])
    best = max(found, key=lambda each: found[each])
    middle = statistics.median(found.values())
    return [f"{name}: median {middle:.2f}, least {found[worst]:.2f} ({worst}), most {found[best]:.2f} ({best})."]


def _warm(rows: Sequence[Row]) -> Iterator[str]:
    head = ("chart", "Go engine ms", "chartkit ms", "Go / chartkit", "traced / plain", "Go MB", "chartkit MB")
    yield from _table(head, [
        (row.name, _ms(row, GO), _ms(row, OURS), _ratio(row, GO, OURS), _ratio(row, TRACED, OURS), _megabytes(row, GO),
         _megabytes(row, OURS)) for row in rows
    ])  # fmt: skip
    yield ""
    yield from _summary(rows, "Go engine / chartkit", GO, OURS)
    yield from _summary(rows, "traced / plain", TRACED, OURS)
    yield "The Go engine runs inside Python; its values go in and its texts come out as JSON, which is counted."
    yield from (f"{row.name}: {row.note}." for row in rows if row.note)


def _cold(rows: Sequence[Row]) -> Iterator[str]:
    head = ("chart", "helm ms", "chartkit ms", "helm / chartkit", "first run ms", "helm MB", "chartkit MB")
    yield from _table(head, [
        (row.name, _ms(row, HELM), _ms(row, CLI), _ratio(row, HELM, CLI), _ms(row, FIRST), _megabytes(row, HELM),
         _megabytes(row, CLI)) for row in rows
    ])  # fmt: skip
    yield ""
    yield from _summary(rows, "helm / chartkit", HELM, CLI)
    yield "The first run is one with an empty cache."


def _matrix(rows: Sequence[Row]) -> Iterator[str]:
    head = ("chart", "a file ms", "Go / render only", "Go / chartkit", "helm / chartkit", "helm and grep", "helm / CLI")
    yield from _table(head, [
        (row.name, f"{row.race.spread(OURS).median * 1000 / row.count:.2f}", _ratio(row, GO, RENDER),
         _ratio(row, GO, OURS), _ratio(row, HELM, OURS), _ratio(row, GREP, OURS), _ratio(row, HELM, CLI))
        for row in rows
    ])  # fmt: skip
    yield ""
    for name, slow, quick in (
        ("Go engine / render only", GO, RENDER),
        ("Go engine / chartkit", GO, OURS),
        ("helm processes / chartkit", HELM, OURS),
        ("helm | grep / chartkit", GREP, OURS),
        ("helm processes / CLI", HELM, CLI),
    ):
        yield from _summary(rows, name, slow, quick)
    yield "chartkit reads, renders, finds the images and checks them; CLI is `verify-images --matrix --jobs 1`."
    yield "Helm and its engine only read and render, which `render only` is beside; of them a sample is multiplied."
    yield from (f"{row.name}: {row.note}." for row in rows if row.note)


def _memory(rows: Sequence[tuple[str, int, float | None]]) -> Iterator[str]:
    shown = [(form, str(count), _NONE if peak is None else f"{peak:.0f}") for form, count, peak in rows]
    yield from _table(("format", "values files", "MB at most"), shown)


def _growth(panels: Mapping[str, Mapping[str, Sequence[tuple[int, float]]]]) -> Iterator[str]:
    for title, series in panels.items():
        sizes = [size for size, _ in next(iter(series.values()))]
        rows = [(name, *(f"{ms:.1f}" for _, ms in pairs)) for name, pairs in series.items()]
        yield from _table((f"ms by {title}", *map(str, sizes)), rows)
        yield ""
