from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main
from chartkit.images.mirror_formats import WRITERS

Run = Callable[..., tuple[int, str, str]]

_DIGEST = "sha256:" + "a" * 64
_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  initContainers:
  - {name: i, image: "nginx:1.27"}
  containers:
  - {name: a, image: "{{ .Values.image }}"}
  - {name: b, image: "nginx:1.27"}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit mirror` for a chart; gives the exit code and both outputs."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    Path("c/templates").mkdir(parents=True)
    Path("c/Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    Path("c/values.yaml").write_text("image: quay.io/team/app:1.10\n")
    Path("c/templates/p.yaml").write_text(_POD)

    def mirror(*words: str) -> tuple[int, str, str]:
        code = main(["mirror", "c", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return mirror


def test_plan_is_json(run):
    code, out, err = run("--to", "m.local:5000/x", "--platform", "arm64,linux/amd64")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "to": "m.local:5000/x",
        "platforms": ["linux/arm64", "linux/amd64"],
        "images": [
            {
                "source": "docker.io/library/nginx:1.27",
                "target": "m.local:5000/x/nginx:1.27",
                "digest": "",
                "places": ["Pod/p"],
            },
            {
                "source": "quay.io/team/app:1.10",
                "target": "m.local:5000/x/team/app:1.10",
                "digest": "",
                "places": ["Pod/p"],
            },
        ],
    }


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "skopeo-sync"])
def test_every_format_names_every_image(name, run):
    code, out, err = run("--to", "m.local:5000/x", "--format", name)
    assert (code, err) == (0, "")
    for text in ("docker.io/library/nginx:1.27", "m.local:5000/x/team/app:1.10"):
        assert text in out


def test_values_count(run):
    Path("v.yaml").write_text("image: ghcr.io/x/y:2\n")
    assert run("v.yaml", "--to", "m.local", "--format", "list")[1] == (
        "docker.io/library/nginx:1.27 m.local/nginx:1.27\nghcr.io/x/y:2 m.local/x/y:2\n"
    )


def test_selection_and_mapping_count(run):
    Path("map.yaml").write_text("quay.io: m.local/quay\n")
    assert run("--map", "map.yaml", "--format", "list")[1] == "quay.io/team/app:1.10 m.local/quay/team/app:1.10\n"
    assert run("--to", "m.local", "--registry", "quay.io", "--format", "list")[1] == (
        "quay.io/team/app:1.10 m.local/team/app:1.10\n"
    )


def test_digests_of_a_lock_count(run):
    Path("images.lock").write_text(
        f"apiVersion: chartkit/v1\nkind: ImagesLock\nimages:\n- image: nginx:1.27\n  digest: {_DIGEST}\n"
    )
    code, out, err = run("--to", "m.local", "--lock", "images.lock", "--format", "list")
    assert code == 0
    assert f"docker.io/library/nginx@{_DIGEST} m.local/nginx:1.27\n" in out
    assert err == "warning: quay.io/team/app:1.10 has no digest in images.lock\n"


def test_what_is_no_reference_is_told(run):
    code, _, err = run("--set", "image=a b", "--to", "m.local")
    assert code == 0
    assert "warning: app/templates/p.yaml: 'a b' is left out: invalid reference format\n" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--format", "list"], "where to?"),
        (["--to", "m.local", "--format", "x"], 'unknown format "x"'),
        (["--to", "m.local", "--run", "--format", "crane"], "take one of them"),
        (["--to", "m.local", "--platform", "a/b/c/d"], "is no platform"),
        (["--to", "m.local", "--format", "crane", "--platform", "arm64,amd64"], "all platforms or one"),
        (["--to", "m.local", "--lock", "none.lock"], "cannot read none.lock"),
        (
            ["--to", "m.local", "--layout", "leaf", "--set", "image=quay.io/x/nginx:1"],
            "would both become m.local/nginx",
        ),
    ],
)
def test_failed_run_prints_nothing(words, message, run):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert message in err
