from __future__ import annotations

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from chartkit.errors import InputError
from chartkit.goyaml.load import load, load_all
from chartkit.images.lock import WRITERS, read_lock, write_dt, write_imgpkg, write_lock
from chartkit.images.locked import (
    Lock,
    LockedChart,
    LockedImage,
    LockedValues,
    PlatformDigest,
    compare_locks,
    lock_images,
)
from chartkit.images.rewrite import find_in_text
from chartkit.reference import ImageReference

_A, _B, _C = (f"sha256:{letter * 64}" for letter in "abc")
_SUM = "0" * 64


def _image(text: str, digest: str = "", *platforms: tuple[str, str], charts: tuple[str, ...] = ("app",)) -> LockedImage:
    found = tuple(PlatformDigest(*each) for each in platforms)
    return LockedImage(ImageReference.parse(text), digest, found, charts)


_LOCK = Lock(
    LockedChart("app", "1.2.3", "1.10"),
    (LockedValues("../prod.yaml", _SUM),),
    (
        _image("docker.io/library/nginx:1.27", _A, ("linux/amd64", _B), ("linux/arm64", _C), charts=("app", "web")),
        _image("quay.io/team/app", _B, ("linux/amd64", _C)),
    ),
)

_DT = f"""\
apiVersion: v0
kind: ImagesLock
metadata:
  generatedAt: "2026-07-13T16:30:33.284125307Z"
  generatedBy: Distribution Tooling for Helm
chart:
  name: app
  version: 1.0
  appVersion: 6.2.2
images:
  - name: web
    image: docker.io/bitnami/nginx:1.27
    chart: app
    digests:
      - digest: {_A}
        arch: linux/amd64
      - digest: {_B}
        arch: linux/arm64
  - name: web
    image: docker.io/bitnami/nginx:1.27
    chart: sub
    digests:
      - digest: {_A}
        arch: linux/amd64
      - digest: {_B}
        arch: linux/arm64
  - name: one
    image: quay.io/a/one:2
    chart: app
    digests:
      - digest: {_C}
        arch: linux/amd64
"""

_IMGPKG = f"""\
---
apiVersion: imgpkg.carvel.dev/v1alpha1
kind: ImagesLock
images:
- image: index.docker.io/library/nginx@{_A}
  annotations:
    kbld.carvel.dev/id: nginx:1.27
- image: quay.io/a/b@{_B}
"""


def test_own_format_is_read_as_it_was_written():
    text = write_lock(_LOCK)
    assert read_lock(text, "images.lock") == _LOCK
    assert write_lock(read_lock(text, "images.lock")) == text


