"""The smallest values that move the images of a chart, each change proven by rendering.

    override = propose_override(program, values, release, to="mirror.local:5000/apps")
    print(override.text)                   # YAML: give it behind all other values files
    for image in override.left:            # what values cannot move, with the template's line
        print(image.source, image.position, image.reason)

`override.proof` has every line that differs between the renders without and with the override; the last of these
renders is made from `override.text` itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypedDict

from chartkit.chart.values_file import load_values, merge_maps
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.compiled import CompiledChart
from chartkit.engine.release import Release
from chartkit.engine.trace import Trace
from chartkit.errors import ChartkitError
from chartkit.images.explain import dotted_path
from chartkit.images.find import find_images
from chartkit.images.goals import Goal, find_goals, pin_goals
from chartkit.images.locked import Lock
from chartkit.images.override_text import override_text
from chartkit.images.precedence import Precedence, probe_precedence, registry_keys
from chartkit.images.proof import ChangedLine, Outcome, compare
from chartkit.images.proposals import Edit
from chartkit.images.relocate import Search, template_position
from chartkit.images.target import Destination, check_collisions, read_destination
from chartkit.images.trial import Subject
from chartkit.images.use import Certainty, ImageUse
from chartkit.origin import Path
from chartkit.source import Position
from chartkit.values.inputs import ValuesInput

if TYPE_CHECKING:
    from typing import Unpack

_NAMED: Final = 3


class How(TypedDict, total=False):
    """How to render, and what else to write.

    Attributes:
        capabilities: the cluster; Helm's defaults where not given.
        skip_schema: whether values.schema.json is left aside.
        installing: whether the chart must be such that Helm would install it.
        pins: a lock whose digests are to be written behind the images that have none.
    """

    capabilities: Capabilities | None
    skip_schema: bool
    installing: bool
    pins: Lock | None


@dataclass(frozen=True, slots=True)
class MovedImage:
    """An image that the override moves, with all the places that use it.

    Attributes:
        source: the image as it is written.
        target: what it becomes.
        uses: its places.
        keys: the keys of the override that move it.
        pinned: whether a digest was added.
    """

    source: str
    target: str
    uses: tuple[ImageUse, ...]
    keys: tuple[str, ...]
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class LeftImage:
    """An image that no values move without changing anything else.

    Attributes:
        source: the image as it is written.
        target: what it would have to become; empty if it is no image reference.
        use: its place.
        position: where the template has it; `None` where that is not known.
        reason: why.
    """

    source: str
    target: str
    use: ImageUse
    position: Position | None
    reason: str


@dataclass(frozen=True, slots=True)
class Override:
    """Values that move images, and the proof of it.

    Attributes:
        values: the override.
        text: the same as YAML, with comments.
        settings: what each key holds, by its path; a list of which an item changes is in `values` as a whole.
        moved: the images that move.
        left: those that do not, though they should.
        proof: every line of the render that changes, NOTES.txt included.
        precedence: which registry keys win over which.
        switches: keys that are set because the chart refuses other registries without them.
        unpinned: images that move without a digest though a lock was given: it has none, or no key takes it.
        renders: how often the chart was rendered to find this out.
        warnings: what Helm would say on stderr, as of a dependency that is not there and whose images nobody saw.
    """

    values: dict[str, Any]
    text: str
    settings: Mapping[Path, Any]
    moved: tuple[MovedImage, ...]
    left: tuple[LeftImage, ...]
    proof: tuple[ChangedLine, ...]
    precedence: tuple[Precedence, ...] = ()
    switches: tuple[str, ...] = ()
    unpinned: tuple[MovedImage, ...] = ()
    renders: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every image moves."""
        return not self.left


def propose_override(
    program: CompiledChart, values: ValuesInput, release: Release, *, to: str | Destination, **how: Unpack[How]
) -> Override:
    """The smallest values that move every image of a chart to another registry.

    What is certainly or likely an image must move; what may be one moves or stays. Nothing else may change but
    NOTES.txt, which is no part of what is installed, and digests of texts that hold images (`checksum/config`): both
    are told in `proof`. The override is for a values file behind all others; keys that flags (`--set`) give stay as
    they are, since flags win over files.

    Args:
        program: the chart.
        values: the values it is used with; the override goes behind them.
        release: what templates see as `.Release`.
        to: `HOST[:PORT][/PREFIX]`, or what `read_destination` gave.
        how: see `How`.

    Raises:
        InputError: `to` is no such place, or two images would land on one name.
        ChartkitError: the chart cannot be rendered with the values.
    """
    destination = read_destination(to) if isinstance(to, str) else to
    flags = {"skip_schema": how.get("skip_schema", False), "installing": how.get("installing", False)}
    subject = Subject(program, values, release, how.get("capabilities"), flags)
    return _Proposal(subject, destination, how.get("pins")).make()


