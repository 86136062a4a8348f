from __future__ import annotations

import io
import os
import shutil
import subprocess
import tracemalloc

import pytest
from images import write_layout

from chartkit.adapters.registry import UrllibTransport
from chartkit.cli.flags import Words
from chartkit.cli.mirror_run import Progress, follow, plan_run
from chartkit.errors import InputError
from chartkit.oci.client import RegistryClient
from chartkit.oci.copy import CopyRun
from chartkit.oci.layout import Layout
from chartkit.reference import ImageReference

pytestmark = pytest.mark.real


class NoKeys:
    def credential(self, registry, repository=""):
        return None


@pytest.fixture
def client():
    return RegistryClient(UrllibTransport(), NoKeys())


def pair(source, target):
    return ImageReference.parse(source), ImageReference.parse(target)


def test_image_goes_through_a_layout_that_skopeo_reads(
    client, open_registry, push_image, image_layout, skopeo, raw_manifest, tmp_path, capfd
):
    origin = push_image(image_layout, open_registry, "team/app:1.0")
    layout = Layout.create(tmp_path / "layout")
    assert follow(*plan_run(client, layout, [pair(origin, origin)], Words())) == 0
    assert layout.names() == {origin: image_layout.digest}
    skopeo("copy", "--all", f"oci:{layout.folder}:{origin}", f"oci:{tmp_path}/again:x")
    assert (tmp_path / "again/blobs" / image_layout.digest.replace(":", "/")).exists()
    goal = f"{open_registry.host}/beyond/app:1.0"
    assert follow(*plan_run(Layout.open(layout.folder), client, [pair(origin, goal)], Words())) == 0
    assert raw_manifest(open_registry, "beyond/app:1.0")[0] == image_layout.digest
    assert capfd.readouterr().out.splitlines() == [f"{name} {image_layout.digest}" for name in (origin, goal)]


def test_layout_of_another_tool_is_copied_by_digest(client, open_registry, image_layout, raw_manifest):
    source = f"docker.io/team/app@{image_layout.digest}"
    goal = f"{open_registry.host}/by-digest/app:1.0"
    assert follow(*plan_run(Layout.open(image_layout.path), client, [pair(source, goal)], Words())) == 0
    assert raw_manifest(open_registry, "by-digest/app:1.0")[0] == image_layout.digest


@pytest.fixture
def tiny_disk(tmp_path):
    """A disk of 256 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() or not mount:
        pytest.skip("only root may mount a small disk")
    mounted = subprocess.run([mount, "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    yield place
    subprocess.run([shutil.which("umount") or "umount", place], check=True)


def test_full_disk_is_told_and_no_part_is_left(client, open_registry, push_image, tiny_disk, tmp_path):
    big = write_layout(tmp_path / "big", size=400_000)
    origin = push_image(big, open_registry, "team/large:1.0")
    layout = Layout.create(tiny_disk / "layout")
    run, progress = plan_run(client, layout, [pair(origin, origin)], Words())
    with pytest.raises(InputError, match="no space left on device"):
        follow(run, progress)
    assert Layout.open(layout.folder).names() == {}
    assert [path for path in layout.folder.rglob(".part-*")] == []


def test_memory_does_not_grow_with_the_blob(client, open_registry, start_registry, push_image, tmp_path):
    target, peaks = start_registry(), []
    for size in (2_000_000, 24_000_000):
        layout = write_layout(tmp_path / str(size), ["linux/amd64"], size=size)
        origin = push_image(layout, open_registry, f"memory/app:{size}")
        progress = Progress(1, io.StringIO())
        tracemalloc.start()
        run = CopyRun(client, client, [pair(origin, f"{target.host}/memory/app:{size}")], progress)
        run.run()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert run.images[0].state.good
    assert peaks[1] < peaks[0] + 1_000_000
