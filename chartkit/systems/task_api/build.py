"""From the JSON of a file that was found sound to the models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chartkit.systems.task_api.complexity import Complexity, read_complexity, scale_factor
from chartkit.systems.task_api.fields import CONFIGS, Dialect
from chartkit.systems.task_api.models import (
    Config,
    Container,
    Mount,
    Resources,
    ScaleRule,
    Task,
    Template,
    Variable,
    Volume,
)

_EXTRA = ("env_vars", "volumes", "volume_mounts")


def build_container(data: Mapping[str, Any], dialect: Dialect) -> Container:
    """The processing container of a sound file."""
    templates = tuple(build_template(each, dialect) for each in data["templates"])
    return Container(data["name"], data["description"], templates)


def build_template(data: Mapping[str, Any], dialect: Dialect) -> Template:
    """A template of a sound file."""
    return Template(
        data["identifier"],
        data["description"],
        tuple(_mount(each, dialect) for each in data["inputs"]),
        tuple(_mount(each, dialect) for each in data["outputs"]),
        tuple(_variable(each, dialect) for each in data["env"]),
        _texts(data.get("command")),
        _resources(data.get("resources")),
    )


def build_task(data: Mapping[str, Any], dialect: Dialect) -> Task:
    """The task of a sound file."""
    template = data["taskTemplate"]
    return Task(
        data["name"],
        data["image"],
        template if isinstance(template, str) else build_template(template, dialect),
        tuple(_volume(each, dialect) for each in data.get("inputs") or ()),
        tuple(_volume(each, dialect) for each in data.get("outputs") or ()),
        tuple(_variable(each, dialect) for each in data.get("env") or ()),
        _texts(data.get("command")),
        _resources(data.get("resources")),
        _config(data.get("config")),
    )


def _mount(data: Mapping[str, Any], dialect: Dialect) -> Mount:
    rule = _scale_rule(data.get("scale_rule"), dialect)
    return Mount(data["name"], data["mounted_path"], data.get("description") or "", rule)


def _volume(data: Mapping[str, Any], dialect: Dialect) -> Volume:
    source = data["input" if dialect is Dialect.SEED else "volume_source"]
    return Volume(data["name"], source["host_path"], _scale_rule(data.get("scale_rule"), dialect))


def _variable(data: Mapping[str, Any], dialect: Dialect) -> Variable:
    is_seed = dialect is Dialect.SEED
    return Variable(
        data["name"],
        data["value"],
        (data.get("type") or "") if is_seed else "",
        _texts(data.get("choices")),
        data.get("adjustable") is not False if is_seed else True,
        data.get("description") or "",
    )


def _scale_rule(data: Mapping[str, Any] | None, dialect: Dialect) -> ScaleRule | None:
    if data is None:
        return None
    return ScaleRule(
        _complexity(data, dialect),
        data["type"],
        data["mode"],
        data.get("target_dir") or "",
        # Nothing written means everything, in both dialects.
        data.get("target_regex") or ".*",
        data.get("target_glob") or "*",
    )


def _complexity(data: Mapping[str, Any], dialect: Dialect) -> Complexity:
    return read_complexity(data["complexity"]) if dialect is Dialect.SEED else scale_factor(data["scale_factor"])


def _resources(data: Mapping[str, Any] | None) -> Resources | None:
    if data is None:
        return None
    limits, requests = ({key: str(value) for key, value in (data.get(name) or {}).items()} for name in _KINDS)
    return Resources(limits, requests)


_KINDS = ("limits", "requests")


def _config(data: Mapping[str, Any] | None) -> Config:
    if data is None:
        return Config()
    said = str(data.get("type") or "k8s")
    if said not in CONFIGS:
        return Config("", _labels(data, "labels"))
    if said == "docker":
        return Config("docker", _labels(data, "labels"))
    registry = tuple(str(data.get(name) or "") for name in ("registryUrl", "registryUsername", "registryPassword"))
    return Config(
        "k8s",
        _labels(data, "labels"),
        _labels(data, "annotations"),
        data.get("namespace") or "",
        (registry[0], registry[1], registry[2]),
        _texts(data.get("imagePullSecrets")) or (),
        {name: tuple(data[name]) for name in _EXTRA if data.get(name)},
    )


def _labels(data: Mapping[str, Any], name: str) -> dict[str, str]:
    return {key: value if isinstance(value, str) else str(value) for key, value in (data.get(name) or {}).items()}


def _texts(data: Any) -> tuple[str, ...] | None:
    return None if data is None else tuple(data)
