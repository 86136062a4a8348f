"""The syntax tree of a template. Every node knows its offset in the text and prints itself as Go does.

The names are Go's. `str(node)` is what error messages show between `<` and `>`.
"""

from __future__ import annotations

from typing import TypeAlias

from chartkit.gotemplate.literals import Number
from chartkit.record import dataclass, field
from chartkit.source import Source


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """Base of all nodes. `start` is the offset, in characters, that error messages give."""

    start: int


@dataclass(frozen=True, slots=True, eq=False)
class Text(Node):
    """Text outside actions."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, eq=False)
class Dot(Node):
    """`.`"""

    def __str__(self) -> str:
        return "."


@dataclass(frozen=True, slots=True, eq=False)
class Nil(Node):
    """`nil`"""

    def __str__(self) -> str:
        return "nil"


@dataclass(frozen=True, slots=True, eq=False)
class Bool(Node):
    """`true` or `false`"""

    value: bool

    def __str__(self) -> str:
        return "true" if self.value else "false"


@dataclass(frozen=True, slots=True, eq=False)
class NumberLiteral(Node):
    """A number or character constant."""

    number: Number

    def __str__(self) -> str:
        return self.number.text


@dataclass(frozen=True, slots=True, eq=False)
class String(Node):
    """A string constant: as written, and the text it stands for."""

    quoted: str
    text: str

    def __str__(self) -> str:
        return self.quoted


@dataclass(frozen=True, slots=True, eq=False)
class Identifier(Node):
    """The name of a function."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class Field(Node):
    """`.a.b.c`: names looked up from the dot."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return "." + ".".join(self.names)


@dataclass(frozen=True, slots=True, eq=False)
class Variable(Node):
    """`$x.a.b`: a variable (its name begins with `$`) and names looked up from it."""

    name: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join((self.name, *self.fields))


@dataclass(frozen=True, slots=True, eq=False)
class Chain(Node):
    """`(pipeline).a.b` or `function.a`: names looked up from any other operand."""

    operand: Operand
    names: tuple[str, ...]

    def __str__(self) -> str:
        base = f"({self.operand})" if isinstance(self.operand, Pipe) else str(self.operand)
        return ".".join((base, *self.names))


@dataclass(frozen=True, slots=True, eq=False)
class Command(Node):
    """An operand and its arguments."""

    arguments: tuple[Operand, ...]

    def __str__(self) -> str:
        return " ".join(f"({node})" if isinstance(node, Pipe) else str(node) for node in self.arguments)


@dataclass(frozen=True, slots=True, eq=False)
class Pipe(Node):
    """Commands joined by `|`, with the variables that take the result."""

    commands: tuple[Command, ...]
    variables: tuple[Variable, ...] = ()
    assigns: bool = False

    def __str__(self) -> str:
        text = " | ".join(map(str, self.commands))
        if not self.variables:
            return text
        return f"{', '.join(map(str, self.variables))} {'=' if self.assigns else ':='} {text}"


@dataclass(frozen=True, slots=True, eq=False)
class Action(Node):
    """`{{pipeline}}`"""

    pipe: Pipe

    def __str__(self) -> str:
        return f"{{{{{self.pipe}}}}}"


@dataclass(frozen=True, slots=True, eq=False)
class Body(Node):
    """What stands between two actions of a control structure, or a whole template."""

    nodes: tuple[Statement, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.nodes))


@dataclass(frozen=True, slots=True, eq=False)
class _Branch(Node):
    """Base of the control structures with a pipeline, a body and perhaps an else."""

    pipe: Pipe
    body: Body
    otherwise: Body | None

    def _text(self, word: str) -> str:
        tail = "" if self.otherwise is None else f"{{{{else}}}}{self.otherwise}"
        return f"{{{{{word} {self.pipe}}}}}{self.body}{tail}{{{{end}}}}"


@dataclass(frozen=True, slots=True, eq=False)
class If(_Branch):
    """`{{if}} ... {{else}} ... {{end}}`"""

    def __str__(self) -> str:
        return self._text("if")


@dataclass(frozen=True, slots=True, eq=False)
class With(_Branch):
    """`{{with}} ... {{else}} ... {{end}}`"""

    def __str__(self) -> str:
        return self._text("with")


@dataclass(frozen=True, slots=True, eq=False)
class Range(_Branch):
    """`{{range}} ... {{else}} ... {{end}}`"""

    def __str__(self) -> str:
        return self._text("range")


@dataclass(frozen=True, slots=True, eq=False)
class Break(Node):
    """`{{break}}`"""

    def __str__(self) -> str:
        return "{{break}}"


@dataclass(frozen=True, slots=True, eq=False)
class Continue(Node):
    """`{{continue}}`"""

    def __str__(self) -> str:
        return "{{continue}}"


@dataclass(frozen=True, slots=True, eq=False)
class TemplateCall(Node):
    """`{{template "name" pipeline}}`; the name as Go quotes it stands in `quoted`."""

    name: str
    quoted: str
    pipe: Pipe | None

    def __str__(self) -> str:
        argument = "" if self.pipe is None else f" {self.pipe}"
        return f"{{{{template {self.quoted}{argument}}}}}"


Operand: TypeAlias = Dot | Nil | Bool | NumberLiteral | String | Identifier | Field | Variable | Chain | Pipe
Statement: TypeAlias = Text | Action | If | With | Range | Break | Continue | TemplateCall


@dataclass(slots=True, eq=False)
class Tree:
    """One parsed template: a file, or a `define` or `block` in it.

    Attributes:
        name: the template's name.
        source: the text it was parsed from; of a define, the whole file.
        body: its statements.
        empty: whether it holds nothing but white space and comments: such a body never replaces another.
    """

    name: str
    source: Source
    body: Body
    empty: bool = field(init=False)

    def __post_init__(self) -> None:
        self.empty = all(isinstance(node, Text) and not node.text.strip() for node in self.body.nodes)