@pytest.mark.parametrize(
    "lock", [_LOCK, Lock(), Lock(images=(_image("docker.io/library/a:1", charts=()),))], ids=["full", "empty", "bare"]
)
def test_own_format_follows_its_schema(lock):
    schema = json.loads((files("chartkit") / "schemas/images-lock.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(load(write_lock(lock)))
    assert read_lock(write_lock(lock), "x") == lock


def test_versions_are_quoted_where_yaml_would_take_them_for_numbers():
    assert 'appVersion: "1.10"' in write_lock(_LOCK)
    assert 'appVersion: "1.10"' in write_dt(_LOCK)


def test_lock_of_distribution_tooling_is_read():
    lock = read_lock(_DT, "Images.lock")
    assert lock.chart == LockedChart("app", "1.0", "6.2.2")
    assert [(str(image.reference), image.charts, image.name) for image in lock.images] == [
        ("docker.io/bitnami/nginx:1.27", ("app", "sub"), "web"),
        ("quay.io/a/one:2", ("app",), "one"),
    ]
    assert lock.images[0].platforms == (PlatformDigest("linux/amd64", _A), PlatformDigest("linux/arm64", _B))
    assert lock.digest_of(ImageReference.parse("bitnami/nginx:1.27")) == ""
    assert lock.digest_of(ImageReference.parse("quay.io/a/one:2")) == _C


def test_lock_of_distribution_tooling_is_written_as_it_wants_it():
    content = load(write_dt(_LOCK))
    assert (content["apiVersion"], content["kind"]) == ("v0", "ImagesLock")
    assert content["chart"] == {"name": "app", "version": "1.2.3", "appVersion": "1.10"}
    assert [(image["name"], image["image"], image["chart"]) for image in content["images"]] == [
        ("nginx", "docker.io/library/nginx:1.27", "app"),
        ("nginx", "docker.io/library/nginx:1.27", "web"),
        ("app", "quay.io/team/app", "app"),
    ]
    assert content["images"][0]["digests"] == [
        {"digest": _B, "arch": "linux/amd64"},
        {"digest": _C, "arch": "linux/arm64"},
    ]


def test_lock_of_distribution_tooling_knows_no_variants():
    lock = Lock(images=(_image("a:1", _A, ("linux/arm/v7", _B), ("linux/arm/v6", _C)),))
    assert load(write_dt(lock))["images"][0]["digests"] == [{"digest": _B, "arch": "linux/arm"}]


def test_lock_of_imgpkg_is_read():
    lock = read_lock(_IMGPKG, "images.yml")
    assert [(str(image.reference), image.digest) for image in lock.images] == [
        ("nginx:1.27", _A),
        (f"quay.io/a/b@{_B}", _B),
    ]
    assert lock.digest_of(ImageReference.parse("docker.io/library/nginx:1.27")) == _A


def test_lock_of_imgpkg_names_every_image_by_digest():
    (content,) = load_all(write_imgpkg(_LOCK))
    assert content["apiVersion"] == "imgpkg.carvel.dev/v1alpha1"
    assert content["images"] == [
        {
            "image": f"docker.io/library/nginx@{_A}",
            "annotations": {"kbld.carvel.dev/id": "docker.io/library/nginx:1.27"},
        },
        {"image": f"quay.io/team/app@{_B}", "annotations": {"kbld.carvel.dev/id": "quay.io/team/app"}},
    ]


@pytest.mark.parametrize("write", [write_dt, write_imgpkg], ids=["dt", "imgpkg"])
def test_formats_that_need_digests_are_refused_without(write):
    with pytest.raises(InputError, match="no digest is known for docker.io/library/a:1"):
        write(Lock(images=(_image("a:1"),)))


@pytest.mark.parametrize("name", list(WRITERS))
def test_every_format_is_known_when_it_is_read(name):
    lock = read_lock(WRITERS[name][1](_LOCK), name)
    assert [image.reference.canonical() for image in lock.images] == [
        "docker.io/library/nginx:1.27",
        "quay.io/team/app",
    ]


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("nginx:1.27", _A),
        ("docker.io/library/nginx:1.27", _A),
        (f"nginx:1.27@{_C}", _C),
        ("quay.io/team/app", _B),
        ("quay.io/team/app:latest", _B),
        ("nginx:1.28", ""),
    ],
)
def test_digest_is_found_however_the_image_is_written(text, digest):
    assert _LOCK.digest_of(ImageReference.parse(text)) == digest


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        pytest.param("a: b\n", "no lock of images", "f:1:1", id="another-file"),
        pytest.param("[]\n", "wanted is a map", "f:1:1", id="list"),
        pytest.param("x: [\n", "did not find", "f:1:5", id="no-yaml"),
        pytest.param("apiVersion: v9\nkind: ImagesLock\n", "apiVersion chartkit/v1, v0", "f:1:13", id="version"),
        pytest.param("apiVersion: v0\nkind: ImagesLock\nimages:\n- image: ':'\n", "is no image", "f:4:10", id="image"),
        pytest.param(
            "apiVersion: v0\nkind: ImagesLock\nimages:\n- {}\n", "image must be a text", "f:4:3", id="no-image"
        ),
        pytest.param("apiVersion: v0\nkind: ImagesLock\nimages: 5\n", "must be a list", "f:3:9", id="images"),
        pytest.param("apiVersion: v0\nkind: ImagesLock\nimages: [5]\n", "must be a map", "f:3:10", id="item"),
        pytest.param(
            "apiVersion: chartkit/v1\nkind: ImagesLock\nimages:\n- image: a\n  digest: sha256:1\n",
            "sha256:1 is no digest",
            "f:5:11",
            id="digest",
        ),
        pytest.param(
            "apiVersion: imgpkg.carvel.dev/v1alpha1\nkind: ImagesLock\nimages:\n- image: a:1\n",
            "must name a digest",
            "f:4:10",
            id="imgpkg-tag",
        ),
    ],
)
def test_file_that_is_no_lock_is_refused_with_its_place(text, message, position):
    with pytest.raises(InputError, match=message) as caught:
        read_lock(text, "f")
    assert str(caught.value.position) == position


