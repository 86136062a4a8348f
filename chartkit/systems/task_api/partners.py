"""Whether a task and its template fit: CK402, CK403, and what a merge would refuse."""

from __future__ import annotations

from collections.abc import Iterator

from chartkit.checks.finding import Finding
from chartkit.errors import InputError
from chartkit.systems.task_api.json_file import Steps
from chartkit.systems.task_api.merge import merge, template_of
from chartkit.systems.task_api.models import Container, Mount, Volume
from chartkit.systems.task_api.reading import Reading
from chartkit.systems.task_api.rules import GHOST_VOLUME, INVALID, UNBOUND_MOUNT, finding

_TEMPLATE: Steps = ("taskTemplate",)


def check_task(reading: Reading, container: Container | None) -> Iterator[Finding]:
    """What is wrong between a sound task and its template.

    Args:
        reading: the task's file.
        container: the processing container of its image.
    """
    task = reading.task()
    try:
        template = template_of(task, container)
        merge(task, template)
    except InputError as error:
        yield finding(INVALID, str(error), reading.file.at(_TEMPLATE), fix=error.hint)
        return
    for kind, mounts, volumes in (
        ("inputs", template.inputs, task.inputs),
        ("outputs", template.outputs, task.outputs),
    ):
        yield from _check_channels(reading, kind, mounts, volumes)


def _check_channels(
    reading: Reading, kind: str, mounts: tuple[Mount, ...], volumes: tuple[Volume, ...]
) -> Iterator[Finding]:
    names = {each.name for each in volumes}
    for mount in mounts:
        if mount.name not in names:
            message = f"channel {mount.name} has no volume among the {kind}, and is not mounted"
            yield finding(UNBOUND_MOUNT, message, reading.file.at((kind,)))
    known = {each.name for each in mounts}
    for index, volume in enumerate(volumes):
        if volume.name not in known:
            message = f"volume {volume.name} is none of the template's {kind}, and is not mounted"
            yield finding(GHOST_VOLUME, message, reading.file.at((kind, index, "name")))
