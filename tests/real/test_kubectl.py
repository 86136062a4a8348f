"""Pull secrets and test pods, held against the real kubectl."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from kubectl import ask

from chartkit.goyaml.load import load
from chartkit.images.pull_pod import PullPod, manifest_text
from chartkit.reference import ImageReference

RECORDED = Path(__file__).parents[2] / "fixtures" / "kubectl" / "secrets.jsonl"

pytestmark = pytest.mark.real


@pytest.fixture(autouse=True, scope="module")
def _kubectl() -> None:
    if not shutil.which("kubectl"):
        pytest.skip("needs kubectl")


def _without_time(text: str) -> str:
    """The manifest without a field that newer versions of kubectl leave out."""
    return text.replace("  creationTimestamp: null\n", "")


def _cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in RECORDED.read_text().splitlines()]


@pytest.mark.parametrize("part", range(4))
def test_kubectl_makes_what_was_recorded(part: int) -> None:
    for recorded in _cases()[part::4]:
        asked = ask(recorded["case"])
        assert _without_time(asked["output"]) == _without_time(recorded["output"])
        assert (asked["exit"], asked["error"]) == (recorded["exit"], recorded["error"])


def test_kubectl_reads_the_test_pod_and_loses_nothing_of_it(tmp_path: Path) -> None:
    pod = PullPod("test-pull", ImageReference.parse("quay.io/team/app:1"), "regcred", "prod")
    file = tmp_path / "pod.yaml"
    file.write_text(manifest_text(pod))
    # Without a cluster it is only commands on local files that read an object into its type.
    command = ["kubectl", "set", "image", "--local", "-f", str(file), "pull=other:1", "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    read = json.loads(done.stdout)
    expected = load(manifest_text(pod))
    expected["spec"]["containers"][0]["image"] = "other:1"
    read.pop("status", None)
    read["metadata"].pop("creationTimestamp", None)
    assert read == expected
