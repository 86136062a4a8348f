"""What the search for images gives: an image, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Final

from chartkit.engine.render import Rendering
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.positions import Path, Positions, load_positions
from chartkit.manifests.assemble import Manifest
from chartkit.pattern import pattern
from chartkit.reference import ImageReference
from chartkit.source import Position, Source

_KEPT_DOCUMENTS: Final = 64
_PROPERTIES: Final = pattern(r"(?:[&!]\S*\s+)+")

Range = tuple[int, int]


class Certainty(IntEnum):
    """How sure it is that a text is an image; more is surer.

    A place that Kubernetes or a known operator defines as an image is certain. A text is likely an image when its name
    says so and it reads as a reference, or when it names a registry and a version by itself. The rest is possible.
    """

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Resource:
    """The object that an image belongs to."""

    kind: str = ""
    name: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A scalar in a document; a document may stand in a scalar of another one.

    Attributes:
        text: the document.
        steps: the way from its root to the scalar.
        value: what the scalar says.
        base: where the document begins in the scalar it stands in; `None` if it is encoded there, as in Secrets.
    """

    text: str
    steps: Path
    value: str
    base: int | None = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the scalars that an operator joins to a reference: its part (`registry`, `tag`, ...) and its place."""

    part: str
    text: str
    pointer: str
    span: Range | None


@dataclass(frozen=True, slots=True)
class ImageUse:
    """An image at one place of a rendered chart.

    Attributes:
        reference: the reference; `None` if the text is none, `fault` then says why.
        text: the image as it is written, or as its parts are joined.
        manifest: the document; for what Chart.yaml declares, that file as if it were a document.
        certainty: how sure it is that this is an image.
        place: what kind of place it is: `pod`, `volume`, `args`, `env`, `custom resource`, `embedded`, `annotation` or
            `chart annotation`.
        resource: the object it belongs to.
        container: the container's name; empty outside containers.
        fault: why the text is no reference.
        pieces: the scalars it is joined from, if it is written in parts.
        trace: the traced render that it was found in, for `explain`.
    """

    reference: ImageReference | None
    text: str
    manifest: Manifest
    certainty: Certainty
    place: str
    resource: Resource
    container: str = ""
    fault: str = ""
    levels: tuple[Level, ...] = field(default=(), repr=False)
    offset: int = field(default=0, repr=False)
    pieces: tuple[Piece, ...] = field(default=(), repr=False)
    file_text: str = field(default="", repr=False, compare=False)
    trace: Rendering | None = field(default=None, repr=False, compare=False)

    @property
    def pointer(self) -> str:
        """The JSON pointer (RFC 6901) of the scalar in the document, or of the map that holds the parts."""
        return json_pointer(self.levels[0].steps)

    @property
    def inner(self) -> tuple[str, ...]:
        """For YAML or JSON inside the scalar, the pointer within it, and so on inwards."""
        return tuple(json_pointer(level.steps) for level in self.levels[1:])

    @property
    def events(self) -> tuple[str, ...]:
        """The hook events of the document; empty for plain manifests."""
        return self.manifest.events

    @property
    def is_test(self) -> bool:
        """Whether the image runs in `helm test` only."""
        return bool(self.events) and set(self.events) == {"test"}

    @property
    def span(self) -> Range | None:
        """Where the image's characters stand in the rendered file, start and end.

        Where they do not stand there as they are (escapes, base64), the span is that of the whole scalar; an image that
        is joined from parts has none: its pieces do.
        """
        if self.pieces:
            return None
        found = locate(self.levels, (self.offset, self.offset + len(self.text)))
        return None if found is None else (found[0] + self.manifest.start, found[1] + self.manifest.start)

    @property
    def position(self) -> Position | None:
        """Where the image begins in the rendered file, with line and column."""
        span = self.span or next((piece.span for piece in self.pieces if piece.span), None)
        return None if span is None else Position(Source(self.manifest.file, self.file_text), span[0])


def json_pointer(steps: Path) -> str:
    """The RFC 6901 form of a path."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def locate(levels: tuple[Level, ...], within: Range) -> Range | None:
    """Where a range of the innermost scalar's value stands in the outermost document.

    As soon as a level does not show the characters as they are, the range becomes that of its whole scalar.
    """
    wanted: Range | None = within
    for level in reversed(levels):
        written = _written_range(level)
        if written is None:
            return None
        if wanted is not None:
            wanted = _shown(level, written, wanted)
        if wanted is None and level is levels[0]:
            return written
        if wanted is not None:
            wanted = None if level.base is None else (wanted[0] + level.base, wanted[1] + level.base)
    return wanted


def written_text(text: str, steps: Path) -> str | None:
    """The characters of a scalar as they are written, quotes and all."""
    found = _written_range(Level(text, steps, ""))
    return None if found is None else text[found[0] : found[1]]


def _written_range(level: Level) -> Range | None:
    if not level.steps:
        return 0, len(level.text)
    positions = _positions(level.text)
    found = None if positions is None else positions.value_range(level.steps)
    if found is None:
        return None
    properties = _PROPERTIES.match(level.text, *found)
    return (properties.end(), found[1]) if properties else found


@lru_cache(maxsize=_KEPT_DOCUMENTS)
def _positions(text: str) -> Positions | None:
    try:
        return load_positions(Source("", text))[1]
    except YAMLError:
        return None


def _shown(level: Level, written: Range, within: Range) -> Range | None:
    """The place in the document of a part of a scalar's value, if it stands there as it is."""
    raw = level.text[written[0] : written[1]]
    start, end = within
    wanted = level.value[start:end]
    if raw[:1] in ("|", ">"):
        at = _in_block(raw, level.value, start)
    elif raw[:1] in ('"', "'"):
        at = start + 1 if raw[1 : 1 + end] == level.value[:end] else None
    else:
        at = start if raw[:end] == level.value[:end] else None
    is_whole = (start, end) == (0, len(level.value))
    if is_whole and raw not in (wanted, f'"{wanted}"', f"'{wanted}'"):
        # A number that is written in another way, or a text with escapes.
        return None
    if at is None and raw.count(wanted) == 1:
        at = raw.index(wanted)
    if at is None or raw[at : at + len(wanted)] != wanted:
        return None
    return written[0] + at, written[0] + at + len(wanted)


def _in_block(raw: str, value: str, offset: int) -> int | None:
    """The place in a block scalar's source of a character of its value: line by line, behind the indentation."""
    line = value.count("\n", 0, offset)
    line_start = value.rfind("\n", 0, offset) + 1
    shown = value[line_start:].partition("\n")[0]
    lines = raw.split("\n")
    if line + 1 >= len(lines) or not lines[line + 1].endswith(shown):
        return None
    before = sum(len(each) + 1 for each in lines[: line + 1])
    return before + len(lines[line + 1]) - len(shown) + offset - line_start
