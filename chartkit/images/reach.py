"""Where a key goes: the images and the other rendered lines that it supplies or decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from chartkit.engine.trace import Trace
from chartkit.images.explain import Part, explain, shown_path
from chartkit.images.use import ImageUse
from chartkit.origin import Lookup, Span
from chartkit.source import Position, Source

How: TypeAlias = Literal["supplies", "decides"]
PARTS: Final[tuple[Part, ...]] = ("registry", "repository", "tag", "digest")


@dataclass(frozen=True, slots=True)
class ReachedImage:
    """An image that a key reaches.

    Attributes:
        use: the image.
        supplies: the parts that have characters of the key.
        decides: the parts that another value of the key may change, though it supplies none of their characters.
    """

    use: ImageUse
    supplies: tuple[Part, ...]
    decides: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ReachedLines:
    """Lines of a rendered file that a key reaches.

    Attributes:
        how: whether the key supplies characters there, or decides that they stand there.
        file: the template.
        first: the first line, from 1, of the rendered text.
        last: the last one.
        text: the first line; empty where nothing is written, and another value might write something.
    """

    how: How
    file: str
    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Reach:
    """All that a key reaches."""

    images: tuple[ReachedImage, ...]
    lines: tuple[ReachedLines, ...]


def reach(trace: Trace, uses: Iterable[ImageUse], key: str) -> Reach:
    """What a key, or any key below it, reaches.

    Args:
        trace: the render.
        uses: the images that were found in it.
        key: the key as a user writes it: `server.image.registry`, `Chart.appVersion`.
    """
    uses = tuple(uses)
    images = tuple(found for found in (_reached(use, key) for use in uses) if found.supplies or found.decides)
    taken = {(each.use.manifest.file, line) for each in images for line in _lines_of(each.use)}
    lines = tuple(line for file in trace.files for line in _file_lines(trace, file, key, taken))
    return Reach(images, lines)


def leads_to(key: str, path: str) -> bool:
    """Whether a path is a key, or lies below it."""
    return path == key or path.startswith((f"{key}.", f"{key}["))


def _reached(use: ImageUse, key: str) -> ReachedImage:
    supplies: list[Part] = []
    decides: list[Part] = []
    for part in PARTS if use.reference else ("",):
        explained = explain(use, part)
        if any(leads_to(key, each.path) for each in explained.keys):
            supplies.append(part)
        elif any(leads_to(key, each.path) and not each.beside for each in explained.consulted):
            decides.append(part)
    return ReachedImage(use, tuple(supplies), tuple(decides))


def _lines_of(use: ImageUse) -> Iterator[int]:
    """The lines that an image is written in."""
    source = Source("", use.file_text)
    for span in (use.span, *(piece.span for piece in use.pieces)):
        if span is not None:
            yield from range(_line(source, span[0]), _line(source, max(span[0], span[1] - 1)) + 1)


def _line(source: Source, offset: int) -> int:
    return Position(source, offset).line


def _file_lines(trace: Trace, file: str, key: str, taken: set[tuple[str, int]]) -> Iterator[ReachedLines]:
    source = Source(file, trace.files[file])
    known: dict[tuple[str, object], bool] = {}

    def touches(lookups: tuple[Lookup, ...]) -> bool:
        return any(_cached(known, lookup, key) for lookup in lookups)

    spans = trace.spans.get(file, ())
    supplied = {line for span in spans if touches(span.sources) for line in _written(source, span)}
    decided = {line for span in spans if touches(span.consulted) for line in _written(source, span)}
    for line in sorted(supplied):
        if (file, line) not in taken:
            yield ReachedLines("supplies", file, line, line, source.line_text(line).strip())
    rest = sorted(line for line in decided - supplied if (file, line) not in taken)
    for first, last in _runs(rest):
        yield ReachedLines("decides", file, first, last, source.line_text(first).strip())


def _cached(known: dict[tuple[str, object], bool], lookup: Lookup, key: str) -> bool:
    found = known.get((lookup.kind, lookup.path))
    if found is None:
        found = known[lookup.kind, lookup.path] = leads_to(key, shown_path(lookup))
    return found


def _written(source: Source, span: Span) -> Iterator[int]:
    """The lines that a span writes; of one that writes nothing, the line where it stands."""
    text = source.text[span.start : span.end]
    if not text.strip():
        if not text:
            yield _line(source, span.start)
        return
    start = span.start + len(text) - len(text.lstrip())
    yield from range(_line(source, start), _line(source, span.start + len(text.rstrip()) - 1) + 1)


def _runs(lines: list[int]) -> Iterator[tuple[int, int]]:
    """Numbers that follow each other, as first and last."""
    first = last = 0
    for line in lines:
        if line != last + 1 or not first:
            if first:
                yield first, last
            first = line
        last = line
    if first:
        yield first, last
