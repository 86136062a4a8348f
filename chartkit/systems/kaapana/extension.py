"""A workflow extension as it lies on the disk: charts with the DAG installer, Dockerfiles, and Airflow code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from chartkit.chart.chart import Chart
from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files, load_chart
from chartkit.chart.metadata import Dependency
from chartkit.errors import InputError, LoadError
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.positions import load_positions
from chartkit.source import Position, Source
from chartkit.systems.kaapana.dockerfile import Dockerfile, read_dockerfile
from chartkit.systems.kaapana.operators import OperatorImage, operator_images
from chartkit.systems.kaapana.python_file import python_files, read_python

INSTALLER: Final = "dag-installer-chart"
"""The dependency that makes a chart a workflow extension."""
NEW_REGISTRY: Final = "custom-registry-chart"
"""The chart of the New Registry extension."""
URL: Final = ("global", "custom_registry_url")
"""Where both charts have the URL of the registry."""

_FILE: Final = "file://"
_PASSED_OVER: Final = frozenset(("node_modules", "venv", "__pycache__"))


@dataclass(frozen=True, slots=True)
class Workflow:
    """A chart that brings Airflow code along.

    Attributes:
        folder: where the chart is.
        chart: the chart, with the installer in it even if `charts/` lacks it.
        declared: what it asks for as the installer.
        source: the file that says so: `requirements.yaml` or `Chart.yaml`.
        installer: the installer's chart; `None` where it is nowhere to be found.
    """

    folder: Path
    chart: Chart
    declared: Dependency
    source: Source
    installer: Chart | None

    @property
    def image(self) -> str:
        """The name of the installer's image."""
        return _text_at(self.chart, "image")

    @property
    def url(self) -> str:
        """The custom registry; empty where there is none."""
        return _text_at(self.chart, URL[1])

    @property
    def local_path(self) -> Path | None:
        """Where the installer's chart should be, if that is on this disk."""
        repository = self.declared.repository
        return self.folder / repository.removeprefix(_FILE) if repository.startswith(_FILE) else None

    def declared_position(self, key: str) -> Position:
        """Where the file says something of the installer."""
        # The loader has accepted the text before, so that it is known to hold a list of maps.
        value, positions = load_positions(self.source)
        items = value.get("dependencies") or ()
        index = next((i for i, item in enumerate(items) if item.get("name") == INSTALLER), 0)
        offset = positions.value(("dependencies", index, key))
        return Position(self.source, offset or 0)


@dataclass(frozen=True)
class Extension:
    """What a folder holds.

    Attributes:
        root: the folder.
        workflows: the charts with the installer.
        registries: the charts of the New Registry extension, where they lie in the folder too.
        dockerfiles: the Dockerfiles.
        code: the Python files.
    """

    root: Path
    workflows: tuple[Workflow, ...]
    registries: tuple[Chart, ...]
    dockerfiles: tuple[Dockerfile, ...]
    code: tuple[Path, ...]

    @cached_property
    def operators(self) -> tuple[OperatorImage, ...]:
        """The images of the operators, file by file."""
        return tuple(image for path in self.code for image in operator_images(read_python(path)))

    def dockerfile(self, image: str) -> Dockerfile | None:
        """The Dockerfile whose label names an image."""
        return next((each for each in self.dockerfiles if each.image == image), None)


def read_extension(root: Path) -> Extension:
    """The extension in a folder.

    Raises:
        InputError: the folder is not there, or holds no chart with the installer.
        LoadError: a chart cannot be loaded.
    """
    if not root.is_dir():
        raise InputError(f"{root}: no such folder")
    charts = [(folder, load_chart(folder)) for folder in _folders(root, "Chart.yaml") if _is_ours(folder)]
    workflows = tuple(filter(None, (_workflow(folder, chart) for folder, chart in charts)))
    if not workflows:
        hint = "name the folder of a workflow extension, or one around it"
        raise InputError(f"{root} holds no chart that depends on {INSTALLER}", hint=hint)
    return Extension(
        root,
        workflows,
        tuple(chart for _, chart in charts if chart.name == NEW_REGISTRY),
        tuple(read_dockerfile(folder / "Dockerfile") for folder in _folders(root, "Dockerfile")),
        tuple(python_files(root)),
    )


def _folders(root: Path, name: str) -> Iterator[Path]:
    """The folders with a file of a name, without what lies inside charts."""
    for base, folders, files in os.walk(root):
        # A chart inside another chart is that one's business.
        inside = {"charts", "templates"} if "Chart.yaml" in files else set()
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in _PASSED_OVER | inside)
        if name in files:
            yield Path(base)


def _is_ours(folder: Path) -> bool:
    """Whether a chart speaks of the two that matter: in a large tree the others need not even be sound."""
    for name in ("Chart.yaml", "requirements.yaml"):
        path = folder / name
        text = path.read_bytes() if path.is_file() else b""
        if INSTALLER.encode() in text or NEW_REGISTRY.encode() in text:
            return True
    return False


def _workflow(folder: Path, chart: Chart) -> Workflow | None:
    declared = next((each for each in chart.metadata.dependencies if each.name == INSTALLER), None)
    if declared is None:
        return None
    installer = next((each for each in chart.dependencies if each.name == INSTALLER), None)
    workflow = Workflow(folder, chart, declared, _declaring(folder, chart), installer)
    path = workflow.local_path
    if installer is not None or path is None or not path.is_dir():
        return workflow
    installer = load_chart(path)
    # What `helm dep up` would do, in memory: the checks want a render, and leave the folder as it is.
    added = [File(f"charts/{INSTALLER}/{file.name}", file.data) for file in installer.raw]
    whole = chart_from_files((*chart.raw, *added), shown_as=os.fspath(folder))
    return replace(workflow, chart=whole, installer=installer)


def _declaring(folder: Path, chart: Chart) -> Source:
    """The file with the dependencies."""
    for name in ("requirements.yaml", "Chart.yaml"):
        file = next((file for file in chart.raw if file.name == name), None)
        if file is not None and _declares(file):
            return Source(os.fspath(folder / name), file.text)
    raise LoadError(f"{folder}: no file declares {INSTALLER}")


def _declares(file: File) -> bool:
    try:
        value, _ = load_positions(Source(file.name, file.text))
    except YAMLError:
        return False
    return isinstance(value, dict) and bool(value.get("dependencies"))


def _text_at(chart: Chart, key: str) -> str:
    values = chart.values.get("global")
    value = values.get(key) if isinstance(values, dict) else None
    return value if isinstance(value, str) else ""
