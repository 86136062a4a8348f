"""Chart.yaml and Chart.lock written as Helm writes them: keys in sorted order, empty fields left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from chartkit.chart.chart import Lock
from chartkit.chart.metadata import Dependency, Metadata
from chartkit.goyaml.dump import dump

_NAMES: Final[Mapping[str, str]] = {
    "api_version": "apiVersion",
    "app_version": "appVersion",
    "kube_version": "kubeVersion",
    "import_values": "import-values",
}
_ALWAYS: Final = frozenset({"name", "repository"})


def dependency_fields(dependency: Dependency) -> dict[str, Any]:
    """The fields of a dependency in the order of Helm's type; only name and repository are there when empty."""
    shown: dict[str, Any] = {}
    for field in ("name", "version", "repository", "condition", "tags", "enabled", "import_values", "alias"):
        value = getattr(dependency, field)
        if value or field in _ALWAYS:
            shown[_NAMES.get(field, field)] = list(value) if type(value) is tuple else value
    return shown


def chart_yaml(metadata: Metadata) -> str:
    """The text of Chart.yaml; a chart of the old version keeps its dependencies in requirements.yaml."""
    shown: dict[str, Any] = {}
    for field in Metadata.__dataclass_fields__:
        value = getattr(metadata, field)
        if field == "declares" or not value:
            continue
        shown[_NAMES.get(field, field)] = list(value) if type(value) is tuple else value
    shown["maintainers"] = [
        {key: text for key in ("name", "email", "url") if (text := getattr(each, key))} for each in metadata.maintainers
    ]
    shown["dependencies"] = [dependency_fields(each) for each in metadata.dependencies]
    left_out = {"dependencies"} if metadata.api_version == "v1" else set()
    return dump({key: value for key, value in shown.items() if value and key not in left_out})


def lock_yaml(lock: Lock) -> str:
    """The text of Chart.lock."""
    dependencies = [dependency_fields(each) for each in _present(lock.dependencies)]
    return dump({"dependencies": dependencies or None, "digest": lock.digest, "generated": lock.generated})


def _present(dependencies: Iterable[Dependency | None]) -> list[Dependency]:
    return [each for each in dependencies if each is not None]
