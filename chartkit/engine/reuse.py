"""Texts of templates that need not run again, as nothing that they read has changed.

A template's text is kept by what its analysis (`reads`) says that it depends on: the values at some ways, the release,
the cluster, the chart's name. Never kept is what a template gave that drew something or told the time, that ran a text
as a template, or that was refused something. A template that may change what others see always runs, and if it did
change something, so do all after it.

Values are told apart by their bytes, types included, so that 1, 1.0 and true are three values. A map whose keys come in
another order counts as changed: that costs a run and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from marshal import dumps
from threading import Lock
from typing import Any, Final, TypeAlias

from chartkit.engine.jobs import Job
from chartkit.engine.reads import MUTATING, PLAIN, Analysis, Path, Unbounded, Way
from chartkit.gotemplate.fast import FastRun
from chartkit.gotemplate.nodes import Tree
from chartkit.gotemplate.runtime import Template
from chartkit.memory import Memory
from chartkit.pattern import pattern
from chartkit.record import dataclass, field

_FILLING: Final = 10
_TRIAL: Final = 42
_GAIN: Final = 0.98
_MOST_CHANGING: Final = 4
_MOST_SETS: Final = 8
"""Subcharts that are switched on and off make sets of templates, and to analyse one takes as long as many renders."""
_KEPT_CHARACTERS: Final = 4 * 1024 * 1024
_MOST_FINGERPRINTS: Final = 256
_FORMAT: Final = 2
"""The marshal format without references, in which equal values always have equal bytes."""
_CHANGES: Final = pattern(rf"\b(?:{'|'.join(sorted(MUTATING))})\b")
_CALLS: Final = pattern(r"\b(?:include|template|block|define)\b")

Trees: TypeAlias = "Callable[[Sequence[Job]], Mapping[str, Tree]]"
Key: TypeAlias = "tuple[Any, ...]"


class Watched(MutableMapping[str, Mapping[str, Template]]):
    """The texts that were parsed as templates, which notes those that are asked for."""

    def __init__(self, texts: MutableMapping[str, Mapping[str, Template]]) -> None:
        self._texts = texts
        self.asked: list[str] = []

    def __getitem__(self, text: str) -> Mapping[str, Template]:
        self.asked.append(text)
        return self._texts[text]

    def __setitem__(self, text: str, templates: Mapping[str, Template]) -> None:
        self._texts[text] = templates

    def __delitem__(self, text: str) -> None:
        del self._texts[text]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


@dataclass(slots=True, eq=False)
class Fingerprints:
    """The ways that the templates of one chart read, and a number for what was found at each in this render.

    Attributes:
        ways: each way, and whether all below it counts.
        numbers: by the index of the way; equal numbers are equal values.
    """

    ways: list[tuple[Path, bool]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    _indices: dict[tuple[Path, bool], int] = field(default_factory=dict)
    _below: dict[str, list[int]] = field(default_factory=dict)
    _bytes: dict[str, bytes] = field(default_factory=dict)
    _known: list[dict[bytes, int]] = field(default_factory=list)
    _last: int = 0

    def index(self, way: tuple[Path, bool]) -> int:
        """The index of a way, which is followed from now on."""
        known = self._indices.get(way)
        if known is None:
            known = self._indices[way] = len(self.ways)
            self.ways.append(way)
            self.numbers.append(0)
            self._known.append({})
            self._below.setdefault(way[0][0] if way[0] else "", []).append(known)
            self._bytes.clear()
        return known

    def take(self, values: Mapping[str, Any]) -> bool:
        """Look at the values of a render; false if there is something among them that has no bytes."""
        try:
            for name, indices in self._below.items():
                found = dict(values) if not name else values.get(name, _NOTHING)
                whole = dumps(found, _FORMAT)
                # Below what is as it was, everything is.
                if self._bytes.get(name) != whole:
                    self._bytes[name] = whole
                    for index in indices:
                        self.numbers[index] = self._number(index, values)
        except ValueError:
            self._bytes.clear()
            return False
        return True

    def _number(self, index: int, values: Mapping[str, Any]) -> int:
        known = self._known[index]
        print_ = _fingerprint(values, *self.ways[index])
        number = known.get(print_)
        if number is None:
            if len(known) >= _MOST_FINGERPRINTS:
                known.clear()
            # A number is never given twice, so that what was forgotten is only not found again.
            self._last += 1
            number = known[print_] = self._last
        return number


_NOTHING: Final = (0,)
"""Stands for a key that is not there: values have no tuples."""


def _fingerprint(values: Mapping[str, Any], path: Path, whole: bool) -> bytes:
    """What there is at a way: what is found, or how far one comes and what ends there."""
    found: Any = values
    for depth, name in enumerate(path):
        if not isinstance(found, dict):
            return dumps((depth, found), _FORMAT)
        if name not in found:
            return dumps((depth,), _FORMAT)
        found = found[name]
    if not whole and type(found) is dict:
        return b"map"
    return dumps(dict(found) if not path else found, _FORMAT)


@dataclass(frozen=True, slots=True)
class Plan:
    """How the text of one template is known again.

    Attributes:
        number: which plan it is.
        indices: its ways among those of its chart.
    """

    number: int
    indices: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Plans:
    """The plans for one set of templates.

    Attributes:
        by_name: none for a template that always runs.
        prints: the fingerprints of each chart, by where its templates lie.
        changing: the templates that may change what others see.
        takes_calls: whether no template changes anything, whatever it is called with.
    """

    by_name: dict[str, Plan | None] = field(default_factory=dict)
    prints: dict[str, Fingerprints] = field(default_factory=dict)
    changing: set[str] = field(default_factory=set)
    takes_calls: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A text, and what it cost of the limits to make it."""

    text: str
    spent: int
    steps: int
    written: int


