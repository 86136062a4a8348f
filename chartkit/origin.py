"""Where values and characters come from: the data that a traced render carries beside the values.

A `Lookup` is one key that was read, with what it held. A `Span` says of a range of characters which lookups supplied
them and which were consulted on the way. A `Mark` is what a traced render knows of one value.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["values", "chart_metadata", "release", "builtin", "unstable"]
Held: TypeAlias = Literal["absent", "empty", "value"]
Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = "tuple[tuple[Any, int], ...]"
"""Source and offset of the actions that wrote a text, from the outermost inwards."""


class Lookup(NamedTuple):
    """A key that a template read.

    Attributes:
        kind: what was read: the values, Chart.yaml, the release, or what Helm itself brings.
        path: the way to the key from the root chart's values (or from Chart.yaml, the release ...).
        held: whether there was nothing, an empty value, or a value.
        value: what was there.
    """

    kind: Kind
    path: Path
    held: Held
    value: Any


class Span(NamedTuple):
    """A range of characters, which may be empty, in a text.

    Attributes:
        start: its first character.
        end: the one after its last.
        sources: what supplied the characters; nothing for a template's own text.
        copied: whether the characters are those of the one source, unchanged.
        consulted: what was read on the way and decided that these characters stand here.
        place: the actions that wrote them.
    """

    start: int
    end: int
    sources: tuple[Lookup, ...]
    copied: bool
    consulted: tuple[Lookup, ...]
    place: Place = ()


class Mark(NamedTuple):
    """What is known of one value.

    Attributes:
        sources: the lookups that it was made of.
        consulted: the lookups that decided it.
        copied: whether it is, unchanged, the value of its one source.
        spans: for a text that was put together, its pieces in order; `None` where the whole is one piece.
    """

    sources: tuple[Lookup, ...] = ()
    consulted: tuple[Lookup, ...] = ()
    copied: bool = False
    spans: tuple[Span, ...] | None = None


def held_by(value: Any) -> Held:
    """What a key holds, in the words of `Lookup`."""
    if value is None:
        return "absent"
    return "value" if value or value is False or value == 0 and not isinstance(value, str) else "empty"


def joined(first: tuple[Lookup, ...], second: tuple[Lookup, ...]) -> tuple[Lookup, ...]:
    """Two lists of lookups in order, each lookup once."""
    if not second or first is second:
        return first
    if not first:
        return second
    same = set(map(id, first))
    others = [lookup for lookup in second if id(lookup) not in same]
    if not others:
        return first
    known = {lookup[:2] for lookup in first}
    fresh = tuple([lookup for lookup in others if lookup[:2] not in known])
    return first + fresh if fresh else first


def gathered(lists: Iterable[tuple[Lookup, ...]]) -> tuple[Lookup, ...]:
    """Many lists of lookups in order, each lookup once."""
    filled = [lookups for lookups in lists if lookups]
    if len(filled) < 2:
        return filled[0] if filled else ()
    known: dict[Any, Lookup] = {}
    for lookups in filled:
        for lookup in lookups:
            known.setdefault(lookup[:2], lookup)
    return filled[0] if len(known) == len(filled[0]) else tuple(known.values())


def all_sources(mark: Mark | None) -> tuple[Lookup, ...]:
    """Everything that a value was made of."""
    if mark is None:
        return ()
    if mark.spans is None:
        return mark.sources
    return gathered((mark.sources, *[span.sources for span in mark.spans]))


def all_consulted(mark: Mark | None) -> tuple[Lookup, ...]:
    """Everything that decided a value."""
    if mark is None:
        return ()
    if not mark.spans:
        return mark.consulted
    return gathered((mark.consulted, *[span.consulted for span in mark.spans]))


def everything(mark: Mark | None) -> tuple[Lookup, ...]:
    """Everything that had a part in a value, in the order of looking: first what was passed over."""
    return joined(all_consulted(mark), all_sources(mark))


def union(marks: Iterable[Mark | None]) -> Mark | None:
    """The mark of a value computed from others: coarse, but never silent."""
    known = [mark for mark in marks if mark is not None]
    sources, consulted = gathered(map(all_sources, known)), gathered(map(all_consulted, known))
    return Mark(sources, consulted) if sources or consulted else None


def with_consulted(mark: Mark | None, lookups: tuple[Lookup, ...]) -> Mark | None:
    """The mark of a value that other lookups decided, too."""
    if not lookups:
        return mark
    if mark is None:
        return Mark((), lookups)
    return Mark(mark.sources, joined(lookups, mark.consulted), mark.copied, mark.spans)


def pieces(mark: Mark | None, text: str) -> tuple[Span, ...]:
    """The spans of a text, which lie one after another and cover what is known of it."""
    if mark is None:
        return ()
    if mark.spans is None:
        return (Span(0, len(text), mark.sources, mark.copied, mark.consulted),)
    consulted = mark.consulted
    if not consulted:
        return mark.spans
    return tuple(
        span._replace(consulted=joined(consulted, span.consulted)) for span in covered(mark.spans, len(text), consulted)
    )


def covered(spans: Iterable[Span], length: int, consulted: tuple[Lookup, ...], place: Place = ()) -> list[Span]:
    """The spans of a text and, for the characters between them, spans that say only what decided these."""
    found: list[Span] = []
    end = 0
    for span in spans:
        if span.start > end:
            found.append(Span(end, span.start, (), False, consulted, place))
        found.append(span)
        end = max(end, span.end)
    if end < length:
        found.append(Span(end, length, (), False, consulted, place))
    return found


def of_pieces(spans: Sequence[Span]) -> Mark | None:
    """The mark of a text that has these spans."""
    return Mark(spans=tuple(spans)) if spans else None


_end: Final = attrgetter("end")


def cut(spans: Sequence[Span], start: int, end: int, shift: int = 0) -> list[Span]:
    """The spans of the characters from `start` to `end`, as they stand `shift` characters into another text.

    Empty spans on either edge are kept: they tell why nothing more stands there.
    """
    found: list[Span] = []
    moved = shift - start
    for index in range(bisect_left(spans, start, key=_end), len(spans)):
        first, last, sources, copied, consulted, place = spans[index]
        if first > end:
            break
        low, high = first if first > start else start, last if last < end else end
        if low == high and first != last:
            if start != end:
                continue
            copied = False
        found.append(Span(low + moved, high + moved, sources, copied, consulted, place))
    return found


def before(spans: Sequence[Span], at: int) -> Span | None:
    """The span that has the character before a place."""
    index = bisect_left(spans, at, key=_end)
    return spans[index] if index < len(spans) and spans[index].start < at else None


def shifted(spans: Iterable[Span], by: int) -> list[Span]:
    """The spans as they stand `by` characters into another text."""
    return [Span(span[0] + by, span[1] + by, *span[2:]) for span in spans]


def derived(mark: Mark | None, text: str) -> tuple[Span, ...]:
    """One span over a whole text that was computed from a marked value."""
    if mark is None:
        return ()
    return (Span(0, len(text), all_sources(mark), False, all_consulted(mark)),)
