from __future__ import annotations

import pytest

from chartkit.checks.pull_secret_matching import covering, covers, read_key, why_useless
from chartkit.reference import ImageReference

parse = ImageReference.parse


@pytest.mark.parametrize(
    ("key", "image", "covered"),
    [
        ("https://myregistry.example.com", "myregistry.example.com/a/b", True),
        ("myregistry.example.com", "myregistry.example.com:5000/a", False),
        ("myregistry.example.com:5000", "myregistry.example.com:5000/a", True),
        ("https://index.docker.io/v1/", "orkesio/x", True),
        ("https://index.docker.io/v1/", "nginx", True),
        ("https://index.docker.io/v1/", "docker.io/orkesio/x", True),
        ("https://index.docker.io/v1/", "myregistry.example.com/x", False),
        ("docker.io", "orkesio/x", True),
        ("gcr.io", "eu.gcr.io/p/x", False),
        ("*.gcr.io", "eu.gcr.io/p/x", True),
        ("*.gcr.io", "gcr.io/p/x", False),
        ("*.*.example.com", "a.b.example.com/x", True),
        ("https://reg.example.com/team", "reg.example.com/team/dag:0", True),
        ("https://reg.example.com/team", "reg.example.com/team2/x", True),
        ("https://reg.example.com/team", "reg.example.com/other/x", False),
        ("mycompany.jfrog.io", "mycompany.jfrog.io/docker-local/x", True),
        ("https://reg.example.com/v2/", "reg.example.com/x", True),
        ("https://reg.example.com/v1", "reg.example.com/x", False),
    ],
)
def test_a_key_covers_what_the_kubelet_uses_it_for(key: str, image: str, covered: bool) -> None:
    assert covers(key, parse(image)) is covered


def test_keys_are_tried_from_the_last_sorting_and_the_hubs_only_if_none_fits() -> None:
    keys = ["reg.example.com", "https://index.docker.io/v1/", "reg.example.com/team", "docker.io"]
    assert covering(keys, parse("reg.example.com/team/x")) == ("reg.example.com/team", "reg.example.com")
    assert covering(keys, parse("nginx")) == ("docker.io",)
    assert covering(keys[:3], parse("nginx")) == ("https://index.docker.io/v1/",)


def test_a_key_loses_its_scheme_and_the_api_version() -> None:
    assert read_key("https://index.docker.io/v1/").text == "index.docker.io"
    assert read_key("http://r:5000/v2/team").text == "r:5000/team"


@pytest.mark.parametrize(
    ("key", "image", "reason"),
    [
        ("https://r.example.com/v1", "r.example.com/x", "the path /v1 is taken as a part of image names"),
        ("r.example.com:5000", "r.example.com/x", "the port differs"),
        ("*.gcr.io", "gcr.io/p/x", "a * stands for one label"),
        ("r.example.com/team", "r.example.com/other", "the path /team is no beginning"),
        ("ftp://r.example.com", "r.example.com/x", "only https:// and http:// are left out"),
        ("", "r.example.com/x", "it names no host"),
        ("r.example.com ", "r.example.com/x", "it names no host"),
        ("r.example.com:port", "r.example.com/x", "what stands behind the colon is no port"),
        ("r.example.com/x:1.0", "r.example.com/x:1.0", "a tag or digest is no part"),
        ("r.example.com/x@sha256", "r.example.com/x", "a tag or digest is no part"),
        ("https://r.example.com/v2", "r.example.com/x", "the path /v2 is taken as a part of image names"),
        ("r.example.com:5000/team", "r.example.com:5000/other", "the path /team is no beginning of /other"),
        ("r.example.com", "r.example.com/x", ""),
        ("elsewhere.example.com", "r.example.com/x", ""),
    ],
)
def test_a_near_miss_is_explained(key: str, image: str, reason: str) -> None:
    said = why_useless(key, [parse(image)])
    assert said.startswith(reason)
    assert bool(said) == bool(reason)


def test_a_key_that_covers_one_image_is_no_near_miss_for_another() -> None:
    assert why_useless("r.example.com/team", [parse("r.example.com/other"), parse("r.example.com/team/x")]) == ""
