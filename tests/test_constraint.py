"""Versions and constraints, against results of the real Helm in all three generations of its library."""

from __future__ import annotations

import pytest

from chartkit.constraint import Constraint, InvalidConstraint, InvalidVersion, Version, is_compatible

VERSIONS = [
    "1.2.3",
    "1.0.0",
    "0.2.5",
    "0.0.3",
    "0.0.4",
    "2.0.0",
    "1.2.9",
    "1.3.0",
    "1.2.3-beta",
    "1.2.3-beta.10",
    "1.2.3-beta.9",
    "1.29.3-eks",
    "v3.1.0",
    "1.2.3+b7",
]

# For each version in turn t or f: in the newer generations, and in the oldest one.
MATCHES = [
    ("*", "ttttttttfffftt", "ttttttttfffftt"),
    ("x", "ttttttttfffftt", "ttttttttfffftt"),
    ("1", "ttffffttffffft", "ttffffttffffft"),
    ("1.2", "tffffftfffffft", "tffffftfffffft"),
    ("1.2.3", "tfffffffffffft", "tfffffffffffft"),
    ("=1.2", "tffffftfffffft", "tffffftfffffft"),
    ("1.x", "ttffffttffffft", "ttffffttffffft"),
    ("1.2.*", "tffffftfffffft", "tffffftfffffft"),
    ("x.2", "ttttttttfffftt", "ttttttttfffftt"),
    ("1.x.3", "ttffffttffffft", "ttffffttffffft"),
    ("!=1.2", "ftttttftfffftf", "ftttttftfffftf"),
    ("!=1", "ffttttfffffftf", "ffttttfffffftf"),
    ("!=1.2.3", "ftttttttfffftf", "fttttttttttttf"),
    ("!=1.x-a", "ffttttfffffftf", "ffttttfffffftf"),
    (">1", "ffffftfffffftf", "ffffftfffffftf"),
    (">1.2", "ffffftftfffftf", "ffffftftfffftf"),
    (">1.2.3", "ffffftttfffftf", "ffffftttfffftf"),
    (">1.x", "ffffftfffffftf", "ffffftfffffftf"),
    ("<1.2", "fttttfffffffff", "fttttfffffffff"),
    ("<2.x", "tttttfttffffft", "tttttfttffffft"),
    (">=1.2", "tfffftttfffftt", "tfffftttfffftt"),
    ("=>1.2", "tfffftttfffftt", "tfffftttfffftt"),
    ("<=1", "tttttfttffffft", "tttttfttffffft"),
    ("<=1.2", "tttttftfffffft", "tttttftfffffft"),
    ("=<1.2.3", "tttttfffffffft", "tttttfffffffft"),
    ("~1", "ttffffttffffft", "ttffffttffffft"),
    ("~1.2", "tffffftfffffft", "tffffftfffffft"),
    ("~1.2.3", "tffffftfffffft", "tffffftfffffft"),
    ("~>1.2.3", "tffffftfffffft", "tffffftfffffft"),
    ("~0.0.0", "ttttttttfffftt", "ttttttttfffftt"),
    ("~1.x", "ttffffttffffft", "ttffffttffffft"),
    ("^1", "ttffffttffffft", "ttffffttffffft"),
    ("^1.2.3", "tfffffttffffft", "tfffffttffffft"),
    ("^0.2.3", "fftfffffffffff", "fftfffffffffff"),
    ("^0.0.3", "ffftffffffffff", "ffftffffffffff"),
    ("^0.0", "fffttfffffffff", "fffttfffffffff"),
    ("^0", "fftttfffffffff", "fftttfffffffff"),
    ("^0.x", "fftttfffffffff", "fftttfffffffff"),
    (">=1.2 <2", "tfffffttffffft", "tfffffttffffft"),
    (">= 1.2, < 2.0.0", "tfffffttffffft", "tfffffttffffft"),
    ("1.2 - 2", "tfffftttffffft", "tfffftttffffft"),
    ("1.2.3 - 2.3.4", "tfffftttffffft", "tfffftttffffft"),
    ("<1 || >=2", "ffttttfffffftf", "ffttttfffffftf"),
    ("^1 || ^3", "ttffffttfffftt", "ttffffttfffftt"),
    (" >= 1.2 ", "tfffftttfffftt", "tfffftttfffftt"),
    (">=v1.2", "tfffftttfffftt", "tfffftttfffftt"),
    (">=1.02", "tfffftttfffftt", "tfffftttfffftt"),
    (">1.0.0-alpha", "ttfffttttttttt", "ttfffttttttttt"),
    (">=1.2.3-0", "tffffttttttttt", "tffffttttttttt"),
    ("^1.0.0-0", "ttffffttttttft", "ttffffttttttft"),
    ("~1.2.3-0", "tffffftftttfft", "tffffftftttfft"),
    (">=1.2.0 <2.0.0-0", "tfffffttttttft", "tfffffttffffft"),
    (">=1.20.0 <1.30.0-0", "ffffffffffftff", "ffffffffffffff"),
    ("*-0", "tttttttttttttt", "tttttttttttttt"),
    ("1.2-beta", "tffffftftttfft", "tffffftftttfft"),
    ("=1.2.3+x", "tfffffffffffft", "tfffffffffffft"),
    (">=1.2.3-0 || x", "tttttttttttttt", "tttttttttttttt"),
]

