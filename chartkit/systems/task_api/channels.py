"""Whether the tasks of a DAG find their data: the mappings of channels (CK404), and what each task is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.spelling import edit_distance
from chartkit.errors import InputError
from chartkit.source import Position
from chartkit.systems.task_api.dag import ALIASES, ARGUMENTS, ChannelMap, Dag, Operator
from chartkit.systems.task_api.merge import Setting, merge_env, task_form
from chartkit.systems.task_api.models import Container, Template
from chartkit.systems.task_api.rules import CHANNEL_MAP, INVALID, PARTIAL_REGISTRY, UNKNOWN_KEY, finding

DATA: str = "{WORKFLOW_DIR}/{RUN_ID}/%s/%s"
"""Where the data of a task's output channel are."""


@dataclass(frozen=True, slots=True)
class Input:
    """An input channel and the data that it gets; no path if no mapping leads to it."""

    name: str
    mounted_path: str
    path: str


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task of a DAG as it will run, as far as that can be told."""

    operator: Operator
    template: Template | None
    env: tuple[Setting, ...]
    inputs: tuple[Input, ...]
    outputs: tuple[Input, ...]
    notes: tuple[str, ...]


def find_template(operator: Operator, containers: Mapping[str, Container]) -> Template | None:
    """The template of a task.

    Args:
        operator: the task.
        containers: processing containers by the last part of their image's path; where that is not known, by their
            file.

    Raises:
        InputError: the image's own file has no such template, or several other files have one.
    """
    leaf = operator.image.rpartition("/")[2].partition("@")[0].partition(":")[0]
    # Several images may have a template of one name: a file that was named for the image settles it.
    if leaf in containers:
        found = containers[leaf].template(operator.template)
        if found is None and _is_known(operator.template):
            known = ", ".join(each.identifier for each in containers[leaf].templates)
            raise InputError(
                f"{leaf} has no template {operator.template}",
                position=operator.arguments.get("taskTemplate", operator.position),
                hint=f"its templates are: {known}",
            )
        return found
    matching = {name: each for name, each in containers.items() if each.template(operator.template)}
    if len(matching) > 1:
        raise InputError(
            f"{' and '.join(matching)} both have a template {operator.template}: which one is that of {leaf}?",
            position=operator.position,
            hint=f"say it: --processing-container {leaf}=FILE",
        )
    return next((each.template(operator.template) for each in matching.values()), None)


def plan_dag(dag: Dag, containers: Mapping[str, Container], conf: Any = None) -> tuple[PlannedTask, ...]:
    """The tasks of a DAG with their variables and the places of their data.

    Args:
        dag: the DAG.
        containers: the processing containers, as `find_template` wants them.
        conf: what the request that starts the workflow says.

    Raises:
        InputError: a variable has a value that its template does not allow, or a template is not to be found.
    """
    return tuple(_planned(dag, operator, find_template(operator, containers), conf) for operator in dag.operators)


def check_dag(dag: Dag, containers: Mapping[str, Container]) -> Iterator[Finding]:
    """What is wrong with the tasks of a DAG and with their channels."""
    templates = {id(each): find_template(each, containers) for each in dag.operators}
    yield from _check_ids(dag)
    for operator in dag.operators:
        yield from _check_operator(operator)
        for each in operator.maps:
            upstream = dag.operator(each.upstream)
            yield from _check_map(dag, operator, each, upstream)
            yield from _check_channels(each, upstream, operator, templates)
        yield from _check_inputs(operator, templates[id(operator)])


def _planned(dag: Dag, operator: Operator, template: Template | None, conf: Any) -> PlannedTask:
    request, fields, notes = task_form(conf, operator.task_id) if conf is not None else ({}, {}, ())
    laid = tuple(f"the request lays {', '.join(fields)} over the task" for _ in range(bool(fields)))
    env = merge_env(template.env if template else (), operator.env or (), request)
    sources = {each.input: _path_of(dag, each) for each in operator.maps}
    mounts = template.inputs if template else ()
    known = [Input(each.name, each.mounted_path, sources.get(each.name, "")) for each in mounts]
    known += [Input(name, "", path) for name, path in sources.items() if template is None]
    outputs = template.outputs if template else ()
    return PlannedTask(
        operator,
        template,
        env,
        tuple(known),
        tuple(Input(each.name, each.mounted_path, DATA % (operator.task_id, each.name)) for each in outputs),
        (*notes, *laid, *_adjustable_notes(template, request)),
    )


def _adjustable_notes(template: Template | None, request: Mapping[str, str]) -> Iterator[str]:
    for variable in template.env if template else ():
        if variable.name in request and not variable.is_adjustable:
            yield f"the request sets {variable.name}, which the template does not want adjusted"


def _path_of(dag: Dag, channel_map: ChannelMap) -> str:
    upstream = dag.operator(channel_map.upstream)
    return DATA % (upstream.task_id, channel_map.output) if upstream else ""


def _check_ids(dag: Dag) -> Iterator[Finding]:
    counts = Counter(each.task_id for each in dag.operators)
    seen: set[str] = set()
    for each in dag.operators:
        if not each.task_id:
            yield finding(INVALID, "a task has no task_id", each.position)
        elif counts[each.task_id] > 1 and each.task_id in seen:
            yield finding(INVALID, f"two tasks are called {each.task_id}", _place(each, "task_id"))
        seen.add(each.task_id)


def _check_operator(operator: Operator) -> Iterator[Finding]:
    for name, position in operator.arguments.items():
        # Airflow's operators take many more arguments; only what is nearly one of these is surely meant as it.
        near = next((each for each in ARGUMENTS if len(each) > 3 and 0 < edit_distance(name, each) <= 2), "")
        if near and name not in ARGUMENTS:
            message = f"{name} is no argument of the operator"
            yield finding(UNKNOWN_KEY, message, position, fix=f"Did you mean {near}?")
    for name, value in (("image", operator.image), ("taskTemplate", operator.template)):
        if not value and name not in operator.arguments:
            yield finding(INVALID, f"task {operator.task_id} has no {name}", operator.position)
    if operator.config.has_partial_registry:
        names = ("registryUrl", "registryUsername", "registryPassword")
        missing = [name for name, value in zip(names, operator.config.registry, strict=True) if not value]
        there = next(name for name in names if name not in missing)
        message = f"task {operator.task_id} has {there}, and no {' and no '.join(missing)}"
        yield finding(PARTIAL_REGISTRY, message, _place(operator, there))


def _check_map(dag: Dag, operator: Operator, each: ChannelMap, upstream: Operator | None) -> Iterator[Finding]:
    for name in each.aliases:
        message = f"{name} is the old name of {ALIASES[name]}"
        yield finding(CHANNEL_MAP, message, each.position, Severity.WARNING, f"Write {ALIASES[name]}.")
    for name in each.unknown:
        yield finding(UNKNOWN_KEY, f"{name} is no field of a mapping", each.position)
    if not each.upstream:
        yield finding(CHANNEL_MAP, "a mapping has no upstream_operator", each.position)
    elif upstream is None:
        yield finding(CHANNEL_MAP, f"{each.upstream} is no task that is defined in this file", each.position)
    elif upstream is operator:
        yield finding(CHANNEL_MAP, f"task {operator.task_id} is mapped to itself", each.position)
    elif not dag.precedes(upstream.variable, operator.variable):
        yield finding(
            CHANNEL_MAP,
            f"nothing says that task {upstream.task_id} runs before {operator.task_id}",
            each.position,
            fix=f"Write {upstream.variable} >> {operator.variable or operator.task_id}.",
        )


def _check_channels(
    each: ChannelMap, upstream: Operator | None, operator: Operator, templates: Mapping[int, Template | None]
) -> Iterator[Finding]:
    before, here = templates.get(id(upstream)) if upstream else None, templates[id(operator)]
    for template, channel, kind in ((before, each.output, "outputs"), (here, each.input, "inputs")):
        known = [mount.name for mount in getattr(template, kind)] if template else []
        if template and _is_known(channel) and channel not in known:
            there = ", ".join(known) or "none"
            message = f"{channel or 'nothing'} is none of the {kind} of template {template.identifier}: {there}"
            yield finding(CHANNEL_MAP, message, each.position)


def _check_inputs(operator: Operator, template: Template | None) -> Iterator[Finding]:
    counts = Counter(each.input for each in operator.maps)
    for each in operator.maps:
        if counts[each.input] > 1 and next(one for one in operator.maps if one.input == each.input) is not each:
            yield finding(CHANNEL_MAP, f"input {each.input} of task {operator.task_id} is mapped twice", each.position)
    for mount in template.inputs if template else ():
        if mount.name not in counts:
            yield finding(
                CHANNEL_MAP, f"input {mount.name} of task {operator.task_id} is not mapped", operator.position
            )


def _place(operator: Operator, name: str) -> Position:
    return operator.arguments.get(name, operator.position)


def _is_known(text: str) -> bool:
    """Whether a text is known in full: names that only the platform knows stand in braces."""
    return "{" not in text
