"""What `chartkit devfile plan` writes, done by the tools it is for: podman and skopeo, between registries here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from chartkit.cli.app import main

pytestmark = pytest.mark.real


@pytest.fixture
def shell(tmp_path):
    """Runs commands one after the other."""
    home = tmp_path / "home"
    (home / ".config/containers").mkdir(parents=True)
    (home / ".config/containers/policy.json").write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    settings = tmp_path / "storage.conf"
    settings.write_text(f'[storage]\ndriver = "vfs"\ngraphroot = "{home}/g"\nrunroot = "{home}/r"\n')
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "CONTAINERS_STORAGE_CONF": str(settings),
    }

    def run(commands):
        script = "\n".join(["set -e", *commands])
        done = subprocess.run(["sh"], input=script, capture_output=True, text=True, env=environment, timeout=120)
        assert done.returncode == 0, done.stderr

    return run


@pytest.mark.parametrize("tool", ["skopeo", "podman"])
def test_a_stack_works_from_the_registry_behind_the_gap(
    tool, shell, open_registry, start_registry, push_image, raw_manifest, image_layout, tmp_path, monkeypatch, capfd
):
    for name in ("skopeo", tool):
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed (apt-get install {name})")
    monkeypatch.chdir(tmp_path)
    tagged = push_image(image_layout, open_registry, "team/app:1.0")
    pinned = f"{open_registry.host}/team/app@{image_layout.digest}"
    (tmp_path / "devfile.yaml").write_text(
        "schemaVersion: 2.2.2\nmetadata: {name: x}\ncomponents:\n"
        f"- {{name: a, container: {{image: '{tagged}'}}}}\n- {{name: b, container: {{image: '{pinned}'}}}}\n"
    )
    target = start_registry()
    words = ("--to", f"{target.host}/airgap", "devfile.yaml")
    plain = ("--plain-http", f"{open_registry.host},{target.host}")
    assert main(["devfile", "plan", *words, *plain, "--tool", tool, "--format", "json"]) == 0
    shell(json.loads(capfd.readouterr().out)["steps"][0]["commands"])
    assert main(["devfile", "relocate", *words]) == 0
    assert main(["devfile", "check", "--offline", *words]) == 0
    assert raw_manifest(target, f"airgap/app@{image_layout.digest}")[0] == image_layout.digest
    # podman packs the image of one platform anew; skopeo copies all of it as it is.
    assert (raw_manifest(target, "airgap/app:1.0")[0] == image_layout.digest) is (tool == "skopeo")
