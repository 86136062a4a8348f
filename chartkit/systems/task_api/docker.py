"""How a task becomes the command line of docker or podman."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.systems.task_api.merge import Channel, Instance
from chartkit.systems.task_api.models import FILE, Resources
from chartkit.systems.task_api.scaling import memory_bytes

ENGINES: Final = ("docker", "podman")
"""The programs that can run a task."""

OUT_OF_MEMORY: Final = 137
"""What the exit code of a container is taken for that ran out of memory."""

_LEAST_MEMORY: Final = 10


def run_command(instance: Instance, engine: str, resources: Resources, base: Path) -> tuple[str, ...]:
    """The command that starts a task in the background and prints the container's id.

    Args:
        instance: the task.
        engine: one of `ENGINES`.
        resources: what it gets.
        base: the folder that relative host paths start from.

    Raises:
        InputError: a path cannot be mounted.
    """
    memory = memory_bytes(resources.limits) or 0
    words = [engine, "run", "-d"]
    # A limit of a few bytes is the mark of a rule over no data, and no limit to run under.
    words += ["--memory", str(memory)] if memory >= _LEAST_MEMORY else []
    for name, value in instance.config.labels.items():
        words += ["--label", f"{name}={value}"]
    for setting in instance.env:
        words += ["-e", f"{setting.variable.name}={setting.variable.value}"]
    for mount in _mounts(instance, base):
        words += ["-v", mount]
    return (*words, instance.image, *(instance.command or ()))


def file_commands(image: str, engine: str, container: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The commands that read the file of an image out of a container made of it, and remove the container.

    The first prints a tar archive. Nothing of the image is run, so that it need not have a shell.
    """
    return (engine, "cp", f"{container}:{FILE}", "-"), (engine, "rm", container)


def create_command(image: str, engine: str) -> tuple[str, ...]:
    """The command that makes a container of an image without starting it, and prints its id."""
    # An image of no more than a file has no command, and then one must be named, though it is never run.
    return (engine, "create", image, "true")


def logs_command(engine: str, container: str, *, follows: bool) -> tuple[str, ...]:
    """The command that prints what a container has said."""
    return (engine, "logs", *(["-f"] if follows else []), container)


def state_command(engine: str, container: str) -> tuple[str, ...]:
    """The command that prints a container's state as JSON."""
    return (engine, "inspect", "--format", "{{json .State}}", container)


def memory_command(engine: str, container: str) -> tuple[str, ...]:
    """The command that prints how much memory a container uses."""
    return (engine, "stats", "--no-stream", "--format", "{{.MemUsage}}", container)


def exit_code(state: dict[str, Any]) -> int | None:
    """The exit code that a state tells; `None` while the container runs.

    One that was stopped since it ran out of memory counts as 137, whatever its own code is.
    """
    if str(state.get("Status") or "").lower() not in ("exited", "dead", "stopped", "removing"):
        return None
    return OUT_OF_MEMORY if state.get("OOMKilled") else int(state.get("ExitCode") or 0)


def absolute(path: str, base: Path) -> str:
    """A host path as a container engine wants it."""
    return os.path.normpath(base.absolute() / path)


def _mounts(instance: Instance, base: Path) -> Iterator[str]:
    known: set[str] = set()
    for channels, mode in ((instance.inputs, "ro"), (instance.outputs, "rw")):
        for channel in channels:
            path = absolute(channel.host_path, base)
            # What is read already is not written to, so that no task changes its input.
            if mode == "rw" and path in known:
                continue
            known.add(path)
            yield f"{_mountable(path, channel)}:{_mountable(channel.mounted_path, channel)}:{mode}"


def _mountable(path: str, channel: Channel) -> str:
    if ":" in path or not path.startswith("/"):
        raise InputError(
            f"channel {channel.name}: {path} cannot be mounted: a path must begin with / and hold no colon"
        )
    return path
