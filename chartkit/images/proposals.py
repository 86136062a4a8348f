"""Which keys could turn one text of a render into another: proposals out of a trace, for a render to decide on.

The text is cut into segments by where its characters came from. A segment can be changed by the key that supplied it,
or by a key that was looked at first and found empty; a registry can be put in front of the text by a key that was
looked at and not there. Nothing here is sure: a function in the template may undo it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from chartkit.images.naming import words
from chartkit.images.use import Range
from chartkit.origin import Lookup, Path, Span

_REGISTRY: Final = frozenset("registry registries hub mirror prefix proxy host domain server".split())
_NAME: Final = frozenset("repository repo repositories image images name org organization project namespace".split())
_WHOLE: Final = frozenset("repository repo image name override full".split())
_VERSION: Final = frozenset("tag version".split())
_DIGEST: Final = frozenset("digest sha sha256 hash".split())
_ASIDE: Final = frozenset("pull policy secret secrets enabled credentials username password port".split())
_MOST: Final = 16


@dataclass(frozen=True, slots=True)
class Edit:
    """One key and what it is to hold.

    Attributes:
        path: the way from the root chart's values.
        value: the new text.
        part: the part of the old value that it takes the place of; empty if it takes the place of the whole.
        held: the old value.
        is_sure: whether the key supplies the characters as they are.
    """

    path: Path
    value: str
    part: str = ""
    held: str = ""
    is_sure: bool = True


Candidate: TypeAlias = "tuple[Edit, ...]"
Mentioned: TypeAlias = Callable[[Lookup], tuple[Path, ...]]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text with one origin: its range, and the lookups that can change it."""

    start: int
    end: int
    text: str
    sources: tuple[Lookup, ...]
    copied: bool
    passed_over: tuple[Lookup, ...]

    def edits(self, text: str) -> Iterator[Edit]:
        """The ways to make this piece another text."""
        for lookup in self.sources:
            if isinstance(lookup.value, str) and lookup.kind == "values" and lookup.value:
                yield self._edit(lookup, lookup.value, text)
        for lookup in self.passed_over:
            yield Edit(lookup.path, text, is_sure=False)

    def _edit(self, lookup: Lookup, held: str, text: str) -> Edit:
        if held == self.text:
            return Edit(lookup.path, text, is_sure=self.copied)
        if self.text and self.text in held:
            # The key holds more: a text with several images, or one that is itself a template.
            return Edit(lookup.path, text, self.text, held, self.copied)
        return Edit(lookup.path, text, is_sure=False)


def segments_of(spans: Iterable[Span], text: str, within: Range, mentioned: Mentioned) -> tuple[Segment, ...]:
    """The segments of a range of a rendered file.

    Args:
        spans: the spans of the file.
        text: the file.
        within: the range.
        mentioned: the keys that may be read below one that is not there.
    """
    start, end = within
    found: list[Segment] = []
    pending: tuple[Lookup, ...] = ()
    for span in spans:
        if span.start > end or span.end < start:
            continue
        low, high = max(span.start, start), min(span.end, end)
        looked_at = (*pending, *span.consulted)
        if low >= high:
            # What wrote nothing may write something before the next piece, or in its place.
            pending = (*looked_at, *span.sources)
            continue
        pending = ()
        usable = _usable(looked_at, mentioned)
        found.append(Segment(low - start, high - start, text[low:high], span.sources, span.copied, usable))
    if found and pending:
        found[-1] = replace(found[-1], passed_over=_usable((*found[-1].passed_over, *pending), mentioned))
    return tuple(found)


def _usable(lookups: Iterable[Lookup], mentioned: Mentioned) -> tuple[Lookup, ...]:
    """The lookups that found no value, and whose names say that they have to do with images."""
    found: dict[Path, Lookup] = {}
    for lookup in lookups:
        if lookup.kind == "values" and lookup.value in (None, "") and lookup.path and _speaks_of_place(lookup.path):
            found[lookup.path] = lookup
        for path in mentioned(lookup):
            found.setdefault(path, Lookup("values", path, "absent", None))
    return tuple(found.values())


def _speaks_of_place(path: Path) -> bool:
    last = next((step for step in reversed(path) if isinstance(step, str)), "")
    said = set(words(last))
    return _ASIDE.isdisjoint(said) and not said.isdisjoint(_REGISTRY | _NAME | _VERSION | _DIGEST)


def proposals(segments: Sequence[Segment], old: str, new: str, base: str) -> tuple[Candidate, ...]:
    """The ways to turn one text into another, the plainest first.

    Args:
        segments: the segments of the old text.
        old: the old text.
        new: the new one.
        base: the registry and path that all targets have in common, where to split a name if a choice is left.
    """
    if not new or old == new:
        return ()
    found: dict[Candidate, None] = {}
    for way in (_digest, _single, _front, _double, _whole):
        for candidate in way(segments, old, new, base):
            if len({edit.path for edit in candidate}) == len(candidate):
                found.setdefault(candidate)
    return tuple(found)[:_MOST]


def _single(segments: Sequence[Segment], old: str, new: str, _base: str) -> Iterator[Candidate]:
    """One segment takes up the whole difference."""
    for segment in segments:
        changed = _between(new, old[: segment.start], old[segment.end :])
        if changed:
            for edit in segment.edits(changed):
                if edit.is_sure or edit.held or _fits(edit, segment, old):
                    yield (edit,)


