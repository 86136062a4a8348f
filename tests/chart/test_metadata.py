from __future__ import annotations

import pytest

from chartkit.chart.metadata import checked, decode_api_version, decode_metadata
from chartkit.errors import LoadError
from chartkit.profile import HELM_3_17, HELM_4_2, HELM_4_3, Profile

DECODING = "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: "
BASE = b"apiVersion: v2\nname: tc\nversion: 0.1.0\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1.10", "1.1"),
        ("1e3", "1000"),
        ("1e6", "1e+06"),
        ("1000000", "1000000"),
        ("1234567890123456789", "1234567890123456789"),
        ("18446744073709551615", "18446744073709551615"),
        ("123456789.5", "1.2345679e+08"),
        ("0x10", "16"),
        ("010", "8"),
        ("true", "true"),
        ("2020-01-01", "2020-01-01"),
        ("null", ""),
        ("1_0.5", "10.5"),
    ],
)
def test_scalar_becomes_the_text_that_helm_shows(line: str, expected: str) -> None:
    metadata = decode_metadata(BASE + f"appVersion: {line}\n".encode(), HELM_4_3)
    assert metadata.app_version == expected


@pytest.mark.parametrize(
    ("line", "newest", "older"),
    [
        ("keywords: x", "string into Go struct field .keywords of type []string", "Metadata.keywords of type []string"),
        ("keywords: [[a]]", "array into .keywords.0 of type string", "Metadata.keywords of type string"),
        ("deprecated: 1", "number into Go struct field .deprecated of type bool", "Metadata.deprecated of type bool"),
        (
            "annotations: {a: [1]}",
            "array into Go struct field .annotations.a of type string",
            "Metadata.annotations of type string",
        ),
        ("maintainers: [x]", "string into .maintainers.0 of type v2.Maintainer", "Metadata.maintainers of type v2.M"),
        (
            "dependencies: [{name: [1]}]",
            "array into Go struct field .dependencies.0.name of type string",
            "Dependency.dependencies.name of type string",
        ),
        (
            "dependencies: [{name: a, tags: [[1]]}]",
            "array into .dependencies.0.tags.0 of type string",
            "Dependency.dependencies.tags of type string",
        ),
    ],
    ids=lambda value: value if ":" in value else "",
)
def test_wrong_type_is_told_in_gos_words(line: str, newest: str, older: str) -> None:
    with pytest.raises(LoadError) as caught:
        decode_metadata(BASE + line.encode(), HELM_4_3)
    assert str(caught.value) == f"{DECODING}json: cannot unmarshal {newest}"
    with pytest.raises(LoadError) as caught:
        decode_metadata(BASE + line.encode(), HELM_4_2)
    assert f"into Go struct field {older}" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "chart.metadata.name is required"),
        ("name: tc", "chart.metadata.version is required"),
        ("name: a/b\nversion: 1", 'chart.metadata.name "a/b" is invalid'),
        ("name: tc\nversion: x.y", 'chart.metadata.version "x.y" is invalid'),
        ("name: tc\nversion: 1\ntype: bogus", "chart.metadata.type must be application or library"),
        ("name: tc\nversion: 1\nmaintainers: [null]", "maintainers must not contain empty or null nodes"),
        ("name: tc\nversion: 1\ndependencies: [null]", "dependencies must not contain empty or null nodes"),
        (
            "name: tc\nversion: 1\ndependencies: [{name: a, alias: a.b}]",
            'dependency "a" has disallowed characters in the alias',
        ),
        (
            "name: tc\nversion: 1\ndependencies: [{name: a}, {name: b, alias: a}]",
            'more than one dependency with name or alias "a"',
        ),
    ],
)
def test_checked_refuses_what_helm_refuses(text: str, error: str) -> None:
    with pytest.raises(LoadError) as caught:
        checked(decode_metadata(text.encode(), HELM_4_3))
    assert str(caught.value) == f"validation: {error}"


@pytest.mark.parametrize("name", [".", ".."])
def test_dot_as_name_is_refused_by_helm_4_only(name: str) -> None:
    metadata = decode_metadata(f"name: {name}\nversion: 1.0.0".encode(), HELM_4_3)
    assert checked(metadata, HELM_3_17).name == name
    with pytest.raises(LoadError, match="is not allowed"):
        checked(metadata, HELM_4_3)


def test_checked_cleans_texts() -> None:
    metadata = checked(decode_metadata(BASE + b'icon: "a\\tb\\x07c"\ndescription: |\n  a\n  b\n', HELM_4_3))
    assert (metadata.icon, metadata.description) == ("a bc", "a b ")


def test_keys_match_whatever_their_case_and_the_last_in_order_counts() -> None:
    metadata = decode_metadata(b"NAME: tc\nVersion: 1.0.0\nappVersion: 4\nappversion: 3\n", HELM_4_3)
    assert (metadata.name, metadata.version, metadata.app_version) == ("tc", "1.0.0", "3")


def test_missing_api_version_is_v1() -> None:
    assert decode_metadata(b"name: tc", HELM_4_3).api_version == "v1"


@pytest.mark.parametrize(("line", "declares"), [("dependencies: []", True), ("dependencies: null", False), ("", False)])
def test_declares_tells_an_empty_list_from_none(line: str, declares: bool) -> None:
    assert decode_metadata(BASE + line.encode(), HELM_4_3).declares is declares


def test_requirements_overlay_the_chart() -> None:
    base = decode_metadata(b"name: tc\nversion: 1.0.0\n", HELM_4_3)
    metadata = decode_metadata(b"dependencies: [{name: a}]", HELM_4_3, base=base, name="requirements.yaml")
    assert [dependency.name for dependency in metadata.dependencies] == ["a"]
    assert metadata.name == "tc"


@pytest.mark.parametrize(
    ("profile", "struct"), [(HELM_4_3, ".apiVersion"), (HELM_4_2, "chartBase.apiVersion")], ids=["4.3", "4.2"]
)
def test_api_version_of_wrong_type_is_told(profile: Profile, struct: str) -> None:
    with pytest.raises(LoadError, match=f"Go struct field {struct} of type string"):
        decode_api_version(b"apiVersion: [1]", profile)
