"""The search for the values that move images: propose from traces, decide by plain renders.

In every round each image that still has to move gets the proposal that costs least, where a key that many images share
costs little; all of them are rendered together. What moved is kept. A proposal that changes anything else is dropped,
and so are its keys for all other images. When a round brings nothing any more the chart is traced again with what was
found so far, as a key that is set may have opened the way for another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chartkit.engine.trace import Trace
from chartkit.errors import ChartkitError
from chartkit.images.assignment import clashes
from chartkit.images.explain import dotted_path
from chartkit.images.find import find_images
from chartkit.images.goals import Goal, Place, placed
from chartkit.images.mentioned import MentionedKeys
from chartkit.images.proof import ChangedLine, Outcome
from chartkit.images.proposals import Candidate, Edit, Segment, proposals, segments_of
from chartkit.images.trial import Subject, Trials
from chartkit.images.use import ImageUse, Range
from chartkit.origin import Lookup, Path
from chartkit.source import Position, Source

_ROUNDS: Final = 24
_STAGES: Final = 3
_RESTARTS: Final = 4
_LINES: Final = 20
_SHOWN: Final = 80
# Of two keys that do the same, people would rather set the global one.
_GLOBAL_COST: Final = 0.99


@dataclass(slots=True)
class Group:
    """Images that are written alike, and so move together.

    Attributes:
        goals: the images.
        candidates: what may move them.
        keys: every key that had to do with their characters.
    """

    goals: list[Goal]
    candidates: list[Candidate] = field(default_factory=list)
    keys: frozenset[Path] = frozenset()


class Search:
    """The keys chosen so far, and all that is known of the ones that were tried."""

    def __init__(self, subject: Subject, trace: Trace, goals: Sequence[Goal], base: str) -> None:
        self.subject = subject
        self.trials = Trials(subject, goals)
        self.goals = goals
        self.base = base
        self._first = trace
        self._mentioned = MentionedKeys(trace.chart).below
        self.chosen: dict[Edit, None] = {}
        self.banned: set[Path] = set()
        self.refused: dict[Place, list[str]] = {}
        self.movers: dict[Place, Candidate] = {}
        self._segments: dict[Place, tuple[Segment, ...]] = {}

    def run(self) -> None:
        """Find the edits; those that turn out to do harm in the end are left out in another try."""
        for restart in range(_RESTARTS):
            for _ in range(_STAGES):
                if not self._stage():
                    break
            harmful = self._harmful()
            if not harmful:
                break
            self.banned |= {edit.path for edit in harmful}
            if restart + 1 < _RESTARTS:
                self._forget()
        else:
            self._rebuild()
        self._prune()

    def _rebuild(self) -> None:
        """Take up the candidates that moved images one after the other, and only those that do no harm."""
        movers = dict(self.movers)
        self._forget()
        self.movers = movers
        for candidate in dict.fromkeys(movers.values()):
            edits = [*self.chosen, *candidate]
            outcome = None if any(clashes(edit, self.chosen) for edit in candidate) else self.trials.attempt(edits)
            if isinstance(outcome, Outcome) and not outcome.others and not outcome.count(self.goals, "astray"):
                self.chosen.update(dict.fromkeys(candidate))

    def _forget(self) -> None:
        self.chosen.clear()
        self.trials.switches.clear()
        self.trials.restated.clear()
        self.movers.clear()

    def segments(self, goal: Goal) -> tuple[Segment, ...]:
        """The segments of an image as it is without any override."""
        found = self._segments.get(goal.place)
        if found is None:
            spans, text = self._first.spans.get(goal.file, ()), self._first.files[goal.file]
            slots = goal.slots if goal.encoded is None else (goal.encoded,)
            found = tuple(segment for slot in slots for segment in segments_of(spans, text, slot, self._mentioned))
            self._segments[goal.place] = found
        return found

    def keys_of(self, goal: Goal) -> set[Path]:
        """The chosen keys that have to do with an image."""
        looked_at = {*_keys(self.segments(goal)), *(edit.path for edit in self.movers.get(goal.place, ()))}
        found = [edit for edit in self.chosen if edit.path in looked_at]
        if goal.encoded is not None:
            # All that is encoded there comes from one call; what the image can have been made of tells its value.
            found = [edit for edit in found if edit.value in goal.target.text]
        return {edit.path for edit in found}

    def is_hard_coded(self, goal: Goal) -> bool:
        """Whether no key had to do with the characters of the image's name."""
        reference = goal.use.reference
        end = len(goal.use.text) if reference is None or goal.use.pieces else reference.parts.repository[1]
        return bool(goal.slots) and not any(_keys(each for each in self.segments(goal) if each.start < end))

    def pending(self) -> list[Goal]:
        """The images that have to move and have not."""
        outcome = self.trials.attempt(self.chosen)
        if isinstance(outcome, ChartkitError):
            return [goal for goal in self.goals if goal.must_move and goal.moves]
        return [goal for goal in self.goals if goal.must_move and outcome.states[goal.place] != "moved"]

    def _stage(self) -> bool:
        """Trace with what is chosen, and try what the trace proposes; whether anything moved."""
        waiting = self.pending()
        if not waiting:
            return False
        groups, trace = self._groups(waiting)
        before = len(self.chosen)
        for _ in range(_ROUNDS):
            picks = self._pick(groups)
            if not picks:
                break
            self._try(picks, trace)
            for group in groups:
                group.candidates = [each for each in group.candidates if self._is_free(each)]
            groups = [group for group in groups if group.candidates]
        return len(self.chosen) > before

    def _groups(self, goals: Sequence[Goal]) -> tuple[list[Group], Trace]:
        """The images that wait, by how they are written with what is chosen so far."""
        if self.chosen:
            # A key that is set changes what a template looks at next: the first trace knows nothing of it.
            trace = self.subject.trace(self.trials.override(self.chosen))
            now = {place: use for use, place in placed(find_images(trace))}
        else:
            trace, now = self._first, {goal.place: goal.use for goal in goals}
        found: dict[Any, Group] = {}
        for goal in goals:
            use = now.get(goal.place)
            if use is None:
                continue
            slots = [self._cut(trace, use, span) for span in slots_of(use, goal)]
            texts = [use.file_text[start:end] for start, end in slots_of(use, goal)]
            signature = (tuple(texts) or goal.texts, goal.forms, tuple(_signature(segments) for segments in slots))
            group = found.setdefault(signature, Group([]))
            if not group.goals:
                proposed = self._guesses(goal) if goal.encoded else self._candidates(goal, slots, texts)
                group.candidates = [each for each in proposed if self._is_free(each) and self._is_open(each, goal)]
                group.keys = frozenset(key for segments in slots for key in _keys(segments))
            group.goals.append(goal)
        return list(found.values()), trace

    def _cut(self, trace: Trace, use: ImageUse, span: Range) -> tuple[Segment, ...]:
        return segments_of(trace.spans.get(use.manifest.file, ()), use.file_text, span, self._mentioned)

    def _candidates(
        self, goal: Goal, slots: Sequence[tuple[Segment, ...]], texts: Sequence[str]
    ) -> Iterator[Candidate]:
        """What may bring a goal about; where it is written in parts, each part by its first proposals."""
        seen: set[Candidate] = set()
        for form in goal.forms:
            if len(form) != len(texts):
                continue
            ways: list[Candidate] = [()]
            for segments, old, new in zip(slots, texts, form, strict=True):
                if old != new:
                    # The parts multiply; the first proposals are by far the likeliest.
                    found = proposals(segments, old, new, self.base)
                    ways = [(*way, *each) for way in ways for each in (found if len(texts) == 1 else found[:3])]
            for way in ways:
                if way and way not in seen and not any(clashes(edit, way) for edit in way):
                    seen.add(way)
                    yield way

    def _guesses(self, goal: Goal) -> Iterator[Candidate]:
        """What may move an image in an encoded text: the keys that hold one of its parts and went into that text."""
        sources = {lookup.path: lookup for segment in self.segments(goal) for lookup in segment.sources}
        for form in goal.forms:
            ways: list[Candidate] = [()]
            for old, new in zip(goal.texts, form, strict=True):
                if old != new:
                    edits = [Edit(path, new) for path, lookup in sources.items() if lookup.value == old]
                    ways = [(*way, edit) for way in ways for edit in edits[:3]]
            yield from (way for way in ways if way)

    def _is_free(self, candidate: Candidate) -> bool:
        return not any(edit.path in self.banned or edit.path in self.trials.switches for edit in candidate)

    def _is_open(self, candidate: Candidate, goal: Goal) -> bool:
        """Whether a file can set the keys of a candidate."""
        for edit in candidate:
            flag = self.trials.flag_of(edit.path)
            if flag:
                reason = f"{dotted_path(edit.path)} is given by {flag}, which wins over every file"
                self.refused.setdefault(goal.place, []).append(reason)
                return False
        return True

    def _pick(self, groups: Sequence[Group]) -> list[tuple[Group, Candidate]]:
        """For each group the candidate that costs least, as far as they go together."""
        shared = Counter(
            edit for group in groups for edit in {edit for candidate in group.candidates for edit in candidate}
        )

        def cost(candidate: Candidate) -> float:
            new = [edit for edit in candidate if edit not in self.chosen]
            return sum((_GLOBAL_COST if edit.path[0] == "global" else 1.0) / shared[edit] for edit in new)

        offers = sorted(
            (
                (cost(candidate), order, index)
                for index, group in enumerate(groups)
                for order, candidate in enumerate(group.candidates)
            ),
        )
        picks: dict[int, Candidate] = {}
        taken = dict(self.chosen)
        for _, order, index in offers:
            candidate = groups[index].candidates[order]
            if index not in picks and not any(clashes(edit, taken) for edit in candidate):
                picks[index] = candidate
                taken.update(dict.fromkeys(candidate))
        return [(groups[index], candidate) for index, candidate in picks.items()]

    def _try(self, picks: Sequence[tuple[Group, Candidate]], trace: Trace) -> None:
        """Render with some candidates together, and keep those that move their images and nothing else."""
        outcome = self.trials.attempt([*self.chosen, *(edit for _, candidate in picks for edit in candidate)])
        if not isinstance(outcome, ChartkitError) and not outcome.others:
            self._keep(picks, outcome)
            return
        if len(picks) == 1:
            group, candidate = picks[0]
            group.candidates.remove(candidate)
            self._refuse(group, candidate, outcome)
            if len(candidate) == 1 and not isinstance(outcome, ChartkitError):
                # What feeds another line does so whatever it holds.
                self.banned.add(candidate[0].path)
            return
        guilty = [] if isinstance(outcome, ChartkitError) else self._guilty(picks, outcome.others, trace)
        if guilty and len(guilty) < len(picks):
            innocent = [pick for pick in picks if pick not in guilty]
            # Several may be named for what one of them did, so that these are looked at once more by themselves.
            self._try(guilty, trace)
            self._try(innocent, trace)
            return
        # Nothing tells which one it was.
        half = len(picks) // 2
        self._try(picks[:half], trace)
        self._try(picks[half:], trace)

    def _keep(self, picks: Sequence[tuple[Group, Candidate]], outcome: Outcome) -> None:
        """Choose the candidates that moved their images; the others are dropped, or tried again."""
        failed = []
        for group, candidate in picks:
            if outcome.count(group.goals, "moved") == len(group.goals):
                self.chosen.update(dict.fromkeys(candidate))
                self.movers.update((goal.place, candidate) for goal in group.goals)
                group.candidates.clear()
            else:
                failed.append((group, candidate))
        edits = {edit for _, candidate in failed for edit in candidate} - self.chosen.keys()
        disturbed = [
            (group, candidate)
            for group, candidate in failed
            if any(edit.path in group.keys and edit not in candidate for edit in edits)
        ]
        for group, candidate in failed:
            # What another image's failed candidate got in the way of deserves a second try.
            if len(disturbed) == len(failed) or (group, candidate) not in disturbed:
                group.candidates.remove(candidate)

    def _refuse(self, group: Group, candidate: Candidate, outcome: Outcome | ChartkitError) -> None:
        keys = " and ".join(dotted_path(edit.path) for edit in candidate)
        if isinstance(outcome, ChartkitError):
            reason = f"with {keys} set the chart fails: {_last_line(outcome)}"
        else:
            line = outcome.others[0]
            text = (line.before or line.after).strip()
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
            verb = "changes" if len(candidate) == 1 else "change"
            reason = f"{keys} also {verb} {line.file}:{line.line}: {shown}"
        for goal in group.goals:
            self.refused.setdefault(goal.place, []).append(reason)

    def _guilty(
        self, picks: Sequence[tuple[Group, Candidate]], lines: Sequence[ChangedLine], trace: Trace
    ) -> list[tuple[Group, Candidate]]:
        """The picks whose keys have to do with lines that should not have changed."""
        supplying, deciding = set[Path](), set[Path]()
        for line in lines[:_LINES]:
            for sources, consulted in _lookups_at(trace, line):
                supplying |= {lookup.path for lookup in sources}
                deciding |= {lookup.path for lookup in consulted}
        # A key whose characters stand there is it sooner than one that was only asked about.
        for keys in (supplying, deciding):
            guilty = [pick for pick in picks if any(edit.path in keys for edit in pick[1])]
            if guilty:
                return guilty
        return []

    # -- the end -------------------------------------------------------------------------------------------------

    def _harmful(self) -> list[Edit]:
        """The chosen edits that, all together, change what they should not."""
        outcome = self.trials.attempt(self.chosen)
        if isinstance(outcome, ChartkitError):
            # What was chosen last was never rendered with all before it.
            return list(self.chosen)[-1:]
        astray = [goal for goal in self.goals if outcome.states[goal.place] == "astray"]
        if not astray and not outcome.others:
            return []
        keys = {key for goal in astray for key in _keys(self.segments(goal))}
        for line in outcome.others:
            keys |= {lookup.path for both in _lookups_at(self._first, line) for each in both for lookup in each}
        return [edit for edit in self.chosen if edit.path in keys] or list(self.chosen)[-1:]

    def _prune(self) -> None:
        """Leave out the keys that the others make needless."""
        outcome = self.trials.attempt(self.chosen)
        if isinstance(outcome, ChartkitError):
            return
        moved = outcome.count(self.goals, "moved")
        for edit in list(self.chosen):
            if len(self.chosen) > 1 and self._may_be_needless(edit):
                rest = [each for each in self.chosen if each != edit]
                if self._is_as_good(rest, moved):
                    self.chosen = dict.fromkeys(rest)
        for path in list(self.trials.switches):
            del self.trials.switches[path]
            if isinstance(self.trials.rendered(tuple(self.chosen)), ChartkitError):
                self.trials.switches[path] = True
        for path, value in list(self.trials.restated.items()):
            del self.trials.restated[path]
            if not self._is_as_good(tuple(self.chosen), moved):
                self.trials.restated[path] = value

    def _may_be_needless(self, edit: Edit) -> bool:
        """Whether every image that a key has to do with has another chosen key, which may suffice."""
        keys = (self.keys_of(goal) for goal in self.goals if goal.must_move)
        return all(len(each) > 1 for each in keys if edit.path in each)

    def _is_as_good(self, edits: Sequence[Edit], moved: int) -> bool:
        outcome = self.trials.rendered(tuple(edits))
        if isinstance(outcome, ChartkitError) or outcome.others:
            return False
        return outcome.count(self.goals, "moved") >= moved and not outcome.count(self.goals, "astray")


