"""What changes between two renders, held against the images that were to change.

The texts are compared whole, NOTES.txt included. A line counts as an image's only if it differs in nothing but the
characters of images; digests of other texts (the `checksum/...` annotations) follow from these and are told apart, and
so are mentions: the old name of an image somewhere else in the line that became its new name.
"""

from __future__ import annotations

import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from chartkit.images.goals import Goal, Place
from chartkit.images.use import Range
from chartkit.manifests.assemble import NOTES

Kind: TypeAlias = Literal["image", "mention", "checksum", "notes", "other"]
State: TypeAlias = Literal["moved", "kept", "astray"]

# What an image reference has behind `sha256:` is no digest of a text.
_HASH: Final = re.compile(r"(?<![0-9A-Za-z:@/])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9A-Za-z])")
# Cut short, a digest is known by its key only: `values-hash: 53df9086`.
_SHORT_HASH: Final = re.compile(r"((?:checksum|hash|sha)[\w./-]*[\"']?: *[\"']?)([0-9a-f]{8,64})(?=[\"']?\s*\Z)")
_HOLE: Final = r"([^\s\"']*?)"


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line that differs between two renders.

    Attributes:
        kind: `image`, `mention`, `checksum`, `notes` for a line of NOTES.txt, or `other`.
        file: the template.
        line: its number in the first render, from 1; of a line that is new, that of the one before.
        before: the line; empty if it is new.
        after: what it became; empty if it is gone.
    """

    kind: Kind
    file: str
    line: int
    before: str
    after: str


@dataclass(slots=True)
class Outcome:
    """What became of every goal, and every line that changed.

    Attributes:
        states: `moved` to its target, `kept` as it was, or `astray`: changed into something else.
        lines: the lines that changed.
        texts: what the slots of the goals hold that changed, where that could be told.
    """

    states: dict[Place, State] = field(default_factory=dict)
    lines: list[ChangedLine] = field(default_factory=list)
    texts: dict[Place, tuple[str, ...]] = field(default_factory=dict)

    @property
    def others(self) -> list[ChangedLine]:
        """The lines that changed and should not."""
        return [line for line in self.lines if line.kind == "other"]

    def count(self, goals: Iterable[Goal], state: State) -> int:
        """How many goals are in a state."""
        return sum(self.states[goal.place] == state for goal in goals)


def compare(before: Mapping[str, str], after: Mapping[str, str], goals: Sequence[Goal]) -> Outcome:
    """What changed between two renders.

    Args:
        before: the texts by template path.
        after: the same of the second render.
        goals: what was to change.
    """
    outcome = Outcome()
    by_file: dict[str, list[Goal]] = {}
    for goal in goals:
        by_file.setdefault(goal.file, []).append(goal)
        outcome.states[goal.place] = "kept" if goal.moves else "moved"
    renamed = _Renaming(goals)
    for file in sorted({*before, *after}):
        old, new = before.get(file), after.get(file)
        if old != new:
            _File(file, old or "", new or "", by_file.get(file, []), renamed, outcome).compare()
    return outcome


class _Renaming:
    """Old names of images becoming new ones in any text; only names with a tag or a digest, which nothing else has."""

    def __init__(self, goals: Iterable[Goal]) -> None:
        known = {goal.use.text: goal.target.text for goal in goals if not goal.use.pieces}
        self._known = {old: new for old, new in known.items() if ":" in old or "@" in old}
        longest_first = sorted(self._known, key=len, reverse=True)
        names = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(rf"(?<![\w./:@-])(?:{names})(?![\w/:@-])") if names else None

    def apply(self, text: str) -> str:
        """The text with the new names."""
        return text if self._pattern is None else self._pattern.sub(lambda match: self._known[match[0]], text)


@dataclass(frozen=True, slots=True)
class _Slot:
    """A range of a line that holds an image or a part of one, or an encoded text with images."""

    start: int
    end: int
    goal: Goal
    index: int
    hidden: tuple[Goal, ...] = ()


@dataclass(slots=True)
class _File:
    """The comparison of one file."""

    name: str
    before: str
    after: str
    goals: list[Goal]
    renamed: _Renaming
    outcome: Outcome
    found: dict[Place, dict[int, str]] = field(default_factory=dict)

    def compare(self) -> None:
        slots = self._slots()
        old, new = self.before.split("\n"), self.after.split("\n")
        for low, high, first, last in _blocks(old, new):
            if high - low == last - first:
                for index in range(high - low):
                    self._line(low + index, old[low + index], new[first + index], slots.get(low + index, []))
            else:
                self._stray(slots, range(low, high))
                for index in range(low, high):
                    self._note("other", index + 1, old[index], "")
                for index in range(first, last):
                    self._note("other", low, "", new[index])
        self._settle()

    def _slots(self) -> dict[int, list[_Slot]]:
        """The slots by the line that they stand in, in order."""
        found: dict[int, list[_Slot]] = {}

        def add(span: Range, goal: Goal, index: int, hidden: tuple[Goal, ...] = ()) -> None:
            line = self.before.count("\n", 0, span[0])
            base = self.before.rfind("\n", 0, span[0]) + 1
            found.setdefault(line, []).append(_Slot(span[0] - base, span[1] - base, goal, index, hidden))

        encoded: dict[Range, list[Goal]] = {}
        for goal in self.goals:
            if goal.encoded is not None:
                encoded.setdefault(goal.encoded, []).append(replace(goal, encoded=None))
                continue
            for index, span in enumerate(goal.slots):
                add(span, goal, index)
        for span, hidden in encoded.items():
            add(span, hidden[0], 0, tuple(hidden))
        for slots in found.values():
            slots.sort(key=lambda slot: (slot.start, slot.end))
        return found

    def _line(self, index: int, old: str, new: str, slots: list[_Slot]) -> None:
        """Compare two lines that stand for each other."""
        if old == new:
            return
        read = _fill(old, new, slots)
        if read is not None and all(self._decoded(old, slot, read) for slot in slots if slot.hidden):
            for slot in slots:
                if not slot.hidden and (slot.start, slot.end) in read:
                    self._found(slot, read[slot.start, slot.end])
            self._note("image", index + 1, old, new)
            return
        kind = self._kind(old, new)
        if kind == "mention" and not any(slot.hidden for slot in slots):
            # The image stands in its line a second time, and both changed alike.
            for slot in slots:
                self._found(slot, self.renamed.apply(old[slot.start : slot.end]))
        else:
            self._stray({index: slots}, (index,))
        self._note(kind, index + 1, old, new)

    def _found(self, slot: _Slot, text: str) -> None:
        """Remember what a slot holds now."""
        self.found.setdefault(slot.goal.place, {})[slot.index] = text

    def _kind(self, old: str, new: str) -> Kind:
        """What a changed line is that is no image's."""
        told = self.renamed.apply(old)
        if told == new:
            return "mention"
        return "checksum" if _without_digests(told) == _without_digests(new) else "other"

    def _note(self, kind: Kind, line: int, before: str, after: str) -> None:
        if kind != "mention" and self.name.rpartition("/")[2] == NOTES:
            kind = "notes"
        self.outcome.lines.append(ChangedLine(kind, self.name, line, before, after))

    def _decoded(self, old: str, slot: _Slot, read: Mapping[Range, str]) -> bool:
        """Compare what two encoded texts say; whether nothing but images changed in them."""
        before, after = _decode(old[slot.start : slot.end]), _decode(read.get((slot.start, slot.end), ""))
        if before is None or after is None:
            return False
        inner = Outcome({goal.place: "kept" for goal in slot.hidden})
        _File(self.name, before, after, list(slot.hidden), self.renamed, inner).compare()
        self.outcome.states.update(inner.states)
        self.outcome.texts.update(inner.texts)
        return not inner.others

    def _stray(self, slots: Mapping[int, list[_Slot]], lines: Iterable[int]) -> None:
        for line in lines:
            for slot in slots.get(line, ()):
                for goal in slot.hidden or (slot.goal,):
                    self.outcome.states[goal.place] = "astray"

    def _settle(self) -> None:
        """Say what became of the goals, all slots of each one taken together."""
        states = self.outcome.states
        for goal in self.goals:
            changed = self.found.get(goal.place)
            if changed is None or states[goal.place] == "astray":
                continue
            # Parts that stand in lines that did not change are as they were.
            texts = tuple(changed.get(index, text) for index, text in enumerate(goal.texts))
            self.outcome.texts[goal.place] = texts
            if texts in goal.forms:
                states[goal.place] = "moved"
            else:
                states[goal.place] = "kept" if texts == goal.texts else "astray"


