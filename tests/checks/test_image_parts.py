from __future__ import annotations

from typing import Any

import pytest

from chartkit.checks.image_parts import image_blocks, image_parts


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        ({"image": {"tag": "1", "name": "x"}}, {"image.tag": "tag"}),
        ({"workerImage": {"repository": "r"}}, {"workerImage.repository": "repository"}),
        ({"main": {"repository": "r", "tag": "1"}}, {"main.repository": "repository", "main.tag": "tag"}),
        ({"global": {"imageRegistry": "r"}}, {"global.imageRegistry": "registry"}),
        ({"imageTag": "1", "imagePullPolicy": "Always"}, {"imageTag": "tag", "imagePullPolicy": "policy"}),
        ({"list": [{"image": {"hub": "h"}}]}, {"list.0.image.hub": "registry"}),
        ({"imageCredentials": {"registry": "r"}, "git": {"repository": "x"}, "tag": "1"}, {}),
    ],
)
def test_parts_of_images_are_told_from_other_keys(tree: dict[str, Any], found: dict[str, str]) -> None:
    assert {".".join(map(str, part.path)): part.part for part in image_parts(tree)} == found


def test_only_the_wanted_parts_are_given() -> None:
    tree = {"image": {"registry": "r", "repository": "x", "tag": "1"}}
    assert [part.value for part in image_parts(tree, "tag", "registry")] == ["r", "1"]


def test_blocks_are_the_maps_around_the_parts() -> None:
    tree = {"image": {"tag": "1"}, "server": {"image": {"repository": "x"}}, "imageTag": "1"}
    assert list(image_blocks(tree)) == [("image",), ("server", "image")]
