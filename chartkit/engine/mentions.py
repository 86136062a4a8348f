"""Which keys of the values the templates of a chart name, whether they read them in this render or not.

The trees are gone through without running them. Where a chain of names starts from is followed through `with`, `range`
and variables as far as that is plain; what starts from anything else is remembered by its names only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from chartkit.gotemplate.nodes import (
    Action,
    Body,
    Chain,
    Dot,
    Field,
    Identifier,
    If,
    Node,
    Pipe,
    Range,
    String,
    TemplateCall,
    Tree,
    Variable,
    With,
)
from chartkit.origin import Path

_Way: TypeAlias = "tuple[str, ...] | None"
_ANY: Final = "*"
_VALUES: Final = "Values"
_ENTERING: Final = frozenset(["get", "hasKey", "index", "unset"])
_WHOLE: Final = frozenset("toYaml toYamlPretty mustToYaml toJson mustToJson toPrettyJson toRawJson toToml keys".split())
_GIVING_ALL: Final = frozenset(["AsMap", "PathValue", "Table", "YAML"])


@dataclass(slots=True)
class Mentions:
    """What templates name.

    Attributes:
        ways: keys by their way from `.Values`; `*` stands for any key.
        names: the names in chains whose start is not known.
        words: the texts in templates.
        gives_all: whether a template takes the values as a whole by one of their methods.
    """

    ways: set[tuple[str, ...]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    gives_all: bool = False

    def has(self, path: Path) -> bool:
        """Whether some template may read a key, given by its way from the values of its chart."""
        names = tuple(map(str, path))
        if self.gives_all or names[-1] in self.names or ".".join(names) in self.words:
            return True
        return any(self._leads(way, names) for way in self.ways)

    def _leads(self, way: tuple[str, ...], names: tuple[str, ...]) -> bool:
        """Whether a way leads to a key, or through it; what may be any key of all values must be named somewhere."""
        if len(way) < len(names) or (way[0] == _ANY and names[0] not in self.words):
            return False
        return all(step in (name, _ANY) for step, name in zip(way, names, strict=False))


def mentions_of(trees: Iterable[Tree]) -> Mentions:
    """What templates name."""
    found = Mentions()
    for tree in trees:
        # A file begins with the whole context, a define with whatever it is given.
        start: _Way = () if tree.name == tree.source.name else None
        _Scan(found, {"$": start}, start).visit(tree.body)
    return found


@dataclass(slots=True)
class _Scan:
    """One scope: what variables and the dot lead to."""

    found: Mentions
    variables: dict[str, _Way]
    dot: _Way

    def visit(self, node: Node | None) -> None:
        """Go through statements."""
        if isinstance(node, Body):
            for each in node.nodes:
                self.visit(each)
        elif isinstance(node, (Action, TemplateCall)) and node.pipe is not None:
            self.pipe(node.pipe)
        elif isinstance(node, (If, With, Range)):
            self.branch(node)

    def branch(self, node: If | With | Range) -> None:
        """Go through a control structure; what it declares is known inside only."""
        inner = _Scan(self.found, dict(self.variables), self.dot)
        way = inner.pipe(node.pipe)
        element = None if way is None else (*way, _ANY)
        if isinstance(node, Range):
            self.whole(way)
            for variable in node.pipe.variables[-1:]:
                inner.variables[variable.name] = element
            inner.dot = element
        elif isinstance(node, With):
            inner.dot = way
        inner.visit(node.body)
        inner.dot = self.dot
        inner.visit(node.otherwise)

    def pipe(self, pipe: Pipe) -> _Way:
        """Go through a pipeline; what it leads to, as far as that is known."""
        first, *others = pipe.commands
        way = self.command(first.arguments)
        for command in others:
            for argument in command.arguments[1:]:
                self.operand(argument)
            name = str(command.arguments[0])
            if name in _WHOLE:
                self.whole(way)
            way = way if name == "default" else None
        for variable in pipe.variables:
            self.variables[variable.name] = way
        return way

    def command(self, arguments: tuple[Any, ...]) -> _Way:
        """Go through a command; the keys that `index` and the like enter are followed."""
        head, *rest = arguments
        if not isinstance(head, Identifier):
            for each in rest:
                self.operand(each)
            return self.operand(head)
        ways = [self.operand(each) for each in rest]
        if head.name in _WHOLE and ways:
            self.whole(ways[-1])
        if head.name in _ENTERING and rest:
            return self.enter(ways[0], rest[1:])
        if head.name == "dig":
            return self.enter(ways[-1], rest[:-2])
        return ways[-1] if head.name == "default" and ways else None

    def enter(self, way: _Way, keys: list[Any]) -> _Way:
        """Follow keys that are given as texts."""
        names = tuple(key.text if isinstance(key, String) else _ANY for key in keys)
        return self.note(way, names)

    def operand(self, node: Any) -> _Way:
        """Go through an operand; what it leads to."""
        if isinstance(node, String):
            self.found.words.add(node.text)
            return None
        if isinstance(node, Pipe):
            return self.pipe(node)
        if isinstance(node, Dot):
            return self.dot
        if isinstance(node, Field):
            return self.note(self.dot, node.names)
        if isinstance(node, Variable):
            return self.note(self.variables.get(node.name), node.fields)
        if isinstance(node, Chain):
            return self.note(self.operand(node.operand), node.names)
        return None

    def note(self, start: _Way, names: tuple[str, ...]) -> _Way:
        """Remember a chain of names; where it leads to."""
        if _VALUES in names and (start is None or not start):
            start, names = (), names[names.index(_VALUES) :]
        if start is None:
            self.found.names.update(name for name in names if name != _ANY)
            return None
        way = (*start, *names)
        if way[:1] == (_VALUES,) and len(way) > 1:
            self.found.ways.add(way[1:])
            self.found.gives_all |= way[1] in _GIVING_ALL
        return way

    def whole(self, way: _Way) -> None:
        """Remember that all below a key is taken."""
        if way is not None and way[:1] == (_VALUES,):
            self.found.ways.add((*way[1:], _ANY))


def parsed(files: Mapping[str, str], functions: Any) -> list[Tree]:
    """The trees of templates by their names; a file that is none, as one of a subchart that is off may be, has none."""
    from chartkit.errors import ParseError
    from chartkit.gotemplate.parser import parse
    from chartkit.source import Source

    found: list[Tree] = []
    for name, text in files.items():
        try:
            found += parse(Source(name, text), functions).values()
        except ParseError:
            continue
    return found
