"""The duration functions of Helm 4.3, against results of the real Helm."""

from __future__ import annotations

from typing import Any

import pytest

from chartkit.gotemplate.gofmt import template_text
from chartkit.gotypes import FunctionError, Int64, go_type
from chartkit.sprig import durations

FUNCTIONS = {function.name: function.call for function in durations.FUNCTIONS}
UNITS = ("Seconds", "Milliseconds", "Microseconds", "Nanoseconds", "Minutes", "Hours", "Days", "Weeks")

MEASURED = [
    (
        "1m30s",
        ["90", "90000", "90000000", "90000000000", "1.5", "0.025", "0.0010416666666666667", "0.0001488095238095238"],
    ),
    (
        "90",
        ["90", "90000", "90000000", "90000000000", "1.5", "0.025", "0.0010416666666666667", "0.0001488095238095238"],
    ),
    (
        "2.5",
        [
            "2.5",
            "2500",
            "2500000",
            "2500000000",
            "0.041666666666666664",
            "0.0006944444444444445",
            "2.8935185185185186e-05",
            "4.133597883597884e-06",
        ],
    ),
    (
        "1_000",
        [
            "1000",
            "1000000",
            "1000000000",
            "1000000000000",
            "16.666666666666668",
            "0.2777777777777778",
            "0.011574074074074075",
            "0.0016534391534391536",
        ],
    ),
    (
        "0x1p4",
        [
            "16",
            "16000",
            "16000000",
            "16000000000",
            "0.26666666666666666",
            "0.0044444444444444444",
            "0.00018518518518518518",
            "2.6455026455026453e-05",
        ],
    ),
    ("inf", ["0", "0", "0", "0", "0", "0", "0", "0"]),
    (
        "1e3",
        [
            "1000",
            "1000000",
            "1000000000",
            "1000000000000",
            "16.666666666666668",
            "0.2777777777777778",
            "0.011574074074074075",
            "0.0016534391534391536",
        ],
    ),
    (
        " 5 ",
        [
            "5",
            "5000",
            "5000000",
            "5000000000",
            "0.08333333333333333",
            "0.001388888888888889",
            "5.787037037037037e-05",
            "8.267195767195768e-06",
        ],
    ),
    ("", ["0", "0", "0", "0", "0", "0", "0", "0"]),
    ("x", ["0", "0", "0", "0", "0", "0", "0", "0"]),
    (
        5,
        [
            "5",
            "5000",
            "5000000",
            "5000000000",
            "0.08333333333333333",
            "0.001388888888888889",
            "5.787037037037037e-05",
            "8.267195767195768e-06",
        ],
    ),
    (
        -7,
        [
            "-7",
            "-7000",
            "-7000000",
            "-7000000000",
            "-0.11666666666666667",
            "-0.0019444444444444444",
            "-8.101851851851852e-05",
            "-1.1574074074074073e-05",
        ],
    ),
    (
        1.5,
        [
            "1.5",
            "1500",
            "1500000",
            "1500000000",
            "0.025",
            "0.0004166666666666667",
            "1.736111111111111e-05",
            "2.48015873015873e-06",
        ],
    ),
    (1e10, ["0", "0", "0", "0", "0", "0", "0", "0"]),
    (None, ["0", "0", "0", "0", "0", "0", "0", "0"]),
    (True, ["0", "0", "0", "0", "0", "0", "0", "0"]),
    ([1], ["0", "0", "0", "0", "0", "0", "0", "0"]),
    (
        Int64(9),
        ["9", "9000", "9000000", "9000000000", "0.15", "0.0025", "0.00010416666666666667", "1.4880952380952383e-05"],
    ),
    ("36h", ["129600", "129600000", "129600000000", "129600000000000", "2160", "36", "1.5", "0.21428571428571427"]),
]

STEPPED = [
    ("1h47m", "1h", "2h0m0s", "1h0m0s"),
    ("93s", "1m", "2m0s", "1m0s"),
    (93, 60, "2m0s", "1m0s"),
    ("93s", "nope", "1m33s", "1m33s"),
    ("93s", 0, "1m33s", "1m33s"),
    ("x", "1h", "0s", "0s"),
    ("-1h47m", "1h", "-2h0m0s", "-1h0m0s"),
    ("1h30m", "1h", "2h0m0s", "1h0m0s"),
    ("93s", -5, "1m33s", "1m33s"),
    ("2.5", 1, "3s", "2s"),
]

FAILED = [
    ("x", 'could not parse duration "x"'),
    ("", "empty duration"),
    (None, "invalid duration"),
    (True, "unsupported duration type bool"),
    ("nan", "invalid duration seconds: NaN"),
    (1e10, "duration seconds overflow: 1e+10"),
    (9223372037, "duration seconds overflow: 9223372037"),
    ([1], "unsupported duration type []interface {}"),
]


@pytest.mark.parametrize(("value", "expected"), MEASURED)
def test_measures(value: Any, expected: list[str]) -> None:
    assert [template_text(FUNCTIONS[f"duration{unit}"](value)) for unit in UNITS] == expected


@pytest.mark.parametrize(("value", "step", "rounded", "truncated"), STEPPED)
def test_round_and_truncate(value: Any, step: Any, rounded: str, truncated: str) -> None:
    assert template_text(FUNCTIONS["durationRoundTo"](value, step)) == rounded
    assert template_text(FUNCTIONS["durationTruncateTo"](value, step)) == truncated


@pytest.mark.parametrize(("value", "message"), FAILED)
def test_must_to_duration_stops(value: Any, message: str) -> None:
    with pytest.raises(FunctionError) as caught:
        FUNCTIONS["mustToDuration"](value)
    assert str(caught.value) == message


def test_must_to_duration_gives_a_duration() -> None:
    span = FUNCTIONS["mustToDuration"]("90s")
    assert (go_type(span), template_text(span)) == ("time.Duration", "1m30s")
    assert FUNCTIONS["durationMinutes"](span) == 1.5
    assert type(FUNCTIONS["durationNanoseconds"](span)) is Int64
