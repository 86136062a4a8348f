"""The mutants of a module: its syntax tree with one small fault each, such as `<` for `<=` or a call left out."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_MODULE: Final = "(module)"
_SHOWN: Final = 90
_COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_OPERATIONS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
}
_METHODS: Final = {
    "partition": "rpartition",
    "rpartition": "partition",
    "startswith": "endswith",
    "endswith": "startswith",
    "find": "rfind",
    "rfind": "find",
    "split": "rsplit",
    "rsplit": "split",
    "removeprefix": "removesuffix",
    "removesuffix": "removeprefix",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
    "lower": "upper",
    "upper": "lower",
    "fullmatch": "match",
    "match": "fullmatch",
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
}
# What is changed in a regular expression: quantifiers, alternatives, the ends of ranges.
_REGEX: Final = (
    (re.compile(r"(?<![\\(*+?}])\+(?!\+)"), "*"),
    (re.compile(r"(?<![\\(])\*"), "+"),
    (re.compile(r"(?<=[])*+}\w])\?"), ""),
    (re.compile(r"9(?=[]a-zA-Z])"), "8"),
    (re.compile(r"(?<=[a-z]-)z"), "y"),
    (re.compile(r"(?<=[A-Z]-)Z"), "Y"),
    (re.compile(r"(?<=,)127(?=\})"), "126"),
    (re.compile(r"(?<=\{)32(?=,)"), "31"),
)


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        key: the function, and what is replaced by what; the same after lines have moved.
        line: where it is.
        early: whether the code runs when the module is imported, and not only when a function is called.
        parent, field, index, node: the place in the tree, and what is put there.
    """

    key: str
    line: int
    early: bool
    parent: ast.AST
    field: str
    index: int | None
    node: Any

    def apply(self) -> None:
        """Put the fault into the tree that the mutant was found in."""
        if self.index is None:
            setattr(self.parent, self.field, self.node)
        else:
            getattr(self.parent, self.field)[self.index] = self.node


@dataclass(frozen=True)
class _Site:
    """A node, where it hangs, and the function around it."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    function: str


def find_mutants(tree: ast.Module) -> list[Mutant]:
    """All mutants of a module."""
    early = _called_early(tree)
    seen: Counter[str] = Counter()
    mutants = []
    for site in _sites(tree, _MODULE):
        for changed in _changes(site):
            for node in ast.walk(changed) if isinstance(changed, ast.AST) else ():
                ast.copy_location(node, site.node)
            key = f"{site.function}: {_shown(site.node)} -> {_shown(changed)}"
            seen[key] += 1
            key += f" #{seen[key]}" if seen[key] > 1 else ""
            at_import = site.function == _MODULE or site.function.partition(".")[0] in early
            located = site.node.target if isinstance(site.node, ast.comprehension) else site.node
            line = getattr(located, "lineno", 0)
            mutants.append(Mutant(key, line, at_import, site.parent, site.field, site.index, changed))
    return mutants


def _called_early(tree: ast.Module) -> set[str]:
    """The functions that the module itself calls while it is imported."""
    names = set()
    for statement in tree.body:
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            calls = (node for node in ast.walk(statement) if isinstance(node, ast.Call))
            names |= {call.func.id for call in calls if isinstance(call.func, ast.Name)}
    return names


def _shown(node: Any) -> str:
    text = "nothing" if isinstance(node, ast.Pass) else " ".join(ast.unparse(node).split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 20]}...{text[-17:]}"


def _sites(node: ast.AST, function: str) -> Iterator[_Site]:
    """Every node below `node` that may be changed."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "bases", "type_comment"):
            continue
        inside = function
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name = node.name if function == _MODULE else f"{function}.{node.name}"
            inside = name if field == "body" else _MODULE
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(child, ast.AST) and not _is_fixed(child):
                home = _home(inside, node, child)
                yield _Site(node, field, index, child, home)
                yield from _sites(child, home)