def _drift(before: Lock, after: Lock) -> list[str]:
    return [str(each) for each in compare_locks(before, after)]


def test_equal_locks_have_no_drift():
    assert _drift(_LOCK, _LOCK) == []
    assert _drift(read_lock(_DT, "x"), Lock(LockedChart("app", "1.0", "6.2.2"), (), read_lock(_DT, "x").images)) == []


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        pytest.param(
            ["nginx:1.27", "quay.io/team/app", "redis:7"],
            ["added: docker.io/library/redis:7 is not in the lock"],
            id="added",
        ),
        pytest.param(["nginx:1.27"], ["removed: quay.io/team/app is in the lock only"], id="removed"),
        pytest.param(
            ["nginx:1.28", "quay.io/team/app"], ["retagged: docker.io/library/nginx: :1.27 -> :1.28"], id="retagged"
        ),
        pytest.param(
            ["nginx:1.27", f"quay.io/team/app@{_A}"], [f"retagged: quay.io/team/app: :latest -> @{_A}"], id="pinned"
        ),
        pytest.param(["nginx:1.27", "quay.io/team/app:latest"], [], id="latest-is-no-tag"),
    ],
)
def test_images_drift(images, expected):
    after = Lock(_LOCK.chart, _LOCK.values, tuple(_image(text) for text in images))
    assert _drift(_LOCK, after) == expected


def test_digest_drifts_where_both_know_it():
    def lock(*digests: str) -> Lock:
        return Lock(images=tuple(_image(f"a{number}:1", digest) for number, digest in enumerate(digests)))

    assert _drift(lock(_A, "", _A), lock(_B, _B, "")) == [f"digest: docker.io/library/a0:1: {_A} -> {_B}"]


def test_digest_of_a_platform_drifts():
    before = Lock(images=(_image("a:1", "", ("linux/amd64", _A), ("linux/arm64", _B)),))
    after = Lock(images=(_image("a:1", _C, ("linux/amd64", _A), ("linux/arm64", _C)),))
    assert _drift(before, after) == [f"digest: docker.io/library/a:1 for linux/arm64: {_B} -> {_C}"]


def test_chart_and_values_drift():
    after = Lock(
        LockedChart("app", "1.2.4", "1.10"),
        (LockedValues("../prod.yaml", "1" * 64), LockedValues("x.yaml", _SUM)),
        _LOCK.images,
    )
    assert _drift(_LOCK, after) == [
        "chart: app: app 1.2.3 (app 1.10) -> app 1.2.4 (app 1.10)",
        "values: ../prod.yaml has changed",
        "values: x.yaml is not in the lock",
    ]
    assert _drift(after, Lock(after.chart, (), after.images))[0] == "values: ../prod.yaml is in the lock only"


def test_images_of_a_render_are_listed_once_with_their_charts():
    text = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: {}\n"
    uses = [
        *find_in_text(text.format("nginx"), "app/templates/a.yaml"),
        *find_in_text(text.format("docker.io/library/nginx"), "app/charts/web/templates/a.yaml"),
        *find_in_text(text.format(f"a/b@{_A}"), "app/charts/web/charts/deep/templates/x/a.yaml"),
        *find_in_text(text.format("'no image'"), "app/templates/a.yaml"),
    ]
    assert [(str(image.reference), image.digest, image.charts) for image in lock_images(uses)] == [
        (f"docker.io/a/b@{_A}", _A, ("deep",)),
        ("docker.io/library/nginx", "", ("app", "web")),
    ]