def slots_of(use: ImageUse, goal: Goal) -> list[Range]:
    """Where an image stands in another render of the same chart; nowhere if what holds it is encoded."""
    if goal.encoded is not None:
        return []
    if use.pieces:
        return [piece.span for piece in use.pieces if piece.span]
    return [use.span] if use.span and goal.slots else []


def _last_line(failure: ChartkitError) -> str:
    """What Helm says in the end, behind the way to the failure."""
    return (str(failure).strip().splitlines() or [""])[-1].strip()


def _signature(segments: Sequence[Segment]) -> tuple[Any, ...]:
    return tuple((each.start, each.end, tuple(_keys((each,)))) for each in segments)


def _keys(segments: Iterable[Segment]) -> Iterator[Path]:
    for segment in segments:
        lookups: tuple[Lookup, ...] = (*segment.sources, *segment.passed_over)
        yield from (lookup.path for lookup in lookups if lookup.kind == "values")


def _lookups_at(trace: Trace, line: ChangedLine) -> Iterator[tuple[tuple[Lookup, ...], tuple[Lookup, ...]]]:
    """What the characters of a line were made of, and what decided them."""
    text = trace.files.get(line.file, "")
    source = Source(line.file, text)
    starts = source.line_starts()
    low = starts[min(max(line.line - 1, 0), len(starts) - 1)]
    high = starts[line.line] if line.line < len(starts) else len(text)
    for span in trace.spans.get(line.file, ()):
        if span.start <= high and span.end >= low:
            yield span.sources, span.consulted


def template_position(trace: Trace, use: ImageUse) -> Position | None:
    """Where the template has the first characters of an image, or the action that writes them."""
    span = use.span or next((piece.span for piece in use.pieces if piece.span), None)
    if span is None:
        return None
    for each in trace.spans.get(use.manifest.file, ()):
        if each.start <= span[0] < each.end and each.place:
            source, start = each.place[-1]
            offset = start + span[0] - each.start
            is_literal = source.text.startswith(use.file_text[span[0] : min(span[1], each.end)], offset)
            return Position(source, offset if is_literal else start)
    return None
