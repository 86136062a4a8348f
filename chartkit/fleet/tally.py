"""What many runs come to, in few lines: each finding once, with the runs that have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from chartkit.checks.finding import Finding
from chartkit.fleet.run import Checked

_SHOWN: Final = 3


@dataclass(slots=True)
class _Seen:
    """A finding, and where it was met."""

    finding: Finding
    places: list[str] = field(default_factory=list)
    runs: int = 0


@dataclass(slots=True)
class Tally:
    """Counts as outcomes come in; it keeps one of each finding, however many runs have it."""

    runs: int = 0
    clean: int = 0
    broken: int = 0
    _seen: dict[tuple[object, ...], _Seen] = field(default_factory=dict)

    def add(self, checked: Checked) -> None:
        """Count an outcome."""
        self.runs += 1
        self.clean += checked.is_clean
        self.broken += checked.report.is_broken
        told: set[tuple[object, ...]] = set()
        for finding in checked.report.findings:
            kind = (finding.rule, finding.severity, finding.message, finding.where, finding.key, finding.fix)
            seen = self._seen.setdefault(kind, _Seen(finding))
            if kind in told:
                continue
            told.add(kind)
            seen.runs += 1
            if len(seen.places) < _SHOWN:
                seen.places.append(_place(finding))

    def lines(self) -> Iterator[str]:
        """The findings, those of most runs first, and at the end the numbers."""
        for seen in sorted(self._seen.values(), key=lambda each: -each.runs):
            yield from self._lines_of(seen)
        if self._seen:
            yield ""
        yield self.summary

    @property
    def summary(self) -> str:
        """The numbers."""
        failing = self.runs - self.clean - self.broken
        return f"{self.runs} runs: {self.clean} clean, {failing} with findings, {self.broken} not rendered"

    def _lines_of(self, seen: _Seen) -> Iterator[str]:
        finding, more = seen.finding, seen.runs - len(seen.places)
        yield f"{finding.severity} {finding.rule} in {seen.runs} of {self.runs} runs: {finding.message}"
        runs = ", ".join(seen.places) + (f" and {more} more" if more else "")
        for word, text in (("in", finding.where), ("key", finding.key), ("at", runs), ("fix", finding.fix)):
            if text:
                yield f"    {word}: {text}"


def _place(finding: Finding) -> str:
    """Where to look: in the values of the run, or else the run and the file."""
    if not finding.target or finding.file == finding.target:
        return finding.location
    return f"{finding.target} ({finding.location})"


def line_of(checked: Checked) -> str:
    """An outcome in a line."""
    text = "; ".join(outcome.text for outcome in checked.report.outcomes)
    return f"{checked.name}: {text}: {checked.report.counts}" if checked.report.findings else f"{checked.name}: {text}"
