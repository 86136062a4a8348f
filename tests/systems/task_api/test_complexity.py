from __future__ import annotations

import re

import pytest

from chartkit.systems.task_api.complexity import PATTERN, InvalidComplexity, read_complexity, scale_factor


@pytest.mark.parametrize(
    ("text", "value", "is_known_upstream"),
    [
        ("n", 10, False),
        ("2n", 20, False),
        ("2*n", 20, False),
        ("-n", -10, False),
        ("+3*n", 30, False),
        (".5n", 5, False),
        ("1.5*n", 15, False),
        ("n**2", 100, False),
        ("2n**2", 200, False),
        ("2*n**2", 200, True),
        ("1.5*n**2", 150, False),
        ("10*n**1", 100, True),
        ("3*n**0", 3, True),
        ("0*n**1", 0, True),
        ("-2*n**2", -200, True),
        ("*n", 10, False),
    ],
)
def test_a_complexity_has_a_value(text: str, value: int, is_known_upstream: bool) -> None:
    complexity = read_complexity(text)
    assert complexity.at(10) == value
    assert complexity.is_known_upstream is is_known_upstream
    assert re.fullmatch(PATTERN, text)


@pytest.mark.parametrize("text", ["2 * n", "n*2", "5", "", "n**-1", "n**1.5", "1e3*n", "1.n", "N", "n\n", "--n"])
def test_what_the_pattern_does_not_take_is_refused(text: str) -> None:
    with pytest.raises(InvalidComplexity, match="is no complexity"):
        read_complexity(text)


def test_values_are_rounded_up() -> None:
    assert read_complexity("1.5*n").at(1) == 2
    assert read_complexity(".001n").at(1) == 1
    assert read_complexity("n**3").at(0) == 0


def test_numbers_stay_exact_where_floats_would_not() -> None:
    assert read_complexity("1.1*n").at(10**18) == 11 * 10**17


def test_an_exponent_has_a_bound() -> None:
    with pytest.raises(InvalidComplexity, match="grows too fast"):
        read_complexity("n**65")


def test_only_nothing_to_multiply_is_odd() -> None:
    assert read_complexity("*n").is_odd
    assert not read_complexity("n").is_odd


def test_a_whole_factor_is_a_complexity() -> None:
    assert scale_factor(3).at(10) == 30
    assert scale_factor(3).is_known_upstream
