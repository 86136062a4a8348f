"""The images of tasks and of DAGs, as places in files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chartkit.errors import InputError
from chartkit.images.judge import read
from chartkit.images.scope import Findings, Scope
from chartkit.images.use import Certainty, ImageUse, Resource
from chartkit.manifests.assemble import Manifest
from chartkit.manifests.head import Head
from chartkit.source import Source
from chartkit.systems.task_api.dag import Dag, read_dags
from chartkit.systems.task_api.json_file import JSONFile, read_json


def images_of(
    path: Path, environment: Mapping[str, str] | None = None, names: Mapping[str, str] | None = None
) -> tuple[ImageUse, ...]:
    """The image of a task.json, or those of the tasks in a DAG file or a folder of them.

    Args:
        path: the file or folder.
        environment: what `env` holds where the file is a template.
        names: what the platform's constants hold, where that is known; what is not known stays in braces, and the image
            then is no reference.

    Raises:
        InputError: a file cannot be read, or holds no task.
    """
    if path.suffix == ".json":
        return (_task_image(read_json(path, environment or {})),)
    found = tuple(use for dag in read_dags(path, names) for use in _dag_images(dag))
    if not found:
        raise InputError(f"{path} holds no task of the Task API")
    return found


def _task_image(file: JSONFile) -> ImageUse:
    data = file.data if isinstance(file.data, dict) else {}
    image = data.get("image")
    if not isinstance(image, str):
        raise InputError(f"{file.source.name} is no task: it has no image", position=file.at())
    # Behind the quote; a text with escapes does not stand there as it is, which its place then tells.
    return _use(file.source, image, file.at(("image",)).offset + 1, Resource("Task", str(data.get("name") or "")))


def _dag_images(dag: Dag) -> list[ImageUse]:
    source = dag.file.source
    return [
        _use(source, each.image, each.image_offset, Resource("Task", each.task_id))
        for each in dag.operators
        if each.image
    ]


def _use(source: Source, image: str, offset: int, resource: Resource) -> ImageUse:
    findings = Findings(Manifest(source.name, 0, 0, source.text, Head()), source.text)
    findings.add(read(image, Certainty.CERTAIN), image, ((), source.text, offset), Scope(source.text, resource, "task"))
    return findings.uses[0]
