"""How much memory a task gets: what is written, and what its rules make of the size of its data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from chartkit.errors import InputError
from chartkit.systems.task_api.merge import Channel, Instance
from chartkit.systems.task_api.models import Resources, ScaleRule
from chartkit.systems.task_api.quantity import as_bytes, is_foreign, read_quantity

MEMORY: Final = "memory"
_KINDS: Final = {"limit": "limits", "request": "requests"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a rule asks for: the size of the data, and the bytes of memory that it makes of it."""

    channel: str
    rule: ScaleRule
    size: int
    memory: int


def measure(folder: Path, rule: ScaleRule) -> int:
    """The size of a channel's data as a rule takes it; a folder that is not there holds nothing."""
    if rule.mode == "max_item_sum":
        items = [path for path in _entries(folder) if path.is_dir()]
        return max((sum(_sizes(item / rule.target_dir, rule)) for item in items), default=0)
    sizes = _sizes(folder / rule.target_dir, rule)
    return sum(sizes) if rule.mode == "sum" else max(sizes, default=0)


def requirements(channels: Iterable[Channel], base: Path) -> Iterator[Requirement]:
    """What the rules of some channels ask for.

    Args:
        channels: the channels.
        base: the folder that relative paths start from.

    Raises:
        InputError: a rule asks for less than nothing.
    """
    for channel in channels:
        rule = channel.scale_rule
        if rule is None:
            continue
        size = measure(base / channel.host_path, rule)
        memory = rule.complexity.at(size)
        if memory < 0:
            raise InputError(f"channel {channel.name}: {rule.complexity.text} makes {memory} bytes of {size}")
        yield Requirement(channel.name, rule, size, memory)


def scaled(instance: Instance, base: Path, headroom: Fraction = Fraction(1)) -> Resources:
    """The resources of a task, with as much memory as its rules and what is written ask for.

    Args:
        instance: the task.
        base: the folder that relative paths start from.
        headroom: what memory is multiplied by: Kaapana's platform takes 1.1.
    """
    needed = list(requirements(instance.inputs, base))
    limits, requests = (
        _with_memory(
            getattr(instance.resources, name),
            max((each.memory for each in needed if each.rule.kind == kind), default=0),
            headroom,
        )
        for kind, name in _KINDS.items()
    )
    return Resources(limits, requests)


def memory_bytes(resources: Mapping[str, str]) -> int | None:
    """The memory that some resources name, in whole bytes; `None` if they name none."""
    return None if MEMORY not in resources else int(read_quantity(as_bytes(read_quantity(resources[MEMORY]))))


def _with_memory(static: Mapping[str, str], needed: int, headroom: Fraction) -> dict[str, str]:
    found = dict(static)
    written = read_quantity(static[MEMORY]) if MEMORY in static else Fraction(0)
    wanted = max(written, Fraction(needed)) * headroom
    # What nobody changed stays as it is written, unless Kubernetes could not read it.
    if wanted and (wanted != written or is_foreign(static[MEMORY])):
        found[MEMORY] = as_bytes(wanted)
    return found


def _sizes(folder: Path, rule: ScaleRule) -> list[int]:
    """The sizes of the files below a folder that a rule counts."""
    if not folder.is_dir():
        return []
    pattern = re.compile(rule.target_regex)
    # Both filters count: the glob sees names, the expression the whole path below the folder.
    files = (path for path in folder.rglob(rule.target_glob) if path.is_file())
    return [path.stat().st_size for path in files if pattern.fullmatch(path.relative_to(folder).as_posix())]


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
