"""Sprig's arithmetic, and the casts to numbers (spf13/cast) on which it rests.

Whole-number results are int64 and overflow as Go's do; the functions whose names end in f compute in decimal digits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from chartkit.ambient import Ambient
from chartkit.errors import LimitError
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import INT64_MAX, INT64_MIN, Function, FunctionError, GoObject, Int64, IntList, Uint64, wrap_int64
from chartkit.pattern import pattern

if TYPE_CHECKING:
    from fractions import Fraction

_DIVIDE_BY_ZERO: Final = "runtime error: integer divide by zero"
_DIVISION_UNIT: Final = 10**16
_INTEGER: Final = pattern(
    r"[+-]?(?:0[xX](?P<hex>(?:_?[0-9a-fA-F])+)|0[bB](?P<binary>(?:_?[01])+)|0[oO]?(?P<octal>(?:_?[0-7])+)"
    r"|(?P<decimal>0|[1-9](?:_?[0-9])*))\Z"
)
_BASES: Final = {"hex": 16, "binary": 2, "octal": 8, "decimal": 10}
_SURE_DIGITS: Final = len(str(INT64_MAX))
_NAMED_INTS: Final = ("time.Month", "time.Weekday")
_ZERO_DECIMALS: Final = pattern(r"\.0+\Z")
_DECIMAL_FLOAT: Final = pattern(
    r"[+-]?(?:[0-9](?:_?[0-9])*\.?(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?\Z"
)
_HEX_FLOAT: Final = pattern(
    r"[+-]?0[xX](?=_?[0-9a-fA-F]|\.[0-9a-fA-F])(?:_?[0-9a-fA-F])*\.?[0-9a-fA-F]*[pP][+-]?[0-9](?:_?[0-9])*\Z"
)
_INFINITY: Final = pattern(r"[+-]?inf(?:inity)?\Z|nan\Z", re.IGNORECASE)
_PLAIN_DECIMAL: Final = pattern(r"[+-]?[0-9]+\Z")
_PLAIN_OCTAL: Final = pattern(r"[+-]?[0-7]+\Z")


def to_int64(value: Any) -> int:
    """Any value as a whole number of 64 bits; 0 where it is none."""
    kind = type(value)
    if kind is int or kind is Int64:
        return int(value)
    if kind is float:
        return _truncate(value)
    if kind is str:
        return _parse_integer(value)
    if kind is bool:
        return int(value)
    if not isinstance(value, int) or (isinstance(value, GoObject) and value.go_type not in _NAMED_INTS):
        return 0
    return int(wrap_int64(value))


def _truncate(value: float) -> int:
    # What amd64 gives for a float that has no int64, NaN too.
    return int(value) if -(2.0**63) <= value < 2.0**63 else INT64_MIN


def _parse_integer(text: str) -> int:
    """A Go integer literal; decimals that are all zero do not count. 0 if it is none or too big."""
    if text.isdecimal() and text.isascii() and text[0] != "0" and len(text) < _SURE_DIGITS:
        return int(text)
    match = _INTEGER.match(_ZERO_DECIMALS.sub("", text))
    if not match or not match.lastgroup:
        return 0
    number = int(match[match.lastgroup].replace("_", ""), _BASES[match.lastgroup])
    if text.startswith("-"):
        number = -number
    return number if INT64_MIN <= number <= INT64_MAX else 0


def to_float(value: Any) -> float:
    """Any value as a float64; 0 where it is no number."""
    kind = type(value)
    if kind is float:
        return float(value)
    if kind is str:
        return _parse_float(value)
    return float(value if kind is Uint64 else to_int64(value))


def _parse_float(text: str) -> float:
    """A Go floating-point literal; 0 if it is none or too big."""
    if _DECIMAL_FLOAT.match(text):
        number = float(text.replace("_", ""))
    elif _INFINITY.match(text):
        return float(text)
    elif _HEX_FLOAT.match(text):
        try:
            number = float.fromhex(text.replace("_", ""))
        except OverflowError:
            return 0.0
    else:
        return 0.0
    return 0.0 if math.isinf(number) else number


def as_int(value: Any) -> int:
    """Sprig's int."""
    return value if type(value) is int else to_int64(value)


def as_int64(value: Any) -> Int64:
    """Sprig's int64."""
    return Int64(to_int64(value))


