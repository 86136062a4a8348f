"""The tasks of an Airflow DAG, out of its syntax tree: nothing of it is run.

Read are the calls of `KaapanaTaskOperator` with their `IOMapping`s, and the order that `>>`, `<<`, `set_downstream`,
`set_upstream` and `chain` give. Texts may be f-strings; names that only the platform knows stay in braces.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from chartkit.source import Position
from chartkit.systems.kaapana.operators import constants_of, text_of
from chartkit.systems.kaapana.python_file import PythonFile, python_files, read_python
from chartkit.systems.task_api.models import Config, Variable

OPERATOR: Final = "KaapanaTaskOperator"
"""The operator that runs tasks."""

ARGUMENTS: Final = (
    "task_id", "image", "taskTemplate", "env", "command", "iochannel_maps", "resources", "registryUrl",
    "registryUsername", "registryPassword", "startup_timeout_seconds", "execution_timeout", "labels", "annotations",
)  # fmt: skip
"""The arguments that it takes besides those of every operator."""

ALIASES: Final[Mapping[str, str]] = {
    "upstream_channel": "upstream_output_channel",
    "downstream_channel": "input_channel",
}
"""What the fields of a mapping were called before."""

_MAPPING: Final = "IOMapping"
_FIELDS: Final = ("upstream_operator", "upstream_output_channel", "input_channel")
_REGISTRY: Final = ("registryUrl", "registryUsername", "registryPassword")


@dataclass(frozen=True, slots=True)
class ChannelMap:
    """One mapping of an output channel to an input channel.

    Attributes:
        upstream: the variable that holds the operator before.
        output: its channel; empty if it is not known.
        input: the channel here; empty if it is not known.
        position: where it is written.
        aliases: the old names that it uses.
        unknown: the keywords that it has besides.
    """

    upstream: str
    output: str
    input: str
    position: Position
    aliases: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operator:
    """One task of a DAG.

    Attributes:
        variable: the name that it is assigned to; empty for none.
        image: the image, names of the platform in braces.
        image_offset: where its characters begin in the file.
        template: the identifier of the template; empty if it is none that can be read.
        env: its variables; `None` if they cannot be read.
        maps: its mappings of channels.
    """

    variable: str
    task_id: str
    image: str
    image_offset: int
    template: str
    env: tuple[Variable, ...] | None
    command: tuple[str, ...] | None
    maps: tuple[ChannelMap, ...]
    config: Config
    position: Position
    arguments: Mapping[str, Position] = field(default_factory=dict)


@dataclass(frozen=True)
class Dag:
    """A DAG file.

    Attributes:
        file: the file.
        operators: its tasks, in the order of the text.
        edges: which variable runs right before which.
    """

    file: PythonFile = field(repr=False)
    operators: tuple[Operator, ...]
    edges: frozenset[tuple[str, str]]

    def precedes(self, first: str, second: str) -> bool:
        """Whether one variable's operator runs before another one's."""
        seen, pending = set[str](), [first]
        while pending:
            here = pending.pop()
            following = {after for before, after in self.edges if before == here}
            if second in following:
                return True
            pending += following - seen
            seen |= following
        return False

    def operator(self, variable: str) -> Operator | None:
        """The operator that a variable holds."""
        return next((each for each in self.operators if each.variable == variable), None)


def read_dags(path: Path, names: Mapping[str, str] | None = None) -> tuple[Dag, ...]:
    """The DAGs in a file or a folder that have tasks of the Task API.

    Raises:
        InputError: a file cannot be read, or is no Python.
    """
    found = (read_dag(read_python(each), names) for each in python_files(path))
    return tuple(dag for dag in found if dag.operators)


def read_dag(file: PythonFile, names: Mapping[str, str] | None = None) -> Dag:
    """The tasks of a Python file.

    Args:
        file: the file.
        names: what the platform's constants hold, where that is known.
    """
    constants = {**constants_of(file.tree), **(names or {})}
    reader = _Reader(file, constants)
    operators = [reader.operator(call, name) for call, name in _operator_calls(file.tree)]
    operators.sort(key=lambda each: each.position.offset)
    edges: set[tuple[str, str]] = set()
    for node in ast.walk(file.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.RShift, ast.LShift)):
            _add_shift(node, edges)
        elif isinstance(node, ast.Call):
            _add_call(node, edges)
    return Dag(file, tuple(operators), frozenset(edges))


class _Reader:
    """Reads the calls of one file."""

    def __init__(self, file: PythonFile, constants: Mapping[str, str]) -> None:
        self.file = file
        self.constants = constants

    def operator(self, call: ast.Call, variable: str) -> Operator:
        """The task that a call makes."""
        words = {each.arg: each.value for each in call.keywords if each.arg}
        image = words.get("image")
        registry = tuple(self._text(words.get(name)) for name in _REGISTRY)
        return Operator(
            variable,
            self._text(words.get("task_id")),
            self._text(image),
            self._content(image) if image is not None else 0,
            self._text(words.get("taskTemplate")),
            self._variables(words.get("env")),
            self._texts(words.get("command")),
            tuple(self._maps(words.get("iochannel_maps"))),
            Config("k8s", registry=(registry[0], registry[1], registry[2])),
            self._position(call),
            {name: self._position(value) for name, value in words.items()},
        )

    def _maps(self, node: ast.expr | None) -> Iterator[ChannelMap]:
        for item in node.elts if isinstance(node, (ast.List, ast.Tuple)) else ():
            words = _mapping_words(item)
            if words is None:
                continue
            upstream = words.get("upstream_operator")
            known = {ALIASES.get(name, name): value for name, value in words.items()}
            yield ChannelMap(
                ast.unparse(upstream) if upstream is not None else "",
                self._text(known.get("upstream_output_channel")),
                self._text(known.get("input_channel")),
                self._position(item),
                tuple(name for name in words if name in ALIASES),
                tuple(name for name in words if name not in (*_FIELDS, *ALIASES)),
            )

    def _variables(self, node: ast.expr | None) -> tuple[Variable, ...] | None:
        if node is None or (isinstance(node, ast.Constant) and node.value is None):
            return ()
        if not isinstance(node, (ast.List, ast.Tuple)):
            return None
        found: list[Variable] = []
        for item in node.elts:
            words = _words(item)
            name, value = (self._text(words.get(key)) if words else "" for key in ("name", "value"))
            if not name:
                return None
            found.append(Variable(name, value))
        return tuple(found)

    def _texts(self, node: ast.expr | None) -> tuple[str, ...] | None:
        if not isinstance(node, (ast.List, ast.Tuple)):
            return None
        return tuple(self._text(item) or f"{{{ast.unparse(item)}}}" for item in node.elts)

    def _text(self, node: ast.expr | None) -> str:
        if node is None:
            return ""
        found = text_of(node, self.constants)
        # A name that is imported from the platform is shown as one; of a call nothing can be said.
        if found is None:
            return f"{{{ast.unparse(node)}}}" if isinstance(node, (ast.Name, ast.Attribute)) else ""
        return found

    def _content(self, node: ast.expr) -> int:
        content = self.file.content_start(node) if isinstance(node, (ast.Constant, ast.JoinedStr)) else None
        return content[0] if content else self.file.range(node)[0]

    def _position(self, node: ast.expr) -> Position:
        return self.file.position(self.file.range(node)[0])


def _operator_calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call of the operator with the variable that it is assigned to."""
    assigned: dict[int, str] = {}
    # Operators without a variable count too, so the assignments are looked up from the calls.
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            target, value = node.target, node.value
        else:
            continue
        if isinstance(value, ast.Call) and isinstance(target, (ast.Name, ast.Attribute)):
            assigned[id(value)] = ast.unparse(target)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) == OPERATOR:
            yield node, assigned.get(id(node), "")


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _mapping_words(node: ast.expr) -> dict[str, ast.expr] | None:
    """The fields of a mapping; positional ones in their order."""
    if isinstance(node, ast.Call) and _last_name(node.func) == _MAPPING:
        return {**dict(zip(_FIELDS, node.args, strict=False)), **(_words(node) or {})}
    return _words(node) if isinstance(node, ast.Dict) else None


