"""Expressions to closures: pipelines, operands, calls, and the scope of variables they stand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from chartkit.gotemplate.closures import (
    ambient_of,
    at,
    bounded,
    checked,
    constant,
    container_test,
    fails,
    fused,
    made,
    piped_call,
    plain_call,
    short_circuit,
    whole_state,
)
from chartkit.gotemplate.nodes import (
    Bool,
    Chain,
    Command,
    Dot,
    Field,
    Identifier,
    Nil,
    Node,
    NumberLiteral,
    Operand,
    Pipe,
    String,
    Variable,
)
from chartkit.gotemplate.runtime import (
    Closure,
    State,
    StateFunction,
    convert,
    holds_interfaces,
    type_name,
    walk,
    wrong_count,
    zero_nil,
)
from chartkit.gotypes import INT64_MAX, INT64_MIN, Function, FunctionError, Int64, Uint32
from chartkit.record import dataclass

_LITERAL_KINDS: Final = {
    "bool": ("bool", Bool),
    "string": ("string", String),
    "int": ("integer", NumberLiteral),
    "int64": ("integer", NumberLiteral),
    "duration": ("integer", NumberLiteral),
    "uint32": ("unsigned integer", NumberLiteral),
    "float64": ("float", NumberLiteral),
}
GROWING: Final = frozenset(
    "printf print println cat repeat replace join indent nindent include tpl quote squote wrap wrapWith b64enc b32enc "
    "concat append prepend toString toYaml toYamlPretty toJson toPrettyJson toRawJson regexReplaceAll "
    "regexReplaceAllLiteral".split()
)
"""Functions whose result can be longer than all of their arguments: it is held against the output limit."""


@dataclass(frozen=True, slots=True)
class Place:
    """A variable in scope: its slot, and for a range variable the slot that holds the container."""

    slot: int
    container: int | None = None


GIVES_INTERFACE: Final = frozenset(
    "and or index default coalesce ternary get first mustFirst last mustLast required dig mustFromJson deepCopy "
    "mustDeepCopy merge mergeOverwrite mustMerge mustMergeOverwrite slice mustSlice".split()
)
"""Functions whose result Go types as an interface, so that messages do not name the type of what it holds."""


class ExpressionCompiler:
    """Compiles the expressions of one tree; every method gives a closure, or what one is made of."""

    def __init__(self, functions: Mapping[str, Function], *, ranges_integers: bool = True) -> None:
        self.functions = functions
        self.ranges_integers = ranges_integers
        self.scope: list[tuple[str, Place]] = []
        self.slots = 0
        # The slot of the container whose element the dot is; None where the dot is no range element.
        self.dot_container: int | None = None

    # --- scope

    def declare(self, name: str, container: int | None = None) -> int:
        """A new variable, in scope from here on; returns its slot."""
        self.slots += 1
        self.scope.append((name, Place(self.slots, container)))
        return self.slots

    def lookup(self, name: str) -> Place | None:
        """The innermost variable of that name."""
        for known, place in reversed(self.scope):
            if known == name:
                return place
        return None

    # --- pipelines

    def pipe(self, node: Pipe) -> Closure:
        """A pipeline with what it declares or assigns."""
        value = self.commands(node)
        for variable in node.variables:
            value = self.store(value, variable, node.assigns)
        return value

    def store(self, value: Closure, variable: Variable, assigns: bool) -> Closure:
        """The closure that also keeps a value in a variable."""
        name = variable.name
        place = self.lookup(name) if assigns else None
        if assigns and place is None:

            def undefined(state: State, dot: Any) -> None:
                value(state, dot)
                state.fail(f"undefined variable: {name}")

            return undefined
        slot = self.declare(name) if place is None else place.slot

        def run(state: State, dot: Any) -> Any:
            result = state.vars[slot] = value(state, dot)
            return result

        return run

    def commands(self, node: Pipe) -> Closure:
        """The value of a pipeline's commands."""
        first, *others = node.commands
        value = self.command(first, None)
        if isinstance(first.arguments[0], Pipe):
            # Only then can an error blame the pipeline itself.
            value = at(node, value)
        for command in others:
            value = self.command(command, value)
        return value

    def command(self, node: Command, final: Closure | None) -> Closure:
        """A command; `final` is the value that a pipe hands it as last argument."""
        first, arguments = node.arguments[0], node.arguments[1:]
        has_arguments = bool(arguments) or final is not None
        match first:
            case Identifier():
                return self.call(self.functions[first.name], first, node, arguments, final)
            case Field() | Chain():
                return self.chain(first, arguments, final) if has_arguments else self.operand(first)
            case Variable() if first.fields:
                return self.chain(first, arguments, final) if has_arguments else self.operand(first)
        if has_arguments:
            blamed = None if isinstance(first, Pipe) else first
            return fails(blamed, f"can't give argument to non-function {first}", final)
        if isinstance(first, Nil):
            return fails(first, "nil is not a command", None)
        return self.operand(first)

    # --- operands

    def operand(self, node: Operand) -> Closure:
        """The value of an operand on its own."""
        match node:
            case Dot():
                return at(node, lambda state, dot: dot)
            case Bool():
                return constant(node, node.value)
            case String():
                return constant(node, node.text)
            case NumberLiteral():
                return self.number(node)
            case Field():
                return self.fields(node, None, node.names)
            case Variable():
                return self.variable(node)
            case Chain():
                return self.chain_value(node)
            case Identifier():
                return self.call(self.functions[node.name], node, node, (), None)
            case Pipe():
                return self.pipe(node)
            case Nil():
                return fails(node, "nil is not a command", None)

    def number(self, node: NumberLiteral) -> Closure:
        """A numeric constant where no type is asked for: its own syntax decides (Go's idealConstant)."""
        number = node.number
        text = number.text
        if number.imaginary is not None:
            return constant(node, number.imaginary)
        is_hex_integer = text[:2] in ("0x", "0X") and not set(text) & set("pP")
        if number.real is not None and not is_hex_integer and text[0] != "'" and set(text) & set(".eEpP"):
            return constant(node, number.real)
        if number.integer is not None:
            return constant(node, number.integer)
        return fails(node, f"{text} overflows int", None)

    def variable(self, node: Variable) -> Closure:
        """`$x` or `$x.a.b`."""
        place = self.lookup(node.name)
        if place is None:
            return fails(node, f"undefined variable: {node.name}", None)
        if node.fields:
            return self.fields(node, place, node.fields)
        slot = place.slot

        def run(state: State, dot: Any) -> Any:
            state.node = node
            return state.vars[slot]

        return run

    def fields(self, node: Field | Variable, place: Place | None, names: tuple[str, ...]) -> Closure:
        """A fused chain of names from the dot (`place` is None) or from a variable.

        The quick way takes plain maps all along; whatever else it meets goes the exact way, `walk`.
        """
        container = self.dot_container if place is None else place.container
        *path, last = names
        slot = None if place is None else place.slot

        def exact(state: State, receiver: Any) -> Any:
            held = container is not None and holds_interfaces(state.vars[container])
            return walk(state, receiver, names, held, None)[0]

        return fused(node, slot, tuple(path), last, exact)

    def chain_value(self, node: Chain) -> Closure:
        """`(pipeline).a.b` without arguments."""
        base, held = self.chain_base(node)
        names = node.names

        def run(state: State, dot: Any) -> Any:
            state.node = node
            return walk(state, base(state, dot), names, held, None)[0]

        return run

    def chain_base(self, node: Chain) -> tuple[Closure, bool]:
        """The operand of a chain, and whether a nil of it is held by an interface."""
        operand = node.operand
        return self.operand(operand), isinstance(operand, Identifier) and operand.name in GIVES_INTERFACE

    def chain(self, node: Field | Chain | Variable, arguments: Sequence[Operand], final: Closure | None) -> Closure:
        """A chain that ends in a method with arguments, such as `.Files.Get "x"`."""
        base, container, held = self.receiver(node)
        names = node.fields if isinstance(node, Variable) else node.names
        method_call = self.method_call(node, arguments)

        def run(state: State, dot: Any) -> Any:
            last = () if final is None else (final(state, dot),)
            state.node = node
            receiver = base(state, dot)
            from_interface = held if container is None else holds_interfaces(state.vars[container])

            def call(target: Any, method: Function, name: str, _: bool) -> Any:
                return method_call(state, dot, target, method, name, last)

            return walk(state, receiver, names, from_interface, call)[0]

        return run

    def receiver(self, node: Field | Chain | Variable) -> tuple[Closure, int | None, bool]:
        """Where a chain begins: its value, the slot of its container, and whether an interface holds it."""
        if isinstance(node, Field):
            return (lambda state, dot: dot), self.dot_container, False
        if isinstance(node, Variable):
            place = self.lookup(node.name)
            if place is None:
                return fails(node, f"undefined variable: {node.name}", None), None, False
            slot = place.slot
            return (lambda state, dot: state.vars[slot]), place.container, False
        base, held = self.chain_base(node)
        return base, None, held

    def method_call(self, node: Node, arguments: Sequence[Operand]) -> Callable[..., Any]:
        """What calls a method, known only at run time, with arguments compiled for its signature on first use."""
        scope, container = list(self.scope), self.dot_container
        compiled: dict[str, list[Closure]] = {}

        def closures(method: Function) -> list[Closure]:
            if method.name not in compiled:
                kept = self.scope, self.dot_container
                self.scope, self.dot_container = scope, container
                compiled[method.name] = self.arguments(method, arguments)
                self.scope, self.dot_container = kept
            return compiled[method.name]

        def call(state: State, dot: Any, target: Any, method: Function, name: str, last: tuple[Any, ...]) -> Any:
            if not count_fits(method, len(arguments) + len(last)):
                state.fail(wrong_count(method, name, len(arguments) + len(last)))
            values = [closure(state, dot) for closure in closures(method)]
            for value in last:
                values.append(convert(state, value, parameter_at(method, len(values)), False))
            try:
                return method.call(target, *values)
            except FunctionError as error:
                state.node = node
                state.fail(f"error calling {name}: {error}", error)

        return call

    # --- calls

    def call(
        self,
        function: Function,
        name: Identifier,
        node: Node,
        arguments: Sequence[Operand],
        final: Closure | None,
    ) -> Closure:
        """A function call. Errors of the function blame `node`, those of the call itself blame `name`."""
        count = len(arguments) + (final is not None)
        if not count_fits(function, count):
            got = len(arguments) if function.variadic else count
            return fails(name, wrong_count(function, name.name, got), final)
        closures = self.arguments(function, arguments)
        if name.name in ("and", "or"):
            return short_circuit(name, closures, final, stops_on=name.name == "or")
        if function.ambient or isinstance(function, StateFunction):
            closures.insert(0, whole_state if isinstance(function, StateFunction) else ambient_of)
        call = function.call
        if name.name == "call":
            callee = str(arguments[0]) if arguments else None
            call = lambda *values: function.call(callee, *values)  # noqa: E731
        if final is not None:
            parameter = parameter_at(function, len(arguments))
            run = piped_call(call, name, node, closures, final, parameter)
        else:
            run = plain_call(call, name, node, closures)
        return bounded(run) if name.name in GROWING else run

    def arguments(self, function: Function, arguments: Sequence[Operand]) -> list[Closure]:
        """The arguments written in a call, each compiled for its parameter's type."""
        return [self.argument(node, parameter_at(function, index)) for index, node in enumerate(arguments)]

    def argument(self, node: Operand, parameter: str) -> Closure:
        """One argument (Go's evalArg): literals are checked here, values when they are known."""
        if isinstance(node, Nil):
            zero = zero_nil(parameter)
            if zero is None:
                return fails(node, f"cannot assign nil to {type_name(parameter)}", None)
            return made(node, zero)
        if isinstance(node, (Bool, String, NumberLiteral)):
            return self.literal(node, parameter)
        if isinstance(node, Identifier):
            value = self.call(self.functions[node.name], node, node, (), None)
        else:
            value = self.operand(node)
        if parameter == "any":
            return value
        return checked(value, parameter, self.nil_source(node))

    def literal(self, node: Bool | String | NumberLiteral, parameter: str) -> Closure:
        """A literal argument: it must be written as its parameter's type."""
        if parameter in ("any", "value"):
            return self.operand(node)
        if parameter not in _LITERAL_KINDS:
            return fails(node, f"can't handle {node} for arg of type {type_name(parameter)}", None)
        word, kind = _LITERAL_KINDS[parameter]
        value = literal_value(node, parameter) if isinstance(node, kind) else None
        if value is None:
            return fails(node, f"expected {word}; found {node}", None)
        return constant(node, value)

    def nil_source(self, node: Operand) -> Callable[[State, Any], bool]:
        """Tells, for an operand that gave nil, whether an interface held it."""
        match node:
            case Identifier():
                return lambda state, dot: True
            case Dot():
                return container_test(self.dot_container)
            case Variable() if not node.fields:
                place = self.lookup(node.name)
                return container_test(None if place is None else place.container)
            case Field() | Variable() | Chain():
                base, container, held = self.receiver(node)
                names = node.fields if isinstance(node, Variable) else node.names
                by_container = container_test(container)

                def test(state: State, dot: Any) -> bool:
                    from_interface = held or by_container(state, dot)
                    return walk(state, base(state, dot), names, from_interface, None)[1]

                return test
        return lambda state, dot: False


def parameter_at(function: Function, index: int) -> str:
    """The type of the parameter that takes an argument."""
    params = function.params
    return params[index] if index < len(params) else params[-1]


def count_fits(function: Function, count: int) -> bool:
    """Whether a function takes that many arguments."""
    if function.variadic:
        return count >= len(function.params) - 1
    return count == len(function.params)


def literal_value(node: Bool | String | NumberLiteral, parameter: str) -> Any:
    """The value of a literal for a typed parameter; `None` where the number does not fit it."""
    if isinstance(node, Bool):
        return node.value
    if isinstance(node, String):
        return node.text
    number = node.number
    if parameter == "float64":
        return number.real
    if parameter == "uint32":
        return None if number.unsigned is None else Uint32(number.unsigned & 0xFFFFFFFF)
    if number.integer is None or not INT64_MIN <= number.integer <= INT64_MAX:
        return None
    return number.integer if parameter == "int" else Int64(number.integer)
