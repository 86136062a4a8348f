"""Versions and constraints, against results of the real Helm in all three generations of its library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chartkit.constraint import (
    Constraint,
    InvalidConstraint,
    InvalidVersion,
    Version,
    check_metadata,
    check_prerelease,
    is_compatible,
)

RECORDED = json.loads((Path(__file__).parent / "recorded_constraints.json").read_text(encoding="utf-8"))
# For each version in turn t or f: in the newer generations, and in the oldest one.
MATCHES = RECORDED["matches"]

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
    (f"1.2.3-{'a' * 251}", "version string is too long (max 256 bytes)", "", ""),
    (f"1.2.3-{'a' * 250}", "", "", ""),
    ("é" * 129, "version string is too long (max 256 bytes)", "invalid semantic version", "Invalid Semantic Version"),
    ("1.\udcff", "invalid semantic version", "invalid semantic version", "Invalid Semantic Version"),
    ("18446744073709551615.0.0", "", "", ""),
    (
        "1.2.18446744073709551616",
        'error parsing version segment: strconv.ParseUint: parsing "18446744073709551616": value out of range',
        'error parsing version segment: strconv.ParseUint: parsing "18446744073709551616": value out of range',
        'Error parsing version segment: strconv.ParseUint: parsing "18446744073709551616": value out of range',
    ),
    ("1.2.3-0a.z.Z.9+z.Z.9", "", "", ""),
    *(
        (text, "invalid semantic version", "invalid semantic version", "Invalid Semantic Version")
        for text in ("1.2.3-", "1.2.3-.a", "1.2.3+", "1.2.3+.a", "1.2.3+a.", "1.2.3-a.", "1.", "1.2.", "1..3")
    ),
]


# What may be set as a pre-release and as metadata: the reason in generations 4 and 5, and in 3.
BAD_PRERELEASES = [
    ("", "", ""),
    ("0", "", ""),
    ("0a", "", ""),
    ("01a", "", ""),
    ("-", "", ""),
    ("a.-.z.Z9", "", ""),
    ("a..b", "invalid prerelease string", ""),
    (".", "invalid prerelease string", ""),
    ("a.", "invalid prerelease string", ""),
    ("a_b", "invalid prerelease string", "Invalid Prerelease string"),
    ("a\n", "invalid prerelease string", "Invalid Prerelease string"),
    ("\u0660" + "1", "invalid prerelease string", "Invalid Prerelease string"),
    ("00", "version segment starts with 0", "Version segment starts with 0"),
    ("0.01", "version segment starts with 0", "Version segment starts with 0"),
]
BAD_METADATA = [
    ("", "", ""),
    ("00", "", ""),
    ("z.Z.9", "", ""),
    ("9.Z.z", "", ""),
    ("-.a.b", "", ""),
    ("Z.a", "", ""),
    (".a", "invalid metadata string", ""),
    ("a..b", "invalid metadata string", ""),
    (".", "invalid metadata string", ""),
    ("a.", "invalid metadata string", ""),
    ("a_b", "invalid metadata string", "Invalid Metadata string"),
    ("\u00e9", "invalid metadata string", "Invalid Metadata string"),
    ("a.b\n", "invalid metadata string", "Invalid Metadata string"),
]


def answers(text: str, generation: int) -> str:
    constraint = Constraint.parse(text, generation)
    return "".join("t" if constraint.matches(Version.parse(version)) else "f" for version in RECORDED["versions"])


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


def refusal(check, text: str, generation: int) -> str:
    try:
        check(text, generation)
    except InvalidVersion as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("text", "newer", "oldest"), BAD_PRERELEASES)
def test_bad_prerelease_is_refused_in_the_generations_own_words(text: str, newer: str, oldest: str) -> None:
    assert [refusal(check_prerelease, text, generation) for generation in (5, 4, 3)] == [newer, newer, oldest]


@pytest.mark.parametrize(("text", "newer", "oldest"), BAD_METADATA)
def test_bad_metadata_is_refused_in_the_generations_own_words(text: str, newer: str, oldest: str) -> None:
    assert [refusal(check_metadata, text, generation) for generation in (5, 4, 3)] == [newer, newer, oldest]


@pytest.mark.parametrize(
    ("text", "whole"),
    [("1", "1.0.0"), ("v1.2", "1.2.0"), ("1.2.3-a.1+b.2", "1.2.3-a.1+b.2"), ("1.2.3+b", "1.2.3+b")],
)
def test_version_is_written_whole(text: str, whole: str) -> None:
    assert str(Version.parse(text)) == whole


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


def test_next_patch_of_a_release_is_a_new_one() -> None:
    assert Version.parse("1.2.3").next_patch().original == "1.2.4"


def test_version_that_is_made_has_no_suffix_and_no_text() -> None:
    assert Version(1, 2, 3) == Version(1, 2, 3, "", "", "")


def test_newest_generation_is_meant_where_none_is_named() -> None:
    with pytest.raises(InvalidConstraint, match='^improper constraint: ""$'):
        Constraint.parse("")


def test_constraint_of_thousands_of_characters_is_refused_with_its_start_only() -> None:
    assert Constraint.parse("1" + " " * 4999).matches(Version.parse("1.2.3"))
    with pytest.raises(InvalidConstraint) as caught:
        Constraint.parse("1" + " " * 5000)
    assert str(caught.value) == f"improper constraint: 1{' ' * 79}..."
