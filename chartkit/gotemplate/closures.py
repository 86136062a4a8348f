"""Closure factories: each makes one shape of closure `f(state, dot) -> value` for the compiler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from chartkit.gotemplate.nodes import Identifier, Node
from chartkit.gotemplate.runtime import Closure, State, convert, fits, holds_interfaces, iterate_error
from chartkit.gotypes import UNTYPED_NIL, FunctionError, Uint8

_SIMPLE_TYPES: Final = {"string": str, "int": int, "bool": bool, "map": dict}
"""Parameters for which one exact type is the usual one: checked before anything else."""


_LIST_ITEM: Final = 16
"""How many characters an item of a long list counts for."""


class BreakLoop(Exception):
    """`{{break}}` on its way to its `range`."""


class ContinueLoop(Exception):
    """`{{continue}}` on its way to its `range`."""


def constant(node: Node, value: Any) -> Closure:
    """A value known at compile time."""

    def run(state: State, dot: Any) -> Any:
        state.node = node
        return value

    return run


def made(node: Node, make: Callable[[], Any]) -> Closure:
    """A value made anew each time, such as an empty map."""

    def run(state: State, dot: Any) -> Any:
        state.node = node
        return make()

    return run


def at(node: Node, value: Closure) -> Closure:
    """A value whose node is noted for errors first."""

    def run(state: State, dot: Any) -> Any:
        state.node = node
        return value(state, dot)

    return run


def fails(node: Node | None, message: str, final: Closure | None) -> Closure:
    """A closure for what can be known at compile time to fail when it is reached."""

    def run(state: State, dot: Any) -> Any:
        if final is not None:
            final(state, dot)
        if node is not None:
            state.node = node
        state.fail(message)

    return run


def raiser(signal: type[Exception]) -> Closure:
    """A loop-control signal."""

    def run(state: State, dot: Any) -> None:
        raise signal

    return run


def ambient_of(state: State, dot: Any) -> Any:
    """The render's surroundings, as first argument of a function that takes them."""

    return state.run.ambient


def whole_state(state: State, dot: Any) -> State:
    """The state itself, as first argument of a function that runs templates."""

    return state


def bounded(call: Closure) -> Closure:
    """A call whose long texts are held against the output limit."""

    def run(state: State, dot: Any) -> Any:
        result = call(state, dot)
        if type(result) is str and len(result) > 65536:
            # Only long texts are counted: this is about doubling in a loop, not about bookkeeping.
            state.run.count(len(result))
        elif type(result) is list and len(result) > 65536:
            state.run.count(_LIST_ITEM * len(result))
        return result

    return run


def checked(value: Closure, parameter: str, from_interface: Callable[[State, Any], bool]) -> Closure:
    """A value that must fit a parameter's type."""
    simple = _SIMPLE_TYPES.get(parameter)
    is_value = parameter == "value"

    def run(state: State, dot: Any) -> Any:
        result = value(state, dot)
        if type(result) is simple or (is_value and result is not None):
            return result
        if result is None:
            node = state.node
            held = from_interface(state, dot)
            state.node = node
            return convert(state, result, parameter, held)
        return result if fits(result, parameter) else convert(state, result, parameter, False)

    return run


def short_circuit(name: Identifier, closures: list[Closure], final: Closure | None, *, stops_on: bool) -> Closure:
    """`and` and `or`: the first argument that decides, else the last."""

    def run(state: State, dot: Any) -> Any:
        last = None if final is None else final(state, dot)
        state.node = name
        value = None
        for closure in closures:
            value = closure(state, dot)
            if bool(value) is stops_on:
                break
        else:
            if final is not None:
                value = last
        return None if value is UNTYPED_NIL else value

    return run