# The text in generations 5, 4 and 3.
BAD_CONSTRAINTS = [
    ("", 'improper constraint: ""', "improper constraint: ", "improper constraint: "),
    ("=", 'improper constraint: "="', "improper constraint: =", "improper constraint: ="),
    ("==1", 'improper constraint: "==1"', "improper constraint: ==1", "improper constraint: ==1"),
    ("1..2", 'improper constraint: "1..2"', "improper constraint: 1..2", "improper constraint: 1..2"),
    ("a", 'improper constraint: "a"', "improper constraint: a", "improper constraint: a"),
    ("1.2,", 'improper constraint: "1.2,"', "improper constraint: 1.2,", "improper constraint: 1.2,"),
    (">1<2", 'improper constraint: ">1<2"', "improper constraint: >1<2", "improper constraint: >1<2"),
    ("||", 'improper constraint: ""', "improper constraint: ", "improper constraint: "),
    ("1||", 'improper constraint: ""', "improper constraint: ", "improper constraint: "),
    ("1.2.3.4", 'improper constraint: "1.2.3.4"', "improper constraint: 1.2.3.4", "improper constraint: 1.2.3.4"),
    ("!1", 'improper constraint: "!1"', "improper constraint: !1", "improper constraint: !1"),
    ("1.2.3 -2", 'improper constraint: "1.2.3 -2"', "improper constraint: 1.2.3 -2", "improper constraint: 1.2.3 -2"),
    (
        "^1.2.3 - 2",
        'improper constraint: "^>= 1.2.3, <= 2 "',
        "improper constraint: ^>= 1.2.3, <= 2 ",
        "improper constraint: ^>= 1.2.3, <= 2 ",
    ),
    ("99999999999999999999", "constraint parser error", "constraint parser error", "constraint Parser Error"),
    ("1|2", "constraint parser error", "constraint parser error", "constraint Parser Error"),
    (">=1.2.3-01", "constraint parser error", "constraint parser error", "constraint Parser Error"),
    (
        "1.2.3\xa0<2",
        'improper constraint: "1.2.3\\u00a0<2"',
        "improper constraint: 1.2.3\xa0<2",
        "improper constraint: 1.2.3\xa0<2",
    ),
]

# The text in generations 5, 4 and 3; empty where the version is taken.
BAD_VERSIONS = [
    ("", "invalid semantic version", "invalid semantic version", "Invalid Semantic Version"),
    ("x", "invalid semantic version", "invalid semantic version", "Invalid Semantic Version"),
    ("1.2.3.4", "invalid semantic version", "invalid semantic version", "Invalid Semantic Version"),
    ("1.2.3-01", "version segment starts with 0", "version segment starts with 0", "Version segment starts with 0"),
    ("1.2.3-a..b", "invalid semantic version", "invalid semantic version", "Invalid Semantic Version"),
    (
        "99999999999999999999.1",
        'error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range',
        'error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range',
        'Error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range',
    ),
    ("1.2.3 ", "invalid semantic version", "invalid semantic version", "Invalid Semantic Version"),
    ("V1.2", "invalid semantic version", "invalid semantic version", "Invalid Semantic Version"),
    (
        "1.2.3-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "version string is too long (max 256 bytes)",
        "",
        "",
    ),
]


def answers(text: str, generation: int) -> str:
    constraint = Constraint.parse(text, generation)
    return "".join("t" if constraint.matches(Version.parse(version)) else "f" for version in VERSIONS)


@pytest.mark.parametrize(("text", "newer", "oldest"), MATCHES)
def test_constraint_matches_what_helm_matches(text: str, newer: str, oldest: str) -> None:
    assert [answers(text, generation) for generation in (5, 4, 3)] == [newer, newer, oldest]


@pytest.mark.parametrize(("text", "fifth", "fourth", "third"), BAD_CONSTRAINTS)
def test_bad_constraint_is_refused_in_the_generations_own_words(text: str, fifth: str, fourth: str, third: str) -> None:
    for generation, expected in ((5, fifth), (4, fourth), (3, third)):
        with pytest.raises(InvalidConstraint) as caught:
            Constraint.parse(text, generation)
        assert str(caught.value) == expected


@pytest.mark.parametrize(("text", "fifth", "fourth", "third"), BAD_VERSIONS)
def test_bad_version_is_refused_in_the_generations_own_words(text: str, fifth: str, fourth: str, third: str) -> None:
    for generation, expected in ((5, fifth), (4, fourth), (3, third)):
        if not expected:
            assert str(Version.parse(text, generation)) == text
            continue
        with pytest.raises(InvalidVersion) as caught:
            Version.parse(text, generation)
        assert str(caught.value) == expected


ORDER = [
    "0.9.9",
    "1.0.0-1",
    "1.0.0-2",
    "1.0.0-10",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-beta",
    "1.0.0",
    "1.0.1",
    "1.1.0",
]


def test_versions_stand_in_the_order_of_semver() -> None:
    versions = [Version.parse(text) for text in ORDER]
    for i, one in enumerate(versions):
        for j, other in enumerate(versions):
            assert one.compare(other) == (i > j) - (i < j)


def test_build_metadata_does_not_count() -> None:
    assert Version.parse("1.2.3+a").compare(Version.parse("1.2.3+b")) == 0


@pytest.mark.parametrize(
    ("constraint", "version", "expected"),
    [(">=1.20", "v1.36.0", True), (">=1.99-0", "v1.36.0", False), ("nonsense", "1.0.0", False), ("*", "x", False)],
)
def test_is_compatible_never_fails(constraint: str, version: str, expected: bool) -> None:
    assert is_compatible(constraint, version) is expected


def test_next_versions_keep_the_v() -> None:
    version = Version.parse("v1.2.3-rc.1+b")
    assert version.next_patch().original == "v1.2.3"
    assert version.next_minor().original == "v1.3.0"
    assert version.next_major().original == "v2.0.0"