@dataclass(slots=True, eq=False)
class Trial:
    """A comparison of renders with and without reuse: which is quicker depends on the chart and on what varies.

    Attributes:
        is_held: whether there is one; otherwise texts are reused in any case.
        renders: how many there were.
    """

    is_held: bool = True
    renders: int = 0
    _with: list[float] = field(default_factory=list)
    _without: list[float] = field(default_factory=list)

    @property
    def reuses(self) -> bool:
        """Whether the next render is one with reuse; the first ones only fill the store."""
        return not (self.is_held and _FILLING <= self.renders < _TRIAL and self.renders % 2)

    @property
    def is_lost(self) -> bool:
        """Whether it does not pay."""
        return self.is_held and self.renders == _TRIAL and median(self._with) > _GAIN * median(self._without)

    def add(self, seconds: float) -> None:
        """Note how long a render took."""
        if _FILLING <= self.renders < _TRIAL:
            (self._with if self.reuses else self._without).append(seconds)
        self.renders += 1


def median(numbers: Sequence[float]) -> float:
    """The middle one; the standard one brings much along."""
    return sorted(numbers)[len(numbers) // 2]


@dataclass(slots=True, eq=False)
class Reuse:
    """The texts of one chart.

    Attributes:
        trees: gives all templates of a render by their names.
        is_off: whether nothing is reused: it is not sound, or does not pay.
        trial: finds out whether it pays.
        hits: how many templates did not run.
        misses: how many did.
    """

    trees: Trees
    is_off: bool = False
    hits: int = 0
    misses: int = 0
    planned: int = 0
    trial: Trial = field(default_factory=lambda: Trial())
    _lock: Lock = field(default_factory=Lock)
    _plans: dict[Key, Plans] = field(default_factory=dict)
    _kept: Memory[Key, Kept] = field(default_factory=lambda: Memory(_KEPT_CHARACTERS))

    def begin(self, jobs: Sequence[Job], run: FastRun) -> Session | None:
        """What knows the texts of a render that begins; `None` where all templates must run."""
        if self.is_off or run.ambient.lenient or not self.trial.reuses:
            return None
        # Threads may share a chart, and each needs the numbers of its own values.
        with self._lock:
            plans = self._plans_of(jobs)
            return None if plans is None or self.is_off else Session(self, plans, run, jobs)

    def end(self, seconds: float) -> None:
        """A render is done; after some, what is quicker is known."""
        self.trial.add(seconds)
        if self.trial.is_lost:
            self.is_off = True
            self._kept.clear()

    def _plans_of(self, jobs: Sequence[Job]) -> Plans | None:
        charts = {job.base_path: job.context for job in jobs}
        # A chart of the same name and another version may take the place of one.
        key = tuple([job.name for job in jobs]), tuple(map(_named, charts.values()))
        known = self._plans.get(key)
        if known is None and len(self._plans) < _MOST_SETS:
            known = self._plans[key] = self._planned(jobs)
        return known

    def _planned(self, jobs: Sequence[Job]) -> Plans:
        """Analyse all templates of a set."""
        trees, plans = self.trees(jobs), Plans()
        try:
            for job in jobs:
                if not job.file.is_partial:
                    plans.by_name[job.name] = self._plan(job, trees, plans)
            plans.takes_calls = _are_harmless(trees)
        except Unbounded:
            self.is_off = True
        # Two files of one name, or two charts at one path, can only be told apart by running them.
        contexts = {job.base_path: job.context for job in jobs}
        self.is_off |= len({job.name for job in jobs}) < len(jobs)
        self.is_off |= any(contexts[job.base_path] is not job.context for job in jobs)
        # To find out whether they changed anything costs too much if there are many.
        self.is_off |= len(plans.changing) > _MOST_CHANGING + len(plans.by_name) // 4
        return plans

    def _plan(self, job: Job, trees: Mapping[str, Tree], plans: Plans) -> Plan | None:
        analysis = Analysis(trees, _constants(job))
        analysis.enter(job.name, Way(()))
        if analysis.found.mutates:
            plans.changing.add(job.name)
        if analysis.found.mutates or not analysis.found.fixed:
            return None
        own = plans.prints.setdefault(job.base_path, Fingerprints())
        self.planned += 1
        return Plan(self.planned, tuple(own.index(way) for way in analysis.found.ways))

    def known(self, key: Key) -> Kept | None:
        """The text that was kept under a key."""
        found = self._kept.get(key)
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        return found

    def keep(self, key: Key, kept: Kept) -> None:
        """Keep a text."""
        self._kept.put(key, kept, len(kept.text) + 64)


class Session:
    """One render: which texts are known, and what is learnt."""

    def __init__(self, reuse: Reuse, plans: Plans, run: FastRun, jobs: Sequence[Job]) -> None:
        self._reuse, self._plans, self._run = reuse, plans, run
        self._texts = Watched(run.parsed_texts)
        run.parsed_texts = self._texts
        self._contexts = {job.base_path: job.context for job in jobs}
        self._numbers = {
            base: prints.numbers[:]
            for base, prints in plans.prints.items()
            if prints.take(self._contexts[base]["Values"])
        }
        self._surroundings: Key | None = None
        self._state = self._seen() if plans.changing else None
        # Whether something was changed: from then on every template runs, and nothing is learnt.
        self._is_blind = False

    def text(self, job: Job, make: Callable[[], str]) -> str:
        """The text of a file: the one that is known, or the one that is made now."""
        plan = self._plans.by_name[job.name]
        if self._is_blind or plan is None or job.base_path not in self._numbers:
            return self._made(job, make)
        key = self._key(job, plan)
        kept = self._reuse.known(key)
        if kept is None:
            return self._learnt(key, make)
        run = self._run
        run.spent, run.steps, run.written = run.spent + kept.spent, run.steps + kept.steps, run.written + kept.written
        if run.spent > run.mark or run.written:
            run.settle()
            run.count(0)
        return kept.text

    def _key(self, job: Job, plan: Plan) -> Key:
        if self._surroundings is None:
            capabilities = job.context["Capabilities"]
            release = dumps(job.context["Release"], _FORMAT)
            self._surroundings = (release, capabilities.kube_version, capabilities.api_versions)
        numbers = self._numbers[job.base_path]
        return plan.number, self._surroundings, tuple([numbers[index] for index in plan.indices])

    def _made(self, job: Job, make: Callable[[], str]) -> str:
        """The text of a template that is not kept; what it may have changed is looked at."""
        text = make()
        self._ran_texts()
        if job.name in self._plans.changing and not self._is_blind:
            self._is_blind = self._state is None or self._seen() != self._state
        return text

    def _learnt(self, key: Key, make: Callable[[], str]) -> str:
        """The text of a template that runs; it is kept if nothing else went into it."""
        run, ambient = self._run, self._run.ambient
        before = run.spent, run.steps, run.written
        used, refused = ambient.uses, len(ambient.refusals)
        ambient.uses = set()
        try:
            text = make()
            is_stable = not ambient.uses and len(ambient.refusals) == refused
        finally:
            used |= ambient.uses
            ambient.uses = used
        if not self._ran_texts() and is_stable:
            cost = run.spent - before[0], run.steps - before[1], run.written - before[2]
            self._reuse.keep(key, Kept(text, *cost))
        return text

    def _ran_texts(self) -> bool:
        """Whether texts ran as templates; after one that may have changed something, nothing more is reused."""
        asked = self._texts.asked
        if not asked:
            return False
        for text in asked:
            may_change = _CHANGES.search(text) or (not self._plans.takes_calls and _CALLS.search(text))
            self._is_blind |= bool(may_change)
        asked.clear()
        return True

    def _seen(self) -> Key | None:
        """All that templates could change for each other; nothing if it cannot be told."""
        try:
            return tuple(map(_state_of, self._contexts.values()))
        except ValueError:
            return None


def _state_of(context: Mapping[str, Any]) -> Key:
    """What is in a context that templates could change."""
    others = tuple((name, id(value)) for name, value in context.items() if name not in ("Template", "Values"))
    chart = context["Chart"]
    shown = repr(chart) if isinstance(chart, dict) else ""
    return dumps(dict(context["Values"]), _FORMAT), dumps(context["Release"], _FORMAT), shown, others


def _named(context: Mapping[str, Any]) -> tuple[str, str]:
    """The name and version of a chart, which Helm 4 has in a map and Helm 3 in a struct."""
    chart = context["Chart"]
    return (chart["Name"], chart["Version"]) if isinstance(chart, dict) else (chart.record.name, chart.record.version)


def _constants(job: Job) -> dict[Path, str]:
    """The texts in a context by which templates are named."""
    name, _ = _named(job.context)
    return {("Template", "Name"): job.name, ("Template", "BasePath"): job.base_path, ("Chart", "Name"): name}


def _are_harmless(trees: Mapping[str, Tree]) -> bool:
    """Whether no template changes what others see, whatever it is called with."""
    analysis = Analysis(trees, {})
    analysis.enter_any(PLAIN)
    return not analysis.found.mutates
