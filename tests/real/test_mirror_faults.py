from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from faults import corrupted, cut, slow, status, times, truncated
from images import write_layout

from chartkit.adapters.registry import UrllibTransport
from chartkit.cli.mirror_run import Progress, follow
from chartkit.oci.client import RegistryClient
from chartkit.oci.copy import CopyOptions, CopyRun
from chartkit.oci.exchange import Patience
from chartkit.reference import ImageReference

pytestmark = pytest.mark.real


class NoKeys:
    def credential(self, registry, repository=""):
        return None


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """An image whose layers are larger than what is held at once."""
    return write_layout(tmp_path_factory.mktemp("big") / "image", size=700_000)


@pytest.fixture
def origin(open_registry, push_image, big):
    return push_image(big, open_registry, "team/big:1.0")


@pytest.fixture
def mirror(capfd):
    """Copies `(source, target)` pairs without long waits; gives the exit code and both outputs."""

    def run(*plan, platforms=(), workers=2):
        patience = Patience(attempts=3, first=0.01)
        client = RegistryClient(UrllibTransport(), NoKeys(), patience=patience)
        options = CopyOptions(tuple(platforms), workers, patience)
        progress = Progress(len(plan), sys.stderr)
        pairs = [tuple(map(ImageReference.parse, pair)) for pair in plan]
        code = follow(CopyRun(client, client, pairs, progress, options), progress)
        return code, *capfd.readouterr()

    return run


def through(server, reference):
    """A reference by way of another server."""
    return f"{server.host}/{reference.partition('/')[2]}"


@pytest.mark.parametrize(
    "fault",
    [
        times(2, status(500), "GET", "manifests"),
        times(2, status(503), "blobs/sha256"),
        times(2, status(429, Retry_After="0"), "GET"),
        times(1, lambda handler: handler.hang_up(), "GET", "blobs"),
    ],
    ids=["500", "503", "429", "hang-up"],
)
def test_passing_fault_of_the_source_is_waited_out(fault, faulty, open_registry, origin, mirror, big):
    server = faulty(open_registry)
    server.faults = [fault]
    goal = f"{open_registry.host}/waited-{os.urandom(4).hex()}/big:1.0"
    assert mirror((through(server, origin), goal))[:2] == (0, f"{goal} {big.digest}\n")


@pytest.mark.parametrize(
    "fault",
    [
        times(2, status(500), "PUT"),
        times(2, status(429, Retry_After="0"), "POST"),
        times(2, cut, "PUT", "uploads"),
        times(1, lambda handler: handler.hang_up(), "PUT", "manifests"),
    ],
    ids=["500", "429", "cut", "hang-up"],
)
def test_passing_fault_of_the_target_is_waited_out(fault, faulty, start_registry, origin, mirror, big):
    target = start_registry()
    server = faulty(target)
    server.faults = [fault]
    goal = f"{server.host}/team/big:1.0"
    assert mirror((origin, goal))[:2] == (0, f"{goal} {big.digest}\n")


def test_broken_download_is_read_on_from_where_it_broke(faulty, open_registry, start_registry, origin, mirror, big):
    server, target = faulty(open_registry), start_registry()
    layer = big.layers["linux/amd64"]
    server.faults = [times(1, truncated, "GET", layer)]
    assert mirror((through(server, origin), f"{target.host}/a/big:1"))[0] == 0
    size = big.blob(layer).stat().st_size
    assert server.ranges == [f"bytes={size // 2}-"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [(truncated, "ended after"), (corrupted, "it was changed on the way")],
    ids=["short", "changed"],
)
def test_layer_that_stays_wrong_is_named_and_nothing_is_tagged(
    fault, words, faulty, open_registry, start_registry, origin, mirror, big
):
    server, target = faulty(open_registry), start_registry()
    layer = big.layers["linux/arm64"]
    # Ranges are not honoured either, so that it never comes whole.
    server.faults = [times(99, fault, "GET", layer)]
    goal = f"{target.host}/a/big:1"
    code, out, err = mirror((through(server, origin), goal))
    assert (code, out) == (3, "")
    assert f"failed: 0 of 1 images are there; missing:\n  {goal}: " in err
    assert words in err or "the connection broke" in err
    assert not target.blob_file(layer).exists()
    assert tags(target, "a/big") is None


def test_blob_that_is_cut_in_the_registry_is_named(start_registry, push_image, open_registry, mirror, big):
    source = start_registry()
    origin = push_image(big, source, "a/big:1")
    layer = big.layers["linux/amd64"]
    os.truncate(source.blob_file(layer), 1000)
    code, _, err = mirror((origin, f"{open_registry.host}/cut/big:1"))
    assert code == 3
    assert f"{source.host}/a/big@{layer}: the registry has only 1000 of its" in err
    assert tags(open_registry, "cut/big") is None


