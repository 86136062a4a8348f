from __future__ import annotations

import hashlib
import json
import tracemalloc

import pytest

from chartkit.errors import InputError
from chartkit.oci.copy import CopyOptions, CopyRun, State
from chartkit.oci.exchange import Patience
from chartkit.oci.failures import Denied, Interrupted, UnknownManifest
from chartkit.oci.layout import Layout
from chartkit.oci.manifest import OCI_INDEX, OCI_MANIFEST, Descriptor, Manifest, Platform
from chartkit.reference import ImageReference

MIB = 1024 * 1024
OPTIONS = CopyOptions(workers=2, patience=Patience(attempts=3, pause=lambda _: None))


class Noted:
    """Follows a run."""

    def __init__(self):
        self.states, self.expected, self.done = [], 0, 0

    def changed(self, image):
        self.states.append((image.source.text, str(image.state)))

    def expect(self, size):
        self.expected += size

    def moved(self, size):
        self.done += size


class Shelf:
    """Images in memory; `made` says what of a blob is made when it is read."""

    def __init__(self):
        self.manifests, self.names, self.blobs, self.log = {}, {}, {}, []

    def add(self, data, media_type="x"):
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        self.blobs[digest] = data
        return {"mediaType": media_type, "digest": digest, "size": len(data)}

    def image(self, name, *layers):
        content = {"config": self.add(name.encode()), "layers": [self.add(layer) for layer in layers]}
        return self.keep(name, {"schemaVersion": 2, "mediaType": OCI_MANIFEST, **content})

    def keep(self, name, content):
        made = Manifest(json.dumps(content).encode())
        self.manifests[made.digest] = made
        if name:
            self.names[name] = made.digest
        return {"mediaType": made.media_type, "digest": made.digest, "size": len(made.body)}

    def digest_of(self, repository, name):
        found = self.names.get(repository.named(name), name)
        return found if found in self.manifests else ""

    def manifest(self, repository, name):
        digest = self.digest_of(repository, name)
        if not digest:
            raise UnknownManifest(f"{repository.named(name)}: not found")
        return self.manifests[digest]

    def read_blob(self, _repository, descriptor):
        data = self.blobs[descriptor.digest]
        yield data[:2]
        yield data[2:]

    def has_blob(self, _repository, descriptor):
        return descriptor.digest in self.blobs

    def mount_blob(self, _repository, _digest, _source):
        return ""

    def upload_blob(self, _repository, descriptor, pieces, *, place=""):
        self.log.append("blob")
        self.blobs[descriptor.digest] = b"".join(pieces())

    def put_manifest(self, repository, manifest, name=""):
        self.log.append(name or "part")
        self.manifests[manifest.digest] = manifest
        if name:
            self.names[repository.named(name)] = manifest.digest


def copy(source, target, *names, options=OPTIONS):
    watch = Noted()
    plan = [(ImageReference.parse(f"r.example/{name}"), ImageReference.parse(f"m.example/{name}")) for name in names]
    run = CopyRun(source, target, plan, watch, options)
    run.run()
    return run.images, watch


@pytest.fixture
def source():
    return Shelf()


@pytest.fixture
def target():
    return Shelf()


def test_blobs_come_first_and_the_tag_last(source, target):
    parts = [
        {**source.image("", b"a", b"b"), "platform": {"os": "linux", "architecture": "amd64"}},
        {**source.image("", b"a", b"c"), "platform": {"os": "linux", "architecture": "arm64"}},
    ]
    top = source.keep("r.example/app:1", {"mediaType": OCI_INDEX, "manifests": parts})
    (image,), watch = copy(source, target, "app:1")
    assert (image.state, image.digest, image.moved) == (State.COPIED, top["digest"], 3)
    assert target.log == ["blob"] * 4 + ["part", "part", "1"]
    assert target.names == {"m.example/app:1": top["digest"]}
    assert watch.states == [("r.example/app:1", "copying"), ("r.example/app:1", "copied")]
    assert watch.expected == watch.done == 3


def test_indexes_within_indexes_come_from_the_inside_out(source, target):
    inner = source.keep("", {"mediaType": OCI_INDEX, "manifests": [source.image("", b"deep")]})
    source.keep("r.example/app:1", {"mediaType": OCI_INDEX, "manifests": [inner]})
    (image,), _ = copy(source, target, "app:1")
    assert image.state is State.COPIED
    assert target.log == ["blob", "blob", "part", "part", "1"]


def test_other_content_of_an_index_is_copied_as_it_is(source, target):
    other = source.add(b"an attachment", "application/vnd.example+json")
    source.keep("r.example/app:1", {"mediaType": OCI_INDEX, "manifests": [other]})
    (image,), _ = copy(source, target, "app:1")
    assert image.state is State.COPIED
    assert target.blobs == {other["digest"]: b"an attachment"}


def test_image_that_is_there_costs_nothing(source, target):
    source.image("r.example/app:1", b"a")
    copy(source, target, "app:1")
    target.log.clear()
    (image,), watch = copy(source, target, "app:1")
    assert (image.state, target.log, watch.expected) == (State.PRESENT, [], 0)


