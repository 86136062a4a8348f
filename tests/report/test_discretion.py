from __future__ import annotations

import pytest

from chartkit.oci.credential import MASK
from chartkit.report.discretion import Discretion, without_trivial

SECRET = "c4nary"
DISCRETION = Discretion(frozenset([SECRET, "nginx"]), ("nginx:1", "quay.io/nginx"))


@pytest.mark.parametrize(
    ("key", "text", "is_won", "shown"),
    [
        ("image.tag", "1.2", False, "1.2"),
        ("image.registry", "r.example.com", False, "r.example.com"),
        ("a.b", "word", True, "word"),
        ("a.b", "word", False, None),
        ("a.enabled", "true", False, "true"),
        ("replicas", "3", False, "3"),
        ("a.b", "", False, ""),
        ("db.password", "short", True, None),
        ("imageCredentials", "map[password:x]", False, None),
        ("images", "[a b]", False, None),
        ("image.name", f"x-{SECRET}", False, f"x-{MASK}"),
        ("image.registry", "https://u:p@r.io/x", True, f"https://{MASK}@r.io/x"),
        ("image.tag", "eyJhdXRocyI6eyJyIjp7fX19", False, MASK),
    ],
)
def test_value_tells_only_what_is_of_an_image(key, text, is_won, shown) -> None:
    assert DISCRETION.value(key, text, is_won=is_won) == shown


def test_free_text_keeps_images_and_hides_passwords() -> None:
    told = DISCRETION.free(f"nginx:1 needs nginx and {SECRET}, postgres://u:pw@h/d")
    assert told == f"nginx:1 needs {MASK} and {MASK}, postgres://{MASK}@h/d"


def test_free_text_hides_without_images_too() -> None:
    assert Discretion(frozenset([SECRET])).free(f"a {SECRET} b") == f"a {MASK} b"


def test_failure_hides_all_quotations_as_long_as_nothing_is_known() -> None:
    assert Discretion().failure('error: yaml: found "secret"') == f"error: yaml: found {MASK}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("image.tag=1.2,db.password=x,a=b", "image.tag=1.2,db.password=…,a=…"),
        ("image.enabled=true", "image.enabled=true"),
        ("list={a,b}", "list=…"),
        ('{"password": "x"}', "…"),
        ('a={"password":"x=y"}', "a=…"),
        ("word", "…"),
        (r"a=b\,c=d", "a=…"),
    ],
)
def test_assignment_tells_keys_and_hides_values(text, shown) -> None:
    assert Discretion().assignment(text) == shown


def test_without_trivial_leaves_what_would_mask_whole_sentences() -> None:
    assert without_trivial(["x", "true", "null", "hunter2"]) == {"hunter2"}
