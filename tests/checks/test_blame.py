from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from chartkit.checks.blame import NOWHERE, place_of
from chartkit.checks.subject import Subject

Build = Callable[..., Subject]


@pytest.mark.parametrize(
    ("values", "parts", "key", "line"),
    [
        ("image:\n  registry: quay.io\n", ("registry", "repository"), "image.registry", "user.yaml:2:13"),
        ("image:\n  repository: quay.io/x/y\n", ("registry", "repository"), "image.repository", "user.yaml:2:15"),
        ("image:\n  repository: x/y\n", ("registry", "repository"), "image.registry", "user.yaml:2:15"),
        ("image:\n  tag: v2\n", ("digest", "tag"), "image.tag", "user.yaml:2:8"),
        ("image:\n  tag: ''\n", ("tag",), "image.tag", "user.yaml:2:8"),
        ("image:\n  repository: ''\n", ("repository",), "image.repository", "user.yaml:2:15"),
    ],
    ids=["part", "inside another", "not set", "second part", "emptied", "no reference"],
)
def test_the_key_of_a_part_is_named(build: Build, values: str, parts: tuple[str, ...], key: str, line: str) -> None:
    subject = build(values)
    place = place_of(subject, subject.images[0], *parts)
    assert place.key == key
    assert str(place.position).endswith(line)


def test_an_image_in_a_template_has_its_place_there(build: Build) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: quay.io/x/y:1}]}\n"
    subject = build("a: 1", {"deployment.yaml": pod})
    place = place_of(subject, subject.images[0], "registry", "repository")
    assert (place.key, str(place.position)) == ("", "app/templates/deployment.yaml:4:38")


def test_nothing_is_known_without_a_trace(build: Build) -> None:
    subject = replace(build("a: 1"), explain=None)
    assert place_of(subject, subject.images[0], "registry") == NOWHERE
