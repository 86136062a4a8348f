"""The state of a traced render: variables and output with their marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chartkit.gotemplate.nodes import Node
from chartkit.gotemplate.origins import OriginTable
from chartkit.gotemplate.runtime import NO_VALUE, Run, State, Template
from chartkit.origin import Lookup, Mark, Place, Span, covered, cut, joined, of_pieces, pieces
from chartkit.record import dataclass, field


@dataclass(slots=True)
class _Written:
    """A piece of output: its text, its mark, what decided that it is written, and the actions that wrote it."""

    text: str
    mark: Mark | None
    context: tuple[Lookup, ...]
    place: Place


class TracedState(State):
    """The state of one traced execution.

    Attributes:
        mark: what is known of the value that was computed last.
        marks: what is known of each variable.
        dot_mark: what is known of the dot.
        context: what decided that the statements at work run.
        written: the output so far.
        frame: the actions of the callers, outermost first.
        text_mark: for a text that is itself a template, where that text came from.
    """

    __slots__ = ("context", "dot_mark", "frame", "mark", "marks", "text_mark", "written")

    def __init__(
        self,
        run: TracedRun,
        templates: Mapping[str, Template],
        template: Template,
        dot: Any,
        written: list[_Written],
        depth: int,
    ) -> None:
        super().__init__(run, templates, template, dot, _refuse_write, depth)
        self.written = written
        self.mark: Mark | None = None
        self.dot_mark: Mark | None = None
        self.marks: list[Mark | None] = [None] * len(self.vars)
        self.context: tuple[Lookup, ...] = ()
        self.frame: Place = ()
        self.text_mark: Mark | None = None

    def emit(self, text: str, mark: Mark | None, node: Node) -> None:
        """Write a piece of output."""
        place = (*self.frame, (self.template.source, node.start))
        self.written.append(_Written(text, mark, self.context, place))

    def enter(self, template: Template, dot: Any) -> None:
        """Run another template into the same output."""
        run = self.run
        assert isinstance(run, TracedRun)
        run.step()
        body = template.prepare()
        state = TracedState(run, self.templates, template, dot, self.written, self.depth + 1)
        state.dot_mark = state.marks[0] = self.mark
        state.context = self.context
        start = 0 if self.node is None else self.node.start
        state.frame = (*self.frame, (self.template.source, start))
        body(state, dot)


def _refuse_write(text: str) -> None:
    raise AssertionError("a traced template writes through emit")


@dataclass(slots=True)
class TracedRun(Run):
    """A render that keeps track.

    Attributes:
        table: the marks of map and list entries.
        handed: what is known of the dot that the next execution gets.
        handed_text: where the text of the next execution came from, if it is a value.
        text: what the last execution wrote.
        result: what is known of it.
    """

    table: OriginTable = field(default_factory=OriginTable)
    handed: Mark | None = None
    handed_text: Mark | None = None
    result: Mark | None = None
    text: str = ""

    def execute(self, templates: Mapping[str, Template], template: Template, dot: Any) -> str:
        """The text that a template writes for a dot; what is known of it is left in `result`."""
        self.step()
        written: list[_Written] = []
        body = template.prepare()
        state = TracedState(self, templates, template, dot, written, 0)
        state.dot_mark = state.marks[0] = self.handed
        state.text_mark = self.handed_text
        self.handed = self.handed_text = None
        body(state, dot)
        text = "".join([piece.text for piece in written])
        self.count(len(text))
        self.text = text
        self.result = of_pieces(_spans(written))
        return text


def _spans(written: list[_Written]) -> list[Span]:
    """The spans of an output, out of its pieces."""
    found: list[Span] = []
    offset = 0
    for piece in written:
        end = offset + len(piece.text)
        inner = pieces(piece.mark, piece.text)
        if inner:
            found += _placed(covered(inner, len(piece.text), ()) if piece.context else inner, piece, offset)
        else:
            found.append(Span(offset, end, (), False, piece.context, piece.place))
        offset = end
    return found


def _placed(inner: Sequence[Span], piece: _Written, offset: int) -> Iterator[Span]:
    """The spans of a piece as they stand in the whole output, with what decided the piece and the actions around."""
    context, place = piece.context, piece.place
    last: tuple[Lookup, ...] = ()
    together = context
    for start, end, sources, copied, consulted, inner_place in inner:
        if consulted is not last:
            # Neighbours mostly have the very same list.
            last, together = consulted, joined(context, consulted)
        yield Span(start + offset, end + offset, sources, copied, together, place + inner_place)


def strip_no_value_spans(text: str, mark: Mark | None) -> Mark | None:
    """The mark of a text after every `<no value>` in it was removed."""
    if mark is None or NO_VALUE not in text:
        return mark
    kept: list[Span] = []
    spans, start, length = pieces(mark, text), 0, 0
    while start <= len(text):
        hole = text.find(NO_VALUE, start)
        end = len(text) if hole < 0 else hole
        kept += cut(spans, start, end, length)
        length += end - start
        if hole < 0:
            break
        # The lookups behind the removed words stay as an empty span: setting one of them would write something here.
        kept += [span._replace(start=length, end=length) for span in cut(spans, hole, hole + len(NO_VALUE))]
        start = hole + len(NO_VALUE)
    return of_pieces(kept)
