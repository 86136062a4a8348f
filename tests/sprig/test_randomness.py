"""Sprig's random functions: their alphabets, lengths and repeatability."""

from __future__ import annotations

import base64
import random
import re

import pytest

from chartkit.ambient import Ambient
from chartkit.gotypes import FunctionError
from chartkit.sprig import randomness

FUNCTIONS = {function.name: function for function in randomness.FUNCTIONS}
ARGUMENTS = {"randInt": (1, 9), "shuffle": ("abcdef",), "uuidv4": ()}


def seeded():
    return Ambient(random=random.Random(7))


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("randAlphaNum", "[0-9A-Za-z]{40}"),
        ("randAlpha", "[A-Za-z]{40}"),
        ("randNumeric", "[0-9]{40}"),
        ("randAscii", "[ -~]{40}"),
    ],
)
def test_characters_are_of_the_alphabet(name, pattern):
    assert re.fullmatch(pattern, FUNCTIONS[name].call(Ambient(), 40))


@pytest.mark.parametrize("count", [0, -1])
@pytest.mark.parametrize("name", ["randAlphaNum", "randAlpha", "randNumeric", "randAscii"])
def test_no_characters_for_no_count(name, count):
    assert FUNCTIONS[name].call(Ambient(), count) == ""


def test_bytes_are_base64_of_the_size():
    assert len(base64.b64decode(randomness.rand_bytes(Ambient(), 16))) == 16


def test_int_lies_in_the_range():
    assert {randomness.rand_int(Ambient(), 5, 7) for _ in range(100)} == {5, 6}


@pytest.mark.parametrize("bounds", [(5, 5), (5, 3)])
def test_int_fails_when_the_range_is_empty(bounds):
    with pytest.raises(FunctionError, match="^invalid argument to Intn$"):
        randomness.rand_int(Ambient(), *bounds)


def test_bytes_fail_when_the_size_is_negative():
    with pytest.raises(FunctionError, match="^runtime error: makeslice: len out of range$"):
        randomness.rand_bytes(Ambient(), -1)


def test_shuffle_keeps_the_characters():
    assert sorted(randomness.shuffle(Ambient(), "héllo")) == sorted("héllo")


def test_uuid_is_of_version_4():
    pattern = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert all(re.fullmatch(pattern, randomness.uuidv4(Ambient())) for _ in range(50))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_equal_seeds_give_equal_results(name):
    arguments = ARGUMENTS.get(name, (12,))
    assert FUNCTIONS[name].call(seeded(), *arguments) == FUNCTIONS[name].call(seeded(), *arguments)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_call_leaves_its_name(name):
    ambient = seeded()
    FUNCTIONS[name].call(ambient, *ARGUMENTS.get(name, (12,)))
    assert ambient.uses == {name}
    assert not FUNCTIONS[name].pure
