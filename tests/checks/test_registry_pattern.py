from __future__ import annotations

import pytest

from chartkit.checks.registry_pattern import read_pattern
from chartkit.errors import InputError
from chartkit.reference import ImageReference


@pytest.mark.parametrize(
    ("pattern", "image", "fits"),
    [
        ("gcr.io/my-project", "gcr.io/my-project/x:1", True),
        ("gcr.io/my-project", "gcr.io/my-project2/x:1", False),
        ("gcr.io/my-project/", "gcr.io/my-project/x", True),
        ("docker.io", "nginx", True),
        ("docker.io", "orkesio/x:1", True),
        ("index.docker.io", "docker.io/orkesio/x", True),
        ("docker.io", "index.docker.io/orkesio/x", True),
        ("docker.io", "quay.io/x/y", False),
        ("docker.io/library", "nginx", True),
        ("docker.io/library", "orkesio/x", False),
        ("nginx", "docker.io/library/nginx:1.27", True),
        ("docker.io/nginx", "nginx", True),
        ("orkesio", "orkesio/x", True),
        ("nginx:1.27", "nginx:1.27", True),
        ("nginx:1.27", "nginx:1.26", False),
        ("nginx:1.*", "nginx:1.26", True),
        ("reg:5000", "reg:5000/x/y", True),
        ("reg:5000", "reg:5001/x/y", False),
        ("reg.example.com", "reg.example.com:5000/x", False),
        ("localhost:5000/team", "localhost:5000/team/x", True),
        ("*.example.com", "a.example.com/x", True),
        ("*.example.com", "example.com/x", False),
        ("quay.io/*/tool", "quay.io/org/tool:1", True),
        ("quay.io/org", "quay.io/org@sha256:" + "a" * 64, True),
        ("Reg.example.com", "reg.example.com/x", True),
    ],
)
def test_a_pattern_compares_whole_parts_of_the_canonical_name(pattern: str, image: str, fits: bool) -> None:
    assert read_pattern(pattern).fits(ImageReference.parse(image)) is fits


@pytest.mark.parametrize("text", ["", " ", "/", "https://reg.example.com"])
def test_a_pattern_without_a_registry_or_with_a_scheme_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_pattern(text)