@dataclass(frozen=True, slots=True)
class _Pinned:
    """Goals, with digests where these could be added, and the values that do so."""

    goals: tuple[Goal, ...]
    values: dict[str, Any] = field(default_factory=dict)
    settings: Mapping[Path, Any] = field(default_factory=dict)
    renders: int = 0


@dataclass(slots=True)
class _Proposal:
    """One override in the making."""

    subject: Subject
    destination: Destination
    pins: Lock | None
    renders: int = 0
    goals: tuple[Goal, ...] = ()
    comments: dict[Path, list[str]] = field(default_factory=dict)

    def make(self) -> Override:
        trace = self.subject.trace({})
        uses = [use for use in find_images(trace) if use.manifest.file in trace.files]
        self.goals = find_goals(uses, self.destination)
        check_collisions((goal.use.reference, goal.target) for goal in self._needed() if goal.use.reference)
        search = Search(self.subject, trace, self.goals, self.destination.base)
        search.run()
        precedence = self._precedence(search)
        values = search.trials.override(search.chosen)
        pinned = self._pinned(values)
        values = merge_maps(values, pinned.values)
        self._comment(search)
        outcome, text = self._prove(search, values, pinned.goals)
        moved = self._moved(search, outcome, pinned.goals)
        return Override(
            values=values,
            text=text,
            settings={**search.trials.settings(search.chosen), **pinned.settings},
            moved=moved,
            left=(*self._left(search, outcome, trace), *_faulty(uses, trace)),
            proof=tuple(outcome.lines),
            precedence=precedence,
            switches=tuple(map(dotted_path, search.trials.switches)),
            unpinned=tuple(each for each in moved if self.pins is not None and "@" not in each.target),
            renders=self.renders + search.trials.renders + pinned.renders,
            warnings=trace.warnings,
        )

    def _left(self, search: Search, outcome: Outcome, trace: Trace) -> Iterator[LeftImage]:
        for goal in self._needed():
            if outcome.states[goal.place] != "moved":
                position = template_position(trace, goal.use)
                yield LeftImage(goal.use.text, goal.target.text, goal.use, position, _reason(search, goal))

    def _needed(self) -> list[Goal]:
        return [goal for goal in self.goals if goal.must_move]

    # -- digests -------------------------------------------------------------------------------------------------

    def _pinned(self, values: dict[str, Any]) -> _Pinned:
        """The goals with the digests that could be added, and the values that add them to images that have moved."""
        if self.pins is None:
            return _Pinned(self.goals)
        moved = Subject(
            self.subject.program,
            ValuesInput(self.subject.values.layers, merge_maps(self.subject.values.data, values)),
            self.subject.release,
            self.subject.capabilities,
            self.subject.how,
        )
        # Names first, then digests: an image that cannot be pinned moves all the same.
        wanted = {goal.place: goal for goal in pin_goals(self.goals, self.pins)}
        trace = moved.trace({})
        current = find_goals((use for use in find_images(trace) if use.manifest.file in trace.files), _NOWHERE)
        goals = tuple(_onto(goal, wanted.get(goal.place)) for goal in current)
        search = Search(moved, trace, goals, self.destination.base)
        search.run()
        outcome = search.trials.attempt(search.chosen)
        assert isinstance(outcome, Outcome)
        pinned = {place for place, state in outcome.states.items() if state == "moved" and place in wanted}
        trials = search.trials
        return _Pinned(
            tuple(wanted[goal.place] if goal.place in pinned else goal for goal in self.goals),
            trials.override(search.chosen),
            trials.settings(search.chosen),
            trials.renders,
        )

    # -- the proof -----------------------------------------------------------------------------------------------

    def _prove(self, search: Search, values: dict[str, Any], goals: Sequence[Goal]) -> tuple[Outcome, str]:
        """Render with the written text, and hold the result against the render without it."""
        text = override_text(values, self.comments, ())
        # What counts is what people will use: the text, read as Helm reads it.
        self.renders += 1
        rendering = self.subject.render(load_values(text, self.subject.program.profile))
        outcome = compare(search.trials.before, rendering.files, goals)
        # The search has made sure of it, and yet a wrong proof is worse than none.
        if outcome.others or "astray" in outcome.states.values():
            raise AssertionError("the override changes more than images")
        kept = {goal.use.text for goal in goals if outcome.states[goal.place] == "kept" or not goal.must_move}
        for use in find_images(rendering):
            if use.certainty >= Certainty.LIKELY and use.reference and not self.destination.holds(use.reference):
                assert use.text in kept, f"{use.text} stays behind and is not told of"
        return outcome, text

    def _precedence(self, search: Search) -> tuple[Precedence, ...]:
        goals = [goal for goal in self._needed() if goal.slots]
        keys = [registry_keys(search.segments(goal)) for goal in goals]
        switches, restated = dict(search.trials.switches), dict(search.trials.restated)

        def attempt(edits: Sequence[Edit]) -> Outcome | None:
            outcome = search.trials.attempt(edits)
            return None if isinstance(outcome, ChartkitError) else outcome

        found = probe_precedence(goals, keys, attempt)
        # What a probe needed is no part of the override.
        search.trials.switches, search.trials.restated = switches, restated
        return found

    # -- the report ----------------------------------------------------------------------------------------------

    def _comment(self, search: Search) -> None:
        """Say above each key what it moves."""
        images: dict[Path, dict[str, None]] = {}
        for goal in self._needed():
            for path in search.keys_of(goal):
                images.setdefault(path, {})[goal.use.text] = None
        for path, texts in images.items():
            named = list(texts)
            more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
            self.comments[path] = [f"moves {', '.join(named[:_NAMED])}{more}"]
        for path in search.trials.switches:
            self.comments[path] = ["without it the chart refuses images from elsewhere"]
        for path in search.trials.restated:
            self.comments[path] = ["the chart's own value, which Helm would drop with the keys around it set"]

    def _moved(self, search: Search, outcome: Outcome, goals: Sequence[Goal]) -> tuple[MovedImage, ...]:
        found: dict[tuple[str, str], list[Goal]] = {}
        for goal in goals:
            if goal.must_move and goal.moves and outcome.states[goal.place] == "moved":
                found.setdefault((goal.use.text, goal.target.text), []).append(goal)
        return tuple(
            MovedImage(
                source,
                target,
                tuple(goal.use for goal in group),
                tuple(sorted({dotted_path(path) for goal in group for path in search.keys_of(goal)})),
                pinned="@" in target and "@" not in source,
            )
            for (source, target), group in found.items()
        )


