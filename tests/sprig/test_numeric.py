"""Sprig's arithmetic and casts, against results of the real Helm."""

from __future__ import annotations

import pytest

from chartkit.ambient import Ambient
from chartkit.errors import LimitError
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import FunctionError, Int64, IntList
from chartkit.limits import Limits
from chartkit.profile import PROFILES
from chartkit.sprig import numeric

AMBIENT = Ambient(profile=PROFILES["4.2"])
FUNCTIONS = {function.name: function for function in numeric.FUNCTIONS}

RESULTS = [
    ("seq", (3, 1, 1), ""),
    ("seq", (1, 0, 5), ""),
    ("seq", (-1, 1, -5), ""),
    ("seq", (2, 1, 2), "2"),
    ("seq", (0, 0), "0"),
    ("add", (1, float("nan")), "-9223372036854775807"),
    ("add", (1, float("inf")), "-9223372036854775807"),
    ("int", (float("inf"),), "-9223372036854775808"),
    ("div", (-9223372036854775807, -1), "9223372036854775807"),
    ("div", (Int64(-9223372036854775808), -1), "-9223372036854775808"),
    ("mod", (Int64(-9223372036854775808), -1), "0"),
    ("int", ([],), "0"),
    ("float64", ([1],), "0"),
    ("int64", ("1_000",), "1000"),
    ("round", (1.5, 0, 0.6), "1"),
    ("round", ("abc", 2), "0"),
    ("round", (1e300, 300), "+Inf"),
    ("round", (12.5, -5), "0"),
    ("round", (12.5, 400), "NaN"),
    ("round", (float("inf"), 2), "+Inf"),
    ("round", (float("nan"), 2), "NaN"),
    ("divf", (5,), "5"),
    ("add1f", ("x",), "1"),
    ("maxf", (1, float("nan")), "NaN"),
    ("minf", (1, "2", 0.5), "0.5"),
    ("maxf", (1,), "1"),
    ("atoi", ("9223372036854775808",), "9223372036854775807"),
    ("atoi", ("-99223372036854775808",), "-9223372036854775808"),
    ("atoi", ("1_0",), "0"),
    ("atoi", ("٣",), "0"),
    ("int", ("99223372036854775808",), "0"),
    ("int", ("0x_1f",), "31"),
    ("int", ("0_7",), "7"),
    ("int", ("0b12",), "0"),
    ("int", ("0o18",), "0"),
    ("int", ("-012",), "-10"),
    ("int", ("+5",), "5"),
    ("int", ("1__0",), "0"),
    ("int", ("_1",), "0"),
    ("int", ("1_",), "0"),
    ("int", ("5.",), "0"),
    ("int", ("5.0",), "5"),
    ("int", ("5.00",), "5"),
    ("int", (".0",), "0"),
    ("int", ("0.0",), "0"),
    ("int", ("00",), "0"),
    ("int", ("0",), "0"),
    ("int", ("-0",), "0"),
    ("int", ("100",), "100"),
    ("int", ("0x10.0",), "16"),
    ("int", ("1.10",), "0"),
    ("int", ("10.01",), "0"),
    ("int", ("",), "0"),
    ("int", ("-",), "0"),
    ("float64", ("1__0",), "0"),
    ("float64", ("_1",), "0"),
    ("float64", ("0x1p4",), "16"),
    ("float64", ("0x1.8p1",), "3"),
    ("float64", ("1e999",), "0"),
    ("float64", ("-1e999",), "0"),
    ("float64", ("1e-999",), "0"),
    ("float64", ("+inf",), "+Inf"),
    ("float64", ("-Infinity",), "-Inf"),
    ("float64", ("+nan",), "0"),
    ("float64", ("nan",), "NaN"),
    ("float64", (".5",), "0.5"),
    ("float64", ("5.",), "5"),
    ("float64", (".",), "0"),
    ("float64", (" 1",), "0"),
    ("float64", ("1e",), "0"),
    ("float64", ("0x",), "0"),
    ("float64", ("0b11",), "0"),
    ("float64", ("1f",), "0"),
    ("float64", ("012",), "12"),
    ("float64", ("0x_1p-2",), "0.25"),
    ("float64", ("1e1_0",), "1e+10"),
    ("float64", ("1._5",), "0"),
    ("toDecimal", (777,), "511"),
    ("toDecimal", ("0777",), "511"),
    ("toDecimal", (8,), "0"),
    ("toDecimal", (None,), "0"),
    ("toDecimal", ("-17",), "-15"),
    ("toDecimal", ("1_7",), "0"),
    ("toDecimal", (1000000.0,), "0"),
    ("toDecimal", (17.0,), "15"),
    ("toDecimal", ([],), "0"),
    ("ceil", (-0.5,), "-0"),
    ("floor", (-0.0,), "-0"),
    ("ceil", ("x",), "0"),
    ("round", (-0.4, 0), "-1"),
    ("round", (0.4, 0), "0"),
    ("round", (-0.5, 0), "-1"),
    ("round", (2.675, 2), "2.68"),
    ("round", (1.23456789, 5), "1.23457"),
    ("round", (12345.678, -2), "12300"),
    ("round", (1e20, 2), "1e+20"),
    ("round", (-123.456, 1), "-123.5"),
    ("round", (0.285, 2), "0.28"),
    ("divf", (7, 3), "2.3333333333333335"),
    ("divf", (-7, 3), "-2.3333333333333335"),
    ("divf", (1, 1e20), "0"),
    ("divf", (1e20, 3), "3.333333333333333e+19"),
    ("divf", (1e-10, 3), "3.33333e-11"),
    ("divf", (2, -3), "-0.6666666666666667"),
    ("divf", (5e-17, 1), "1e-16"),
    ("divf", (1, 3e-05), "33333.333333333336"),
    ("mulf", (1e200, 1e200), "+Inf"),
    ("mulf", (1e-200, 1e-200), "0"),
    ("subf", (0.3, 0.1), "0.2"),
    ("subf", (-0.0, 0), "0"),
    ("addf", (1e308, 1e308), "+Inf"),
    ("mulf", (1.1, 1.1, 1.1), "1.331"),
    ("divf", (1, 7, 7), "0.0204081632653061"),
    ("divf", (0.1, 0.3), "0.3333333333333333"),
    ("divf", (123456789.123, 0.001), "1.23456789123e+11"),
    ("seq", (-2, 2), "-2 -1 0 1 2"),
    ("seq", (5, 3), "5 4 3"),
    ("seq", (10, -3, 1), "10 7 4 1"),
    ("seq", (0, 3, 10), "0 3 6 9"),
    ("seq", (1, 1), "1"),
    ("untilStep", (0, -10, -3), "[0 -3 -6 -9]"),
    ("untilStep", (0, 0, 1), "[]"),
    ("int", (1.9,), "1"),
    ("int", (-1.9,), "-1"),
    ("int", ("012",), "10"),
    ("int", ("08",), "0"),
    ("int", ("0x1f",), "31"),
    ("int", ("1.0",), "1"),
    ("int", ("1.5",), "0"),
    ("int", (True,), "1"),
    ("int", (None,), "0"),
    ("int", (1e19,), "-9223372036854775808"),
    ("int64", ("9223372036854775807",), "9223372036854775807"),
    ("float64", ("1e3",), "1000"),
    ("float64", (3,), "3"),
    ("float64", (True,), "1"),
    ("add", (1, 2, 3), "6"),
    ("add", (), "0"),
    ("add", ("5", 1.9, None, True, "x"), "7"),
    ("add", (9223372036854775807, 1), "-9223372036854775808"),
    ("add1", (9223372036854775807,), "-9223372036854775808"),
    ("sub", (-9223372036854775807, 2), "9223372036854775807"),
    ("mul", (4611686018427387904, 2), "-9223372036854775808"),
    ("mul", (4611686018427387904, 4, 0.5), "0"),
    ("div", (-7, 2), "-3"),
    ("mod", (-7, 3), "-1"),
    ("mod", (7, -3), "1"),
    ("max", (1, 5.9, "7"), "7"),
    ("min", (4, -2.5), "-2"),
    ("biggest", (1, 2), "2"),
    ("maxf", (1, 2.5), "2.5"),
    ("maxf", (float("inf"), float("nan")), "+Inf"),
    ("minf", (float("nan"), float("-inf")), "-Inf"),
    ("minf", (0, -0.0), "-0"),
    ("floor", (-1.1,), "-2"),
    ("ceil", (12345678.5,), "1.2345679e+07"),
    ("round", (123.555555, 3), "123.556"),
    ("round", (123.555555, 3, 0.6), "123.555"),
    ("round", (2.5, 0), "3"),
    ("round", (-1.2, 0), "-2"),
    ("addf", (0.1, 0.2), "0.3"),
    ("addf", (), "0"),
    ("subf", (7.5, 2, 3), "2.5"),
    ("mulf", (1.5, 2, 2), "6"),
    ("divf", (10, 2, 4), "1.25"),
    ("add1f", (1.5,), "2.5"),
    ("seq", (5,), "1 2 3 4 5"),
    ("seq", (0,), "1 0"),
    ("seq", (0, -2, -5), "0 -2 -4"),
    ("seq", (5, 2, 0), ""),
    ("seq", (1, 2, 3, 4), ""),
    ("seq", (), ""),
    ("until", (-3,), "[0 -1 -2]"),
    ("untilStep", (3, 6, 2), "[3 5]"),
    ("untilStep", (5, 1, 1), "[]"),
    ("untilStep", (1, 5, 0), "[]"),
]

