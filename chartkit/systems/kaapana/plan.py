"""The way from an extension's sources to an upload, as commands: build, push, rewrite, get the dependency, pack."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chartkit.errors import InputError
from chartkit.systems.kaapana.dockerfile import Dockerfile
from chartkit.systems.kaapana.extension import URL, Extension, Workflow
from chartkit.systems.kaapana.operators import BUILD_VERSION, operator_images
from chartkit.systems.kaapana.platform import package_name
from chartkit.systems.kaapana.python_file import read_python
from chartkit.systems.kaapana.registry import read_url, secret_name
from chartkit.systems.kaapana.rewrite import rewrite

ANY_VERSION: Final = "<platform-version>"
"""What stands for the platform's version where it is not given."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        part: what it belongs to, as a heading.
        command: the words of the command; nothing for what is done by hand.
        note: what is done by hand, or what to know of the command.
        folder: where to run it.
        own: the words of chartkit's own command that does the same, if there is one.
    """

    part: str
    command: tuple[str, ...] = ()
    note: str = ""
    folder: Path = Path()
    own: tuple[str, ...] = ()


def plan(extension: Extension, registry: str = "", platform_version: str = "") -> list[Step]:
    """The steps for all workflows of an extension.

    Args:
        extension: the folder.
        registry: the custom registry; where it is empty, the one that the charts name.
        platform_version: the version of the platform, which is the tag of the processing containers.

    Raises:
        InputError: no registry is known, or it is none; a Python file cannot be parsed; a chart lacks its installer.
    """
    steps: list[Step] = []
    for workflow in extension.workflows:
        url = read_url(registry or workflow.url) if registry or workflow.url else ""
        if not url:
            raise InputError(f"{workflow.chart.name} names no custom registry", hint="name it with --registry")
        steps += _steps(extension, workflow, url, platform_version or ANY_VERSION)
    # Two workflows may share a processing container.
    return list(dict.fromkeys(steps))


def _steps(extension: Extension, workflow: Workflow, url: str, version: str) -> Iterator[Step]:
    part = "Build and push the processing containers"
    images = _processing_images(extension, workflow, url, version)
    for name, dockerfile in images.items():
        yield from _build(part, f"{url}/{name}", dockerfile)
    if not images:
        yield Step(part, note="no operator runs an image that a Dockerfile here makes")
    part = "Put the registry into the operators, then build and push the DAG installer"
    # A step that would change nothing is left out, so that a plan that was followed gets shorter.
    if any(rewrite(read_python(path), url).changes for path in extension.code):
        words = ("kaapana", "rewrite-operators", os.fspath(extension.root), "--registry", url)
        yield Step(part, ("chartkit", *words))
    yield from _installer(part, extension, workflow, url)
    note = f"launch New Registry in Kaapana with the URL {url}: it makes the pull secret {secret_name(url)}"
    yield Step("Deploy the registry", note=note)
    yield from _package(workflow, url)


def _build(part: str, image: str, dockerfile: Dockerfile) -> Iterator[Step]:
    folder = dockerfile.path.parent
    yield Step(part, ("docker", "build", "-t", image, "."), folder=folder)
    yield Step(part, ("docker", "push", image))


def _processing_images(extension: Extension, workflow: Workflow, url: str, version: str) -> dict[str, Dockerfile]:
    """The images that operators run and Dockerfiles here make, as `name:tag`."""
    found: dict[str, Dockerfile] = {}
    for path in extension.code:
        for image in operator_images(read_python(path), {BUILD_VERSION: version}):
            name, _, tag = image.text.rpartition("/")[2].partition(":")
            dockerfile = extension.dockerfile(name)
            # Images of others need not be built, whatever their Dockerfiles here are called.
            ours = image.is_from_platform or image.text.startswith(f"{url}/")
            if dockerfile and ours and name != workflow.image:
                found[f"{name}:{tag}" if tag else name] = dockerfile
    return found


def _installer(part: str, extension: Extension, workflow: Workflow, url: str) -> Iterator[Step]:
    if workflow.installer is None:
        where = workflow.declared_position("repository")
        raise InputError(f"{workflow.chart.name} lacks its installer", position=where, hint="correct the path")
    image = f"{url}/{workflow.image}:{workflow.installer.metadata.version}"
    dockerfile = extension.dockerfile(workflow.image)
    if dockerfile is None:
        yield Step(part, note=f"no Dockerfile has LABEL IMAGE={workflow.image}: build {image} where its files are")
    else:
        yield from _build(part, image, dockerfile)


def _package(workflow: Workflow, url: str) -> Iterator[Step]:
    part, folder = "Package and upload the chart", workflow.folder
    chart = os.fspath(folder)
    if workflow.url != url:
        note = f'set {".".join(URL)} to "{url}" in {folder / "values.yaml"}'
        yield Step(part, note=note)
    yield Step(part, ("helm", "dep", "up"), folder=folder, own=("dependency", "update", chart))
    own = ("package", chart, "--destination", chart)
    yield Step(part, ("helm", "package", "."), folder=folder, own=own)
    metadata = workflow.chart.metadata
    yield Step(part, note=f"upload {folder / package_name(metadata.name, metadata.version)} in the Extensions View")
