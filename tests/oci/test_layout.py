from __future__ import annotations

import hashlib
import json
import resource
import threading
from contextlib import contextmanager

import pytest

from chartkit.errors import InputError, RegistryError
from chartkit.oci.failures import InvalidContent, UnknownManifest
from chartkit.oci.layout import REF_NAME, Layout
from chartkit.oci.manifest import OCI_INDEX, OCI_MANIFEST, Descriptor, Manifest
from chartkit.oci.shelf import Repository

APP = Repository("registry.example.com", "team/app")
DATA = b"0123456789" * 1000


def described(data):
    return Descriptor("x", f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))


def manifest(**more):
    config = {"mediaType": "x", "digest": "sha256:" + "1" * 64, "size": 1}
    return Manifest(json.dumps({"schemaVersion": 2, "config": config, **more}).encode(), OCI_MANIFEST)


@pytest.fixture
def layout(tmp_path):
    return Layout.create(tmp_path / "layout")


def files(layout):
    return sorted(str(path.relative_to(layout.folder)) for path in layout.folder.rglob("*") if path.is_file())


def test_new_layout_has_what_the_specification_wants(layout):
    assert json.loads((layout.folder / "oci-layout").read_text()) == {"imageLayoutVersion": "1.0.0"}
    index = json.loads((layout.folder / "index.json").read_text())
    assert index == {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}
    assert (layout.folder / "blobs/sha256").is_dir()


def test_layout_that_is_there_is_kept(layout):
    layout.put_manifest(APP, manifest(), "1.0")
    assert Layout.create(layout.folder).names() == {f"{APP}:1.0": manifest().digest}


def test_other_folder_is_not_made_a_layout(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(InputError, match="is no OCI layout, and not empty either"):
        Layout.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("oci-layout", None, "is no OCI layout: there is no oci-layout"),
        ("index.json", None, "is no OCI layout: there is no index.json"),
        ("oci-layout", "{", "this is no JSON object"),
        ("oci-layout", '{"imageLayoutVersion": "9"}', "of version 9; version 1.0.0 can be read"),
        ("index.json", "[]", "this is no JSON object"),
        ("index.json", "{}", "this is no index of images"),
        ("index.json", '{"manifests": [{"digest": "sha256:../../x"}]}', "this is no index of images"),
    ],
)
def test_broken_layout_is_told(name, text, words, layout):
    path = layout.folder / name
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(InputError, match=words):
        Layout.open(layout.folder)


def test_blob_comes_back(layout):
    blob = described(DATA)
    assert not layout.has_blob(APP, blob)
    layout.upload_blob(APP, blob, lambda: [DATA[:100], DATA[100:]])
    assert layout.has_blob(APP, blob)
    assert b"".join(layout.read_blob(APP, blob)) == DATA


@pytest.mark.parametrize("pieces", [[DATA[:-1] + b"x"], [DATA, b"more"], [DATA[:5]], []])
def test_wrong_blob_is_not_kept(pieces, layout):
    before = files(layout)
    with pytest.raises(RegistryError):
        layout.upload_blob(APP, described(DATA), lambda: pieces)
    assert files(layout) == before


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data[:-1] + b"x", lambda data: data + b"x"])
def test_blob_that_was_changed_on_disk_is_noticed(change, layout):
    blob = described(DATA)
    layout.upload_blob(APP, blob, lambda: [DATA])
    path = layout.folder / "blobs" / blob.digest.replace(":", "/")
    path.write_bytes(change(DATA))
    with pytest.raises(InvalidContent):
        list(layout.read_blob(APP, blob))


def test_blob_that_is_missing_is_told(layout):
    with pytest.raises(InputError, match="no such file or directory"):
        list(layout.read_blob(APP, described(DATA)))


def test_image_is_found_by_its_whole_name_and_by_digest(layout):
    image = manifest()
    layout.put_manifest(APP, image, "1.0")
    assert layout.manifest(APP, "1.0").body == image.body
    assert layout.manifest(APP, image.digest).body == image.body
    assert layout.digest_of(APP, "1.0") == image.digest
    assert layout.digest_of(Repository("docker.io", "team/app"), "1.0") == ""
    with pytest.raises(UnknownManifest, match=r"has no image registry\.example\.com/team/app:2\.0"):
        layout.manifest(APP, "2.0")


def test_name_moves_to_the_newer_image(layout):
    older, newer = manifest(), manifest(annotations={"newer": "yes"})
    layout.put_manifest(APP, older, "1.0")
    layout.put_manifest(APP, newer, "1.0")
    assert layout.names() == {f"{APP}:1.0": newer.digest}


def test_part_of_an_image_has_no_name(layout):
    layout.put_manifest(APP, manifest())
    assert (layout.names(), layout.digest_of(APP, manifest().digest)) == ({}, manifest().digest)


def test_same_images_make_the_same_index_whatever_their_order(tmp_path):
    images = [(name, manifest(annotations={"name": name})) for name in "abcd"]
    texts = set()
    for number, order in enumerate((images, images[::-1])):
        layout = Layout.create(tmp_path / str(number))
        for name, image in order:
            layout.put_manifest(APP, image, name)
        texts.add((layout.folder / "index.json").read_bytes())
    assert len(texts) == 1


def test_many_may_write_at_once(layout):
    images = [(f"v{number}", manifest(annotations={"number": str(number)})) for number in range(20)]
    threads = [threading.Thread(target=layout.put_manifest, args=(APP, image, name)) for name, image in images]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(layout.names()) == 20


def test_manifest_that_was_changed_on_disk_is_noticed(layout):
    image = manifest()
    layout.put_manifest(APP, image, "1.0")
    (layout.folder / "blobs" / image.digest.replace(":", "/")).write_bytes(image.body + b" ")
    with pytest.raises(InvalidContent, match="it was changed on the way"):
        layout.manifest(APP, "1.0")


def test_names_of_other_tools_are_read(layout):
    image = manifest()
    layout.put_manifest(APP, image)
    entry = {"mediaType": OCI_MANIFEST, "digest": image.digest, "size": 1, "annotations": {REF_NAME: "latest"}}
    (layout.folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry, {**entry}]}))
    assert Layout.open(layout.folder).names() == {"latest": image.digest}


@contextmanager
def small_files():
    """No file may grow beyond 8 KiB; only around the call itself, since the tests' own output may go to a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_disk_that_takes_no_more_is_told_and_left_clean(layout):
    before = files(layout)
    blob = described(DATA)
    with pytest.raises(InputError, match=r"blobs/sha256/\w+: file too large"), small_files():
        layout.upload_blob(APP, blob, lambda: [DATA[:5000], DATA[5000:]])
    assert (files(layout), layout.has_blob(APP, blob)) == (before, False)
