"""What compiled templates run on: the state of one execution, field lookup, argument types, failures.

The rules are those of Go's text/template/exec.go. Two kinds of nil must be told apart, as Go's reflection does: a nil
that an interface holds (a map element, a list element) and no value at all (the result of a pipeline). The first fails
when a field of it is asked for, the second gives nothing, silently; `from_interface` says which one a value is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol, TypeAlias

from chartkit.ambient import Ambient
from chartkit.errors import LimitError
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import (
    UNTYPED_NIL,
    Function,
    FunctionError,
    GoObject,
    NilMap,
    NilSlice,
    StringList,
    StringMap,
    Values,
    go_type,
)
from chartkit.record import dataclass, field
from chartkit.source import Position, Source

if TYPE_CHECKING:
    from chartkit.gotemplate.nodes import Node, Tree

Closure: TypeAlias = "Callable[[State, Any], Any]"
"""A compiled node: takes the state and the dot, gives the node's value."""

_MAX_TEMPLATE_DEPTH: Final = 100_000
_TICK: Final = 4096

_TYPE_NAMES: Final = {
    "any": "interface {}",
    "value": "reflect.Value",
    "map": "map[string]interface {}",
    "slice": "[]interface {}",
    "strings": "[]string",
    "time": "time.Time",
    "duration": "time.Duration",
    "certificate": "sprig.certificate",
    "semver": "*semver.Version",
}
_NILS: Final[Mapping[str, Callable[[], Any]]] = {
    "any": lambda: None,
    "value": lambda: UNTYPED_NIL,
    "map": NilMap,
    "slice": NilSlice,
    "strings": StringList,
    "semver": lambda: None,
}
_EXACT_TYPES: Final[Mapping[str, frozenset[str]]] = {
    "map": frozenset({"map[string]interface {}", "common.Values", "chartutil.Values"}),
    "strings": frozenset({"[]string", "common.VersionSet", "chartutil.VersionSet"}),
}
_UNTYPED: Final = (dict, Values, list, NilMap, NilSlice)


def type_name(parameter: str) -> str:
    """The Go type that a `Function.params` word stands for."""
    return _TYPE_NAMES.get(parameter, parameter)


def zero_nil(parameter: str) -> Callable[[], Any] | None:
    """What makes the zero value that a literal `nil` gives a parameter; `None` where nil cannot be given."""
    return _NILS.get(parameter)


def holds_interfaces(container: Any) -> bool:
    """Whether the elements of a list or map are interfaces, so that Go names their type `interface {}`."""
    return type(container) in _UNTYPED


