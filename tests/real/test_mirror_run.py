from __future__ import annotations

import json

import pytest
from images import write_layout

from chartkit.cli.flags import Words
from chartkit.cli.mirror_run import run_copies
from chartkit.reference import ImageReference

pytestmark = pytest.mark.real


@pytest.fixture
def logins(tmp_path, password_registry, tls_registry, token_registry):
    """A docker configuration with the logins of all registries."""
    folder = tmp_path / "docker"
    folder.mkdir()
    auths = {
        each.host: {"username": each.username, "password": each.password}
        for each in (password_registry, tls_registry, token_registry)
    }
    (folder / "config.json").write_text(json.dumps({"auths": auths}))
    return folder


@pytest.fixture
def mirror(logins, capfd):
    """Copies `[(source, target), ...]`; gives the exit code and both outputs."""

    def run(*plan, **given):
        words = Words({"docker-config": str(logins), "retries": "2", **given})
        code = run_copies([tuple(map(ImageReference.parse, pair)) for pair in plan], words)
        out, err = capfd.readouterr()
        return code, out, err

    return run


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("open", "open"),
        ("open", "tls"),
        ("password", "token"),
        ("tls", "password"),
        ("token", "open"),
        ("token", "token"),
    ],
)
def test_image_keeps_its_digest_from_any_registry_to_any(
    source, target, request, mirror, push_image, image_layout, raw_manifest
):
    start, end = (request.getfixturevalue(f"{kind}_registry") for kind in (source, target))
    origin = push_image(image_layout, start, "team/app:1.0")
    goal = f"{end.host}/from-{source}/app:1.0"
    code, out, err = mirror((origin, goal), **{"ca-file": str(request.getfixturevalue("tls_registry").ca_file)})
    assert (code, out) == (0, f"{goal} {image_layout.digest}\n"), err
    assert raw_manifest(end, f"from-{source}/app:1.0")[0] == image_layout.digest


def test_image_that_is_there_already_is_skipped(open_registry, mirror, push_image, image_layout):
    origin = push_image(image_layout, open_registry, "team/app:1.0")
    goal = f"{open_registry.host}/skipped/app:1.0"
    assert "[1/1] copied" in mirror((origin, goal))[2]
    code, out, err = mirror((origin, goal))
    assert (code, out) == (0, f"{goal} {image_layout.digest}\n")
    assert err == f"[1/1] present: {goal}\n"


def test_tag_that_has_another_image_gets_the_right_one(open_registry, mirror, push_image, raw_manifest, tmp_path):
    goal = f"{open_registry.host}/moved/app:1.0"
    for text in ("old", "new"):
        layout = write_layout(tmp_path / text, text=text)
        mirror((push_image(layout, open_registry, f"moved/{text}:1.0"), goal))
        assert raw_manifest(open_registry, "moved/app:1.0")[0] == layout.digest


def test_chosen_platforms_make_an_index_of_their_own(open_registry, mirror, push_image, raw_manifest, tmp_path):
    platforms = ["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/s390x"]
    origin = push_image(write_layout(tmp_path / "many", platforms), open_registry, "team/many:1.0")
    goal = f"{open_registry.host}/few/many:1.0"
    code, out, err = mirror((origin, goal), platform=["arm64", "linux/arm/v7", "windows/amd64"])
    digest, index = raw_manifest(open_registry, "few/many:1.0")
    assert (code, out) == (0, f"{goal} {digest}\n")
    assert [each["platform"]["architecture"] for each in index["manifests"]] == ["arm64", "arm"]
    assert err.endswith(f"warning: {origin} is not there for windows/amd64\n")
    assert "present" in mirror((origin, goal), platform=["arm64", "linux/arm/v7", "windows/amd64"])[2]


def test_platform_that_no_image_has_fails(open_registry, mirror, push_image, image_layout):
    origin = push_image(image_layout, open_registry, "team/app:1.0")
    code, _, err = mirror((origin, f"{open_registry.host}/none/app:1.0"), platform=["linux/s390x"])
    assert code == 3
    assert "no image for linux/s390x: there are linux/amd64, linux/arm64" in err