FAILURES = [
    ("mod", (1, 0), "runtime error: integer divide by zero"),
    ("divf", (1, float("inf")), "Cannot create a Decimal from +Inf"),
    ("addf", (float("nan"), 1), "Cannot create a Decimal from NaN"),
    ("mulf", (float("inf"), 2), "Cannot create a Decimal from +Inf"),
    ("divf", (1, 0), "decimal division by 0"),
]


def call(name, arguments):
    function = FUNCTIONS[name]
    return function.call(AMBIENT, *arguments) if function.ambient else function.call(*arguments)


@pytest.mark.parametrize(("name", "arguments", "text"), RESULTS)
def test_result_is_helms(name, arguments, text):
    result = call(name, arguments)
    assert ("" if result is None else sprint_value(result)) == text


@pytest.mark.parametrize(("name", "arguments", "message"), FAILURES)
def test_failure_is_worded_as_in_helm(name, arguments, message):
    with pytest.raises(FunctionError) as failure:
        call(name, arguments)
    assert str(failure.value) == message


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (numeric.as_int("5"), int),
        (numeric.as_int(Int64(5)), int),
        (numeric.as_int64(5), Int64),
        (numeric.add(1, 2), Int64),
        (numeric.mul(2), Int64),
        (numeric.largest(1), Int64),
        (numeric.to_decimal(7), Int64),
        (numeric.floor(1), float),
        (numeric.atoi("5"), int),
        (numeric.until(AMBIENT, 2), IntList),
    ],
    ids=str,
)
def test_result_has_gos_type(result, kind):
    assert type(result) is kind


@pytest.mark.parametrize(
    ("name", "arguments"), [("until", (6,)), ("until", (-(10**18),)), ("untilStep", (0, 12, 2)), ("seq", (6,))]
)
def test_list_stops_at_the_limit(name, arguments):
    with pytest.raises(LimitError, match="^a list has more than 5 numbers$"):
        FUNCTIONS[name].call(Ambient(limits=Limits(loop_steps=5)), *arguments)
