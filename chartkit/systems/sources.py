"""Images in what is no chart: devfiles, Dockerfiles, tasks, Airflow code and plain manifests.

What a file is shows in its name, or in the words that it begins with; each kind is a line of `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.load import load
from chartkit.images.rewrite import find_in_text
from chartkit.images.use import ImageUse
from chartkit.manifests.split import split_documents
from chartkit.profile import NEWEST

KINDS: Final[Mapping[str, str]] = {
    "devfile": "chartkit.systems.devfile.locations",
    "dockerfile": "chartkit.systems.devfile.locations",
    "task": "chartkit.systems.task_api.places",
    "dags": "chartkit.systems.kaapana.images",
}
"""The module that has `images_of(path)` for each kind of file; manifests are read here."""

_DOCKERFILES: Final = ("dockerfile", "containerfile")
_DEVFILES: Final = ("devfile.yaml", ".devfile.yaml", "devfile.yml", ".devfile.yml", "stack.yaml")
_REGISTRY_FILES: Final = (*_DEVFILES, "extraDevfileEntries.yaml", "stacks")
_TASKS: Final = ("processing-container.json", "task.json")


def kind_of(path: Path) -> str:
    """What a path is: one of `KINDS`, `manifests`, or the empty string for charts, values files and the rest.

    Raises:
        InputError: the file cannot be read.
    """
    if path.is_dir():
        return _kind_of_folder(path)
    name = path.name.lower()
    if name.startswith(_DOCKERFILES) or name.endswith(tuple(f".{each}" for each in _DOCKERFILES)):
        return "dockerfile"
    if name.endswith(".py"):
        return "dags"
    if name.endswith(".json"):
        return "task" if name in _TASKS or _is_task(_text(path)) else "manifests" if is_manifests(_text(path)) else ""
    if name in _DEVFILES:
        return "devfile"
    if name.endswith((".yaml", ".yml")):
        text = _text(path)
        return "devfile" if _is_devfile(text) else "manifests" if is_manifests(text) else ""
    return ""


def images_of(path: Path, kind: str) -> tuple[ImageUse, ...]:
    """The images of a path of some kind.

    Raises:
        InputError: it is missing or broken.
        TemplateError: a manifest is not YAML.
    """
    if kind == "manifests":
        return tuple(find_in_text(_text(path), str(path)))
    find: Callable[[Path], tuple[ImageUse, ...]] = import_module(KINDS[kind]).images_of
    return find(path)


def is_manifests(text: str) -> bool:
    """Whether a text is a stream of Kubernetes objects: its first document says apiVersion and kind."""
    if "apiVersion" not in text or "kind" not in text:
        return False
    for _, document in split_documents(text, NEWEST.splitting):
        content = _loaded(document)
        if content is not None:
            return _has(content, "apiVersion", "kind")
    return False


def _kind_of_folder(path: Path) -> str:
    if (path / "Chart.yaml").exists():
        return ""
    if any((path / name).exists() for name in _REGISTRY_FILES):
        return "devfile"
    if any((path / name).exists() for name in _TASKS):
        return "task"
    if any(path.glob("*/devfile.yaml")):
        return "devfile"
    return "dags" if next(path.rglob("*.py"), None) else ""


def _is_devfile(text: str) -> bool:
    return "schemaVersion" in text and _has(_loaded(text), "schemaVersion")


def _is_task(text: str) -> bool:
    return '"taskTemplate"' in text or '"templates"' in text


def _loaded(text: str) -> Any:
    try:
        return load(text)
    except YAMLError:
        return None


def _has(content: Any, *keys: str) -> bool:
    return isinstance(content, dict) and all(key in content for key in keys)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise InputError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
