"""Source texts and places in them."""

from __future__ import annotations

from bisect import bisect_right

from chartkit.record import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A named text: a template, a values file, a flag.

    Attributes:
        name: what a person calls it: a path, or `--set`.
        text: the whole text, as `str` with undecodable bytes kept as lone surrogates (surrogateescape).
        is_secret: whether passwords may stand in it, so that no line of it is ever shown.
    """

    name: str
    text: str = field(repr=False)
    is_secret: bool = False
    _starts: list[int] = field(default_factory=list, init=False, repr=False)

    def line_starts(self) -> list[int]:
        """The offset at which each line begins, computed once."""
        if not self._starts:
            self._starts.append(0)
            find, start = self.text.find, 0
            while (start := find("\n", start) + 1) > 0:
                self._starts.append(start)
        return self._starts

    def line_text(self, line: int) -> str:
        """The text of line `line` (from 1), without its line break."""
        starts = self.line_starts()
        end = starts[line] - 1 if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].rstrip("\r")


@dataclass(frozen=True, slots=True)
class Position:
    """A character offset in a `Source`; lines and columns are worked out on demand."""

    source: Source
    offset: int

    @property
    def line(self) -> int:
        """The line, from 1."""
        return bisect_right(self.source.line_starts(), self.offset)

    @property
    def column(self) -> int:
        """The column in characters, from 1."""
        return self.offset - self.source.line_starts()[self.line - 1] + 1

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"

    @classmethod
    def shown(cls, source: Source, offset: int) -> Position:
        """The place to show for a fault: one that was met at the end of the text is shown behind its last words."""
        end = len(source.text.rstrip())
        return cls(source, offset if offset < end else end)

    def caret(self) -> str:
        """The line with a caret under the column: two lines, no final line break."""
        text = self.source.line_text(self.line)
        before = text[: self.column - 1]
        pad = "".join("\t" if character == "\t" else " " for character in before)
        return f"{text}\n{pad}^"


@dataclass(frozen=True, slots=True)
class FixedPosition:
    """A position that is worked out already and needs its text no more.

    Attributes:
        source: the name of the source, without its text; only that of a flag is kept, which is shown as it is.
        line: the line, from 1.
        column: the column in characters, from 1.
    """

    source: Source
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"

    @classmethod
    def of(cls, position: Position | FixedPosition) -> FixedPosition:
        """The place of a position."""
        source = position.source
        text = source.text if source.name.startswith("--") and not source.is_secret else ""
        return cls(Source(source.name, text), position.line, position.column)
