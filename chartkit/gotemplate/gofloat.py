"""Go's text of floating-point numbers: %v, JSON, and the verbs %e %f %g %x %b."""

from __future__ import annotations

from math import copysign, frexp, isinf, isnan

_FRACTION_BITS = 52
_MIN_EXPONENT = -1074


def format_float(value: float) -> str:
    """The text of %v: the fewest digits that give the number back, with an exponent from 1e+06 and below 1e-04."""
    if -1e6 < value < 1e6:
        text = repr(value)
        if text.endswith(".0"):
            return text[:-2]
        if value > 1e-4 or value < -1e-4 or value in (1e-4, -1e-4):
            return text
    return _special(value) or exponent_form(value)


def json_float(value: float) -> str:
    """The text in JSON: plain from 1e-6 up to 1e21, else with the shortest exponent."""
    text = repr(value)
    if text.endswith(".0"):
        return text[:-2]
    if "e" not in text:
        return text
    if 1e-6 <= abs(value) < 1e21:
        return plain_form(value)
    text = exponent_form(value)
    return f"{text[:-2]}{text[-1]}" if text[-4:-1] == "e-0" else text


def float_text(value: float, verb: str, precision: int = -1) -> str:
    """Go's strconv.FormatFloat: verb out of `b e E f g G x X`, -1 for the fewest digits that give the number back."""
    special = _special(value)
    if special:
        return special
    if verb == "b":
        return _binary_form(value)
    if verb in "xX":
        text = _hexadecimal_form(value, precision)
        return text.upper() if verb == "X" else text
    if precision >= 0:
        return f"{value:.{precision}{verb}}"
    text = {"e": exponent_form, "f": plain_form, "g": format_float}[verb.lower()](value)
    return text.upper() if verb in "EG" else text


def exponent_form(value: float) -> str:
    """The fewest digits as d.ddde+XX, with two exponent digits or more."""
    sign, digits, exponent = _shortest(value)
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{exponent:+03d}"


def plain_form(value: float) -> str:
    """The fewest digits without an exponent, filled up with zeros."""
    sign, digits, exponent = _shortest(value)
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole, fraction = digits[: exponent + 1], digits[exponent + 1 :]
    return f"{sign}{whole.ljust(exponent + 1, '0')}{'.' if fraction else ''}{fraction}"


def _special(value: float) -> str:
    """The text of infinities and NaN; empty for numbers."""
    if isnan(value):
        return "NaN"
    if isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return ""


def _shortest(value: float) -> tuple[str, str, int]:
    """Sign, shortest digits and decimal exponent: d.ddd times ten to the exponent."""
    sign = "-" if copysign(1.0, value) < 0 else ""
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return sign, "0", 0
    exponent = len(whole) - 1 + int(power or 0)
    if whole == "0":
        exponent -= len(fraction) - len(digits) + 1
    return sign, digits.rstrip("0"), exponent


def _binary_form(value: float) -> str:
    """The mantissa as a whole number and the power of two: 4503599627370496p-52."""
    sign = "-" if copysign(1.0, value) < 0 else ""
    fraction, power = frexp(abs(value))
    exponent = max(power - _FRACTION_BITS - 1, _MIN_EXPONENT) if value else _MIN_EXPONENT
    # Two steps, as the scale alone can overflow a float.
    mantissa = int(fraction * 2.0 ** (_FRACTION_BITS + 1)) >> max(exponent - power + _FRACTION_BITS + 1, 0)
    return f"{sign}{mantissa}p{exponent:+d}"


def _hexadecimal_form(value: float, precision: int) -> str:
    """The number as 0x1.8p+00, rounded half to even at `precision` hexadecimal digits."""
    sign = "-" if copysign(1.0, value) < 0 else ""
    fraction, power = frexp(abs(value))
    mantissa, exponent = int(fraction * 2.0 ** (_FRACTION_BITS + 1)), power - 1 if value else 0
    digit_count = _FRACTION_BITS // 4
    if 0 <= precision < digit_count:
        mantissa, exponent = _rounded(mantissa, exponent, _FRACTION_BITS - 4 * precision)
    digits = f"{mantissa & ((1 << _FRACTION_BITS) - 1):0{digit_count}x}"
    digits = digits.rstrip("0") if precision < 0 else digits.ljust(precision, "0")[:precision]
    point = "." if digits else ""
    return f"{sign}0x{mantissa >> _FRACTION_BITS}{point}{digits}p{exponent:+03d}"


def _rounded(mantissa: int, exponent: int, dropped: int) -> tuple[int, int]:
    """A 53-bit mantissa with its last `dropped` bits rounded away, half to even."""
    rest, half = mantissa & ((1 << dropped) - 1), 1 << (dropped - 1)
    mantissa >>= dropped
    if rest > half or (rest == half and mantissa & 1):
        mantissa += 1
    mantissa <<= dropped
    return (mantissa >> 1, exponent + 1) if mantissa >> (_FRACTION_BITS + 1) else (mantissa, exponent)