class ExecFailure(Exception):
    """A template that failed: Go's template.ExecError.

    Attributes:
        text: Go's whole message, `template: NAME:LINE:COL: executing "NAME" at <NODE>: ...`.
        position: the place of the failing node.
        inner: the error that this one wraps, where it came out of a function.
    """

    def __init__(self, text: str, position: Position, inner: BaseException | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.position = position
        self.inner = inner


@dataclass(frozen=True, slots=True)
class StateFunction(Function):
    """A function that runs templates itself: `call` takes the `State` in the place of the `Ambient`."""


class TreeCompiler(Protocol):
    """What makes templates of trees while a render is under way, for texts that are themselves templates."""

    functions: Mapping[str, Function]

    def template(self, tree: Tree) -> Template:
        """A template that is compiled when it first runs."""
        ...


@dataclass(slots=True)
class Run:
    """What all templates of one render share.

    Attributes:
        ambient: time, randomness and limits.
        compiler: compiles the texts that are rendered as templates.
        parsed_texts: what came of such texts, kept over renders.
        included: how deep each template name is nested in `include`, for Helm's limit.
        steps: loop passes and template calls so far.
        written: characters that templates have written so far.
        deadline: `time.monotonic` value after which the render is stopped; 0 for none.
    """

    ambient: Ambient
    compiler: TreeCompiler
    parsed_texts: MutableMapping[str, Mapping[str, Template]] = field(default_factory=dict)
    included: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    written: int = 0
    deadline: float = 0.0

    def __post_init__(self) -> None:
        if self.ambient.limits.seconds:
            self.deadline = time.monotonic() + self.ambient.limits.seconds

    def execute(self, templates: Mapping[str, Template], template: Template, dot: Any) -> str:
        """The text that a template writes for a dot.

        Raises:
            ExecFailure: the template failed.
            LimitError: the run reached one of its limits.
        """
        self.step()
        parts: list[str] = []
        body = template.prepare()
        body(State(self, templates, template, dot, parts.append, 0), dot)
        text = "".join(parts)
        self.count(len(text))
        return text

    def extended(self, templates: Mapping[str, Template], own: Mapping[str, Template]) -> Mapping[str, Template]:
        """The templates, and before them those of a text that is rendered as a template."""
        return {**templates, **own}

    def step(self) -> None:
        """Count a loop pass or template call.

        Raises:
            LimitError: the render took too many of them, or too long.
        """
        self.steps += 1
        if self.steps % _TICK:
            return
        limits = self.ambient.limits
        if self.steps > limits.loop_steps:
            raise LimitError(f"the render takes more than {limits.loop_steps} loop passes and template calls")
        self.watch()

    def watch(self) -> None:
        """Look at the clock.

        Raises:
            LimitError: the render takes too long.
        """
        if self.deadline and time.monotonic() > self.deadline:
            raise LimitError(f"the render takes more than {self.ambient.limits.seconds:g} seconds")

    def count(self, characters: int) -> None:
        """Count text that a template has written.

        Raises:
            LimitError: all texts together are longer than the limit.
        """
        self.written += characters
        if self.written > self.ambient.limits.output_characters:
            raise LimitError(f"the render writes more than {self.ambient.limits.output_characters} characters")


class Template:
    """A template ready to run: its name, its source, and its compiled body."""

    __slots__ = ("body", "compile", "name", "slots", "source")

    def __init__(self, name: str, source: Source, compile_body: Callable[[], tuple[Closure, int]]) -> None:
        self.name = name
        self.source = source
        self.compile = compile_body
        self.body: Closure | None = None
        self.slots = 0

    def prepare(self) -> Closure:
        """The compiled body; compiled when it is first asked for."""
        if self.body is None:
            self.body, self.slots = self.compile()
        return self.body


class State:
    """One execution of one template: its variables, its output, and the node at work (for errors)."""

    __slots__ = ("depth", "node", "run", "template", "templates", "vars", "write")

    def __init__(
        self,
        run: Run,
        templates: Mapping[str, Template],
        template: Template,
        dot: Any,
        write: Callable[[str], Any],
        depth: int,
    ) -> None:
        self.run = run
        self.templates = templates
        self.template = template
        self.vars: list[Any] = [dot, *[None] * template.slots]
        self.write = write
        self.depth = depth
        self.node: Node | None = None

    def fail(self, message: str, inner: BaseException | None = None) -> NoReturn:
        """Stop with Go's message for the node at work."""
        source, node = self.template.source, self.node
        position = Position(source, 0 if node is None else node.start)
        text = f'template: {location(position)}: executing "{self.template.name}" at <{node}>: {message}'
        raise ExecFailure(text, position, inner) from None

    def callee(self, name: str) -> Template:
        """The template that a `template` action calls."""
        template = self.templates.get(name)
        if template is None:
            self.fail(f'template "{name}" not defined')
        if self.depth == _MAX_TEMPLATE_DEPTH:
            self.fail(f"exceeded maximum template depth ({_MAX_TEMPLATE_DEPTH})")
        return template

    def enter(self, template: Template, dot: Any) -> None:
        """Run another template into the same output."""
        self.run.step()
        body = template.prepare()
        body(State(self.run, self.templates, template, dot, self.write, self.depth + 1), dot)


def location(position: Position) -> str:
    """`NAME:LINE:COLUMN` as Go prints it: the column in bytes, from 0."""
    source, line = position.source, position.line
    start = source.line_starts()[line - 1]
    column = len(source.text[start : position.offset].encode("utf-8", "surrogateescape"))
    return f"{source.name}:{line}:{column}"


_SIMPLE_CHECKS: Final[Mapping[str, type]] = {"string": str, "int": int, "bool": bool, "float64": float}


def fits(value: Any, parameter: str) -> bool:
    """Whether a value can be given to a parameter as it is (Go's AssignableTo); nil never fits here."""
    simple = _SIMPLE_CHECKS.get(parameter)
    if simple is not None:
        return type(value) is simple
    if parameter in ("any", "value"):
        return True
    name = go_type(value)
    return name in _EXACT_TYPES[parameter] if parameter in _EXACT_TYPES else name == type_name(parameter)


def convert(state: State, value: Any, parameter: str, from_interface: bool) -> Any:
    """A value as argument of a typed parameter (Go's validateType).

    Raises:
        ExecFailure: the value's type does not fit.
    """
    if value is None:
        if from_interface:
            if parameter in ("any", "value"):
                return None
            state.fail(f"wrong type for value; expected {type_name(parameter)}; got interface {{}}")
        zero = zero_nil(parameter)
        if zero is None:
            state.fail(f"invalid value; expected {type_name(parameter)}")
        return zero()
    if not fits(value, parameter):
        state.fail(f"wrong type for value; expected {type_name(parameter)}; got {go_type(value)}")
    return value


def map_entry(receiver: Any, name: str) -> Any:
    """The element of a map; where there is none, the zero of its element type."""
    if name in receiver:
        return receiver[name]
    if isinstance(receiver, StringMap):
        return ""
    zero = getattr(type(receiver), "go_zero", None)
    return zero() if zero else None


def walk(
    state: State,
    receiver: Any,
    names: Sequence[str],
    from_interface: bool,
    call: Callable[[Any, Function, str, bool], Any] | None,
) -> tuple[Any, bool]:
    """Look up names one after another: methods first, then map keys and fields (Go's evalField).

    Args:
        state: for errors.
        receiver: where to begin.
        names: what to look up.
        from_interface: whether an interface held the receiver.
        call: calls a method with the arguments that follow the last name; `None` where none follow.

    Returns:
        The value, and whether an interface held it.
    """
    last = len(names) - 1
    for index, name in enumerate(names):
        if receiver is None:
            if from_interface:
                state.fail(f"nil pointer evaluating interface {{}}.{name}")
            return None, False
        arguments = call if index == last else None
        methods = getattr(type(receiver), "go_methods", None)
        if methods and name in methods:
            receiver = _call_method(state, receiver, methods[name], name, arguments)
            from_interface = False
        elif isinstance(receiver, dict):
            if arguments is not None:
                state.fail(f"{name} is not a method but has arguments")
            from_interface = holds_interfaces(receiver)
            receiver = map_entry(receiver, name)
        elif isinstance(receiver, GoObject) and name in receiver.go_fields:
            if arguments is not None:
                state.fail(f"{name} has arguments but cannot be invoked as function")
            receiver, from_interface = receiver.go_field(name), False
        else:
            known = "interface {}" if from_interface else go_type(receiver)
            state.fail(f"can't evaluate field {name} in type {known}")
    return receiver, from_interface


def _call_method(
    state: State,
    receiver: Any,
    method: Function,
    name: str,
    call: Callable[[Any, Function, str, bool], Any] | None,
) -> Any:
    if call is not None:
        return call(receiver, method, name, True)
    if method.params and not (method.variadic and len(method.params) == 1):
        state.fail(wrong_count(method, name, 0))
    try:
        return method.call(receiver)
    except FunctionError as error:
        state.fail(f"error calling {name}: {error}", error)


def wrong_count(function: Function, name: str, got: int) -> str:
    """Go's message for a call with too few or too many arguments."""
    if function.variadic:
        return f"wrong number of args for {name}: want at least {len(function.params) - 1} got {got}"
    return f"wrong number of args for {name}: want {len(function.params)} got {got}"


def iterate_error(value: Any) -> str:
    """Go's message for a `range` over something that has no elements."""
    return f"range can't iterate over {sprint_value(value)}"


NO_VALUE: Final = "<no value>"


def strip_no_value(text: str) -> str:
    """Text without the words that Go prints for a missing value; Helm removes every occurrence."""
    return text.replace(NO_VALUE, "") if NO_VALUE in text else text
