"""What names say about their values."""

from __future__ import annotations

import pytest

from chartkit.images.naming import names_artifact, names_image, words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("RELATED_IMAGE_X", ("related", "image", "x")),
        ("thanosBaseImage", ("thanos", "base", "image")),
        ("--acme-http01-solver-image", ("acme", "http01", "solver", "image")),
        ("sidecar.istio.io/proxyImage", ("proxy", "image")),
        ("CSIImage", ("csi", "image")),
    ],
)
def test_words_are_the_same_for_all_spellings(name, expected):
    assert words(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "image", "images", "proxyImage", "docker_image", "X_IMAGE", "AWS-SIGV4-PROXY-IMAGE", "imageName", "image.ref",
        "OPERATOR_IMAGE_NAME", "imageRef", "IMAGE_URL", "RELATED_IMAGE_DB", "--x-image", "-image", "a.io/image",
        "defaultImage", "dockerimage",
    ],
)  # fmt: skip
def test_name_of_an_image_is_told(name):
    assert names_image(name)


@pytest.mark.parametrize(
    "name",
    [
        "imagePullPolicy", "imagePullSecrets", "image-tag", "IMAGE_TAG", "imageRegistry", "image_repository", "name",
        "--images-dir", "imageVersion", "imagination", "", "url", "IMAGE_PREFIX",
    ],
)  # fmt: skip
def test_name_of_something_else_is_told(name):
    assert not names_image(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("TRIVY_DB_REPOSITORY", True), ("policies.bundle.oci.ref", True), ("db", False), ("plugin", False), ("x", False)],
)
def test_artifacts_are_told_by_name(name, expected):
    assert names_artifact(name) is expected
