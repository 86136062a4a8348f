"""The contestants: Helm's Go engine in this process, the helm command line, and chartkit both ways."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import Surroundings

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.engine.compiled import CompiledChart
from chartkit.values.inputs import ValuesInput

RELEASE, NAMESPACE = "release-name", "default"
IN_PROCESS = "4.2"
"""The Helm that its Go engine in this process is of."""


class GoEngine:
    """Helm's own engine, by helm-python-sdk."""

    def __init__(self, chart: Path) -> None:
        from helm_python import chart as sdk

        self._sdk: Any = sdk
        self._chart: Any = sdk.Chart.load(str(chart))

    def values(self, text: str) -> Any:
        """What a values file holds, read by Helm."""
        return self._sdk.values_from_yaml(text) if text else {}

    def render(self, values: Any) -> dict[str, str]:
        """The texts of all templates."""
        texts: dict[str, str] = self._chart.render(values=values, name=RELEASE, namespace=NAMESPACE)
        return texts


class OurEngine:
    """chartkit in this process."""

    def __init__(self, chart: Path) -> None:
        self.program: CompiledChart = compile_chart(load_chart(chart), helm=IN_PROCESS)
        self.release = Release(RELEASE, namespace=NAMESPACE)

    def values(self, files: Sequence[Path] = ()) -> ValuesInput:
        """What values files hold."""
        return read_values(self.program.chart, files=list(files))

    def render(self, values: ValuesInput) -> dict[str, str]:
        """The texts of all templates."""
        return dict(self.program.render(values, self.release).files)

    def trace(self, values: ValuesInput) -> object:
        """The same with origins."""
        return self.program.trace(values, self.release)


@dataclass(frozen=True, slots=True)
class Commands:
    """The command lines, process for process.

    Attributes:
        surroundings: where they run.
        helm: the helm binary; `None` where it is not to be had.
    """

    surroundings: Surroundings
    helm: Path | None

    def helm_words(self, chart: Path, values: Path | None = None) -> list[str]:
        """`helm template`."""
        words = [str(self.helm), "template", RELEASE, str(chart), "--namespace", NAMESPACE]
        return [*words, "-f", str(values)] if values else words

    def our_words(self, chart: Path, values: Path | None = None) -> list[str]:
        """`chartkit template`."""
        words = [sys.executable, "-m", "chartkit", "template", RELEASE, str(chart), "--namespace", NAMESPACE]
        return [*words, "-f", str(values)] if values else words

    def our_matrix_words(self, chart: Path, pattern: str, registries: Sequence[str], form: str = "text") -> list[str]:
        """`chartkit verify-images --matrix`, in one process."""
        words = [sys.executable, "-m", "chartkit", "verify-images", "--chart", str(chart), "--matrix", pattern]
        return [*words, "--expect", ",".join(registries), "--jobs", "1", "--format", form]

    def helm_and_grep(self, chart: Path, values: Path) -> str:
        """The lines of `helm template | grep image:`, made as a shell does it."""
        environment = self.surroundings.environment
        words = self.helm_words(chart, values)
        with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE) as helm:
            found = subprocess.run(["grep", "image:"], stdin=helm.stdout, stdout=subprocess.PIPE, check=False)
        return found.stdout.decode("utf-8", "replace")


def go_engine_missing() -> str:
    """Why Helm's Go engine cannot run in this process; empty if it can."""
    try:
        import helm_python  # noqa: F401
    except (ImportError, OSError) as failure:
        return f"Helm's Go engine in this process: {failure}; pip install helm-python-sdk"
    return ""


def find_helm() -> tuple[Path | None, str]:
    """The helm binary, fetched if need be, and why there is none."""
    sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "conformance"))
    from oracle import NEWEST, helm_binary

    try:
        return helm_binary(NEWEST), ""
    except (OSError, subprocess.CalledProcessError, StopIteration) as failure:
        return None, f"the helm {NEWEST} binary: {failure}"
