from __future__ import annotations

from pathlib import Path

import pytest
from images import write_layout

from chartkit.cli.app import main
from chartkit.images.lock import read_lock
from chartkit.images.locked import PlatformDigest

pytestmark = pytest.mark.real


@pytest.fixture
def lock(tmp_path, monkeypatch, capfd):
    """Runs `chartkit lock` for a chart with some images; gives the exit code and both outputs."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c/templates").mkdir(parents=True)
    Path("c/Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")

    def run(images, *words):
        containers = "".join(f"  - {{name: c{number}, image: '{image}'}}\n" for number, image in enumerate(images))
        Path("c/templates/p.yaml").write_text(
            f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n{containers}"
        )
        code = main(["lock", "--chart", "c", "--retries", "0", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return run


def test_digests_and_platforms_come_from_the_registry(lock, open_registry, push_image, image_layout, tmp_path):
    single = write_layout(tmp_path / "single", ["linux/arm64"])
    index, plain = (
        push_image(layout, open_registry, name) for layout, name in ((image_layout, "l/app:1.0"), (single, "l/one:2"))
    )
    code, _, err = lock([index, plain])
    assert code == 0, err
    found = read_lock(Path("images.lock").read_text(), "images.lock").images
    assert [(str(image.reference), image.digest) for image in found] == [
        (index, image_layout.digest),
        (plain, single.digest),
    ]
    assert found[0].platforms == tuple(PlatformDigest(*each) for each in image_layout.manifests.items())
    assert found[1].platforms == (PlatformDigest("linux/arm64", single.digest),)


def test_only_the_platforms_wanted_are_written(lock, open_registry, push_image, image_layout):
    index = push_image(image_layout, open_registry, "l/app:1.0")
    assert lock([index], "--platform", "arm64", "--format", "dt")[0] == 0
    (image,) = read_lock(Path("Images.lock").read_text(), "Images.lock").images
    assert image.platforms == (PlatformDigest("linux/arm64", image_layout.manifests["linux/arm64"]),)


@pytest.mark.parametrize("form", ["images.lock", "dt", "imgpkg"])
def test_tag_that_was_moved_is_drift(form, lock, open_registry, push_image, image_layout, tmp_path):
    image = push_image(image_layout, open_registry, f"l/moved-{form.replace('.', '-')}:1.0")
    assert lock([image], "--format", form, "-o", "the.lock")[0] == 0
    assert lock([image], "--check", "--online", "-o", "the.lock")[:2] == (0, "")
    other = write_layout(tmp_path / "other", text="another build")
    push_image(other, open_registry, image.partition("/")[2])
    code, out, _ = lock([image], "--check", "--online", "-o", "the.lock")
    assert code == 1
    assert out.startswith(f"digest: {image}")
    # The registry is only asked where that is wanted.
    assert lock([image], "--check", "-o", "the.lock")[:2] == (0, "")


def test_image_that_is_not_there_leaves_the_old_lock(lock, open_registry, push_image, image_layout):
    image = push_image(image_layout, open_registry, "l/app:1.0")
    assert lock([image])[0] == 0
    before = Path("images.lock").read_bytes()
    code, out, err = lock([image, f"{open_registry.host}/l/none:1"])
    assert (code, out) == (3, "")
    assert f"{open_registry.host}/l/none:1: " in err
    assert "no digest for 1 of 2 images" in err
    assert Path("images.lock").read_bytes() == before
