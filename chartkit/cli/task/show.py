"""`chartkit task show`: a processing container, or what a task comes to with its template."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from chartkit.cli.checking import chosen
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN
from chartkit.cli.flags import Flag, read_words
from chartkit.cli.pipeline import put
from chartkit.cli.tables import as_columns, as_json
from chartkit.cli.task.engine import ENGINE, chosen_engine, read_image_file
from chartkit.cli.task.subject import (
    CONTAINER,
    FILES,
    REQUEST,
    as_line,
    container_of_text,
    one_word,
    read_file,
    read_instance,
)
from chartkit.cli.task.subject import read_container as container_of_file
from chartkit.profile import NEWEST
from chartkit.systems.task_api.docker import absolute
from chartkit.systems.task_api.merge import Channel, Instance
from chartkit.systems.task_api.models import FILE, Container, Mount, Resources, Template
from chartkit.systems.task_api.reading import is_container
from chartkit.systems.task_api.scaling import requirements, scaled

_FORMATS: Final = ("text", "json")


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit task show`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen(words, "format", _FORMATS, "text")
    name = one_word(words, "file or image")
    if not os.path.exists(name) and not name.endswith(".json"):
        engine = chosen_engine(words)
        shown = container_content(container_of_text(words, f"{name}:{FILE}", read_image_file(name, engine)))
        put(as_json(shown) if form == "json" else _container_text(shown))
    elif is_container(read_file(words, name)):
        shown = container_content(container_of_file(words, name))
        put(as_json(shown) if form == "json" else _container_text(shown))
    else:
        instance = read_instance(words, name)
        shown = instance_content(instance, Path())
        put(as_json(shown) if form == "json" else _instance_text(shown))
    return CLEAN


def container_content(container: Container) -> dict[str, Any]:
    """A processing container as plain values."""
    return {
        "name": container.name,
        "description": container.description,
        "templates": [_template(each) for each in container.templates],
    }


def instance_content(instance: Instance, base: Path, headroom: Fraction = Fraction(1)) -> dict[str, Any]:
    """What a task comes to, as plain values."""
    return {
        "name": instance.name,
        "image": instance.image,
        "template": instance.template,
        "command": None if instance.command is None else list(instance.command),
        "env": [
            {"name": each.variable.name, "value": each.variable.value, "from": each.origin} for each in instance.env
        ],
        "inputs": [_channel(each, base) for each in instance.inputs],
        "outputs": [_channel(each, base) for each in instance.outputs],
        "resources": _resources(scaled(instance, base, headroom)),
        "scaling": [
            {
                "channel": each.channel,
                "rule": each.rule.complexity.text,
                "kind": each.rule.kind,
                "mode": each.rule.mode,
                "size": each.size,
                "memory": each.memory,
            }
            for each in requirements(instance.inputs, base)
        ],
    }


def _template(template: Template) -> dict[str, Any]:
    return {
        "identifier": template.identifier,
        "description": template.description,
        "inputs": [_mount(each) for each in template.inputs],
        "outputs": [_mount(each) for each in template.outputs],
        "env": [
            {
                "name": each.name,
                "value": each.value,
                "type": each.kind,
                "choices": None if each.choices is None else list(each.choices),
                "description": each.description,
            }
            for each in template.env
        ],
        "command": None if template.command is None else list(template.command),
        "resources": _resources(template.resources or Resources()),
    }


def _mount(mount: Mount) -> dict[str, Any]:
    return {"name": mount.name, "mounted_path": mount.mounted_path, "description": mount.description}


def _channel(channel: Channel, base: Path) -> dict[str, Any]:
    path = absolute(channel.host_path, base)
    return {"name": channel.name, "mounted_path": channel.mounted_path, "host_path": path}


def _resources(resources: Resources) -> dict[str, Any]:
    return {"limits": dict(resources.limits), "requests": dict(resources.requests)}


def _container_text(content: dict[str, Any]) -> str:
    lines = [f"{content['name']}: {content['description']}"]
    for template in content["templates"]:
        lines += ["", f"template {template['identifier']}: {template['description']}"]
        rows = [["  in", each["name"], each["mounted_path"], each["description"]] for each in template["inputs"]]
        rows += [["  out", each["name"], each["mounted_path"], each["description"]] for each in template["outputs"]]
        rows += [["  env", each["name"], each["value"], _said(each)] for each in template["env"]]
        lines += as_columns(rows).splitlines() if rows else []
        lines += _more(template)
    return "".join(f"{line}\n" for line in lines)


def _said(variable: dict[str, Any]) -> str:
    choices = f"one of {', '.join(variable['choices'])}" if variable["choices"] else ""
    return "; ".join(filter(None, (variable["type"], choices, variable["description"])))


def _more(content: dict[str, Any]) -> list[str]:
    lines = [f"  command  {as_line(content['command'])}"] if content["command"] is not None else []
    for kind, amounts in content["resources"].items():
        lines += [f"  {kind}  {name}={amount}" for name, amount in amounts.items()]
    return lines


def _instance_text(content: dict[str, Any]) -> str:
    lines = [f"{content['name']}: template {content['template']} of {content['image']}"]
    rows = [["  in", each["name"], each["mounted_path"], each["host_path"]] for each in content["inputs"]]
    rows += [["  out", each["name"], each["mounted_path"], each["host_path"]] for each in content["outputs"]]
    rows += [["  env", each["name"], each["value"], f"from the {each['from']}"] for each in content["env"]]
    lines += as_columns(rows).splitlines() if rows else []
    lines += _more(content)
    lines += [
        f"  scaling  {each['channel']}: {each['rule']} of {each['size']} bytes ({each['mode']}) is {each['memory']} "
        f"bytes of memory ({each['kind']})"
        for each in content["scaling"]
    ]
    return "".join(f"{line}\n" for line in lines)


COMMAND: Final = Command(
    name="task show",
    usage="[OPTIONS] FILE|IMAGE",
    help="Show a processing-container.json, that of an image (read by docker or podman), or what a task.json comes to: "
    "its variables and who sets each, its channels, its command, and the memory that its rules make of the data.",
    flags=(
        CONTAINER,
        *REQUEST,
        *FILES,
        ENGINE,
        Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),
    ),
    run=run,
)
