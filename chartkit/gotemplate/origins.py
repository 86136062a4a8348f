"""What a traced render knows of maps, lists and calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from chartkit.gotypes import GoObject
from chartkit.origin import (
    Kind,
    Lookup,
    Mark,
    Path,
    all_consulted,
    all_sources,
    everything,
    held_by,
    union,
    with_consulted,
)
from chartkit.record import dataclass, field

_DEEPEST = 40


@dataclass(slots=True)
class OriginTable:
    """The marks of what maps and lists hold, by the identity of the container.

    Containers are not wrapped, so references can go any way through a template. A container that is reached from a
    known one is known by its path; entries that templates put somewhere have a mark of their own; and a container that
    was made of others (`parents`) asks them for what it has not.

    Some containers can be set in two places: the globals of a subchart at the root, or under the subchart's own key.
    `aliases` has the second path and, beside it, the counterpart at the first one. `dumped` remembers maps that were
    written as YAML, by their keys, so that a map that is read back knows what it does not have.
    """

    roots: dict[int, tuple[Kind, Path]] = field(default_factory=dict)
    entries: dict[tuple[int, Any], Mark | None] = field(default_factory=dict)
    parents: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    aliases: dict[int, tuple[Path, Any]] = field(default_factory=dict)
    dumped: dict[tuple[str, ...], list[Any]] = field(default_factory=dict)
    alive: list[Any] = field(default_factory=list)
    reads: dict[tuple[Kind, Path], Lookup] = field(default_factory=dict)

    def register(self, container: Any, kind: Kind, path: Path) -> None:
        """Make a container known by its path."""
        if id(container) not in self.roots:
            self.roots[id(container)] = (kind, path)
            self.alive.append(container)

    def put(self, container: Any, key: Any, mark: Mark | None) -> None:
        """Note where an entry came from."""
        self.alive.append(container)
        self.entries[id(container), key] = mark

    def entry(self, container: Any, key: Any) -> Mark | None:
        """What is known of an entry of a map or list, or of one that is not there."""
        known = (id(container), key)
        if known in self.entries:
            return self.entries[known]
        root = self.roots.get(id(container))
        if root is None:
            return self._inherited(container, key) if id(container) in self.parents else None
        kind, path = root
        value = _element(container, key)
        here, other = (*path, key), self._alias(container, key, value)
        if other and other[1]:
            here, other = other[0], (here, False)
        if isinstance(value, (dict, list)):
            self.register(value, kind, here)
        lookup = self._read(kind, here, value)
        consulted = (self._read(kind, other[0], value),) if other else ()
        mark = Mark((lookup,), consulted, isinstance(value, str))
        self.alive.append(container)
        self.entries[known] = mark
        return mark

    def _read(self, kind: Kind, path: Path, value: Any) -> Lookup:
        lookup = Lookup(kind, path, held_by(value), value)
        self.reads.setdefault((kind, path), lookup)
        return lookup

    def also(self, container: Any, path: Path, counterpart: Any) -> None:
        """Say that what a container holds can be set under a second path, too, unless its counterpart has it."""
        self.aliases[id(container)] = (path, counterpart)

    def _alias(self, container: Any, key: Any, value: Any) -> tuple[Path, bool] | None:
        """The second path of an entry, and whether only that one supplies it."""
        known = self.aliases.get(id(container))
        if known is None:
            return None
        path, counterpart = known
        there = _element(counterpart, key) if isinstance(counterpart, (dict, list)) else None
        if isinstance(value, (dict, list)) and value is not counterpart:
            self.aliases.setdefault(id(value), ((*path, key), there))
            self.alive.append(value)
        return (*path, key), value is not None and there is None

    def dump(self, value: Any) -> None:
        """Remember a map, and the maps below it, that were written as YAML."""
        if isinstance(value, dict):
            self.dumped.setdefault(tuple(sorted(value)), []).append(value)
            self._dump_items(value, value.items())
        elif isinstance(value, list):
            self._dump_items(value, enumerate(value))

    def _dump_items(self, container: Any, items: Iterable[tuple[Any, Any]]) -> None:
        for key, item in items:
            if isinstance(item, (dict, list)):
                if not item:
                    # It has no characters of its own that could tell that it was read.
                    self.entry(container, key)
                self.dump(item)

    def undump(self, value: Any) -> None:
        """Let a map that was read from YAML, and the maps below it, ask those that were written."""
        if isinstance(value, dict):
            written = self.dumped.get(tuple(sorted(value)), ())
            # The newest first, and no further than the first that fits: large maps take long to compare.
            same = next((known for known in reversed(written) if known == value), None)
            if same is not None:
                self.made_of(value, (same,))
            for item in value.values():
                self.undump(item)
        elif isinstance(value, list):
            for item in value:
                self.undump(item)

    def made_of(self, container: Any, parents: Sequence[Any]) -> None:
        """Make a container ask others for what it has not."""
        self.alive += (container, parents)
        self.parents[id(container)] = tuple(parents)

    def _inherited(self, container: Any, key: Any) -> Mark | None:
        """What the containers that a container was made of know of an entry."""
        marks = [self.entry(parent, key) for parent in self.parents[id(container)]]
        known = [mark for mark in marks if mark is not None]
        if not known:
            return None
        first, *others = known
        for other in others:
            first = with_consulted(first, everything(other)) or first
        return first

    def whole(self, value: Any, mark: Mark | None) -> Mark | None:
        """What is known of a value with all that it holds; `mark` is what is known of the value itself."""
        return self.deep(value) or mark if isinstance(value, (dict, list)) else mark

    def deep(self, value: Any, depth: int = 0) -> Mark | None:
        """The union of all that is known below a container."""
        if depth > _DEEPEST:
            return None
        if isinstance(value, dict):
            items = [(key, value[key]) for key in value]
        elif isinstance(value, list):
            items = list(enumerate(value))
        else:
            return None
        marks: list[Mark | None] = []
        for key, item in items:
            mark = self.entry(value, key)
            marks.append(self.deep(item, depth + 1) if isinstance(item, (dict, list)) and item else mark)
        return union(marks)

    def walk(self, receiver: Any, mark: Mark | None, names: Sequence[str]) -> Mark | None:
        """What is known of the value at the end of a chain of names."""
        for index, name in enumerate(names):
            if isinstance(receiver, dict):
                known = self.entry(receiver, name)
                # Of a container that nothing is known of, its own mark goes for all that it holds.
                mark = known if known is not None else _coarse(mark)
                receiver = dict.get(receiver, name)
            elif isinstance(receiver, GoObject) and name in receiver.go_fields:
                receiver, mark = receiver.go_field(name), mark
            elif receiver is None and mark is not None and mark.sources:
                return self._missing(mark, names[index:])
            else:
                return mark
        return mark

    def _missing(self, mark: Mark, names: Sequence[str]) -> Mark:
        """A key below one that is not there."""
        last = mark.sources[-1]
        lookup = Lookup(last.kind, (*last.path, *names), "absent", None)
        self.reads.setdefault((lookup.kind, lookup.path), lookup)
        return Mark((*mark.sources[:-1], lookup), mark.consulted)


def _coarse(mark: Mark | None) -> Mark | None:
    return None if mark is None else Mark(all_sources(mark), all_consulted(mark))


def _element(container: Any, key: Any) -> Any:
    if isinstance(container, dict):
        return dict.get(container, key)
    return container[key] if isinstance(key, int) and -1 < key < len(container) else None


@dataclass(slots=True)
class Call:
    """One call of a function, for a rule to look at.

    Attributes:
        table: the marks of map and list entries.
        values: the arguments, the piped one last.
        marks: what is known of each.
        result: what the function gave.
        context: what decided that the call runs.
        before: what the rule's `before` kept, for functions that change their arguments.
    """

    table: OriginTable
    values: Sequence[Any]
    marks: Sequence[Mark | None]
    result: Any
    context: tuple[Lookup, ...] = ()
    before: Any = None

    def computed(self) -> Mark | None:
        """The mark of a result that was computed from all that went in, containers with all they hold."""
        return union(map(self.table.whole, self.values, self.marks))

    def glanced(self) -> Mark | None:
        """The mark of a result that tells what went in apart, but not what containers hold."""
        return union(self.marks)


class Rule(Protocol):
    """How a function's result comes from its arguments."""

    def __call__(self, call: Call) -> Mark | None:
        """The mark of the result."""
        ...


Rules: TypeAlias = Mapping[str, Rule]
"""Rules by the name of the function."""
Before: TypeAlias = Mapping[str, Callable[[Sequence[Any]], Any]]
"""What to keep of the arguments before a function changes them, by the name of the function."""
