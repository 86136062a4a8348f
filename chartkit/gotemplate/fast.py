"""What generated code runs on: the run that it shares, and the slow ways that it takes where the quick ones end.

Generated code is optimistic. It follows the exact compiler wherever a template succeeds; where one fails, or does what
generated code does not follow, it raises, and the whole render is run again in the exact compiler, from fresh values,
for the answer in Helm's words. So nothing here makes a message: `REFUSING` takes the place of the state that would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import CodeType, FunctionType
from typing import Any, Final, NoReturn, TypeAlias

from chartkit.gotemplate.builtins import SAME_TYPE_COMPARES
from chartkit.gotemplate.gofmt import template_text
from chartkit.gotemplate.runtime import (
    Run,
    State,
    Template,
    convert,
    fits,
    holds_interfaces,
    walk,
    wrong_count,
    zero_nil,
)
from chartkit.gotypes import Function, Int64, Uint8
from chartkit.record import dataclass, field
from chartkit.source import Source

Generated: TypeAlias = "Callable[[FastRun, Any], str]"
"""The code of one template: takes the run and the dot, gives the text."""

STEP: Final = 64
"""How many characters a loop pass or a template call counts for."""
DEEPEST: Final = 900
"""Template calls inside one another; Helm's own limit of 1000 includes of one name is not reached below that."""
METHODS: Final = frozenset("AsMap YAML Table PathValue Get GetBytes Glob AsConfig AsSecrets Lines".split())
"""Methods of those Go types that are dicts here; a test holds them against the types."""
_BATCH: Final = 1 << 16
_LONGEST_RANGE: Final = 100_000


class Refused(Exception):
    """Generated code does not know the answer: the exact compiler must give it."""


class _Refusing(State):
    """The state handed to what would tell of a failure."""

    __slots__ = ()

    def __init__(self) -> None:
        self.node = None

    def fail(self, message: str, inner: BaseException | None = None) -> NoReturn:
        raise Refused(message)


REFUSING: Final = _Refusing()


@dataclass(slots=True)
class FastRun(Run):
    """What the generated templates of one render share.

    Attributes:
        namespace: the globals of the generated code.
        keys: the global of each template, by its name.
        templates: the same templates for what runs as closures: texts given to `tpl`.
        depth: how many templates run inside one another.
        spent: characters written and steps taken, weighed together.
        mark: the sum at which the limits are looked at next.
        state: what a function is given that runs templates.
    """

    namespace: dict[str, Any] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)
    depth: int = 0
    spent: int = 0
    mark: int = _BATCH
    state: State = REFUSING

    def open(self) -> None:
        """Make ready to run."""
        self.state = State(self, self.templates, Template("", Source("", ""), _nothing), None, _drop, 0)

    def settle(self) -> None:
        """Hold what was spent against the limits.

        The sum is coarser than the exact run's two counters and never smaller than either, so that a render that
        comes near a limit is run again by the exact compiler, whose word counts.

        Raises:
            Refused: a limit may have been reached.
        """
        limits = self.ambient.limits
        if self.spent > min(limits.output_characters, STEP * limits.loop_steps):
            raise Refused("a limit may have been reached")
        self.mark = self.spent + _BATCH
        self.watch()

    def hold(self, value: Any) -> None:
        """Count a long text or list that is kept: this is about doubling in a loop, not about bookkeeping."""
        self.count(len(value) if type(value) is str else 16 * len(value))

    def include(self, name: str, data: Any) -> str:
        """A template whose name is known only now."""
        key = self.keys.get(name)
        if key is None:
            raise Refused(name)
        self.depth += 1
        if self.depth > DEEPEST:
            raise Refused(name)
        text: str = self.namespace[key](self, data)
        self.depth -= 1
        return text

    def extended(self, templates: Mapping[str, Template], own: Mapping[str, Template]) -> Mapping[str, Template]:
        """Refuse: generated code calls the templates that it was linked with, whatever a text defines."""
        raise Refused("a text defines templates")


def _nothing() -> Any:
    raise Refused


def _drop(text: str) -> None:
    """Nothing is written here."""


def mangled(name: str) -> str:
    """The global that holds a template."""
    return "t_" + "".join(letter if letter.isascii() and letter.isalnum() else f"_{ord(letter):x}_" for letter in name)


