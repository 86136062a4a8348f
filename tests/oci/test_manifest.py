from __future__ import annotations

import hashlib
import json

import pytest

from chartkit.oci.failures import InvalidContent
from chartkit.oci.manifest import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    Manifest,
    Platform,
    digest_of,
    is_digest,
)

ONE, TWO, THREE = ("sha256:" + letter * 64 for letter in "123")


def described(digest, **more):
    return {"mediaType": OCI_MANIFEST, "digest": digest, "size": 7, **more}


def platform(os, architecture, **more):
    return {"platform": {"os": os, "architecture": architecture, **more}}


def manifest(content, **more):
    return Manifest(json.dumps(content).encode(), **more)


IMAGE = {
    "schemaVersion": 2,
    "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": ONE, "size": 3},
    "layers": [{"mediaType": "x", "digest": TWO, "size": 4}, {"mediaType": "x", "digest": TWO, "size": 4}],
}
INDEX = {
    "schemaVersion": 2,
    "mediaType": OCI_INDEX,
    "annotations": {"kept": "yes"},
    "manifests": [
        described(ONE, **platform("linux", "amd64")),
        described(TWO, **platform("linux", "arm64", variant="v8")),
        described(
            THREE,
            **platform("unknown", "unknown"),
            annotations={"vnd.docker.reference.digest": TWO, "vnd.docker.reference.type": "attestation-manifest"},
        ),
    ],
}


@pytest.mark.parametrize(
    ("content", "said", "kind"),
    [
        ({**IMAGE, "mediaType": DOCKER_MANIFEST}, "", DOCKER_MANIFEST),
        (IMAGE, f"{OCI_MANIFEST}; charset=utf-8", OCI_MANIFEST),
        (IMAGE, DOCKER_MANIFEST, DOCKER_MANIFEST),
        (IMAGE, "text/plain", OCI_MANIFEST),
        (IMAGE, "", OCI_MANIFEST),
        ({"manifests": []}, "application/octet-stream", OCI_INDEX),
        ({"mediaType": DOCKER_LIST, "manifests": []}, OCI_INDEX, DOCKER_LIST),
    ],
    ids=["own", "said", "docker", "nonsense", "guessed", "index", "own-first"],
)
def test_kind_is_by_itself_or_by_the_server_or_by_what_it_has(content, said, kind):
    assert manifest(content, media_type=said).media_type == kind


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not a JSON object"),
        (b"[1]", "not a JSON object"),
        (b"{}", "neither a config nor manifests"),
        (b'{"schemaVersion": 1, "fsLayers": []}', "Docker's first schema"),
        (b'{"mediaType": "application/vnd.docker.distribution.manifest.v1+prettyjws"}', "Docker's first schema"),
        (b'{"mediaType": "application/x", "config": {}}', "unknown kind: application/x"),
        (b'{"config": {}, "layers": [], "manifests": []}', "an index and an image at once"),
    ],
    ids=["empty", "list", "nothing", "schema1", "schema1-signed", "kind", "both"],
)
def test_what_is_no_manifest_is_refused(body, words):
    with pytest.raises(InvalidContent, match=words):
        Manifest(body)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"digest": "sha256:../../etc/passwd"}, "a digest in its config that is none"),
        ({"digest": "md5:" + "1" * 32}, "a digest in its config that is none"),
        ({"digest": None}, "a digest in its config that is none"),
        ({"size": -1}, "a size in its config that is none"),
        ({"size": True}, "a size in its config that is none"),
        ({"size": "3"}, "a size in its config that is none"),
    ],
)
def test_descriptor_that_cannot_be_used_is_refused(change, words):
    with pytest.raises(InvalidContent, match=words):
        _ = manifest({**IMAGE, "config": {**IMAGE["config"], **change}}).blobs


def test_changed_bytes_are_noticed():
    body = json.dumps(IMAGE).encode()
    digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
    assert Manifest(body, digest=digest).digest == digest
    with pytest.raises(InvalidContent, match="it was changed on the way"):
        Manifest(body + b" ", digest=digest)


def test_digest_keeps_its_algorithm():
    body = json.dumps(IMAGE).encode()
    digest = f"sha512:{hashlib.sha512(body).hexdigest()}"
    assert (Manifest(body, digest=digest).digest, digest_of(body, "sha512")) == (digest, digest)


def test_blobs_come_once_and_without_layers_that_are_not_handed_out():
    foreign = {
        "mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "digest": THREE,
        "size": 9,
        "urls": ["https://example.com/layer"],
    }
    found = manifest({**IMAGE, "layers": [*IMAGE["layers"], foreign]}).blobs
    assert [(each.digest, each.size) for each in found] == [(ONE, 3), (TWO, 4)]


def test_platforms_leave_attestations_out():
    assert [str(each) for each in manifest(INDEX).platforms] == ["linux/amd64", "linux/arm64/v8"]


def test_chosen_platforms_keep_what_attests_them_and_all_else():
    index = manifest(INDEX)
    fewer = index.only([Platform.parse("linux/arm64")])
    assert [each.digest for each in fewer.images] == [TWO, THREE]
    assert json.loads(fewer.body)["annotations"] == {"kept": "yes"}
    assert fewer.digest != index.digest
    assert [each.digest for each in index.only([Platform.parse("amd64")]).images] == [ONE]


def test_index_is_itself_where_nothing_is_left_out():
    index = manifest(INDEX)
    assert index.only([]) is index
    assert index.only([Platform.parse("amd64"), Platform.parse("arm64")]) is index
    single = manifest(IMAGE)
    assert single.only([Platform.parse("s390x")]) is single


def test_platform_that_none_has_is_refused_with_those_there_are():
    with pytest.raises(InvalidContent, match="no image for linux/s390x: there are linux/amd64, linux/arm64/v8"):
        manifest(INDEX).only([Platform.parse("linux/s390x")])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("linux/amd64", "linux/amd64"),
        ("arm64", "linux/arm64"),
        ("x86_64", "linux/amd64"),
        ("Linux/AArch64", "linux/arm64"),
        ("linux/arm/v7", "linux/arm/v7"),
        ("armhf", "linux/arm/v7"),
        ("windows/amd64", "windows/amd64"),
    ],
)
def test_platform_is_read(text, shown):
    assert str(Platform.parse(text)) == shown


@pytest.mark.parametrize("text", ["", "linux/", "a/b/c/d", "linux amd64", "linux/amd64\n"])
def test_text_that_is_no_platform_is_refused(text):
    with pytest.raises(ValueError, match="is no platform"):
        Platform.parse(text)


@pytest.mark.parametrize(
    ("known", "wanted", "fits"),
    [
        ("linux/amd64", "linux/amd64", True),
        ("linux/arm64/v8", "linux/arm64", True),
        ("linux/arm64", "linux/arm64/v8", True),
        ("linux/arm/v6", "linux/arm/v7", False),
        ("linux/arm/v6", "linux/arm", True),
        ("linux/amd64", "windows/amd64", False),
    ],
)
def test_platform_fits(known, wanted, fits):
    assert Platform.parse(known).fits(Platform.parse(wanted)) is fits


@pytest.mark.parametrize(
    ("text", "expected"),
    [(ONE, True), ("sha512:" + "a" * 128, True), ("sha256:" + "A" * 64, False), ("latest", False), (ONE + "\n", False)],
)
def test_digest_is_told_from_a_tag(text, expected):
    assert is_digest(text) is expected
