"""The search through documents of any shape."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartkit.images.use import Certainty
from chartkit.images.walk import search
from chartkit.manifests.assemble import Manifest
from chartkit.manifests.head import Head

KEYS = st.sampled_from(
    [
        "image", "images", "containers", "initContainers", "volumes", "name", "value", "env", "args", "command", "spec",
        "template", "metadata", "annotations", "labels", "data", "items", "repository", "tag", "reference",
        "proxyImage", "baseImage", "version", "digest", "kind", "apiVersion", "a/b~c", "description", "sidecars", "",
    ]
)  # fmt: skip
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            "quay.io/a/b:1", "nginx", "", "$(X)", "--x-image=a/b:1", "image: a/b:1", '{"image": "a/b:1"}',
            "[[x]]\nimage = 1", "a: |\n  image: q/r:2\n", "---\nimage: a\n---\n", "é image: a/b:1",
            "aW1hZ2U6IGEvYjox", "auto", "x=y,z=quay.io/a:1",
        ]
    ),
)  # fmt: skip
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=25
)
HEADS = st.sampled_from(
    [("v1", "Pod"), ("apps/v1", "Deployment"), ("v1", "ConfigMap"), ("v1", "Secret"), ("v1", "List"), ("x.io/v1", "X"),
     ("batch/v1", "CronJob"), ("monitoring.coreos.com/v1", "Prometheus"), ("x.io/v1", ""), ("", "")]
)  # fmt: skip


@pytest.mark.property
@given(HEADS, st.dictionaries(KEYS, TREES, max_size=5))
def test_search_copes_with_any_document(head, body):
    text = json.dumps({**body, "apiVersion": head[0], "kind": head[1]}, ensure_ascii=False)
    for use in search(Manifest("f", 0, 0, text, Head(*head)), text):
        assert isinstance(use.certainty, Certainty)
        assert use.pointer.startswith("/")
        assert (use.reference is None) <= bool(use.fault)
        if use.span:
            assert use.text in text[slice(*use.span)] or use.place == "args" or use.inner


@pytest.mark.parametrize("text", ["null", "[]", "3", "text", "{}", "kind: Pod"])
def test_search_finds_nothing_in_documents_without_content(text):
    assert search(Manifest("f", 0, 0, text, Head()), text) == []