def namespace(functions: Mapping[str, Function], *, ranges_integers: bool) -> dict[str, Any]:
    """The globals that generated code begins with; functions and templates are put there as they are needed."""
    return {
        "T": template_text,
        "W": walked,
        "M": chained,
        "C": method_called,
        "K": converted,
        "KW": converted_after_walk,
        "Z": zero,
        "E": elements if ranges_integers else elements_but_integers,
        "P": pairs,
        "L": (KeyError, TypeError, IndexError, AttributeError),
        "X": Refused,
        "H": holds_interfaces,
        "S": SAME_TYPE_COMPARES,
    }


def link(code: CodeType, globals_: dict[str, Any], functions: Mapping[str, Function]) -> Generated:
    """A generated function over the globals, with the template functions that it names."""
    for name in code.co_names:
        if name[:2] == "f_" and name not in globals_:
            globals_[name] = functions[name[2:]].call
    function: Generated = FunctionType(code, globals_)
    return function


# --- the slow ways


def walked(base: Any, names: tuple[str, ...], container: Any = None) -> Any:
    """Names looked up one after another, whatever they are names of; `container` held the base, if anything did."""
    return walk(REFUSING, base, names, holds_interfaces(container), None)[0]


def method_called(base: Any, names: tuple[str, ...], held: bool, given: tuple[Any, ...], literals: str) -> Any:
    """The method at the end of some names, called with arguments.

    Args:
        base: where the names begin.
        names: what is looked up.
        held: whether an interface held the base.
        given: the arguments.
        literals: for each of them `l` if it is written as a literal, `v` for a value, `p` if it came through a pipe.
    """

    def call(target: Any, method: Function, name: str, _: bool) -> Any:
        count, fixed = len(given), len(method.params)
        if count < fixed - 1 if method.variadic else count != fixed:
            REFUSING.fail(wrong_count(method, name, count))
        values = [
            _argument(value, method.params[min(index, fixed - 1)], literals[index]) for index, value in enumerate(given)
        ]
        return method.call(target, *values)

    return walk(REFUSING, base, names, held, call)[0]


def _argument(value: Any, parameter: str, origin: str) -> Any:
    if parameter == "any":
        return value
    if origin == "l":
        return _literal(value, parameter)
    if value is None and origin == "v":
        raise Refused
    return convert(REFUSING, value, parameter, False)


def _literal(value: Any, parameter: str) -> Any:
    """A literal for a typed parameter; Go reads a whole number as whatever kind of number is wanted."""
    if type(value) is int and parameter in ("int64", "duration"):
        return Int64(value)
    if type(value) is int and parameter == "float64":
        return float(value)
    if fits(value, parameter):
        return value
    raise Refused


def chained(base: Any, names: tuple[str, ...], held: bool) -> Any:
    """Names looked up from the value of an expression, methods first."""
    return walk(REFUSING, base, names, held, None)[0]


def converted(value: Any, parameter: str, held: bool | None = False) -> Any:
    """A value as argument of a typed parameter; `held` is whether an interface holds it, should it be nil."""
    if held is None:
        if value is None:
            raise Refused
        held = False
    return convert(REFUSING, value, parameter, held)


def converted_after_walk(value: Any, parameter: str, base: Any, names: tuple[str, ...], container: Any) -> Any:
    """A value that names led to, as argument of a typed parameter."""
    held = value is None and walk(REFUSING, base, names, holds_interfaces(container), None)[1]
    return convert(REFUSING, value, parameter, held)


def zero(parameter: str) -> Any:
    """The zero value that a literal `nil` gives a parameter."""
    make = zero_nil(parameter)
    if make is None:
        raise Refused
    return make()


def elements(value: Any) -> Any:
    """What a `range` with one variable or none goes over, as something that has a length."""
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if value is None or isinstance(value, list):
        return value or ()
    if type(value) is bytes:
        return [Uint8(byte) for byte in value]
    if isinstance(value, int) and type(value) is not bool and value <= _LONGEST_RANGE:
        kind = type(value)
        return range(value) if kind is int else [kind(index) for index in range(value)]
    raise Refused


def pairs(value: Any) -> Any:
    """The keys and elements that a `range` with two variables goes over."""
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted(value)]
    if isinstance(value, list):
        return enumerate(value)
    if value is None:
        return ()
    if type(value) is bytes:
        return [(index, Uint8(byte)) for index, byte in enumerate(value)]
    raise Refused


def elements_but_integers(value: Any) -> Any:
    """`elements` of a Helm that refuses integers."""
    if isinstance(value, int):
        raise Refused
    return elements(value)
