"""Seeded primes and key numbers."""

from __future__ import annotations

from math import lcm
from random import Random

import pytest

from chartkit.sprig.primes import dsa_numbers, is_prime, random_prime, rsa_numbers


@pytest.mark.parametrize("number", [101, 7919, 2**61 - 1, 2**521 - 1, 2**1024 - 105, 2**2048 - 1942289])
def test_primes_are_prime(number: int) -> None:
    assert is_prime(number, Random(1))


@pytest.mark.parametrize("number", [9, 561, 41041, (2**61 - 1) * (2**31 - 1), 2**1024 - 107, (2**521 - 1) ** 2])
def test_composites_are_not(number: int) -> None:
    assert not is_prime(number, Random(1))


def test_random_prime_has_its_size_and_repeats() -> None:
    prime = random_prime(256, Random(5))
    assert prime.bit_length() == 256
    assert is_prime(prime, Random(1))
    assert random_prime(256, Random(5)) == prime


def test_rsa_numbers_fit_together() -> None:
    numbers = rsa_numbers(512, Random(5))
    assert (numbers.first * numbers.second).bit_length() == 512
    assert numbers.public * numbers.private % lcm(numbers.first - 1, numbers.second - 1) == 1


def test_dsa_numbers_fit_together() -> None:
    numbers = dsa_numbers(512, 160, Random(5))
    assert (numbers.modulus - 1) % numbers.order == 0
    assert pow(numbers.generator, numbers.order, numbers.modulus) == 1
    assert pow(numbers.generator, numbers.private, numbers.modulus) == numbers.public
