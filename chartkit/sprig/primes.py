"""Prime numbers and RSA and DSA numbers out of a seeded generator, so that keys can be repeated."""

from __future__ import annotations

from functools import lru_cache
from math import gcd, lcm
from random import Random
from typing import Any, Final, NamedTuple

_EXPONENT: Final = 65_537
_SIEVE_LIMIT: Final = 20_000
_KEPT_PRIMES: Final = 64
_ROUNDS: Final = 3
"""Passes of the Miller-Rabin test; random candidates of this size need no more."""

_found: dict[tuple[int, Any], tuple[int, Any]] = {}
"""Primes that were found, with the generator's state afterwards, by their size and the state before."""
_OPENSSL_BITS: Final = 1024
"""The smallest modulus of an RSA key that OpenSSL takes."""


class RsaNumbers(NamedTuple):
    """Two primes, the public and the private exponent."""

    first: int
    second: int
    public: int
    private: int


class DsaNumbers(NamedTuple):
    """The parameters of a DSA key, its public and its private number."""

    modulus: int
    order: int
    generator: int
    public: int
    private: int


@lru_cache(maxsize=1)
def _small_primes() -> tuple[int, ...]:
    sieve = bytearray([1]) * _SIEVE_LIMIT
    for number in range(3, int(_SIEVE_LIMIT**0.5) + 1, 2):
        if sieve[number]:
            sieve[number * number :: 2 * number] = bytes(len(range(number * number, _SIEVE_LIMIT, 2 * number)))
    return tuple(number for number in range(3, _SIEVE_LIMIT, 2) if sieve[number])


def is_prime(number: int, random: Random) -> bool:
    """Whether an odd number is prime; wrong only with a chance that does not matter."""
    if number.bit_length() >= _OPENSSL_BITS and number.bit_length() % 8 == 0 and not _passes_fermat(number):
        return False
    shift = ((number - 1) & (1 - number)).bit_length() - 1
    odd = (number - 1) >> shift
    return all(_passes(number, odd, shift, random.randrange(2, number - 1)) for _ in range(_ROUNDS))


def _passes_fermat(number: int) -> bool:
    """Fermat's test, worked out by OpenSSL, several times faster than by Python.

    Powers can be had from the check of an RSA signature. With the exponent `number - 2`, the inverse of a padded
    message is a valid signature of it just where Fermat's theorem holds.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    size = number.bit_length() // 8
    message = int.from_bytes(b"\0\1" + b"\xff" * (size - 4) + b"\0\7", "big")
    if gcd(message, number) != 1:
        return False
    signature = pow(message, -1, number).to_bytes(size, "big")
    key = rsa.RSAPublicNumbers(number - 2, number).public_key()
    try:
        key.recover_data_from_signature(signature, padding.PKCS1v15(), None)
    except InvalidSignature:
        return False
    return True


def _passes(number: int, odd: int, shift: int, base: int) -> bool:
    value = pow(base, odd, number)
    if value in (1, number - 1):
        return True
    for _ in range(shift - 1):
        value = value * value % number
        if value == number - 1:
            return True
    return False


def _first_prime(start: int, step: int, random: Random) -> int:
    """The first prime among `start`, `start + step` and so on; both odd together give odd numbers only."""
    primes = _small_primes()
    rests = [start % prime for prime in primes]
    steps = [step % prime for prime in primes]
    candidate = start
    while True:
        if all(rests) and is_prime(candidate, random):
            return candidate
        candidate += step
        rests = [(rest + one) % prime for rest, one, prime in zip(rests, steps, primes, strict=True)]


def random_prime(size: int, random: Random) -> int:
    """A prime of just this many bits, the two highest of them set."""
    state = random.getstate()
    # A chart that is rendered again and again with one seed asks for the same primes, and each takes long to find.
    if (size, state) not in _found:
        if len(_found) >= _KEPT_PRIMES:
            _found.clear()
        _found[size, state] = _search_prime(size, random), random.getstate()
    prime, after = _found[size, state]
    random.setstate(after)
    return prime


def _search_prime(size: int, random: Random) -> int:
    while True:
        start = random.getrandbits(size) | 3 << (size - 2) | 1
        prime = _first_prime(start, 2, random)
        if prime.bit_length() == size:
            return prime


def rsa_numbers(size: int, random: Random) -> RsaNumbers:
    """The numbers of an RSA key."""
    while True:
        first = random_prime(size // 2, random)
        second = random_prime(size // 2, random)
        if first != second and gcd(_EXPONENT, (first - 1) * (second - 1)) == 1:
            return RsaNumbers(first, second, _EXPONENT, pow(_EXPONENT, -1, lcm(first - 1, second - 1)))


def dsa_numbers(size: int, order_size: int, random: Random) -> DsaNumbers:
    """The numbers of a DSA key with its own parameters."""
    order = random_prime(order_size, random)
    start = random.getrandbits(size) | 1 << (size - 1)
    start += 1 - start % (2 * order)
    modulus = _first_prime(start, 2 * order, random)
    generator = 1
    while generator == 1:
        generator = pow(random.randrange(2, modulus - 1), (modulus - 1) // order, modulus)
    private = random.randrange(1, order)
    return DsaNumbers(modulus, order, generator, pow(generator, private, modulus), private)
