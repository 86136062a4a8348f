"""Whether a text is an image, by name and by looks."""

from __future__ import annotations

import pytest

from chartkit.images.judge import judge, read
from chartkit.images.use import Certainty

LIKELY, POSSIBLE = Certainty.LIKELY, Certainty.POSSIBLE
DIGEST = "@sha256:" + "3f" * 32


@pytest.mark.parametrize(
    ("text", "named", "unnamed"),
    [
        ("quay.io/a/b:v1.2", LIKELY, LIKELY),
        ("quay.io/a/b:whatever", LIKELY, LIKELY),
        (f"quay.io/a/b{DIGEST}", LIKELY, LIKELY),
        ("quay.io/a/b", LIKELY, POSSIBLE),
        ("mirror.local:5000/a/b:1.2", LIKELY, LIKELY),
        ("myhost.example.com/a/b:v1", LIKELY, LIKELY),
        ("myhost.example.com/a/b:odd", LIKELY, None),
        ("registry.istio.io/testing/pilot:latest", LIKELY, LIKELY),
        ("a/b:1.2", LIKELY, POSSIBLE),
        ("a/b:odd", LIKELY, None),
        ("a/b", POSSIBLE, None),
        ("nginx:1.27", LIKELY, None),
        ("nginx", POSSIBLE, None),
        ("redis:6379", POSSIBLE, None),
        ("github.com/org/repo:v1.0", POSSIBLE, None),
        ("app.kubernetes.io/component:template", POSSIBLE, None),
        ("ghcr.io/org/charts/app:1.0", LIKELY, POSSIBLE),
        ("https://quay.io/a/b:1", None, None),
        ("true", None, None),
        ("logo.png", None, None),
        ("A/b:1", LIKELY, None),
        ("", None, None),
    ],
)
def test_text_is_judged_with_and_without_a_name(text, named, unnamed):
    assert judge(text, named=True).certainty is named
    assert judge(text, named=False).certainty is unnamed


def test_read_tells_what_is_no_reference_with_the_reason():
    assert read("a:1", Certainty.CERTAIN).reference is not None
    verdict = read("a:", Certainty.CERTAIN)
    assert (verdict.reference, verdict.certainty, verdict.fault) == (
        None,
        Certainty.CERTAIN,
        "invalid reference format",
    )