def _without_digests(line: str) -> str:
    """A line with its digests masked; those of other lengths stay different."""
    masked = _SHORT_HASH.sub(lambda found: f"{found[1]}{'#' * len(found[2])}", line)
    return _HASH.sub("#", masked)


def _decode(text: str) -> str | None:
    """What a text in base 64 says."""
    try:
        return a2b_base64(text).decode("utf-8", "surrogateescape")
    except Base64Error:
        return None


def _fill(old: str, new: str, slots: Sequence[_Slot]) -> dict[Range, str] | None:
    """What stands in the slots of a line, by their ranges, after it changed; `None` if it changed outside of them."""
    holes = list(_apart(slots))
    if not holes:
        return None
    # What is outside of the slots has to be there unchanged, to the last character.
    edges = [0, *(edge for slot in holes for edge in (slot.start, slot.end)), len(old)]
    literals = [old[low:high] for low, high in zip(edges[::2], edges[1::2], strict=True)]
    found = re.fullmatch(_HOLE.join(map(re.escape, literals)), new)
    if found is None:
        return None
    return {(slot.start, slot.end): text for slot, text in zip(holes, found.groups(), strict=True)}


def _apart(slots: Iterable[_Slot]) -> Iterator[_Slot]:
    """The slots that do not overlap one before them."""
    end = -1
    for slot in slots:
        if slot.start >= end:
            yield slot
            end = slot.end


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """The ranges of lines that differ and stand for each other."""
    if len(old) == len(new):
        yield 0, len(old), 0, len(new)
        return
    from difflib import SequenceMatcher

    # Texts are alike but for a few lines, and matching whole files line by line takes long.
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end], autojunk=False)
    for tag, low, high, first, last in middle.get_opcodes():
        if tag != "equal":
            yield start + low, start + high, start + first, start + last