def test_parts_that_are_there_are_not_copied_again(source, target):
    part = source.image("", b"a")
    source.keep("r.example/app:1", {"mediaType": OCI_INDEX, "manifests": [part, source.image("", b"b")]})
    target.manifests[part["digest"]] = source.manifests[part["digest"]]
    (image,), _ = copy(source, target, "app:1")
    assert image.state is State.COPIED
    assert target.log == ["blob", "blob", "part", "1"]


def test_blobs_that_are_there_are_not_sent_again(source, target):
    source.image("r.example/app:1", b"first", b"second")
    target.add(b"first")
    (image,), watch = copy(source, target, "app:1")
    assert image.moved == len(b"second") + len("r.example/app:1")
    assert watch.expected == watch.done


def test_passing_failure_is_tried_again_and_counted_back(source, target):
    source.image("r.example/app:1", b"0123456789")
    failures = [Interrupted("broken"), Interrupted("broken")]
    upload = target.upload_blob

    def failing(repository, descriptor, pieces, *, place=""):
        if failures and descriptor.size == 10:
            next(iter(pieces()))
            raise failures.pop()
        upload(repository, descriptor, pieces, place=place)

    target.upload_blob = failing
    (image,), watch = copy(source, target, "app:1")
    assert image.state is State.COPIED
    assert watch.done == watch.expected


def test_lost_answer_of_an_upload_that_went_well_is_noticed(source, target):
    source.image("r.example/app:1", b"layer")
    upload = target.upload_blob

    def losing(*arguments, **more):
        upload(*arguments, **more)
        raise Interrupted("broken")

    target.upload_blob = losing
    (image,), watch = copy(source, target, "app:1")
    assert (image.state, target.log.count("blob")) == (State.COPIED, 2)
    assert watch.done == watch.expected


def test_failure_that_stays_is_that_of_its_image_alone(source, target):
    source.image("r.example/good:1", b"a")
    source.image("r.example/bad:1", b"b")
    del source.blobs[f"sha256:{hashlib.sha256(b'b').hexdigest()}"]
    read = source.read_blob

    def reading(repository, descriptor):
        if descriptor.digest not in source.blobs:
            raise Denied("not for you")
        return read(repository, descriptor)

    source.read_blob = reading
    (bad, missing, good), _ = copy(source, target, "bad:1", "missing:1", "good:1")
    assert (bad.state, str(bad.failure)) == (State.FAILED, "not for you")
    assert (missing.state, str(missing.failure)) == (State.FAILED, "r.example/missing:1: not found")
    assert good.state is State.COPIED
    assert list(target.names) == ["m.example/good:1"]


def test_target_that_denies_what_it_does_not_have_is_written_to(source, target):
    source.image("r.example/app:1", b"a")

    def denying(_repository, _name):
        raise Denied("no such thing for you")

    target.digest_of = denying
    assert copy(source, target, "app:1")[0][0].state is State.COPIED


def test_full_disk_ends_the_run(source, target):
    source.image("r.example/app:1", b"a")

    def full(*_, **__):
        raise InputError("no space left on device")

    target.upload_blob = full
    with pytest.raises(InputError, match="no space left"):
        copy(source, target, "app:1")
    assert target.names == {}


def test_chosen_platforms_are_those_that_are_copied(source, target):
    parts = [
        {**source.image("", architecture.encode()), "platform": {"os": "linux", "architecture": architecture}}
        for architecture in ("amd64", "arm64", "s390x")
    ]
    top = source.keep("r.example/app:1", {"mediaType": OCI_INDEX, "manifests": parts})
    wanted = tuple(map(Platform.parse, ("arm64", "s390x", "riscv64")))
    (image,), _ = copy(source, target, "app:1", options=CopyOptions(wanted))
    assert image.state is State.COPIED
    assert [list(map(str, each)) for each in (image.platforms, image.lacking)] == [
        ["linux/arm64", "linux/s390x"],
        ["linux/riscv64"],
    ]
    assert image.digest == target.names["m.example/app:1"] != top["digest"]
    assert [each.digest for each in target.manifests[image.digest].images] == [each["digest"] for each in parts[1:]]


class Endless(Shelf):
    """Has a layer of any size, which is made while it is read."""

    def __init__(self, size):
        super().__init__()
        block = hashlib.shake_128(b"block").digest(64 * 1024)
        digest = hashlib.sha256()
        for _ in range(size // len(block)):
            digest.update(block)
        self._block = block
        layer = {"mediaType": "x", "digest": f"sha256:{digest.hexdigest()}", "size": size}
        content = {"config": self.add(b"{}"), "layers": [layer]}
        self.keep("r.example/app:1", {"schemaVersion": 2, "mediaType": OCI_MANIFEST, **content})

    def read_blob(self, repository, descriptor: Descriptor):
        if descriptor.digest in self.blobs:
            yield from super().read_blob(repository, descriptor)
            return
        for _ in range(descriptor.size // len(self._block)):
            yield bytes(self._block)


def test_memory_does_not_grow_with_the_blob(tmp_path):
    peaks = []
    for size in (1 * MIB, 32 * MIB):
        source, target = Endless(size), Layout.create(tmp_path / str(size))
        tracemalloc.start()
        (image,), _ = copy(source, target, "app:1")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert image.state is State.COPIED
    assert peaks[1] < peaks[0] + MIB // 2