def atoi(text: str) -> int:
    """The number of a plain decimal text; 0 if it is none, and the nearest int if it is too big."""
    if not _PLAIN_DECIMAL.match(text):
        return 0
    return max(INT64_MIN, min(INT64_MAX, int(text)))


def to_decimal(value: Any) -> Int64:
    """The number whose octal digits the value's text shows; 0 if it shows none."""
    text = sprint_value(value)
    number = int(text, 8) if _PLAIN_OCTAL.match(text) else 0
    return Int64(number if INT64_MIN <= number <= INT64_MAX else 0)


def add(*values: Any) -> Int64:
    """The sum of whole numbers."""
    return wrap_int64(sum([value if type(value) is int else to_int64(value) for value in values]))


def add1(value: Any) -> Int64:
    """One more."""
    return wrap_int64(to_int64(value) + 1)


def sub(left: Any, right: Any) -> Int64:
    """The difference of whole numbers."""
    return wrap_int64(to_int64(left) - to_int64(right))


def mul(first: Any, *others: Any) -> Int64:
    """The product of whole numbers."""
    product = to_int64(first)
    for other in others:
        product = wrap_int64(product * to_int64(other))
    return Int64(product)


def div(left: Any, right: Any) -> Int64:
    """The quotient of whole numbers, cut towards zero."""
    dividend, divisor = to_int64(left), to_int64(right)
    if not divisor:
        raise FunctionError(_DIVIDE_BY_ZERO)
    quotient = abs(dividend) // abs(divisor)
    return wrap_int64(-quotient if (dividend < 0) != (divisor < 0) else quotient)


def mod(left: Any, right: Any) -> Int64:
    """The remainder of whole numbers, with the sign of the dividend."""
    dividend, divisor = to_int64(left), to_int64(right)
    if not divisor:
        raise FunctionError(_DIVIDE_BY_ZERO)
    remainder = abs(dividend) % abs(divisor)
    return Int64(-remainder if dividend < 0 else remainder)


def largest(first: Any, *others: Any) -> Int64:
    """The largest of whole numbers."""
    return Int64(max(map(to_int64, (first, *others))))


def smallest(first: Any, *others: Any) -> Int64:
    """The smallest of whole numbers."""
    return Int64(min(map(to_int64, (first, *others))))


def largest_float(first: Any, *others: Any) -> float:
    """The largest of floats; NaN if one is NaN, but for +Inf."""
    return _extreme([to_float(value) for value in (first, *others)], max, math.inf)


def smallest_float(first: Any, *others: Any) -> float:
    """The smallest of floats; NaN if one is NaN, but for -Inf."""
    return _extreme([to_float(value) for value in (first, *others)], min, -math.inf)


def _extreme(numbers: list[float], choose: Callable[..., float], utmost: float) -> float:
    if utmost in numbers:
        return utmost
    if any(map(math.isnan, numbers)):
        return math.nan
    # The sign tells -0 from 0.
    return choose(numbers, key=lambda number: (number, math.copysign(1.0, number)))


def floor(value: Any) -> float:
    """The next lower whole number."""
    return _rounded(to_float(value), math.floor)


def ceil(value: Any) -> float:
    """The next higher whole number."""
    return _rounded(to_float(value), math.ceil)


def _rounded(number: float, towards: Callable[[float], int]) -> float:
    # A result of zero keeps the sign of the number, as Go's does.
    return math.copysign(float(towards(number)), number) if math.isfinite(number) else number


def round_places(value: Any, places: int, *round_on: float) -> float:
    """A number with so many decimals; up if the fraction reaches `round_on`, .5 unless given."""
    power = _power_of_ten(places)
    scaled = power * to_float(value)
    fraction = math.modf(scaled)[0] if math.isfinite(scaled) else math.nan
    up = fraction >= (round_on[0] if round_on else 0.5)
    rounded = _rounded(scaled, math.ceil if up else math.floor)
    return rounded / power if power else _divided_by_zero(rounded)


def _power_of_ten(exponent: int) -> float:
    try:
        return 10.0**exponent
    except OverflowError:
        return math.inf


def _divided_by_zero(number: float) -> float:
    return math.copysign(math.inf, number) if number else math.nan


def until(ambient: Ambient, count: int) -> IntList:
    """The whole numbers from 0 up to a count, or down to it."""
    return IntList(_bounded(ambient, range(0, count, -1 if count < 0 else 1)))


