"""Expressions to Python source: pipelines, operands, calls, and the scope of variables they stand in.

Everything is computed in the order of the exact compiler, one step a line, so that what changes or draws something
does so in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Final

from chartkit.gotemplate.codegen_block import Block, Unsupported, Value
from chartkit.gotemplate.codegen_inline import INLINE
from chartkit.gotemplate.expressions import GIVES_INTERFACE, GROWING, count_fits, literal_value, parameter_at
from chartkit.gotemplate.fast import METHODS, mangled
from chartkit.gotemplate.nodes import (
    Bool,
    Chain,
    Command,
    Dot,
    Field,
    Identifier,
    Nil,
    NumberLiteral,
    Operand,
    Pipe,
    String,
    Variable,
)
from chartkit.gotemplate.runtime import StateFunction
from chartkit.gotypes import Function

_SIMPLE: Final = {"string": "str", "int": "int", "bool": "bool", "float64": "float"}
"""Parameters that take one type and nothing else, nil neither."""
_KEEPING: Final = frozenset(
    "dict list tuple set append mustAppend push mustPush prepend mustPrepend concat mustConcat tpl".split()
)
"""Functions that keep their arguments, which may come back longer each time."""
_KINDS: Final = {bool: "bool", int: "int", float: "float", str: "str"}
_LITERALS: Final = {"bool": Bool, "string": String, "int": NumberLiteral, "float64": NumberLiteral}


class ExpressionWriter:
    """Writes the expressions of one template into its block."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self.functions = functions
        self.block = Block()
        # Each variable's local name, and that of the container whose element it is.
        self.scope: list[tuple[str, str, str | None]] = [("$", "d", None)]
        self.dot = "d"
        self.dot_container: str | None = None

    # --- scope

    def declare(self, name: str, container: str | None = None) -> str:
        """A new variable, in scope from here on; returns its local name."""
        local = self.block.fresh("v")
        self.scope.append((name, local, container))
        return local

    def lookup(self, name: str) -> tuple[str, str | None] | None:
        """The local name and the container of the innermost variable of that name."""
        for known, local, container in reversed(self.scope):
            if known == name:
                return local, container
        return None

    def refuse(self) -> Value:
        """Code for what fails when it is reached."""
        self.block.line("raise X")
        return Value("None")

    # --- pipelines

    def pipe(self, node: Pipe) -> Value:
        """A pipeline with what it declares or assigns."""
        value = self.commands(node)
        for variable in node.variables:
            value = self.store(value, variable, node.assigns)
        return value

    def store(self, value: Value, variable: Variable, assigns: bool) -> Value:
        """Keep a value in a variable."""
        place = self.lookup(variable.name) if assigns else None
        if assigns and place is None:
            return self.refuse()
        self.hold(value)
        local = self.declare(variable.name) if place is None else place[0]
        self.block.line(f"{local} = {value.code}")
        return value

    def hold(self, value: Value) -> None:
        """Count what may be long and is kept."""
        if value.grown:
            self.block.line(f"if len({value.code}) > 65536: R.hold({value.code})")

    def commands(self, node: Pipe) -> Value:
        """The value of a pipeline's commands."""
        value: Value | None = None
        for command in node.commands:
            value = self.command(command, value)
        assert value is not None, "the parser refuses empty pipelines"
        return value

    def command(self, node: Command, final: Value | None) -> Value:
        """A command; `final` is the value that a pipe hands it as last argument."""
        first, arguments = node.arguments[0], node.arguments[1:]
        has_arguments = bool(arguments) or final is not None
        match first:
            case Identifier():
                return self.call(first, arguments, final)
            case Field() | Chain():
                return self.method(first, arguments, final) if has_arguments else self.operand(first)
            case Variable() if first.fields:
                return self.method(first, arguments, final) if has_arguments else self.operand(first)
        if has_arguments or isinstance(first, Nil):
            return self.refuse()
        return self.pipe(first) if isinstance(first, Pipe) else self.operand(first)

    # --- operands

    def operand(self, node: Operand) -> Value:
        """The value of an operand on its own."""
        match node:
            case Dot():
                return Value(self.dot)
            case Bool():
                return Value(repr(node.value), "bool")
            case String():
                return Value(ascii(node.text), "str", node.text)
            case NumberLiteral():
                return self.number(node)
            case Field():
                return self.names(self.dot, node.names, self.dot_container)
            case Variable():
                return self.variable(node)
            case Chain():
                return self.chain(node)
            case Identifier():
                return self.call(node, (), None)
            case Pipe():
                return self.nested(node)
            case Nil():
                return self.refuse()

    def nested(self, node: Pipe) -> Value:
        """A pipeline in parentheses; one that declares or assigns is rare, and its order delicate."""
        if node.variables:
            raise Unsupported("a pipeline in parentheses assigns")
        return self.commands(node)

    def number(self, node: NumberLiteral) -> Value:
        """A numeric constant where no type is asked for."""
        number = node.number
        text = number.text
        if number.imaginary is not None:
            raise Unsupported("a complex constant")
        is_hex_integer = text[:2] in ("0x", "0X") and not set(text) & set("pP")
        if number.real is not None and not is_hex_integer and text[0] != "'" and set(text) & set(".eEpP"):
            return self.constant(number.real)
        return self.refuse() if number.integer is None else self.constant(number.integer)

    def constant(self, value: object) -> Value:
        """A constant of a plain type."""
        kind = _KINDS.get(type(value))
        if kind is None or (type(value) is float and not isfinite(value)):
            raise Unsupported("a constant of a rare type")
        return Value(ascii(value), kind, value if type(value) is str else None)

    def variable(self, node: Variable) -> Value:
        """`$x` or `$x.a.b`."""
        place = self.lookup(node.name)
        if place is None:
            return self.refuse()
        return self.names(place[0], node.fields, place[1]) if node.fields else Value(place[0])

    def names(self, base: str, names: tuple[str, ...], container: str | None) -> Value:
        """Names looked up in plain maps, and the slow way whatever else it meets.

        The last name often has nothing below it, which `get` finds out without an exception. The slow way begins anew.
        """
        *path, last = names
        code = base + "".join(f"[{ascii(name)}]" for name in path)
        code += f"[{ascii(last)}]" if last in METHODS else f".get({ascii(last)})"
        result = self.block.fresh("x")
        with self.block.indented("try:"):
            self.block.line(f"{result} = {code}")
        with self.block.indented("except L:"):
            self.block.line(f"{result} = W({base}, {_tuple(names)}{f', {container}' if container else ''})")
        return Value(result)

    def chain(self, node: Chain) -> Value:
        """`(pipeline).a.b` without arguments: Go looks for methods first."""
        base = self.operand(node.operand)
        held = isinstance(node.operand, Identifier) and node.operand.name in GIVES_INTERFACE
        if held or METHODS.intersection(node.names):
            return self.block.let(f"M({base.code}, {_tuple(node.names)}, {held})")
        return self.names(base.code, node.names, None)

    def method(self, node: Field | Chain | Variable, arguments: Sequence[Operand], final: Value | None) -> Value:
        """Names that end in a method with arguments, such as `.Files.Get "x"`."""
        base, names, held = self.receiver(node)
        values: list[Value] = []
        origins = ""
        for argument in arguments:
            literal = isinstance(argument, (Bool, String, NumberLiteral))
            values.append(self.operand(argument))
            origins += "l" if literal else "v"
        if final is not None:
            values.append(final)
            origins += "p"
        given = "".join(f"{value.code}, " for value in values)
        return self.block.let(f"C({base}, {_tuple(names)}, {held}, ({given}), {origins!r})")

    def receiver(self, node: Field | Chain | Variable) -> tuple[str, tuple[str, ...], str]:
        """Where names begin: the local name, what is looked up, and code that tells whether an interface held it."""
        if isinstance(node, Field):
            return self.dot, node.names, _held(self.dot_container)
        if isinstance(node, Variable):
            place = self.lookup(node.name)
            if place is None:
                return self.refuse().code, node.fields, "False"
            return place[0], node.fields, _held(place[1])
        held = isinstance(node.operand, Identifier) and node.operand.name in GIVES_INTERFACE
        return self.operand(node.operand).code, node.names, repr(held)

    # --- calls

    def call(self, name: Identifier, arguments: Sequence[Operand], final: Value | None) -> Value:
        """A function call."""
        function = self.functions[name.name]
        if not count_fits(function, len(arguments) + (final is not None)) or name.name == "call":
            return self.refuse()
        if name.name in ("and", "or"):
            return self.short_circuit(arguments, final, stops_on=name.name == "or")
        values = [self.argument(node, parameter_at(function, index)) for index, node in enumerate(arguments)]
        if final is not None:
            values.append(self.fitted(final, parameter_at(function, len(arguments)), ""))
        if name.name in _KEEPING:
            for value in values:
                self.hold(value)
        quick = INLINE.get(name.name)
        value = (quick(self.block, values) if quick is not None else None) or self.plain_call(name, function, values)
        return replace(value, grown=True) if name.name in GROWING and value.constant is None else value

    def plain_call(self, called: Identifier, function: Function, values: Sequence[Value]) -> Value:
        """The call of a function that no quicker way is known for."""
        name, codes = called.name, [value.code for value in values]
        if name == "include":
            return self.include(values)
        if isinstance(function, StateFunction):
            self.block.calls_templates = True
            codes.insert(0, "R.state")
        elif function.ambient:
            codes.insert(0, "R.ambient")
        return self.block.let(f"f_{name}({', '.join(codes)})")

    def include(self, values: Sequence[Value]) -> Value:
        """A template's text."""
        name, data = values
        self.block.calls_templates = True
        self.hold(data)
        if name.constant is None:
            return self.block.let(f"R.include({name.code}, {data.code})", "str")
        return self.block.let(f"{mangled(name.constant)}(R, {data.code})", "str")

    def short_circuit(self, arguments: Sequence[Operand], final: Value | None, *, stops_on: bool) -> Value:
        """`and` and `or`: the first argument that decides, else the last."""
        if not arguments:
            assert final is not None, "they take one argument at least"
            return final
        result = self.block.fresh("x")
        mark = self.block.depth
        test = f"if not {result}:" if stops_on else f"if {result}:"
        for index, node in enumerate(arguments):
            if index:
                self.block.line(test)
                self.block.deepen()
            self.block.line(f"{result} = {self.argument(node, 'value').code}")
        if final is not None:
            self.block.line(test)
            self.block.deepen()
            self.block.line(f"{result} = {final.code}")
        self.block.depth = mark
        return Value(result)

    def argument(self, node: Operand, parameter: str) -> Value:
        """One argument; literals are checked here."""
        if isinstance(node, Nil):
            return Value("None") if parameter in ("any", "value") else self.block.let(f"Z({parameter!r})")
        if isinstance(node, (Bool, String, NumberLiteral)):
            return self.literal(node, parameter)
        return self.fitted(self.operand(node), parameter, self.nil_source(node))

    def literal(self, node: Bool | String | NumberLiteral, parameter: str) -> Value:
        """A literal argument: it must be written as its parameter's type."""
        if parameter in ("any", "value"):
            return self.operand(node)
        if parameter not in _LITERALS:
            raise Unsupported("a literal for a parameter of a rare type")
        value = literal_value(node, parameter) if isinstance(node, _LITERALS[parameter]) else None
        return self.refuse() if value is None else self.constant(value)

    def fitted(self, value: Value, parameter: str, held: str) -> Value:
        """A value that must fit its parameter."""
        if parameter in ("any", "value") or _SIMPLE.get(parameter) == value.kind != "":
            return value
        simple = _SIMPLE.get(parameter)
        if simple is not None:
            self.block.line(f"if type({value.code}) is not {simple}: raise X")
            return replace(value, kind=simple)
        slow = f"K{'W' if held[:1] == '+' else ''}({value.code}, {parameter!r}{held.lstrip('+')})"
        if parameter != "map":
            return self.block.let(slow)
        if value.kind == "dict":
            return value
        return self.block.let(f"{value.code} if type({value.code}) is dict else {slow}")

    def nil_source(self, node: Operand) -> str:
        """How to find out whether an interface held an operand that gave nil: further arguments of `K` or `KW`."""
        match node:
            case Identifier():
                return ", True"
            case Dot():
                return _held_argument(self.dot_container)
            case Variable() if not node.fields:
                place = self.lookup(node.name)
                return _held_argument(None if place is None else place[1])
            case Field():
                return f"+, {self.dot}, {_tuple(node.names)}, {self.dot_container}"
            case Variable():
                place = self.lookup(node.name)
                return "" if place is None else f"+, {place[0]}, {_tuple(node.fields)}, {place[1]}"
            case Chain():
                return ", None"
        return ""


def _tuple(names: tuple[str, ...]) -> str:
    return f"({''.join(f'{ascii(name)}, ' for name in names)})"


def _held(container: str | None) -> str:
    return "False" if container is None else f"H({container})"


def _held_argument(container: str | None) -> str:
    return "" if container is None else f", H({container})"