def test_image_named_by_digest_is_copied_whole(open_registry, mirror, push_image, image_layout, raw_manifest):
    origin = push_image(image_layout, open_registry, "team/app:1.0").rpartition(":")[0]
    goal = f"{open_registry.host}/pinned/app@{image_layout.digest}"
    code, out, err = mirror((f"{origin}@{image_layout.digest}", goal), platform=["arm64"])
    assert (code, out) == (0, f"{goal} {image_layout.digest}\n")
    assert "is named by digest: all its platforms are copied" in err
    assert raw_manifest(open_registry, f"pinned/app@{image_layout.digest}")[0] == image_layout.digest


def test_tag_is_given_beside_the_digest(open_registry, mirror, push_image, image_layout, raw_manifest):
    origin = push_image(image_layout, open_registry, "team/app:1.0")
    goal = f"{open_registry.host}/both/app:2.0@{image_layout.digest}"
    assert mirror((f"{origin}@{image_layout.digest}", goal))[0] == 0
    assert raw_manifest(open_registry, "both/app:2.0")[0] == image_layout.digest


def test_image_without_index_is_copied(open_registry, password_registry, mirror, push_image, raw_manifest, tmp_path):
    layout = write_layout(tmp_path / "one", ["linux/amd64"])
    origin = push_image(layout, open_registry, "team/one:1.0")
    assert mirror((origin, f"{password_registry.host}/team/one:1.0"))[0] == 0
    assert raw_manifest(password_registry, "team/one:1.0")[0] == layout.digest


def test_blobs_are_taken_over_within_a_registry(faulty, start_registry, mirror, push_image, image_layout):
    registry = start_registry()
    server = faulty(registry)
    push_image(image_layout, registry, "team/app:1.0")
    assert mirror((f"{server.host}/team/app:1.0", f"{server.host}/other/app:1.0"))[0] == 0
    assert not any("PUT" in each and "uploads" in each for each in server.seen)
    assert sum("mount=" in each and "from=team%2Fapp" in each for each in server.seen) == 5


def test_blob_of_several_images_is_sent_once(faulty, open_registry, start_registry, mirror, push_image, tmp_path):
    server = faulty(start_registry())
    names = [f"app{number}" for number in range(4)]
    origins = [
        push_image(write_layout(tmp_path / name, ["linux/amd64"], text="same"), open_registry, f"once/{name}:1")
        for name in names
    ]
    goals = [f"{server.host}/to/{name}:1" for name in names]
    assert mirror(*zip(origins, goals, strict=True), jobs="4")[0] == 0
    uploads = [each for each in server.seen if "PUT" in each and "uploads" in each]
    assert len(uploads) == 3, "two layers and a configuration"


def test_one_image_that_fails_does_not_stop_the_others(open_registry, mirror, push_image, image_layout):
    origin = push_image(image_layout, open_registry, "team/app:1.0")
    plan = [
        (f"{open_registry.host}/team/none:1", f"{open_registry.host}/partly/none:1"),
        (origin, f"{open_registry.host}/partly/app:1"),
        ("127.0.0.1:1/team/app:1", f"{open_registry.host}/partly/far:1"),
    ]
    code, out, err = mirror(*plan, retries="0")
    assert (code, out) == (3, f"{plan[1][1]} {image_layout.digest}\n")
    assert err.endswith(
        "failed: 1 of 3 images are there; missing:\n"
        f"  {plan[0][1]}: {plan[0][0]}: there is no repository team/none\n"
        f"  {plan[2][1]}: 127.0.0.1:1: connection refused\n"
        "hint: run it again to go on: what is there is not copied again\n"
    )


def test_reader_may_not_write(token_registry, open_registry, push_image, image_layout, mirror, tmp_path):
    origin = push_image(image_layout, open_registry, "team/app:1.0")
    goal = f"{token_registry.host}/not-mine/app:1.0"
    reader = {token_registry.host: {"username": "reader", "password": "r-pass"}}
    (tmp_path / "reader.json").write_text(json.dumps({"auths": reader}))
    code, _, err = mirror((origin, goal), **{"docker-config": str(tmp_path / "reader.json")})
    assert code == 3
    assert "user reader may not do this, or there is no such repository" in err
    assert "r-pass" not in err
