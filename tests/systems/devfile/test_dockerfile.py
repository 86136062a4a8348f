from __future__ import annotations

import pytest

from chartkit.systems.devfile.dockerfile import base_images, is_dockerfile


@pytest.mark.parametrize(
    ("text", "images"),
    [
        ("FROM a/b:1\n", ["a/b:1"]),
        ("from a/b:1 as x\n", ["a/b:1"]),
        ("FROM --platform=$BUILDPLATFORM a/b:1 AS x\n", ["a/b:1"]),
        ("FROM scratch\n", []),
        ("FROM a AS One\nFROM one\nCOPY --from=ONE /a /b\nCOPY --from=0 /a /b\n", ["a"]),
        ("FROM a\nCOPY --from=quay.io/x/y:2 /a /b\n", ["a", "quay.io/x/y:2"]),
        ("FROM a\nRUN --mount=type=bind,from=quay.io/m:1,target=/x true\n", ["a", "quay.io/m:1"]),
        ("# syntax=docker/dockerfile:1\nFROM a\n", ["docker/dockerfile:1", "a"]),
        ("FROM a\n# syntax=docker/dockerfile:1\n", ["a"]),
        ("# escape=`\nFROM `\n  a:1\n", ["a:1"]),
        ("FROM \\\n  # FROM no\n\n  a:1\n", ["a:1"]),
        ("FROM a\nRUN <<EOF\nFROM no\nEOF\nFROM b\n", ["a", "b"]),
        ("FROM a\nCOPY <<-'X' /f\n\tFROM no\n\tX\nFROM b\n", ["a", "b"]),
        ("FROM a\nRUN echo \\\nFROM no\n", ["a"]),
        ("ARG V=1\nFROM a:$V\nFROM b:${V}\nFROM c:${W:-3}\n", ["a:1", "b:1", "c:3"]),
        ("ARG V=1 W=2\nFROM a:$V$W\n", ["a:12"]),
        ("FROM a\nARG V=1\nFROM b:$V\n", ["a", "b:$V"]),
        ("ARG BASE='quay.io/a/b:1'\nFROM $BASE\nFROM ${BASE}\n", ["quay.io/a/b:1"]),
        ("ARG BASE\nFROM $BASE\n", ["$BASE"]),
        ("FROM\nFROM \n", []),
        ("FROM a", ["a"]),
        ("FROM a\r\nFROM b\r\n", ["a", "b"]),
    ],
)
def test_images_of_a_dockerfile(text: str, images: list[str]) -> None:
    found = base_images(text)
    assert [each.expanded.text for each in found] == images
    for each in found:
        assert text[each.offset :].startswith(each.expanded.written)


def test_an_image_that_is_an_argument_stands_in_its_line() -> None:
    found = base_images("ARG V=2\nARG BASE=quay.io/a/b:$V\nFROM $BASE\n")
    assert [(each.instruction, each.offset, each.expanded.text) for each in found] == [("ARG", 17, "quay.io/a/b:2")]


def test_arguments_that_the_build_is_given_go_before_defaults() -> None:
    text = "ARG V=1\nARG BASE=a\nFROM x:$V\nFROM $BASE\n"
    assert [each.expanded.text for each in base_images(text, {"V": "9", "BASE": "b"})] == ["x:9", "b"]


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Dockerfile", True),
        ("Containerfile", True),
        ("app.Dockerfile", True),
        ("Dockerfile.offline", True),
        ("devfile.yaml", False),
        ("Makefile", False),
    ],
)
def test_dockerfiles_are_known_by_their_names(name: str, is_one: bool) -> None:
    assert is_dockerfile(name) is is_one
