"""The fields of the Task API as a table, for both dialects; the JSON Schemas are made from it.

| item | `seed` | `0.6` |
|---|---|---|
| volume of a channel | `input` | `volume_source` |
| size of a scale rule | `complexity`, a text | `scale_factor`, a whole number |
| modes of a scale rule | sum, max_file_size | and max_item_sum |
| variable of a template | may have `type` and `adjustable` | has not |
| processing container | | may have `api_version`, which is 1 |

What else stands in a file is not read by Kaapana, and not an error to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Dialect(StrEnum):
    """A version of the Task API."""

    SEED = "seed"
    RELEASED = "0.6"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a model.

    Attributes:
        name: its key.
        kind: `text`, `flag`, `integer`, `texts`, `map` and `maps` for free ones, `quantities`, `complexity`, `regex`,
            `api version`, `one of A B`, or a model: `Model`, `list of Model`; `text or Model` is either.
        about: what it is.
        is_required: whether it must be there.
        dialect: the only dialect that has it.
    """

    name: str
    kind: str
    about: str
    is_required: bool = False
    dialect: Dialect | None = None

    def fits(self, dialect: Dialect) -> bool:
        """Whether a dialect has it."""
        return self.dialect in (None, dialect)


_MEMORY: Final = "amounts by resource: cpu, memory, or what a device plugin offers"

MODELS: Final[Mapping[str, tuple[Field, ...]]] = {
    "ProcessingContainer": (
        Field("name", "text", "what people call the container", is_required=True),
        Field("description", "text", "what it does", is_required=True),
        Field("templates", "list of TaskTemplate", "the ways to use it", is_required=True),
        Field("api_version", "api version", "the version of this format", dialect=Dialect.RELEASED),
    ),
    "TaskTemplate": (
        Field("identifier", "text", "what tasks choose it by", is_required=True),
        Field("description", "text", "what it does with its data", is_required=True),
        Field("inputs", "list of IOMount", "the channels that it reads", is_required=True),
        Field("outputs", "list of IOMount", "the channels that it writes", is_required=True),
        Field("env", "list of TaskTemplateEnv", "its variables and their defaults", is_required=True),
        Field("command", "texts", "what is run in place of the image's own command"),
        Field("resources", "Resources", "what it needs"),
    ),
    "TaskTemplateEnv": (
        Field("name", "text", "the variable", is_required=True),
        Field("value", "text", "what it is if nobody sets it", is_required=True),
        Field("type", "one of boolean string int", "what its text must read as", dialect=Dialect.SEED),
        Field("choices", "texts", "the values that are allowed"),
        Field("adjustable", "flag", "whether who starts a workflow may set it", dialect=Dialect.SEED),
        Field("description", "text", "what it changes"),
    ),
    "IOMount": (
        Field("name", "text", "the channel", is_required=True),
        Field("mounted_path", "text", "where the container finds it", is_required=True),
        Field("description", "text", "what its data are"),
        Field("scale_rule", "ScaleRule", "how memory grows with its size"),
    ),
    "IOVolume": (
        Field("name", "text", "the channel", is_required=True),
        Field("input", "HostPathVolume", "where its data are", is_required=True, dialect=Dialect.SEED),
        Field("volume_source", "HostPathVolume", "where its data are", is_required=True, dialect=Dialect.RELEASED),
        Field("scale_rule", "ScaleRule", "how memory grows with its size, in place of the template's rule"),
    ),
    "HostPathVolume": (Field("host_path", "text", "a folder on the machine", is_required=True),),
    "ScaleRule": (
        Field("complexity", "complexity", "bytes by the size n: 1.5*n**2", is_required=True, dialect=Dialect.SEED),
        Field("scale_factor", "integer", "bytes for each byte", is_required=True, dialect=Dialect.RELEASED),
        Field("type", "one of limit request", "what grows", is_required=True),
        Field("mode", "mode", "which size is taken", is_required=True),
        Field("target_dir", "text", "the folder that is measured, within the channel"),
        Field("target_regex", "regex", "which files count, by their whole path within that folder"),
        Field("target_glob", "text", "which files count, by their name"),
    ),
    "Resources": (
        Field("limits", "quantities", f"what it may take at most: {_MEMORY}"),
        Field("requests", "quantities", f"what it is promised: {_MEMORY}"),
    ),
    "BaseEnv": (
        Field("name", "text", "the variable", is_required=True),
        Field("value", "text", "what it is", is_required=True),
    ),
    "Task": (
        Field("name", "text", "what people call this run", is_required=True),
        Field("image", "text", "the image of the processing container", is_required=True),
        Field("taskTemplate", "text or TaskTemplate", "the template, or its identifier", is_required=True),
        Field("inputs", "list of IOVolume", "where the data of the inputs are"),
        Field("outputs", "list of IOVolume", "where results go"),
        Field("env", "list of BaseEnv", "variables that go before the template's"),
        Field("command", "texts", "what is run in place of the template's command"),
        Field("resources", "Resources", "what it needs, in place of the template's resources"),
        Field("config", "config", "what the runner has to know"),
    ),
    "BaseConfig": (Field("labels", "map", "labels of the container"),),
    "DockerConfig": (
        Field("type", "one of docker", "the runner", is_required=True),
        Field("labels", "map", "labels of the container"),
    ),
    "K8sConfig": (
        Field("type", "one of k8s", "the runner"),
        Field("labels", "map", "labels of the pod"),
        Field("namespace", "text", "where the pod runs"),
        Field("registryUrl", "text", "the registry of the image, for a secret"),
        Field("registryUsername", "text", "the user name for it"),
        Field("registryPassword", "text", "the password for it"),
        Field("imagePullSecrets", "texts", "secrets that are there already"),
        Field("env_vars", "maps", "more variables, as Kubernetes writes them"),
        Field("volumes", "maps", "more volumes, as Kubernetes writes them"),
        Field("volume_mounts", "maps", "more mounts, as Kubernetes writes them"),
        Field("annotations", "map", "annotations of the pod"),
    ),
}  # fmt: skip
"""The fields of every model."""

MODES: Final[Mapping[Dialect, tuple[str, ...]]] = {
    Dialect.SEED: ("sum", "max_file_size"),
    Dialect.RELEASED: ("sum", "max_file_size", "max_item_sum"),
}
"""The sizes that a scale rule can take."""

CONFIGS: Final = {"k8s": "K8sConfig", "docker": "DockerConfig"}
"""The model of a task's config by its type; without one it is that of Kubernetes, with another one the plain one."""

SIGNS: Final[Mapping[str, Mapping[str, Dialect]]] = {
    "IOVolume": {"input": Dialect.SEED, "volume_source": Dialect.RELEASED},
    "ScaleRule": {"complexity": Dialect.SEED, "scale_factor": Dialect.RELEASED},
    "ProcessingContainer": {"api_version": Dialect.RELEASED},
}
"""The keys that only one dialect has, and that a file cannot do without there."""

HINTS: Final[Mapping[str, Mapping[str, Dialect]]] = {
    "TaskTemplateEnv": {"type": Dialect.SEED, "adjustable": Dialect.SEED},
}
"""Keys that point to a dialect where nothing else does: the other one passes over them."""


def fields_of(model: str, dialect: Dialect) -> dict[str, Field]:
    """The fields of a model in a dialect, by name."""
    return {field.name: field for field in MODELS[model] if field.fits(dialect)}