def until_step(ambient: Ambient, start: int, stop: int, step: int) -> IntList:
    """The whole numbers from `start` up or down to before `stop`; none if the step does not lead there."""
    return IntList(_bounded(ambient, range(start, stop, step)) if step else ())


def seq(ambient: Ambient, *bounds: int) -> str:
    """The numbers from a start to an end, the end included, as text: END, START END or START STEP END."""
    if not 1 <= len(bounds) <= 3:
        return ""
    start, end = (1, bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[-1])
    direction = -1 if end < start else 1
    step = bounds[1] if len(bounds) == 3 else direction
    # Against the direction the list is empty anyway, but a step of the right sign may still start on the end.
    if not step or (direction < 0 < step):
        return ""
    return " ".join(map(str, _bounded(ambient, range(start, end + direction, step))))


def _bounded(ambient: Ambient, numbers: range) -> range:
    """The numbers, if they are no more than the loop passes that a render may take."""
    limit = ambient.limits.loop_steps
    if len(numbers[: limit + 1]) > limit:
        raise LimitError(f"a list has more than {limit} numbers")
    return numbers


def _fraction(value: Any) -> Fraction:
    """The decimal number that a float's shortest text shows."""
    from fractions import Fraction

    number = to_float(value)
    if not math.isfinite(number):
        raise FunctionError(f"Cannot create a Decimal from {sprint_value(number)}")
    return Fraction(repr(number))


def _to_nearest_float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def add_decimal(*values: Any) -> float:
    """The sum of decimal numbers."""
    total = _fraction(0.0)
    for value in values:
        total += _fraction(value)
    return _to_nearest_float(total)


def add1_decimal(value: Any) -> float:
    """One more."""
    return _to_nearest_float(_fraction(value) + 1)


def sub_decimal(first: Any, *others: Any) -> float:
    """The first decimal number less all others."""
    result = _fraction(first)
    for value in others:
        result -= _fraction(value)
    return _to_nearest_float(result)


def mul_decimal(first: Any, *others: Any) -> float:
    """The product of decimal numbers."""
    result = _fraction(first)
    for value in others:
        result *= _fraction(value)
    return _to_nearest_float(result)


def div_decimal(first: Any, *others: Any) -> float:
    """The first decimal number divided by each other in turn, every time rounded to 16 decimals."""
    from fractions import Fraction

    result = _fraction(first)
    for value in others:
        divisor = _fraction(value)
        if not divisor:
            raise FunctionError("decimal division by 0")
        quotient = result / divisor * _DIVISION_UNIT
        units = (2 * abs(quotient.numerator) + quotient.denominator) // (2 * quotient.denominator)
        result = Fraction(units if quotient >= 0 else -units, _DIVISION_UNIT)
    return _to_nearest_float(result)


FUNCTIONS: Final = (
    Function("add", add, ("any",), variadic=True),
    Function("add1", add1, ("any",)),
    Function("add1f", add1_decimal, ("any",)),
    Function("addf", add_decimal, ("any",), variadic=True),
    Function("atoi", atoi, ("string",)),
    Function("biggest", largest, ("any", "any"), variadic=True),
    Function("ceil", ceil, ("any",)),
    Function("div", div, ("any", "any")),
    Function("divf", div_decimal, ("any", "any"), variadic=True),
    Function("float64", to_float, ("any",)),
    Function("floor", floor, ("any",)),
    Function("int", as_int, ("any",)),
    Function("int64", as_int64, ("any",)),
    Function("max", largest, ("any", "any"), variadic=True),
    Function("maxf", largest_float, ("any", "any"), variadic=True),
    Function("min", smallest, ("any", "any"), variadic=True),
    Function("minf", smallest_float, ("any", "any"), variadic=True),
    Function("mod", mod, ("any", "any")),
    Function("mul", mul, ("any", "any"), variadic=True),
    Function("mulf", mul_decimal, ("any", "any"), variadic=True),
    Function("round", round_places, ("any", "int", "float64"), variadic=True),
    Function("seq", seq, ("int",), variadic=True, ambient=True),
    Function("sub", sub, ("any", "any")),
    Function("subf", sub_decimal, ("any", "any"), variadic=True),
    Function("toDecimal", to_decimal, ("any",)),
    Function("until", until, ("int",), ambient=True),
    Function("untilStep", until_step, ("int", "int", "int"), ambient=True),
)