def _fits(edit: Edit, segment: Segment, old: str) -> bool:
    """Whether what a key that was empty is to hold goes with its name."""
    said = set(words(str(edit.path[-1])))
    if not said.isdisjoint(_DIGEST):
        return edit.value.startswith("sha256:")
    if not said.isdisjoint(_VERSION):
        return segment.start > 0
    if not said.isdisjoint(_REGISTRY):
        return segment.start == 0 and (edit.value.endswith("/") or old.startswith("/", segment.end))
    return True


def _front(segments: Sequence[Segment], old: str, new: str, base: str) -> Iterator[Candidate]:
    """A registry is put in front, or in the place of what is in front; the repository may change along."""
    keys = {lookup.path: lookup for segment in segments[:3] for lookup in segment.passed_over if _is_front(lookup)}
    # Where the rest begins: at once, or behind the registry that gives way.
    starts = [0, old.index("/") + 1] if "/" in old else [0]
    for start in starts if keys else ():
        rest = old[start:]
        if new.endswith(f"/{rest}"):
            for path in keys:
                yield (Edit(path, new.removesuffix(f"/{rest}"), is_sure=False),)
                yield (Edit(path, new.removesuffix(rest), is_sure=False),)
        if base and new.startswith(f"{base}/"):
            for edit in _edits_behind(segments, old, new[len(base) + 1 :], start):
                yield from ((Edit(path, base, is_sure=False), edit) for path in keys if path != edit.path)


def _edits_behind(segments: Sequence[Segment], old: str, new: str, start: int) -> Iterator[Edit]:
    """The edits that turn what stands behind a place into another text."""
    for segment in segments:
        if segment.start >= start:
            changed = _between(new, old[start : segment.start], old[segment.end :])
            if changed:
                yield from (edit for edit in segment.edits(changed) if edit.is_sure)


def _is_front(lookup: Lookup) -> bool:
    said = set(words(str(lookup.path[-1])))
    return not said.isdisjoint(_REGISTRY | {"repository", "repo", "repositories"})


def _double(segments: Sequence[Segment], old: str, new: str, base: str) -> Iterator[Candidate]:
    """Two segments share the difference, split at a slash."""
    for first, second in zip(segments, segments[1:], strict=False):
        yield from _pair(first, second, old, new, base)
    for first, second in zip(segments, segments[2:], strict=False):
        yield from _pair(first, second, old, new, base)


def _pair(first: Segment, second: Segment, old: str, new: str, base: str) -> Iterator[Candidate]:
    middle = old[first.end : second.start]
    changed = _between(new, old[: first.start], old[second.end :])
    if not changed or middle not in ("", "/"):
        return
    for head, tail in _splits(changed, base):
        for one in first.edits(head + ("" if middle else "/")):
            for other in second.edits(tail):
                if one.is_sure and other.is_sure:
                    yield (one, other)
    if middle:
        # Many templates leave the slash out where there is no registry.
        for one in first.edits(""):
            for other in second.edits(changed):
                if one.is_sure and other.is_sure and not one.part:
                    yield (one, other)


def _splits(text: str, base: str) -> Iterator[tuple[str, str]]:
    """The ways to split a name at a slash: behind what all targets have in common, behind the host, anywhere."""
    places = [len(base)] if text.startswith(f"{base}/") else []
    places += [index for index, sign in enumerate(text) if sign == "/"]
    for place in dict.fromkeys(places):
        yield text[:place], text[place + 1 :]


def _whole(segments: Sequence[Segment], old: str, new: str, _base: str) -> Iterator[Candidate]:
    """A key that is looked at before all others takes the whole name, or the whole image."""
    suffix = _common_end(old, new)
    for path in dict.fromkeys(lookup.path for segment in segments for lookup in segment.passed_over):
        said = set(words(str(path[-1])))
        if not said.isdisjoint(_WHOLE) and said.isdisjoint(_REGISTRY):
            for text in dict.fromkeys((new.removesuffix(suffix), new)):
                yield (Edit(path, text, is_sure=False),)


def _common_end(old: str, new: str) -> str:
    """The tag and digest that both texts end in."""
    at = old.find(":", old.rfind("/") + 1)
    end = old[at:] if at >= 0 else ""
    return end if new.endswith(end) else ""


def _digest(segments: Sequence[Segment], old: str, new: str, _base: str) -> Iterator[Candidate]:
    """A digest is added by a key for it."""
    at = new.rfind("@")
    if at < 0 or "@" in old:
        return
    digest = new[at + 1 :]
    for segment in segments:
        for lookup in segment.passed_over:
            if not _DIGEST.isdisjoint(words(str(lookup.path[-1]))):
                for text in (digest, digest.partition(":")[2], f"@{digest}"):
                    yield (Edit(lookup.path, text, is_sure=False),)


def _between(text: str, before: str, after: str) -> str:
    """What stands between two ends of a text; empty if it has not these ends."""
    if len(text) < len(before) + len(after) or not text.startswith(before) or not text.endswith(after):
        return ""
    return text[len(before) : len(text) - len(after)]
