"""Images that are written in parts."""

from __future__ import annotations

import pytest

from chartkit.images.compose import compose

HEX = "0a" * 32


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("image", {"registry": "quay.io", "repository": "a/b", "tag": "1"}, "quay.io/a/b:1"),
        ("image", {"registry": "quay.io/", "repository": "a/b", "tag": "1"}, "quay.io/a/b:1"),
        ("image", {"registry": "", "repository": "quay.io/a/b", "tag": ""}, "quay.io/a/b"),
        ("image", {"registry": "quay.io", "repository": "quay.io/a/b", "tag": "1"}, "quay.io/a/b:1"),
        ("image", {"repository": "a/b", "digest": f"sha256:{HEX}"}, f"a/b@sha256:{HEX}"),
        ("image", {"repository": "a/b", "tag": "1", "sha": HEX}, f"a/b:1@sha256:{HEX}"),
        ("image", {"repository": "a/b", "tag": f"sha256:{HEX}"}, f"a/b@sha256:{HEX}"),
        ("proxyImage", {"hub": "gcr.io/istio", "name": "proxy", "tag": "1"}, "gcr.io/istio/proxy:1"),
        ("driver", {"repository": "nvcr.io/n", "image": "driver", "version": "5"}, "nvcr.io/n/driver:5"),
        ("spec", {"baseImage": "quay.io/p/p", "version": "v1"}, "quay.io/p/p:v1"),
        ("web", {"image": "a/b", "tag": 2.0}, "a/b:2"),
        ("web", {"repository": "a/b", "tag": "1"}, "a/b:1"),
    ],
)
def test_parts_are_joined_when_a_map_spells_an_image(name, value, text):
    joined = compose(value, name)
    assert joined is not None
    assert joined.text == text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("web", {"repository": "a/b"}),
        ("web", {"name": "a", "tag": "1"}),
        ("web", {"image": "a/b:1", "tag": "1"}),
        ("image", {"tag": "1"}),
        ("image", {"registry": "quay.io"}),
        ("image", {"pullPolicy": "Always"}),
    ],
)
def test_nothing_is_joined_when_the_name_or_parts_are_missing(name, value):
    assert compose(value, name) is None


def test_default_tag_fills_an_empty_one_and_is_no_piece():
    joined = compose({"repository": "a/b", "tag": ""}, "image", default_tag="2")
    assert joined is not None
    assert joined.text == "a/b:2"
    assert joined.pieces == (("repository", "repository", "a/b"),)


def test_keys_are_those_that_take_part():
    joined = compose({"repository": "a/b", "tag": "1", "pullPolicy": "Always"}, "image")
    assert joined is not None
    assert joined.keys == {"repository", "tag"}