_NOWHERE: Final = Destination("")


def _onto(goal: Goal, wanted: Goal | None) -> Goal:
    """The goal of getting from what a moved image is called now to its name with a digest."""
    return goal if wanted is None or wanted.use.pieces else replace(goal, target=wanted.target, forms=wanted.forms)


def _faulty(uses: Iterable[ImageUse], trace: Trace) -> Iterator[LeftImage]:
    """What stands where an image must be and is none."""
    for use in uses:
        if use.reference is None and use.certainty is Certainty.CERTAIN:
            reason = f"no image reference: {use.fault}"
            yield LeftImage(use.text, "", use, template_position(trace, use), reason)


def _reason(search: Search, goal: Goal) -> str:
    """Why an image stays."""
    if not goal.slots:
        return "it is written with escapes or in base 64"
    if search.is_hard_coded(goal):
        return "hard-coded in the template"
    refused = search.refused.get(goal.place)
    if refused:
        return refused[0]
    keys = dict.fromkeys(_shown_keys(search, goal))
    return f"no key does it: {', '.join(keys)} tried" if keys else "hard-coded in the template"


def _shown_keys(search: Search, goal: Goal) -> Iterator[str]:
    for segment in search.segments(goal):
        lookups: Iterable[Any] = (*segment.sources, *segment.passed_over)
        yield from (dotted_path(lookup.path) for lookup in lookups if lookup.kind == "values")
