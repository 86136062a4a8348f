from __future__ import annotations

import pytest

from chartkit.errors import InputError
from chartkit.manifests.names import check_keys, check_labels, check_name, check_namespace


@pytest.mark.parametrize("name", ["a", "1.0", "a.b-c", "a" * 253])
def test_names_that_kubernetes_takes_pass(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", "A_b", "-a", "a-", "a..b", ".a", "a b", "é", "a" * 254, "a\n"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of an object"):
        check_name(name)


@pytest.mark.parametrize(("name", "is_good"), [("prod", True), ("a.b", False), ("a" * 64, False), ("Prod x", False)])
def test_namespaces_have_no_dots_and_63_characters(name: str, is_good: bool) -> None:
    if is_good:
        assert check_namespace(name) == name
        return
    with pytest.raises(InputError, match="cannot be the name of a namespace"):
        check_namespace(name)


@pytest.mark.parametrize(
    ("key", "value", "is_good"),
    [
        ("a", "", True),
        ("app.kubernetes.io/name", "x_y.Z-1", True),
        ("a", "x y", False),
        ("a", "-x", False),
        ("a", "x" * 64, False),
        ("", "x", False),
        ("/a", "x", False),
        ("A.B/a", "x", False),
        ("a/b/c", "x", False),
    ],
)
def test_labels_are_checked_like_kubernetes_does(key: str, value: str, is_good: bool) -> None:
    if is_good:
        assert check_labels({key: value}) == {key: value}
        return
    with pytest.raises(InputError, match="cannot be the"):
        check_labels({key: value})


def test_annotations_take_any_value() -> None:
    assert check_keys({"a/b": "x y\n"}, "an annotation")
    with pytest.raises(InputError, match='"a b" cannot be the key of an annotation'):
        check_keys({"a b": "x"}, "an annotation")