def fused(
    node: Node,
    slot: int | None,
    path: tuple[str, ...],
    last: str,
    exact: Callable[[State, Any], Any],
) -> Closure:
    """Names looked up in plain maps; anything unusual goes to `exact`."""

    def from_dot(state: State, dot: Any) -> Any:
        state.node = node
        value = dot
        try:
            for name in path:
                value = value[name]
            value = value[last]
        except (KeyError, TypeError, IndexError):
            return exact(state, dot)
        return value

    def from_slot(state: State, dot: Any) -> Any:
        state.node = node
        value = state.vars[slot]  # type: ignore[index]
        try:
            for name in path:
                value = value[name]
            return value[last]
        except (KeyError, TypeError, IndexError):
            return exact(state, state.vars[slot])  # type: ignore[index]

    def one_name(state: State, dot: Any) -> Any:
        state.node = node
        try:
            return dot[last]
        except (KeyError, TypeError, IndexError):
            return exact(state, dot)

    if slot is not None:
        return from_slot
    return from_dot if path else one_name


def plain_call(call: Callable[..., Any], name: Identifier, node: Node, closures: list[Closure]) -> Closure:
    """A call without a piped value, in a shape of its own for the usual numbers of arguments."""
    text = name.name

    def failed(state: State, error: FunctionError) -> Any:
        state.node = node
        state.fail(f"error calling {text}: {error}", error)

    if len(closures) == 1:
        (one,) = closures

        def call1(state: State, dot: Any) -> Any:
            state.node = name
            value = one(state, dot)
            try:
                return call(value)
            except FunctionError as error:
                return failed(state, error)

        return call1
    if len(closures) == 2:
        first, second = closures

        def call2(state: State, dot: Any) -> Any:
            state.node = name
            left = first(state, dot)
            right = second(state, dot)
            try:
                return call(left, right)
            except FunctionError as error:
                return failed(state, error)

        return call2
    every = tuple(closures)

    def call_any(state: State, dot: Any) -> Any:
        state.node = name
        values = [closure(state, dot) for closure in every]
        try:
            return call(*values)
        except FunctionError as error:
            return failed(state, error)

    return call_any


def piped_call(
    call: Callable[..., Any],
    name: Identifier,
    node: Node,
    closures: list[Closure],
    final: Closure,
    parameter: str,
) -> Closure:
    """A call whose last argument comes out of the stage before it."""
    text = name.name
    every = tuple(closures)
    simple = _SIMPLE_TYPES.get(parameter)
    unchecked = parameter == "any"

    def failed(state: State, error: FunctionError) -> Any:
        state.node = node
        state.fail(f"error calling {text}: {error}", error)

    def piped_only(state: State, dot: Any) -> Any:
        last = final(state, dot)
        state.node = name
        if not (unchecked or type(last) is simple):
            last = convert(state, last, parameter, False)
        try:
            return call(last)
        except FunctionError as error:
            return failed(state, error)

    def piped_second(state: State, dot: Any) -> Any:
        last = final(state, dot)
        state.node = name
        value = first(state, dot)
        if not (unchecked or type(last) is simple):
            last = convert(state, last, parameter, False)
        try:
            return call(value, last)
        except FunctionError as error:
            return failed(state, error)

    def piped_last(state: State, dot: Any) -> Any:
        last = final(state, dot)
        state.node = name
        values = [closure(state, dot) for closure in every]
        if not (unchecked or type(last) is simple):
            last = convert(state, last, parameter, False)
        try:
            return call(*values, last)
        except FunctionError as error:
            return failed(state, error)

    if not every:
        return piped_only
    first = every[0]
    return piped_second if len(every) == 1 else piped_last


def elements(state: State, value: Any, integers: bool, *, two: bool) -> Any:
    """Pairs of key and element of what `range` goes over, in Go's order."""
    if value is None:
        return ()
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted(value)]
    if isinstance(value, list):
        return enumerate(value)
    kind = type(value)
    if kind is bytes:
        return _byte_pairs(value)
    if isinstance(value, int) and kind is not bool and integers:
        if two:
            state.fail(f"can't use {value} to iterate over more than one variable")
        return ((index, kind(index)) for index in range(value))
    state.fail(iterate_error(value))


def _byte_pairs(value: bytes) -> Any:
    return ((index, Uint8(byte)) for index, byte in enumerate(value))


def container_test(container: int | None) -> Callable[[State, Any], bool]:
    """Tells whether the elements of the container in a slot are interfaces; of no slot, never."""
    if container is None:
        return lambda state, dot: False
    return lambda state, dot: holds_interfaces(state.vars[container])