def _home(inside: str, parent: ast.AST, child: ast.AST) -> str:
    """Where a statement belongs: what stands in a class and in no function runs on import."""
    is_late = not isinstance(parent, ast.ClassDef) or isinstance(child, ast.FunctionDef)
    return inside if is_late else _MODULE


def _is_fixed(node: ast.AST) -> bool:
    """Whether a node is left alone: imports and docstrings."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.arg):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changes(site: _Site) -> Iterator[ast.AST]:
    node = site.node
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp():
            yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
            yield from (_without(node, index) for index in range(len(node.values)))
        case ast.UnaryOp(op=ast.Not()) | ast.UnaryOp(op=ast.USub()):
            yield node.operand
        case ast.BinOp() if type(node.op) in _OPERATIONS:
            yield ast.BinOp(node.left, _OPERATIONS[type(node.op)](), node.right)
        case ast.Constant():
            yield from _constants(node, site)
        case ast.Call():
            yield from _calls(node)
        case ast.IfExp():
            yield ast.IfExp(node.test, node.orelse, node.body)
        case ast.comprehension() if node.ifs:
            yield ast.comprehension(node.target, node.iter, [], node.is_async)
        case ast.AnnAssign() | ast.Assign() if site.function == _MODULE:
            return
        case ast.stmt():
            yield from _statements(node)


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            yield ast.Compare(node.left, [*node.ops[:index], other(), *node.ops[index + 1 :]], node.comparators)


def _without(node: ast.BoolOp, index: int) -> ast.AST:
    rest = node.values[:index] + node.values[index + 1 :]
    return rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _constants(node: ast.Constant, site: _Site) -> Iterator[ast.AST]:
    value = node.value
    if value is True or value is False:
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        if value > 1:
            yield ast.Constant(value - 1)
    elif isinstance(value, str):
        # Part of a text to be formatted, it must stay a text.
        yield ast.Constant(f"XX{value}XX")
        if site.function == _MODULE or "[" in value:
            yield from (ast.Constant(text) for text in _regexes(value))


def _regexes(value: str) -> Iterator[str]:
    """A regular expression with one small fault each; none of a plain text."""
    if not re.search(r"\[.*\]|\(\?:", value):
        return
    for wanted, other in _REGEX:
        for found in wanted.finditer(value):
            changed = value[: found.start()] + other + value[found.end() :]
            if changed != value and _compiles(changed) == _compiles(value):
                yield changed


def _compiles(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
        if node.func.attr not in ("split", "rsplit") or len(node.args) > 1:
            other = ast.Attribute(node.func.value, _METHODS[node.func.attr], node.func.ctx)
            yield ast.Call(other, node.args, node.keywords)
    elif isinstance(node.func, ast.Name) and node.func.id in _METHODS:
        yield ast.Call(ast.Name(_METHODS[node.func.id], ast.Load()), node.args, node.keywords)


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.If():
            yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        case ast.While() if not isinstance(node.test, ast.Constant):
            yield ast.While(ast.Constant(False), node.body, node.orelse)
        case ast.Return(value=ast.expr()) if ast.unparse(node.value) not in ("None", "False"):
            yield ast.Return(ast.Constant(None))
        case ast.Expr() | ast.Raise() | ast.AugAssign() | ast.Delete():
            yield ast.Pass()
            yield from _opposite(node)
        case ast.Assign() if ast.unparse(node.value) != "None":
            yield ast.Assign(node.targets, ast.Constant(None), lineno=node.lineno)
        case ast.AnnAssign() if node.value is not None:
            yield ast.AnnAssign(node.target, node.annotation, ast.Constant(None), node.simple)
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()


def _opposite(node: ast.stmt) -> Iterator[ast.AST]:
    if isinstance(node, ast.AugAssign) and type(node.op) in _OPERATIONS:
        yield ast.AugAssign(node.target, _OPERATIONS[type(node.op)](), node.value)
