"""Renders to try overrides with: the same time and random numbers in each, and what a chart wants set along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

from chartkit.ambient import Ambient
from chartkit.chart.values_file import merge_maps
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.compiled import CompiledChart
from chartkit.engine.release import Release
from chartkit.engine.render import Rendering
from chartkit.engine.trace import Trace
from chartkit.errors import ChartkitError
from chartkit.images.assignment import assigned, values_tree
from chartkit.images.goals import Goal
from chartkit.images.proof import Outcome, compare
from chartkit.images.proposals import Edit
from chartkit.origin import Path
from chartkit.values.inputs import ValuesInput
from chartkit.values.resolve import resolve_values

_DOTTED: Final = re.compile(r"[A-Za-z][\w-]*(?:\.[\w-]+)+")
_NOON: Final = 1_700_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class Subject:
    """What is rendered again and again, always with the same time and the same random numbers.

    Attributes:
        program: the chart.
        values: the values given.
        release: what templates see as `.Release`.
        capabilities: the cluster.
        how: `skip_schema` and `installing`, as `CompiledChart.render` takes them.
    """

    program: CompiledChart
    values: ValuesInput
    release: Release
    capabilities: Capabilities | None = None
    how: Mapping[str, bool] = field(default_factory=dict)

    def render(self, override: dict[str, Any]) -> Rendering:
        """Render with an override laid over the values."""
        return self.program.render(
            self._with(override), self.release, self.capabilities, ambient=self._ambient(), **self.how
        )

    def trace(self, override: dict[str, Any]) -> Trace:
        """The same, keeping track."""
        return self.program.trace(
            self._with(override), self.release, self.capabilities, ambient=self._ambient(), **self.how
        )

    def tree(self, override: dict[str, Any]) -> dict[str, Any]:
        """The values as templates see them."""
        values = self._with(override)
        return resolve_values(self.program.chart, values, profile=self.program.profile, skip_schema=True).values

    def _with(self, override: dict[str, Any]) -> ValuesInput:
        return replace(self.values, data=merge_maps(self.values.data, override)) if override else self.values

    def _ambient(self) -> Ambient:
        # With the same seed, passwords and certificates are the same in every render and cannot hide a change.
        return Ambient(self.program.profile, now_ns=lambda: _NOON, random=Random(0))


class Trials:
    """Renders with overrides, each held against the render without any.

    Attributes:
        before: the texts of that one.
        known: the values as templates see them in it.
        switches: keys that are set to true because the chart fails without them.
        restated: values that stay only if the override has them, too.
        renders: how many there were.
    """

    def __init__(self, subject: Subject, goals: Sequence[Goal]) -> None:
        self.subject = subject
        self.goals = goals
        self.before = subject.render({}).files
        self.known = subject.tree({})
        self.switches: dict[Path, bool] = {}
        self.restated: dict[Path, Any] = {}
        self.renders = 1
        self._outcomes: dict[frozenset[tuple[Path, str]], Outcome | ChartkitError] = {
            frozenset(): compare(self.before, self.before, goals)
        }

    def settings(self, edits: Iterable[Edit]) -> dict[Path, Any]:
        """What the keys are to hold."""
        return {**self.restated, **assigned(edits), **self.switches}

    def override(self, edits: Iterable[Edit]) -> dict[str, Any]:
        """The values that edits stand for."""
        return values_tree(self.settings(edits), self.known)

    def attempt(self, edits: Iterable[Edit]) -> Outcome | ChartkitError:
        """Render with some edits; where the chart wants another key set to true for it, that one is set as well."""
        edits = tuple(edits)
        outcome = self.rendered(edits)
        if isinstance(outcome, ChartkitError):
            for path in self._switches_for(outcome):
                self.switches[path] = True
                retried = self.rendered(edits)
                if not isinstance(retried, ChartkitError):
                    return retried
                del self.switches[path]
        elif outcome.others:
            return self._with_lost(edits, outcome)
        return outcome

    def _with_lost(self, edits: Sequence[Edit], outcome: Outcome) -> Outcome:
        """Render once more with what the edits made Helm drop.

        Where a parent chart sets a key of a subchart to null, Helm drops the subchart's default only if the user gives
        that subchart anything at all.
        """
        lost = dict(self._lost(edits))
        if not lost:
            return outcome
        before = dict(self.restated)
        self.restated.update(lost)
        retried = self.rendered(edits)
        if not isinstance(retried, ChartkitError) and not retried.others:
            return retried
        self.restated = before
        return outcome

    def _lost(self, edits: Sequence[Edit]) -> Iterator[tuple[Path, Any]]:
        """The values that are no more, or not the same, although no edit is about them."""
        settings = self.settings(edits)
        try:
            now = self.subject.tree(values_tree(settings, self.known))
        except ChartkitError:
            return
        for path, value in _leaves(self.known, ()):
            if value is not None and path not in settings and _at(now, path) != value:
                yield path, value

    def rendered(self, edits: Sequence[Edit]) -> Outcome | ChartkitError:
        """Render with just these edits and what is set along; every set of keys is rendered once."""
        settings = self.settings(edits)
        known = frozenset((path, repr(value)) for path, value in settings.items())
        # The search comes back to the same keys by several ways.
        if known not in self._outcomes:
            self._outcomes[known] = self._render(settings)
        return self._outcomes[known]

    def _render(self, settings: Mapping[Path, Any]) -> Outcome | ChartkitError:
        self.renders += 1
        try:
            rendering = self.subject.render(values_tree(settings, self.known))
        except ChartkitError as error:
            return error
        return compare(self.before, rendering.files, self.goals)

    def _switches_for(self, failure: ChartkitError) -> Iterator[Path]:
        """Keys that a failure names, and that are not set."""
        for name in dict.fromkeys(_DOTTED.findall(str(failure))):
            path = tuple(name.removeprefix("Values.").split("."))
            value = _at(self.known, path)
            is_open = path not in self.switches and not self.flag_of(path)
            # A failure names files and templates, too.
            if value in (None, False) and is_open and len(path) > 1 and (path[0] in self.known or path[0] == "global"):
                yield path

    def flag_of(self, path: Path) -> str:
        """The flag that gives a key: no file counts against it, wherever it is put."""
        giver = self.subject.values.giver(path)
        return giver.name if giver is not None and giver.kind == "set_flag" else ""


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every value that is no map, with its path."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _leaves(child, (*path, key))
    else:
        yield path, value


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value
