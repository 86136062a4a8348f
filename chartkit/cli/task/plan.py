"""`chartkit task plan`: the tasks of a DAG, what each is given, and whether its data reach it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from chartkit.checks.finding import Finding
from chartkit.checks.formats import FORMATS, write
from chartkit.checks.report import Outcome, Report
from chartkit.cli.checking import chosen
from chartkit.cli.command import Command
from chartkit.cli.flags import Flag, UsageError, Words, read_words
from chartkit.cli.pipeline import put
from chartkit.cli.tables import as_columns, as_json
from chartkit.cli.task.subject import FILES, pairs, read_container, read_file
from chartkit.errors import InputError
from chartkit.profile import NEWEST
from chartkit.systems.task_api.channels import Input, PlannedTask, check_dag, plan_dag
from chartkit.systems.task_api.dag import Dag, read_dags
from chartkit.systems.task_api.models import Container
from chartkit.systems.task_api.rules import RULES

_FORMATS: Final = ("text", "json", *(name for name in FORMATS if name not in ("text", "json")))


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit task plan`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen(words, "format", _FORMATS, "text")
    if not words.others:
        raise UsageError("name a DAG file or a folder of them")
    names = pairs(words, "define")
    dags = [dag for path in words.others for dag in read_dags(Path(path), names)]
    if not dags:
        raise InputError(f"{', '.join(words.others)}: there is no KaapanaTaskOperator")
    containers = _containers(words)
    conf = read_file(words, words.text("conf")).data if words.text("conf") else None
    planned = {id(dag): plan_dag(dag, containers, conf) for dag in dags}
    report = _report(dags, containers)
    if form == "text":
        put("".join(_text(task) for dag in dags for task in planned[id(dag)]) + "\n" + write(report, "text"))
    elif form == "json":
        put(as_json(_content(dags, planned, report)))
    else:
        put(write(report, form))
    return report.exit_code


def _containers(words: Words) -> dict[str, Container]:
    """The processing containers that are named, by their image or their file."""
    found: dict[str, Container] = {}
    for word in words.texts("processing-container"):
        name, equals, path = word.partition("=")
        # A file may have an equals sign in its name.
        is_named = bool(equals) and not os.path.exists(word)
        found[name if is_named else word] = read_container(words, path if is_named else word)
    return found


def _report(dags: Sequence[Dag], containers: dict[str, Container]) -> Report:
    findings = [each for dag in dags for each in check_dag(dag, containers)]
    findings.sort(key=lambda each: (each.file, each.line or 0, each.column or 0, each.rule))
    count = sum(len(dag.operators) for dag in dags)
    return Report(tuple(findings), (Outcome("", f"{count} task{'' if count == 1 else 's'}"),), rules=RULES)


def _text(task: PlannedTask) -> str:
    operator = task.operator
    lines = [f"{operator.task_id}: template {operator.template or 'unknown'} of {operator.image or 'no image'}"]
    rows = [["  in", each.name, each.mounted_path, f"from {each.path or 'nowhere'}"] for each in task.inputs]
    rows += [["  out", each.name, each.mounted_path, f"to {each.path}"] for each in task.outputs]
    rows += [
        ["  env", each.variable.name, each.variable.value, f"from the {_origin(each.origin)}"] for each in task.env
    ]
    lines += as_columns(rows).splitlines() if rows else []
    lines += [f"  note: {note}" for note in task.notes]
    return "".join(f"{line}\n" for line in lines)


def _origin(origin: str) -> str:
    """Who gives a variable: in a DAG the operator stands for the task."""
    return "operator" if origin == "task" else origin


def _content(dags: Sequence[Dag], planned: dict[int, tuple[PlannedTask, ...]], report: Report) -> dict[str, Any]:
    return {
        "tasks": [_task(dag, task) for dag in dags for task in planned[id(dag)]],
        "findings": [_finding(each) for each in report.findings],
    }


def _task(dag: Dag, task: PlannedTask) -> dict[str, Any]:
    operator = task.operator
    return {
        "task_id": operator.task_id,
        "file": dag.file.source.name,
        "line": operator.position.line,
        "image": operator.image,
        "template": operator.template,
        "after": sorted(_name(dag, before) for before, after in dag.edges if after == operator.variable),
        "env": [
            {"name": each.variable.name, "value": each.variable.value, "from": _origin(each.origin)}
            for each in task.env
        ],
        "inputs": [_channel(each) for each in task.inputs],
        "outputs": [_channel(each) for each in task.outputs],
        "notes": list(task.notes),
    }


def _name(dag: Dag, variable: str) -> str:
    operator = dag.operator(variable)
    return operator.task_id if operator else variable


def _channel(channel: Input) -> dict[str, str]:
    return {"name": channel.name, "mounted_path": channel.mounted_path, "path": channel.path}


def _finding(each: Finding) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "severity": str(each.severity),
        "message": each.message,
        "file": each.file,
        "line": each.line,
        "column": each.column,
        "fix": each.fix,
    }


COMMAND: Final = Command(
    name="task plan",
    usage="[OPTIONS] DAG.py|FOLDER...",
    help="Show the tasks of Airflow DAGs as they will run, with who sets each variable and where each channel's data "
    "are, and check the mappings of channels. The DAG is read, and not run.",
    flags=(
        Flag(
            "processing-container",
            "FILE or IMAGE=FILE: a processing-container.json, and the last part of the image it is of",
            "repeated",
        ),
        Flag("conf", "a file with the request that starts the workflow", "text"),
        Flag("define", "NAME=VALUE: what a constant of the platform holds, such as DEFAULT_REGISTRY", "repeated"),
        *FILES,
        Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),
    ),
    run=run,
)
