"""The values of the Task API, read: immutable, and the same for both dialects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from chartkit.systems.task_api.complexity import Complexity

FILE: Final = "/processing-container.json"
"""Where an image holds the file about its processing container."""

Kind = Literal["limit", "request"]
Mode = Literal["sum", "max_file_size", "max_item_sum"]


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """How memory grows with the size of a channel."""

    complexity: Complexity
    kind: Kind
    mode: Mode
    target_dir: str = ""
    target_regex: str = ".*"
    target_glob: str = "*"


@dataclass(frozen=True, slots=True)
class Mount:
    """A channel of a template: where the container finds it."""

    name: str
    mounted_path: str
    description: str = ""
    scale_rule: ScaleRule | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """A channel of a task: where its data are on the machine."""

    name: str
    host_path: str
    scale_rule: ScaleRule | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a template or a task; choices and description are those of the template."""

    name: str
    value: str
    kind: str = ""
    choices: tuple[str, ...] | None = None
    is_adjustable: bool = True
    description: str = ""


@dataclass(frozen=True, slots=True)
class Resources:
    """What a container needs: amounts by resource."""

    limits: Mapping[str, str] = field(default_factory=dict)
    requests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    """One way to use a processing container."""

    identifier: str
    description: str = ""
    inputs: tuple[Mount, ...] = ()
    outputs: tuple[Mount, ...] = ()
    env: tuple[Variable, ...] = ()
    command: tuple[str, ...] | None = None
    resources: Resources | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """A processing container."""

    name: str
    description: str
    templates: tuple[Template, ...]

    def template(self, identifier: str) -> Template | None:
        """The template of an identifier."""
        return next((each for each in self.templates if each.identifier == identifier), None)


@dataclass(frozen=True, slots=True)
class Config:
    """What the runner of a task has to know.

    Attributes:
        kind: `docker`, `k8s`, or empty for the plain one.
        registry: registry, user name and password for a secret; they count only if all three are there.
        pull_secrets: the names of secrets that are there already.
        extra: `env_vars`, `volumes` and `volume_mounts`, as Kubernetes writes them.
    """

    kind: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    namespace: str = ""
    registry: tuple[str, str, str] = field(default=("", "", ""), repr=False)
    pull_secrets: tuple[str, ...] = ()
    extra: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)

    @property
    def has_partial_registry(self) -> bool:
        """Whether some of registry, user name and password are there, and not all: no secret is made of them."""
        return any(self.registry) and not all(self.registry)


@dataclass(frozen=True, slots=True)
class Task:
    """A template with its data, to be run."""

    name: str
    image: str
    template: str | Template
    inputs: tuple[Volume, ...] = ()
    outputs: tuple[Volume, ...] = ()
    env: tuple[Variable, ...] = ()
    command: tuple[str, ...] | None = None
    resources: Resources | None = None
    config: Config = Config()
