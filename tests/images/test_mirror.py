from __future__ import annotations

import json
import shlex

import pytest

from chartkit.errors import InputError
from chartkit.goyaml.load import load, load_all
from chartkit.images.lock import Lock
from chartkit.images.locked import LockedImage
from chartkit.images.mirror import Copy, MirrorPlan, pairs, plan_copies
from chartkit.images.mirror_formats import WRITERS
from chartkit.images.rewrite import find_in_text
from chartkit.images.target import Layout, read_destination
from chartkit.reference import ImageReference

_DIGEST = "sha256:" + "a" * 64
_OTHER = "sha256:" + "b" * 64


def _uses(*images: str):
    containers = "".join(f"  - {{name: c, image: '{image}'}}\n" for image in images)
    return find_in_text(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n{containers}")


def _plan(*images: str, to: str = "m.local:5000/x", layout: Layout = Layout.PATH, lock: Lock | None = None, **more):
    return MirrorPlan(plan_copies(_uses(*images), read_destination(to, layout), lock), **more)


def _commands(text: str) -> list[list[str]]:
    """The commands of a script, as a shell takes them apart."""
    lines = text.split("\n")
    assert lines[0] == "#!/bin/sh"
    assert "set -eu" in lines
    assert lines[-1] == ""
    return [shlex.split(line) for line in lines[lines.index("set -eu") + 1 : -1]]


@pytest.mark.parametrize(
    ("image", "source", "target"),
    [
        ("nginx", "docker.io/library/nginx:latest", "m.local:5000/x/nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx:1.27", "m.local:5000/x/nginx:1.27"),
        (f"quay.io/a/b@{_DIGEST}", f"quay.io/a/b@{_DIGEST}", f"m.local:5000/x/a/b@{_DIGEST}"),
        (f"quay.io/a/b:1@{_DIGEST}", f"quay.io/a/b@{_DIGEST}", "m.local:5000/x/a/b:1"),
    ],
    ids=["untagged", "tag", "digest", "tag-and-digest"],
)
def test_copy_names_source_and_target_as_tools_take_them(image, source, target):
    (copy,) = _plan(image).copies
    assert (copy.source_text, copy.target_text) == (source, target)


def test_plan_has_each_image_once_and_sorted():
    plan = _plan(
        "redis", "quay.io/a/b:1", "docker.io/library/redis:latest", "redis", "not an image", "m.local:5000/x/c:1"
    )
    assert [str(copy.source) for copy in plan.copies] == ["docker.io/library/redis:latest", "quay.io/a/b:1"]
    assert pairs(plan.copies)[1] == (
        ImageReference.parse("quay.io/a/b:1"),
        ImageReference.parse("m.local:5000/x/a/b:1"),
    )


def test_plan_copies_by_the_digests_of_a_lock():
    lock = Lock(images=(LockedImage(ImageReference.parse("nginx:1.27"), _DIGEST),))
    plan = _plan("nginx:1.27", "redis:7", lock=lock)
    assert [copy.source_text for copy in plan.copies] == [
        f"docker.io/library/nginx@{_DIGEST}",
        "docker.io/library/redis:7",
    ]
    assert [copy.target_text for copy in plan.copies] == ["m.local:5000/x/nginx:1.27", "m.local:5000/x/redis:7"]


def test_two_images_of_one_target_are_refused():
    with pytest.raises(InputError, match="docker.io/a/b and quay.io/a/b would both become m.local:5000/x/a/b"):
        _plan("a/b:1", "quay.io/a/b:2")


def test_rows_tell_where_images_are_used():
    rows = _plan("nginx:1", platforms=("linux/arm64",)).rows()
    assert json.loads(json.dumps(rows)) == {
        "platforms": ["linux/arm64"],
        "images": [
            {
                "source": "docker.io/library/nginx:1",
                "target": "m.local:5000/x/nginx:1",
                "digest": "",
                "places": ["Pod/p"],
            }
        ],
    }


_SOURCE, _TARGET = "quay.io/a/b:1", "m.local:5000/x/a/b:1"


@pytest.mark.parametrize(
    ("tool", "platforms", "plain", "expected"),
    [
        pytest.param(
            "skopeo",
            (),
            (),
            [f"skopeo copy --all --preserve-digests --retry-times 3 docker://{_SOURCE} docker://{_TARGET}"],
            id="skopeo",
        ),
        pytest.param(
            "skopeo",
            ("linux/arm/v7",),
            (),
            [
                "skopeo --override-os linux --override-arch arm --override-variant v7 copy --retry-times 3 "
                f"docker://{_SOURCE} docker://{_TARGET}"
            ],
            id="skopeo-platform",
        ),
        pytest.param(
            "skopeo",
            (),
            ("m.local:5000",),
            [
                f"skopeo copy --all --preserve-digests --retry-times 3 --dest-tls-verify=false docker://{_SOURCE} docker://{_TARGET}"
            ],
            id="skopeo-plain",
        ),
        pytest.param("crane", (), (), [f"crane copy {_SOURCE} {_TARGET}"], id="crane"),
        pytest.param(
            "crane",
            ("linux/arm64",),
            ("quay.io",),
            [f"crane copy --platform linux/arm64 --insecure {_SOURCE} {_TARGET}"],
            id="crane-platform",
        ),
        pytest.param("oras", (), ("quay.io",), [f"oras cp --from-plain-http {_SOURCE} {_TARGET}"], id="oras"),
        pytest.param(
            "oras",
            ("linux/arm64",),
            ("m.local:5000",),
            [f"oras cp --platform linux/arm64 --to-plain-http {_SOURCE} {_TARGET}"],
            id="oras-platform",
        ),
        pytest.param(
            "podman",
            (),
            ("m.local:5000",),
            [f"podman pull {_SOURCE}", f"podman push --tls-verify=false {_SOURCE} {_TARGET}"],
            id="podman",
        ),
        pytest.param(
            "podman",
            ("linux/arm64",),
            (),
            [f"podman pull --platform linux/arm64 {_SOURCE}", f"podman push {_SOURCE} {_TARGET}"],
            id="podman-platform",
        ),
        pytest.param(
            "docker",
            (),
            (),
            [f"docker buildx imagetools create --prefer-index=false --tag {_TARGET} {_SOURCE}"],
            id="docker",
        ),
        pytest.param(
            "docker",
            ("linux/arm64",),
            (),
            [
                f"docker pull --platform linux/arm64 {_SOURCE}",
                f"docker tag {_SOURCE} {_TARGET}",
                f"docker push {_TARGET}",
            ],
            id="docker-platform",
        ),
        pytest.param(
            "docker",
            ("linux/arm64", "linux/amd64"),
            (),
            [
                "docker buildx imagetools create --prefer-index=false --platform linux/arm64,linux/amd64 "
                f"--tag {_TARGET} {_SOURCE}"
            ],
            id="docker-platforms",
        ),
    ],
)
def test_script_has_the_tools_own_words(tool, platforms, plain, expected):
    text = WRITERS[tool](_plan("quay.io/a/b:1", platforms=platforms, plain=frozenset(plain)))
    assert _commands(text) == [shlex.split(line) for line in expected]


@pytest.mark.parametrize("tool", ["skopeo", "crane", "oras", "docker", "hauler", "regsync"])
def test_image_named_by_digest_is_copied_whole_whatever_the_platform(tool):
    text = WRITERS[tool](_plan(f"quay.io/a/b:1@{_DIGEST}", platforms=("linux/arm64",)))
    assert "arm64" not in text
    assert f"quay.io/a/b@{_DIGEST}" in text


@pytest.mark.parametrize(
    ("tool", "target"),
    [
        ("skopeo", f"docker://m.local:5000/x/a/b@{_DIGEST}"),
        ("crane", f"m.local:5000/x/a/b@{_DIGEST}"),
        ("oras", "m.local:5000/x/a/b"),
    ],
)
def test_image_without_tag_gets_none(tool, target):
    assert _commands(WRITERS[tool](_plan(f"quay.io/a/b@{_DIGEST}")))[0][-1] == target


def test_docker_makes_a_tag_of_a_digest():
    (command,) = _commands(WRITERS["docker"](_plan(f"quay.io/a/b@{_DIGEST}")))
    assert command[-2:] == [f"m.local:5000/x/a/b:sha256-{'a' * 64}", f"quay.io/a/b@{_DIGEST}"]


def test_list_has_a_line_for_each_image():
    assert WRITERS["list"](_plan("nginx:1", "quay.io/a/b:1")) == (
        "docker.io/library/nginx:1 m.local:5000/x/nginx:1\nquay.io/a/b:1 m.local:5000/x/a/b:1\n"
    )


@pytest.mark.parametrize(
    ("platforms", "expected"),
    [
        ((), {}),
        (("linux/arm64",), {"platform": "linux/arm64"}),
        (("linux/arm64", "linux/amd64"), {"platforms": ["linux/arm64", "linux/amd64"]}),
    ],
    ids=["all", "one", "several"],
)
def test_regsync_gets_one_step_for_each_image(platforms, expected):
    content = load(WRITERS["regsync"](_plan("nginx:1.10", platforms=platforms, plain=frozenset(["m.local:5000"]))))
    assert content == {
        "version": 1.0,
        "creds": [{"registry": "m.local:5000", "tls": "disabled"}],
        "sync": [
            {
                "source": "docker.io/library/nginx:1.10",
                "target": "m.local:5000/x/nginx:1.10",
                "type": "image",
                **expected,
            }
        ],
    }


def test_hauler_manifest_gives_images_their_new_names():
    text = WRITERS["hauler"](_plan("nginx:1", "quay.io/a/b:1", to="m.local:5000", name="app"))
    assert "# hauler store copy registry://m.local:5000\n" in text
    assert load_all(text) == [
        {
            "apiVersion": "content.hauler.cattle.io/v1",
            "kind": "Images",
            "metadata": {"name": "app"},
            "spec": {
                "images": [
                    {"name": "docker.io/library/nginx:1", "rewrite": "m.local:5000/nginx:1"},
                    {"name": "quay.io/a/b:1"},
                ]
            },
        }
    ]


@pytest.mark.parametrize(
    ("layout", "command"),
    [
        (Layout.LEAF, "# skopeo sync --all --src yaml --dest docker FILE m.local:5000/x\n"),
        (Layout.SOURCE, "# skopeo sync --all --src yaml --dest docker --scoped FILE m.local:5000/x\n"),
    ],
)
def test_skopeo_sync_gets_images_by_registry(layout, command):
    plan = _plan("nginx:1", "quay.io/a/b:1.10", f"quay.io/a/c@{_DIGEST}", layout=layout, plain=frozenset(["quay.io"]))
    text = WRITERS["skopeo-sync"](plan)
    assert text.startswith(command)
    assert load(text) == {
        "docker.io": {"images": {"library/nginx": ["1"]}},
        "quay.io": {"images": {"a/b": ["1.10"], "a/c": [_DIGEST]}, "tls-verify": False},
    }


@pytest.mark.parametrize(
    ("tool", "images", "more", "message"),
    [
        pytest.param("skopeo-sync", ["nginx:1", "quay.io/a/b:1"], {}, "gives images other names", id="sync-path"),
        pytest.param(
            "skopeo-sync", ["a/b:1"], {"platforms": ("linux/arm64",)}, "copies all platforms", id="sync-platform"
        ),
        pytest.param("podman", [f"a/b@{_DIGEST}"], {}, "nobody would find", id="podman-digest"),
        pytest.param("hauler", [f"a/b@{_DIGEST}"], {}, "cannot give another name", id="hauler-digest"),
        *(
            pytest.param(
                tool, ["a/b:1"], {"platforms": ("linux/arm64", "linux/amd64")}, "all platforms or one", id=tool
            )
            for tool in ("skopeo", "crane", "oras", "podman", "hauler")
        ),
    ],
)
def test_what_a_tool_cannot_do_is_refused(tool, images, more, message):
    with pytest.raises(InputError, match=message):
        WRITERS[tool](_plan(*images, **more))


@pytest.mark.parametrize("tool", list(WRITERS))
def test_empty_plan_is_valid_input(tool):
    text = WRITERS[tool](_plan())
    assert _commands(text) == [] if text.startswith("#!") else load(text) is None or isinstance(load(text), dict)


def test_name_of_a_chart_cannot_leave_its_comment():
    text = WRITERS["skopeo"](_plan("nginx:1", name="a\nrm -rf /"))
    assert [words[0] for words in _commands(text)] == ["skopeo"]


def test_copy_keeps_tag_and_digest_apart():
    source, target = ImageReference.parse(f"a/b:1@{_DIGEST}"), ImageReference.parse(f"m.local/b:1@{_OTHER}")
    copy = Copy(source, target)
    assert (copy.source_text, copy.target_text) == (f"docker.io/a/b@{_DIGEST}", "m.local/b:1")
