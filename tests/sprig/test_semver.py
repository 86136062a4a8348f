"""Sprig's semantic versions, against results of the real Helm."""

from __future__ import annotations

from typing import Any

import pytest

from chartkit.ambient import Ambient
from chartkit.gotypes import FunctionError, Uint64, go_kind, go_type
from chartkit.profile import HELM_3_17, HELM_4_1, HELM_4_3
from chartkit.sprig import semver

AMBIENT = Ambient()
FUNCTIONS = {function.name: function.call for function in semver.FUNCTIONS}

# String, Original, Prerelease, Metadata, IncMinor, IncPatch, SetPrerelease "rc.1", SetMetadata "m".
PARTS = [
    ("1.2.3", ["1.2.3", "1.2.3", "", "", "1.3.0", "1.2.4", "1.2.3-rc.1", "1.2.3+m"]),
    ("v1", ["1.0.0", "v1", "", "", "1.1.0", "1.0.1", "1.0.0-rc.1", "1.0.0+m"]),
    ("1.2", ["1.2.0", "1.2", "", "", "1.3.0", "1.2.1", "1.2.0-rc.1", "1.2.0+m"]),
    (
        "1.2.3-beta.1+b7",
        ["1.2.3-beta.1+b7", "1.2.3-beta.1+b7", "beta.1", "b7", "1.3.0", "1.2.3", "1.2.3-rc.1+b7", "1.2.3-beta.1+m"],
    ),
    ("v1.2.3-rc1", ["1.2.3-rc1", "v1.2.3-rc1", "rc1", "", "1.3.0", "1.2.3", "1.2.3-rc.1", "1.2.3-rc1+m"]),
    ("01.02.03", ["1.2.3", "01.02.03", "", "", "1.3.0", "1.2.4", "1.2.3-rc.1", "1.2.3+m"]),
    (
        "18446744073709551615.0.0",
        [
            "18446744073709551615.0.0",
            "18446744073709551615.0.0",
            "",
            "",
            "18446744073709551615.1.0",
            "18446744073709551615.0.1",
            "18446744073709551615.0.0-rc.1",
            "18446744073709551615.0.0+m",
        ],
    ),
]


def method(receiver: Any, name: str, *arguments: Any) -> Any:
    return receiver.go_methods[name].call(receiver, *arguments)


@pytest.mark.parametrize(("text", "expected"), PARTS)
def test_methods_of_a_version(text: str, expected: list[str]) -> None:
    version = FUNCTIONS["semver"](AMBIENT, text)
    plain = [method(version, name) for name in ("String", "Original", "Prerelease", "Metadata")]
    grown = [
        method(version, "IncMinor"),
        method(version, "IncPatch"),
        method(version, "SetPrerelease", "rc.1"),
        method(version, "SetMetadata", "m"),
    ]
    assert plain + [str(value.version) for value in grown] == expected


def test_numbers_are_uint64() -> None:
    version = FUNCTIONS["semver"](AMBIENT, "1.2.3")
    numbers = [method(version, name) for name in ("Major", "Minor", "Patch")]
    assert numbers == [1, 2, 3]
    assert {type(number) for number in numbers} == {Uint64}


def test_semver_gives_a_pointer_and_increments_a_struct() -> None:
    version = FUNCTIONS["semver"](AMBIENT, "1.2.3")
    grown = method(version, "IncMajor")
    assert (go_type(version), go_kind(version)) == ("*semver.Version", "ptr")
    assert (go_type(grown), go_kind(grown)) == ("semver.Version", "struct")
    assert "Original" not in grown.go_methods
    assert (version.go_string(), grown.go_json()) == ("1.2.3", "2.0.0")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Compare", -1),
        ("Equal", False),
        ("GreaterThan", False),
        ("GreaterThanEqual", False),
        ("LessThan", True),
        ("LessThanEqual", True),
    ],
)
def test_comparing_methods(name: str, expected: object) -> None:
    one, other = (FUNCTIONS["semver"](AMBIENT, text) for text in ("1.2.3", "1.2.4"))
    assert method(one, name, other) == expected


def test_increment_beyond_64_bits_stops_in_the_newest_generation_and_wraps_before() -> None:
    text = "18446744073709551615.0.0"
    newest = FUNCTIONS["semver"](Ambient(profile=HELM_4_3), text)
    with pytest.raises(FunctionError, match="^major version increment would overflow uint64$"):
        method(newest, "IncMajor")
    assert method(FUNCTIONS["semver"](Ambient(profile=HELM_4_1), text), "IncMajor").go_string() == "0.0.0"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("SetPrerelease", "0.01", "version segment starts with 0"),
        ("SetPrerelease", "a..b", "invalid prerelease string"),
        ("SetMetadata", "a..b", "invalid metadata string"),
    ],
)
def test_bad_parts_are_refused(name: str, text: str, message: str) -> None:
    with pytest.raises(FunctionError, match=f"^{message}$"):
        method(FUNCTIONS["semver"](AMBIENT, "1.0.0"), name, text)


def test_semver_compare_goes_by_the_profile() -> None:
    arguments = (">=1.20.0 <1.30.0-0", "v1.29.3-eks-abc")
    assert FUNCTIONS["semverCompare"](Ambient(profile=HELM_4_3), *arguments) is True
    assert FUNCTIONS["semverCompare"](Ambient(profile=HELM_3_17), *arguments) is False


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("semver", ("x",), "invalid semantic version"),
        ("semverCompare", ("", "1"), 'improper constraint: ""'),
        ("semverCompare", ("1", "x"), "invalid semantic version"),
    ],
)
def test_errors_of_the_newest_helm(name: str, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(FunctionError) as caught:
        FUNCTIONS[name](AMBIENT, *arguments)
    assert str(caught.value) == message
