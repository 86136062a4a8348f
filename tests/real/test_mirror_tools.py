"""What `chartkit mirror` writes for other tools, done by those tools: skopeo and podman, between registries here."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile

import pytest
from images import write_layout

from chartkit.cli.app import main

pytestmark = pytest.mark.real


@pytest.fixture
def mirror(tmp_path, monkeypatch, capfd):
    """Runs `chartkit mirror` for a chart with some images; gives what it prints."""
    monkeypatch.chdir(tmp_path)

    def run(images, *words):
        (tmp_path / "c/templates").mkdir(parents=True, exist_ok=True)
        (tmp_path / "c/Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
        containers = "".join(f"  - {{name: c{number}, image: '{image}'}}\n" for number, image in enumerate(images))
        (tmp_path / "c/templates/p.yaml").write_text(
            f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n{containers}"
        )
        code = main(["mirror", "c", *words])
        out, err = capfd.readouterr()
        assert code == 0, err
        return out

    return run


@pytest.fixture
def shell(tmp_path):
    """Runs a script; gives what it prints."""
    home = tmp_path / "home"
    (home / ".config/containers").mkdir(parents=True)
    (home / ".config/containers/policy.json").write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}

    def run(script):
        done = subprocess.run(
            ["sh"], input=script, capture_output=True, text=True, env=environment, timeout=120, cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    return run


def test_skopeo_script_keeps_digests_and_platforms(
    mirror, shell, open_registry, push_image, raw_manifest, image_layout
):
    tagged = push_image(image_layout, open_registry, "team/app:1.0")
    pinned = f"{open_registry.host}/team/app@{image_layout.digest}"
    goal = f"{open_registry.host}/skopeo-script"
    # The one host is source and target: only a mapping moves images within it.
    _map(f"{open_registry.host}/team", goal)
    words = ("--map", "map.yaml", "--plain-http", open_registry.host)
    script = mirror([tagged, pinned], *words, "--format", "skopeo")
    shell(script)
    assert raw_manifest(open_registry, "skopeo-script/app:1.0")[0] == image_layout.digest
    assert raw_manifest(open_registry, f"skopeo-script/app@{image_layout.digest}")[0] == image_layout.digest
    # It may be run again.
    shell(script)


def test_skopeo_script_takes_one_platform(mirror, shell, open_registry, push_image, raw_manifest, image_layout):
    image = push_image(image_layout, open_registry, "team/app:1.0")
    _map(f"{open_registry.host}/team", f"{open_registry.host}/one-platform")
    words = ("--map", "map.yaml", "--plain-http", open_registry.host, "--platform", "arm64")
    shell(mirror([image], *words, "--format", "skopeo"))
    assert raw_manifest(open_registry, "one-platform/app:1.0")[0] == image_layout.manifests["linux/arm64"]


def test_skopeo_sync_makes_the_names_of_the_plan(
    mirror, shell, open_registry, start_registry, push_image, raw_manifest, image_layout, tmp_path
):
    image = push_image(image_layout, open_registry, "team/sync:1.10")
    target = start_registry()
    plain = ("--plain-http", f"{open_registry.host},{target.host}")
    words = ("--to", f"{target.host}/x", "--layout", "leaf", *plain)
    text = mirror([image], *words, "--format", "skopeo-sync")
    (tmp_path / "FILE").write_text(text)
    shell(text.partition("\n")[0].removeprefix("# "))
    assert raw_manifest(target, "x/sync:1.10")[0] == image_layout.digest


def test_podman_script_copies_the_image_of_a_platform(mirror, shell, open_registry, push_image, raw_manifest, tmp_path):
    if shutil.which("podman") is None:
        pytest.skip("podman is not installed (apt-get install podman)")
    layout = write_layout(tmp_path / "layout", ["linux/amd64", "linux/arm64"], text="podman")
    image = push_image(layout, open_registry, "team/podman:1.0")
    _map(f"{open_registry.host}/team", f"{open_registry.host}/by-podman")
    words = ("--map", "map.yaml", "--plain-http", open_registry.host, "--platform", "arm64")
    script = mirror([image], *words, "--format", "podman")
    # podman wants short paths.
    with tempfile.TemporaryDirectory(prefix="p") as folder:
        storage = f"--root {shlex.quote(folder)}/s --runroot {shlex.quote(folder)}/r --storage-driver vfs"
        shell(script.replace("podman p", f"podman {storage} p"))
    manifest = raw_manifest(open_registry, "by-podman/podman:1.0")[1]
    assert len(manifest["layers"]) == 2


def test_list_feeds_a_loop(mirror, shell, open_registry, push_image, raw_manifest, image_layout):
    image = push_image(image_layout, open_registry, "team/app:1.0")
    _map(f"{open_registry.host}/team", f"{open_registry.host}/by-list")
    listed = mirror([image], "--map", "map.yaml", "--format", "list")
    assert listed == f"{image} {open_registry.host}/by-list/app:1.0\n"


def test_run_copies_the_same_plan(mirror, open_registry, push_image, raw_manifest, image_layout):
    image = push_image(image_layout, open_registry, "team/app:1.0")
    _map(f"{open_registry.host}/team", f"{open_registry.host}/by-run")
    out = mirror([image], "--map", "map.yaml", "--run")
    assert out == f"{open_registry.host}/by-run/app:1.0 {image_layout.digest}\n"
    assert raw_manifest(open_registry, "by-run/app:1.0")[0] == image_layout.digest


def _map(source, target):
    with open("map.yaml", "w", encoding="utf-8") as file:
        file.write(f"{source}: {target}\n")
