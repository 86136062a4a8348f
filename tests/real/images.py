"""Small images made by hand: OCI layouts written byte by byte, and skopeo, which brings them to registries and back.

| fixture | what it is |
|---|---|
| image_layout | the layout of one image for linux/amd64 and linux/arm64 |
| skopeo | runs skopeo with some words; gives its standard output |
| push_image | brings a layout into a registry: `push_image(layout, registry, "team/app:1.0")` |
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
PLATFORMS = ("linux/amd64", "linux/arm64")


@dataclass(frozen=True)
class LayoutOnDisk:
    """An OCI layout.

    Attributes:
        path: its folder.
        digest: of the index, or of the manifest where there is one platform only.
        manifests: by platform the digest of its manifest.
        layers: by platform the digest of its own layer.
    """

    path: Path
    digest: str
    manifests: dict[str, str]
    layers: dict[str, str]

    def blob(self, digest: str) -> Path:
        """The file of a blob."""
        return self.path / "blobs" / digest.replace(":", "/")


def write_layout(
    folder: Path, platforms: Sequence[str] = PLATFORMS, *, size: int = 1000, text: str = ""
) -> LayoutOnDisk:
    """An image with a layer that all platforms share, and one of each platform's own with a file of some bytes.

    One platform makes a plain image without an index, as `docker build` does.
    """
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    shared = _layer("etc/shared", f"shared {text}\n".encode())
    entries, layers = [], {}
    for platform in platforms:
        own = _layer("bin/app", _noise(f"{platform} {text}", size))
        layers[platform] = _add(blobs, own, LAYER)["digest"]
        entries.append(_image(blobs, platform, [shared, own]))
    if len(platforms) > 1:
        top = _add(blobs, _json({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}), INDEX)
    else:
        top = {key: value for key, value in entries[0].items() if key != "platform"}
    named = {**top, "annotations": {"org.opencontainers.image.ref.name": "made"}}
    (folder / "index.json").write_bytes(_json({"schemaVersion": 2, "manifests": [named]}))
    manifests = {platform: entry["digest"] for platform, entry in zip(platforms, entries, strict=True)}
    return LayoutOnDisk(folder, top["digest"], manifests, layers)


def _image(blobs: Path, platform: str, layers: list[bytes]) -> dict:
    system, architecture, *variant = platform.split("/")
    place = {"os": system, "architecture": architecture} | ({"variant": variant[0]} if variant else {})
    ids = [f"sha256:{hashlib.sha256(gzip.decompress(layer)).hexdigest()}" for layer in layers]
    config = _json({**place, "config": {"Cmd": ["/bin/app"]}, "rootfs": {"type": "layers", "diff_ids": ids}})
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": _add(blobs, config, CONFIG),
        "layers": [_add(blobs, layer, LAYER) for layer in layers],
    }
    return {**_add(blobs, _json(manifest), MANIFEST), "platform": place}


def _layer(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, compresslevel=1) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def _noise(seed: str, size: int) -> bytes:
    """Bytes that do not compress, and are always the same."""
    return hashlib.shake_128(seed.encode()).digest(size)


def _add(blobs: Path, data: bytes, media_type: str) -> dict:
    digits = hashlib.sha256(data).hexdigest()
    (blobs / digits).write_bytes(data)
    return {"mediaType": media_type, "digest": f"sha256:{digits}", "size": len(data)}


def _json(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


Skopeo = Callable[..., str]


@pytest.fixture(scope="session")
def image_layout(tmp_path_factory) -> LayoutOnDisk:
    """An image for two platforms."""
    return write_layout(tmp_path_factory.mktemp("layout") / "image")


@pytest.fixture(scope="session")
def skopeo(tmp_path_factory) -> Skopeo:
    """Runs skopeo with some words; gives its standard output."""
    program = shutil.which("skopeo")
    if program is None:
        pytest.skip("skopeo is not installed (apt-get install skopeo)")
    home = tmp_path_factory.mktemp("skopeo")
    (home / "policy.json").write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home)}

    def run(*words: object) -> str:
        command = [program, "--policy", home / "policy.json", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def push_image(skopeo) -> Callable[..., str]:
    """Brings a layout into a registry, and gives the reference that it has there."""

    def push(layout: LayoutOnDisk, registry, name: str) -> str:
        login = [f"--dest-creds={registry.username}:{registry.password}"] if registry.username else []
        target = f"docker://{registry.host}/{name}"
        skopeo("copy", "--all", "--quiet", "--dest-tls-verify=false", *login, f"oci:{layout.path}:made", target)
        return f"{registry.host}/{name}"

    return push


@pytest.fixture(scope="session")
def raw_manifest(skopeo) -> Callable[..., dict]:
    """What skopeo reads of an image in a registry: its digest and its manifest."""

    def inspect(registry, name: str) -> tuple[str, dict]:
        login = [f"--creds={registry.username}:{registry.password}"] if registry.username else []
        text = skopeo("inspect", "--raw", "--tls-verify=false", *login, f"docker://{registry.host}/{name}")
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}", json.loads(text)

    return inspect
