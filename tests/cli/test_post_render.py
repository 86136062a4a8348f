from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main
from chartkit.goyaml.load import load

Run = Callable[..., tuple[int, str, str]]

_DIGEST = "sha256:" + "a" * 64
_MANIFESTS = """\
---
# Source: c/templates/x.yaml
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
    - name: a
      image: "nginx:1.27"  # the web
    - {name: b, image: quay.io/team/app}
    - {name: c, image: 'a b'}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data:
  x.yaml: |
    image: ghcr.io/x/y:1.0
"""
_MOVED = (
    _MANIFESTS.replace("nginx:1.27", "mirror.local:5000/nginx:1.27")
    .replace("quay.io/team/app", "mirror.local:5000/team/app")
    .replace("ghcr.io/x/y", "mirror.local:5000/x/y")
)
_CHART = {
    "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    "c/templates/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
    "spec:\n  containers:\n  - {name: a, image: 'nginx:1.27'}\n",
    "c/templates/hook.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: h\n  annotations: {helm.sh/hook: test}\n"
    "spec:\n  containers:\n  - {name: a, image: busybox}\n",
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit post-render` with a text on its standard input; gives the exit code and both outputs."""
    monkeypatch.chdir(tmp_path)

    def post_render(*words: str, text: str = _MANIFESTS) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        code = main(["post-render", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return post_render


def test_images_move_between_standard_input_and_output(run):
    code, out, err = run("--to", "mirror.local:5000")
    assert (code, out) == (0, _MOVED)
    assert err == "warning: Pod/p: 'a b' stays as it is: invalid reference format\n"


def test_images_of_a_file_move(run):
    Path("m.yaml").write_text(_MANIFESTS)
    assert run("--to", "mirror.local:5000", "m.yaml", text="")[:2] == (0, _MOVED)


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (["--certainty", "certain"], {"nginx:1.27", "quay.io/team/app"}),
        (["--kind", "ConfigMap"], {"ghcr.io/x/y:1.0"}),
        (["--registry", "quay.io,ghcr.io"], {"quay.io/team/app", "ghcr.io/x/y:1.0"}),
    ],
    ids=["certainty", "kind", "registry"],
)
def test_only_what_is_chosen_moves(words, changed, run):
    out = run("--to", "mirror.local:5000", "--layout", "source", *words)[1]
    images = {"nginx:1.27", "quay.io/team/app", "ghcr.io/x/y:1.0"}
    assert {image for image in images if f"mirror.local:5000/{_source(image)}" in out} == changed


def _source(image: str) -> str:
    return f"docker.io/library/{image}" if "/" not in image else image


def test_mapping_sends_images_elsewhere(run):
    Path("map.yaml").write_text("quay.io: mirror.local:5000/quay\n")
    out = run("--map", "map.yaml")[1]
    assert out == _MANIFESTS.replace("quay.io/team/app", "mirror.local:5000/quay/team/app")


def test_kustomize_block_holds_the_same_moves(run):
    code, out, err = run("--to", "mirror.local:5000", "--format", "kustomize")
    assert code == 0
    assert out == (
        "images:\n"
        "  - name: ghcr.io/x/y\n    newName: mirror.local:5000/x/y\n"
        "  - name: nginx\n    newName: mirror.local:5000/nginx\n"
        "  - name: quay.io/team/app\n    newName: mirror.local:5000/team/app\n"
    )
    assert "warning: kustomize does not look at ghcr.io/x/y:1.0 in ConfigMap/conf: embedded\n" in err


def test_kustomize_block_without_images_is_empty(run):
    assert run("--to", "mirror.local:5000", "--format", "kustomize", text="a: 1\n")[:2] == (0, "images: []\n")


def test_digests_of_a_lock_are_added(run):
    Path("images.lock").write_text(
        f"apiVersion: chartkit/v1\nkind: ImagesLock\nimages:\n- image: nginx:1.27\n  digest: {_DIGEST}\n"
    )
    code, out, err = run("--to", "mirror.local:5000", "--pin", "images.lock")
    assert code == 0
    assert f'image: "mirror.local:5000/nginx:1.27@{_DIGEST}"  # the web\n' in out
    assert "warning: quay.io/team/app has no digest in images.lock\n" in err


@pytest.mark.parametrize(
    ("words", "text", "message"),
    [
        pytest.param([], _MANIFESTS, "where to?", id="no-destination"),
        pytest.param(["--to", "https://x"], _MANIFESTS, "without https://", id="scheme"),
        pytest.param(["--to", "m.local"], "a: [\n", "the standard input:1:5", id="no-yaml"),
        pytest.param(["--to", "m.local"], _MANIFESTS + "---\na\n", "the standard input:20:1", id="no-manifest"),
        pytest.param(["--to", "m.local", "none.yaml"], "", "cannot read none.yaml", id="missing-file"),
        pytest.param(["--to", "m.local", "a", "b"], "", "takes one file", id="two-files"),
        pytest.param(["--to", "m.local", "--format", "x"], "", 'unknown format "x"', id="format"),
        pytest.param(["--to", "m.local", "--layout", "leaf"], _MANIFESTS.replace("x/y:1.0", "x/app:1.0"),
                     "would both become m.local/app", id="collision"),
    ],
)  # fmt: skip
def test_failed_run_prints_nothing(words, text, message, run):
    code, out, err = run(*words, text=text)
    assert (code, out) == (2, "")
    assert message in err


def test_template_of_helm_3_takes_it_as_its_post_renderer(tmp_path, monkeypatch, capfd):
    _write(tmp_path)
    monkeypatch.chdir(tmp_path)
    script = _script(tmp_path)
    assert main(["template", "r", "c", "--helm", "3.17", "--post-renderer", str(script)]) == 0
    assert "image: 'mirror.local:5000/nginx:1.27'" in capfd.readouterr().out


def _write(folder: Path) -> None:
    for name, text in _CHART.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _script(folder: Path) -> Path:
    script = folder / "mirror.sh"
    script.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m chartkit post-render --to mirror.local:5000\n")
    script.chmod(0o755)
    return script


def _helm(major: int) -> str:
    """A real Helm of a major version: the one on the PATH, or one that `make record` fetched."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "helm-oracle"
    for program in filter(None, (shutil.which("helm"), *map(str, sorted(cache.glob(f"helm-{major}.*"), reverse=True)))):
        said = subprocess.run([program, "version", "--short"], capture_output=True, text=True).stdout
        if said.startswith(f"v{major}."):
            return program
    pytest.skip(f"there is no helm of version {major} on the PATH")


@pytest.mark.real
def test_helm_3_takes_it_as_its_post_renderer(tmp_path):
    helm = _helm(3)
    _write(tmp_path)
    words = [helm, "template", "r", str(tmp_path / "c")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    plain = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    moved = subprocess.run(
        [*words, "--post-renderer", str(_script(tmp_path))], capture_output=True, text=True, check=True, env=environment
    ).stdout
    # Helm 3 gives hooks to no post-renderer.
    assert moved == plain.replace("'nginx:1.27'", "'mirror.local:5000/nginx:1.27'")


@pytest.mark.real
def test_helm_4_takes_it_as_a_plugin(tmp_path):
    helm = _helm(4)
    _write(tmp_path)
    plugin = tmp_path / "plugins/mirror"
    plugin.mkdir(parents=True)
    (plugin / "plugin.yaml").write_text(
        "apiVersion: v1\ntype: postrenderer/v1\nname: mirror\nversion: 0.1.0\nruntime: subprocess\n"
        f"runtimeConfig:\n  platformCommand:\n    - command: {_script(tmp_path)}\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "HELM_PLUGINS": str(plugin.parent)}
    words = [helm, "template", "r", str(tmp_path / "c"), "--post-renderer", "mirror"]
    moved = subprocess.run(words, capture_output=True, text=True, check=True, env=environment).stdout
    assert "mirror.local:5000/nginx:1.27" in moved
    assert "image: busybox" not in moved
    assert "mirror.local:5000/busybox" in moved


@pytest.mark.real
def test_kustomize_makes_the_same_of_the_block(run):
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not installed")
    images = ("nginx", "nginx:1.27", "quay.io/team/app:1.0", f"docker.io/library/redis@{_DIGEST}", f"a/b:1@{_DIGEST}")
    containers = "".join(f"  - {{name: c{number}, image: '{image}'}}\n" for number, image in enumerate(images))
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n{containers}"
    Path("m.yaml").write_text(text)
    block = run("--to", "mirror.local:5000/x", "--format", "kustomize", text=text)[1]
    Path("kustomization.yaml").write_text(f"resources: [m.yaml]\n{block}")
    built = subprocess.run([kubectl, "kustomize", "."], capture_output=True, text=True, check=True).stdout
    moved = run("--to", "mirror.local:5000/x", text=text)[1]
    pods = [load(manifests)["spec"]["containers"] for manifests in (built, moved)]
    assert pods[0] == pods[1]
