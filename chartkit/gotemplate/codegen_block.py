"""Python source under construction: lines at a depth, names for what is computed, and text waiting to be written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from chartkit.gotemplate.fast import DEEPEST, STEP

_DEEPEST: Final = 90


class Unsupported(Exception):
    """A template that no code is generated for: it runs in the exact compiler."""


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression gives.

    Attributes:
        code: the name of a local variable, or a constant: free to write more than once.
        kind: the Python type, where it is known: `str`, `bool`, `int`, `float`, `dict`, `list`.
        constant: the text of a constant string.
        grown: whether a function made it that can make long ones out of short ones.
    """

    code: str
    kind: str = ""
    constant: str | None = None
    grown: bool = False

    @property
    def is_name(self) -> bool:
        """Whether the code is a name: not everything can be done with a constant in Python's grammar."""
        return self.code.isidentifier() and self.code not in ("None", "True", "False")


@dataclass(slots=True)
class Block:
    """The body of one generated function."""

    lines: list[str] = field(default_factory=list)
    depth: int = 1
    names: int = 0
    pieces: list[str] = field(default_factory=list)
    """Code of the texts that were not written yet; adjacent constants are one."""
    literal: str = ""
    loops: int = 0
    calls_templates: bool = False
    writes: int = 0

    def line(self, text: str) -> None:
        """One more line."""
        self.lines.append(f"{' ' * self.depth}{text}")

    def fresh(self, letter: str) -> str:
        """A name that is not in use."""
        self.names += 1
        return f"{letter}{self.names}"

    def let(self, code: str, kind: str = "") -> Value:
        """Compute something now, and give it a name."""
        name = self.fresh("x")
        self.line(f"{name} = {code}")
        return Value(name, kind)

    def deepen(self) -> None:
        """Go one level deeper."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unsupported("too deeply nested for Python")

    @contextmanager
    def indented(self, head: str) -> Iterator[None]:
        """Lines below a line that ends in a colon."""
        self.line(head)
        self.deepen()
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.line("pass")
        self.depth -= 1

    @contextmanager
    def writing(self, head: str) -> Iterator[None]:
        """Like `indented`, for lines that write text."""
        self.flush()
        with self.indented(head):
            yield
            self.flush()

    def text(self, text: str) -> None:
        """Text to write."""
        self.literal += text

    def piece(self, code: str) -> None:
        """The name of a text to write."""
        self._settle()
        self.pieces.append(code)

    def _settle(self) -> None:
        if self.literal:
            self.pieces.append(ascii(self.literal))
            self.literal = ""

    def flush(self) -> None:
        """Write what waits."""
        self._settle()
        if self.pieces:
            self.writes += 1
            self.line(f"w({self.pieces[0]})" if len(self.pieces) == 1 else f"o += ({', '.join(self.pieces)})")
            self.pieces = []

    def function(self, name: str) -> str:
        """The whole function's source."""
        self._settle()
        simple = not self.writes
        head = [f"def {name}(R, d):"]
        if not simple:
            self.flush()
            head.append(" o = []; w = o.append")
        counted = self.calls_templates or self.loops
        if self.calls_templates:
            head += [" R.depth += 1", f" if R.depth > {DEEPEST}: raise X"]
        result = "''.join(o)"
        if simple:
            result = "''" if not self.pieces else self.pieces[0] if len(self.pieces) == 1 else ""
            result = result or f"''.join(({', '.join(self.pieces)}))"
        if not counted:
            return "\n".join([*head, *self.lines, f" return {result}", ""])
        tail = [f" s = {result}"]
        if self.calls_templates:
            tail.append(" R.depth -= 1")
        tail += [f" R.spent += len(s) + {STEP}", " if R.spent > R.mark: R.settle()", " return s", ""]
        return "\n".join([*head, *self.lines, *tail])
