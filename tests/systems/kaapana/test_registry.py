"""The name of a registry's pull secret is a hash of the URL's text, so the text must be usable as it is."""

from __future__ import annotations

import json
from base64 import b64decode

import pytest

from chartkit.errors import InputError
from chartkit.systems.kaapana.registry import (
    collisions,
    docker_config,
    plain_url,
    read_url,
    registry_secret,
    secret_name,
    url_fault,
)


@pytest.mark.parametrize(
    ("url", "digits"),
    [
        ("reg.example.com/team", "cb67"),
        ("localhost:32000", "434f"),
        ("myregistry/test", "aa27"),
        ("registry.example.com/kaapana", "41e4"),
    ],
)
def test_secret_name_ends_with_four_digits_of_the_hash(url: str, digits: str) -> None:
    assert secret_name(url) == f"registry-secret-{digits}"


@pytest.mark.parametrize("url", ["https://reg.example.com/team", "reg.example.com/team/", "Reg.example.com/team"])
def test_secret_name_is_another_where_the_text_differs(url: str) -> None:
    assert secret_name(url) != secret_name("reg.example.com/team")
    assert plain_url(url) == "reg.example.com/team"


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", "is empty"),
        ("https://reg.example.com", "has a scheme"),
        ("HTTP://reg.example.com", "has a scheme"),
        ("reg.example.com/team/", "ends with a slash"),
        ("reg.example.com/my team", "has blanks"),
        (" reg.example.com", "has blanks"),
        ("reg.example.com/Team", "makes no image reference"),
        ("reg.example.com/{x}", "makes no image reference"),
        ("reg.example.com/a'b", "makes no image reference"),
        ("reg.example.com/team:1.0", "makes no image reference"),
    ],
)
def test_url_is_refused_that_cannot_stand_before_an_image(url: str, fault: str) -> None:
    assert url_fault(url).startswith(fault)
    with pytest.raises(InputError, match="write it as|the registry"):
        read_url(url)


@pytest.mark.parametrize("url", ["reg.example.com/team", "localhost:32000", "myregistry/test", "[::1]:5000/a/b"])
def test_url_is_taken_that_can(url: str) -> None:
    assert read_url(url) == url


def test_docker_config_has_blanks_and_auth_alone() -> None:
    text = docker_config("reg.example.com/team", "user", "pass")
    assert text == '{"auths": {"https://reg.example.com/team": {"auth": "dXNlcjpwYXNz"}}}'


def test_registry_secret_is_a_docker_config_in_the_services_namespace() -> None:
    secret = registry_secret("reg.example.com/team", "user", "pass")
    assert secret["metadata"] == {"name": "registry-secret-cb67", "namespace": "services"}
    config = json.loads(b64decode(secret["data"][".dockerconfigjson"]))
    assert b64decode(config["auths"]["https://reg.example.com/team"]["auth"]) == b"user:pass"


def test_collisions_are_found_among_urls_that_share_the_digits() -> None:
    first, second = colliding()
    assert collisions(["reg.example.com/team", first, second, first]) == [(first, second)]
    assert collisions(["reg.example.com/team", "localhost:32000", "reg.example.com/team"]) == []


def colliding() -> tuple[str, str]:
    seen: dict[str, str] = {}
    for number in range(100_000):
        url = f"reg.example.com/team{number}"
        other = seen.setdefault(secret_name(url), url)
        if other != url:
            return other, url
    raise AssertionError("sixteen bits collide much sooner")
