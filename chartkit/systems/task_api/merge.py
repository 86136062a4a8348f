"""A template and a task put together: what is run in the end.

| what | rule |
|---|---|
| variables | those of the template in their order, with the task's values; then what only the task has |
| channels | those of the template for which the task has a volume of the same name; its scale rule goes first |
| command, resources | the task's if it gives any, as a whole; else the template's |
| name, image, config | the task's |

What who starts a workflow sets goes before the task's variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.systems.task_api.models import (
    FILE,
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
from chartkit.systems.task_api.reading import type_problem

TASK_FIELDS: Final = (
    "name", "image", "taskTemplate", "inputs", "outputs", "env", "command", "resources", "config",
)  # fmt: skip
"""What a request may lay over a task."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that is mounted."""

    name: str
    mounted_path: str
    host_path: str
    scale_rule: ScaleRule | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable with its final value, and who gives it: `request`, `task` or `template`."""

    variable: Variable
    origin: str


@dataclass(frozen=True, slots=True)
class Instance:
    """What is run.

    Attributes:
        env: the variables, in their order.
        unbound: the channels of the template that have no volume, and are dropped.
        ghosts: the volumes of the task that no channel takes.
    """

    name: str
    image: str
    template: str
    env: tuple[Setting, ...]
    inputs: tuple[Channel, ...]
    outputs: tuple[Channel, ...]
    command: tuple[str, ...] | None
    resources: Resources
    config: Config
    unbound: tuple[str, ...] = ()
    ghosts: tuple[str, ...] = ()


def merge(task: Task, template: Template, request: Mapping[str, str] | None = None) -> Instance:
    """What is run.

    Args:
        task: the task.
        template: its template.
        request: the variables that who starts it sets.

    Raises:
        InputError: a variable has a value that the template does not allow.
    """
    inputs, outputs = _channels(template.inputs, task.inputs), _channels(template.outputs, task.outputs)
    pairs = ((template.inputs, task.inputs), (template.outputs, task.outputs))
    return Instance(
        task.name,
        task.image,
        template.identifier,
        merge_env(template.env, task.env, request or {}),
        inputs,
        outputs,
        template.command if task.command is None else task.command,
        (template.resources if task.resources is None else task.resources) or Resources(),
        task.config,
        tuple(name for mounts, volumes in pairs for name in _missing(mounts, volumes)),
        tuple(name for mounts, volumes in pairs for name in _missing(volumes, mounts)),
    )


def merge_env(
    template: Iterable[Variable], task: Iterable[Variable], request: Mapping[str, str]
) -> tuple[Setting, ...]:
    """The variables in their order: a request goes before a task, and a task before a template.

    Raises:
        InputError: a value is none of the choices, or not of the type that the template says.
    """
    found = {each.name: Setting(each, "template") for each in template}
    layers = ((task, "task"), ((Variable(name, value) for name, value in request.items()), "request"))
    for layer, origin in layers:
        for each in layer:
            known = found.get(each.name)
            # A name that is known keeps its place: programs may read their variables in order.
            found[each.name] = Setting(replace(known.variable, value=each.value) if known else each, origin)
    for setting in found.values():
        _check_value(setting.variable)
    return tuple(found.values())


def template_of(task: Task, container: Container | None) -> Template:
    """The template of a task: its own, or the one of its identifier in the image's file.

    Raises:
        InputError: it has none of its own, and the file is not there or has none of that name.
    """
    if isinstance(task.template, Template):
        return task.template
    if container is None:
        raise InputError(
            f"the template {task.template} is in {FILE} of {task.image}, which is not read",
            hint="name a copy of it: --processing-container FILE",
        )
    found = container.template(task.template)
    if found is None:
        known = ", ".join(each.identifier for each in container.templates) or "none"
        raise InputError(f"{container.name} has no template {task.template}", hint=f"its templates are: {known}")
    return found


def task_form(conf: Any, task_id: str) -> tuple[Mapping[str, str], Mapping[str, Any], tuple[str, ...]]:
    """What a request says to a task: variables, fields to lay over the task, and what is odd about it.

    Args:
        conf: the request's body, its `conf`, or the `task_form` in that.
        task_id: the task.

    Raises:
        InputError: the request has not the form that it must have.
    """
    form = _form_of(conf, task_id)
    env = form.get("env")
    if isinstance(env, list):
        notes = tuple(
            f"{name} in task_form.{task_id} is no field of a task: Kaapana passes over it"
            for name in form
            if name not in TASK_FIELDS
        )
        fields = {name: value for name, value in form.items() if name in TASK_FIELDS and name != "env"}
        return _listed(env, task_id), fields, notes
    notes = (
        (
            f"task_form.{task_id} is a map of variables: Kaapana's operator reads a list instead, "
            '{"env": [{"name": ..., "value": ...}]}, and would set none of them',
        )
        if form
        else ()
    )
    return {name: _text(value, f"task_form.{task_id}.{name}") for name, value in form.items()}, {}, notes


def _form_of(conf: Any, task_id: str) -> dict[str, Any]:
    # Airflow wants the whole body, the operator sees `conf`: either may be at hand.
    form = conf
    for key in ("conf", "task_form"):
        if isinstance(form, dict) and key in form:
            form = form[key]
    form = form.get(task_id, {}) if isinstance(form, dict) else form
    if not isinstance(form, dict):
        raise InputError(f"task_form.{task_id} must be an object")
    return form


def _listed(env: Sequence[Any], task_id: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for index, item in enumerate(env):
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or "value" not in item:
            raise InputError(f"task_form.{task_id}.env[{index}] must have a name and a value")
        found[name] = _text(item["value"], f"task_form.{task_id}.env[{index}].value")
    return found


def _text(value: Any, where: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    raise InputError(f"{where} must be a text")


def _check_value(variable: Variable) -> None:
    if variable.choices and variable.value not in variable.choices:
        raise InputError(f"{variable.name} must be {' or '.join(variable.choices)}, and is {variable.value}")
    problem = type_problem(variable.value, variable.kind)
    if problem:
        raise InputError(f"{variable.name} {problem}")


def _channels(mounts: Iterable[Mount], volumes: Iterable[Volume]) -> tuple[Channel, ...]:
    known = {each.name: each for each in volumes}
    return tuple(
        Channel(
            mount.name,
            mount.mounted_path,
            known[mount.name].host_path,
            known[mount.name].scale_rule or mount.scale_rule,
        )
        for mount in mounts
        if mount.name in known
    )


def _missing(names: Iterable[Mount | Volume], among: Iterable[Mount | Volume]) -> list[str]:
    known = {each.name for each in among}
    return [each.name for each in names if each.name not in known]