def _words(node: ast.expr) -> dict[str, ast.expr] | None:
    """What an object is made of: the keywords of a call, or the items of a dictionary."""
    if isinstance(node, ast.Call):
        return {each.arg: each.value for each in node.keywords if each.arg}
    if not isinstance(node, ast.Dict):
        return None
    pairs = zip(node.keys, node.values, strict=True)
    return {key.value: value for key, value in pairs if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def _add_shift(node: ast.BinOp, edges: set[tuple[str, str]]) -> None:
    left, right = _last(node.left), _last(node.right)
    pairs = {(one, other) for one in left for other in right}
    edges |= pairs if isinstance(node.op, ast.RShift) else {(other, one) for one, other in pairs}


def _last(node: ast.expr) -> list[str]:
    """The operators that an expression stands for; that of `a >> b` is `b`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.RShift, ast.LShift)):
        return _last(node.right)
    if isinstance(node, (ast.List, ast.Tuple)):
        return [name for item in node.elts for name in _last(item)]
    return [ast.unparse(node)] if isinstance(node, (ast.Name, ast.Attribute)) else []


def _add_call(node: ast.Call, edges: set[tuple[str, str]]) -> None:
    name = _last_name(node.func)
    if name in ("set_downstream", "set_upstream") and isinstance(node.func, ast.Attribute) and node.args:
        here, there = ast.unparse(node.func.value), _last(node.args[0])
        edges |= {(here, each) if name == "set_downstream" else (each, here) for each in there}
    elif name == "chain":
        groups = [_last(each) for each in node.args]
        for before, after in zip(groups, groups[1:], strict=False):
            # Two lists of the same length run side by side.
            side_by_side = len(before) == len(after) > 1
            pairs = zip(before, after, strict=True) if side_by_side else ((b, a) for b in before for a in after)
            edges |= set(pairs)