def test_manifest_with_a_wrong_digest_is_refused(faulty, open_registry, origin, mirror, big):
    server = faulty(open_registry)
    server.faults = [times(99, corrupted, "GET", "manifests", big.manifests["linux/amd64"])]
    code, _, err = mirror((through(server, origin), f"{open_registry.host}/wrong/big:1"))
    assert code == 3
    assert f"the manifest {big.manifests['linux/amd64']} has the digest sha256:" in err
    assert tags(open_registry, "wrong/big") is None


def test_proxy_that_takes_no_large_bodies_gets_chunks(faulty, start_registry, origin, mirror, big, raw_manifest):
    target = start_registry()
    server = faulty(target)
    server.faults = [times(99, lambda handler: too_large(handler), "PUT", "uploads")]
    code, _, err = mirror((origin, f"{server.host}/chunks/big:1"))
    assert code == 0, err
    assert any(each.startswith("PATCH") for each in server.seen)
    assert raw_manifest(target, "chunks/big:1")[0] == big.digest


def too_large(handler):
    """Refuses bodies of more than 256 KiB."""
    if int(handler.headers["Content-Length"]) <= 256 * 1024:
        return False
    return status(413)(handler)


def test_registry_that_always_fails_is_given_up_and_quoted(faulty, open_registry, origin, mirror):
    server = faulty(open_registry)
    body = b'{"errors": [{"code": "UNKNOWN", "message": "disk \\u001b[31m is\\n full"}]}'
    server.faults = [times(99, status(500, body), "PUT", "manifests")]
    code, _, err = mirror((origin, f"{server.host}/never/big:1"))
    assert code == 3
    assert "the registry failed with status 500: disk [31m is full\n" in err
    assert tags(open_registry, "never/big") is None


def test_registry_killed_midway_leaves_nothing_tagged_and_the_next_run_goes_on(
    faulty, start_registry, open_registry, push_image, origin, mirror, big, image_layout
):
    target = start_registry(name="killed")
    server = faulty(target)
    small = push_image(image_layout, open_registry, "team/small:1.0")
    layer = big.layers["linux/arm64"]  # the last blob of the last image

    def kill(_handler):
        target.stop()
        return False

    server.faults = [times(1, kill, "PUT", layer.partition(":")[2])]
    plan = [(small, f"{server.host}/a/small:1"), (origin, f"{server.host}/a/big:1")]
    code, out, err = mirror(*plan, workers=1)
    assert (code, out) == (3, f"{plan[0][1]} {image_layout.digest}\n")
    assert f"failed: 1 of 2 images are there; missing:\n  {plan[1][1]}: " in err
    again = start_registry(name="killed", port=int(target.host.rpartition(":")[2]))
    assert (tags(again, "a/small"), tags(again, "a/big")) == (["1"], None)
    server.seen.clear()
    code, out, _ = mirror(*plan)
    assert (code, len(out.splitlines())) == (0, 2)
    uploads = [each for each in server.seen if each.startswith("PUT") and "uploads" in each]
    assert any(layer.partition(":")[2] in each for each in uploads)
    shared = [each for each in server.seen if each.startswith("POST")]
    assert len(shared) < 5, "what was there is not sent again"


def test_interrupt_says_what_is_missing_and_leaves_nothing_tagged(
    faulty, start_registry, open_registry, push_image, origin, big, image_layout, tmp_path
):
    target = start_registry()
    server = faulty(open_registry)
    server.faults = [times(99, slow(30), "GET", big.layers["linux/arm64"])]
    small = push_image(image_layout, open_registry, "team/small:1.0")
    script = tmp_path / "run_copies.py"
    plan = [(small, f"{target.host}/a/small:1"), (through(server, origin), f"{target.host}/a/big:1")]
    script.write_text(_SCRIPT.format(plan=plan))
    started = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    try:
        wait_for(lambda: any(big.layers["linux/arm64"] in each for each in server.seen) and tags(target, "a/small"))
        began = time.monotonic()
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=20)
    finally:
        started.kill()
    assert started.returncode == 130
    assert time.monotonic() - began < 8
    assert f"interrupted: 1 of 2 images are there; missing:\n  {plan[1][1]}\n" in err
    assert (out, "Traceback" in err) == ("", False)
    assert tags(target, "a/big") is None


_SCRIPT = """
import sys
from chartkit.cli.exits import run_guarded
from chartkit.cli.flags import Words
from chartkit.cli.mirror_run import run_copies
from chartkit.reference import ImageReference

plan = [tuple(map(ImageReference.parse, pair)) for pair in {plan!r}]
sys.exit(run_guarded(lambda: run_copies(plan, Words()), []))
"""


def tags(registry, repository):
    """The tags of a repository; `None` if there is none."""
    import json
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(f"{registry.url}/v2/{repository}/tags/list", timeout=5) as answer:
            return json.load(answer)["tags"]
    except urllib.error.HTTPError as error:
        error.close()
        return None


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
