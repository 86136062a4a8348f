from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main
from chartkit.images.lock import read_lock

Run = Callable[..., tuple[int, str, str]]

_DIGEST = "sha256:" + "a" * 64
_TEMPLATE = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
{{ range .Values.images }}
  - {name: c, image: "{{ . }}"}
{{ end }}
"""
_VALUES = f"images: [nginx:1.27, quay.io/a/b@{_DIGEST}]\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit lock` beside a chart `c` and the values file `v/prod.yaml`; gives exit code and both outputs."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    Path("c/templates").mkdir(parents=True)
    Path("c/Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.2.3\nappVersion: '1.10'\n")
    Path("c/values.yaml").write_text("images: []\n")
    Path("c/templates/p.yaml").write_text(_TEMPLATE)
    Path("v").mkdir()
    Path("v/prod.yaml").write_text(_VALUES)

    def lock(*words: str) -> tuple[int, str, str]:
        code = main(["lock", "--chart", "c", *words])
        out, err = capfd.readouterr()
        return code, out, "".join(line for line in err.splitlines(keepends=True) if not line.startswith("chart: "))

    return lock


def test_lock_names_chart_values_and_images(run):
    code, out, err = run("v/prod.yaml", "--offline")
    assert (code, out, err) == (0, "", "images.lock: 2 images, 1 of them without a digest\n")
    assert Path("images.lock").read_text() == (
        "# Written by `chartkit lock`; `chartkit lock --check` holds the chart against it.\n"
        "apiVersion: chartkit/v1\nkind: ImagesLock\n"
        'chart:\n  name: app\n  version: 1.2.3\n  appVersion: "1.10"\n'
        f"values:\n  - file: v/prod.yaml\n    sha256: {hashlib.sha256(_VALUES.encode()).hexdigest()}\n"
        "images:\n  - image: docker.io/library/nginx:1.27\n    charts:\n      - app\n"
        f"  - image: quay.io/a/b@{_DIGEST}\n    digest: {_DIGEST}\n    charts:\n      - app\n"
    )


def test_lock_is_the_same_when_it_is_written_again(run):
    run("v/prod.yaml", "--offline")
    first = Path("images.lock").read_bytes()
    run("v/prod.yaml", "--offline")
    assert Path("images.lock").read_bytes() == first


def test_lock_can_be_printed(run):
    code, out, _ = run("v/prod.yaml", "--offline", "-o", "-")
    assert code == 0
    assert len(read_lock(out, "-").images) == 2
    assert not Path("images.lock").exists()


def test_values_files_are_named_from_the_folder_of_the_lock(run):
    run("v/prod.yaml", "--offline", "-o", "locks/prod.lock")
    assert "file: ../v/prod.yaml\n" in Path("locks/prod.lock").read_text()
    assert run("--check", "-o", "locks/prod.lock")[:2] == (0, "")


def test_check_takes_the_values_files_of_the_lock(run):
    run("v/prod.yaml", "--offline")
    assert run("--check") == (0, "", "")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(
            _VALUES.replace("1.27", "1.28"),
            "values: v/prod.yaml has changed\nretagged: docker.io/library/nginx: :1.27 -> :1.28\n",
            id="retagged",
        ),
        pytest.param(
            _VALUES.replace("nginx:1.27", "nginx:1.27, redis:7"),
            "values: v/prod.yaml has changed\nadded: docker.io/library/redis:7 is not in the lock\n",
            id="added",
        ),
        pytest.param(
            _VALUES.replace("nginx:1.27, ", ""),
            "values: v/prod.yaml has changed\nremoved: docker.io/library/nginx:1.27 is in the lock only\n",
            id="removed",
        ),
        pytest.param(f"# c\n{_VALUES}", "values: v/prod.yaml has changed\n", id="comment"),
    ],
)
def test_check_finds_what_drifted(values, expected, run):
    run("v/prod.yaml", "--offline")
    Path("v/prod.yaml").write_text(values)
    assert run("--check")[:2] == (1, expected)


def test_check_finds_another_chart(run):
    run("v/prod.yaml", "--offline")
    Path("c/Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.3.0\nappVersion: '1.10'\n")
    assert run("--check")[:2] == (1, "chart: app: app 1.2.3 (app 1.10) -> app 1.3.0 (app 1.10)\n")


def test_check_tells_in_json(run):
    run("v/prod.yaml", "--offline")
    Path("v/prod.yaml").write_text(_VALUES.replace("1.27", "1.28"))
    code, out, _ = run("--check", "--json")
    assert code == 1
    assert json.loads(out)["drift"][1] == {
        "kind": "retagged",
        "subject": "docker.io/library/nginx",
        "before": ":1.27",
        "after": ":1.28",
    }


def test_flags_count_but_are_not_written_down(run):
    code, _, err = run("--offline", "--set", "images={redis:7}")
    assert code == 0
    assert "note: what --set gives is not written into the lock" in err
    assert run("--check", "--set", "images={redis:7}")[0] == 0
    assert run("--check")[0] == 1


def test_check_reads_the_locks_of_others(run):
    Path("Images.lock").write_text(
        "apiVersion: v0\nkind: ImagesLock\nchart: {name: app, version: 1.2.3, appVersion: '1.10'}\n"
        "images:\n- {name: nginx, image: nginx:1.27, chart: app, digests: []}\n"
        f"- {{name: b, image: quay.io/a/b@{_DIGEST}}}\n"
    )
    assert run("v/prod.yaml", "--check", "-o", "Images.lock")[:2] == (0, "")


def test_what_is_no_reference_is_told(run):
    Path("v/prod.yaml").write_text("images: ['a b']\n")
    code, _, err = run("v/prod.yaml", "--offline")
    assert code == 0
    assert "warning: app/templates/p.yaml: 'a b' is left out: invalid reference format" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--offline", "--format", "dt", "v/prod.yaml"], "no digest is known for docker.io/library/nginx:1.27"),
        (["--offline", "--format", "imgpkg", "v/prod.yaml"], "no digest is known for docker.io/library/nginx:1.27"),
        (["--format", "x"], 'unknown format "x"'),
        (["--online", "--offline"], "do not go together"),
        (["--check", "-o", "none.lock"], "cannot read none.lock"),
        (["--check", "-o", "v/prod.yaml"], "v/prod.yaml: no lock of images"),
        (["--offline", "v/none.yaml"], "v/none.yaml"),
    ],
)
def test_failed_run_writes_nothing(words, message, run):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert sorted(path.name for path in Path().iterdir()) == [".git", "c", "v"]
