"""The file that remembers a run: JSON, so that reading one runs nothing."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from chartkit.cli.tables import as_json
from chartkit.errors import InputError
from chartkit.systems.devfile.document import read_source
from chartkit.systems.task_api.docker import ENGINES
from chartkit.systems.task_api.json_file import parse_json

VERSION: Final = 1
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class TaskRun:
    """A task that was started; its variables are not kept, since they may be secret."""

    id: str
    engine: str
    name: str
    image: str
    version: int = VERSION

    @property
    def file_name(self) -> str:
        """What its file is called."""
        return f"task_run-{self.id[:_SHOWN]}.json"


def as_text(run: TaskRun) -> str:
    """The content of the file."""
    return as_json(asdict(run))


def read_run(path: Path) -> TaskRun:
    """The run that a file remembers.

    Raises:
        InputError: the file cannot be read, or is none.
    """
    if path.suffix in (".pkl", ".pickle"):
        raise InputError(
            f"{path} is a pickle, which could run anything when it is read",
            hint="chartkit task run writes task_run-ID.json",
        )
    file = parse_json(read_source(path))
    data = file.data if isinstance(file.data, dict) else {}
    if data.get("version") != VERSION:
        raise InputError(f"{path} is no file of a task's run", position=file.at(("version",)))
    for name in ("id", "engine", "name", "image"):
        if not isinstance(data.get(name), str):
            raise InputError(f"{path}: {name} must be a text", position=file.at((name,)))
    # Both go into a command line.
    if data["engine"] not in ENGINES or not _ID.fullmatch(data["id"]):
        raise InputError(f"{path} names no container of {' or '.join(ENGINES)}", position=file.at(("id",)))
    return TaskRun(data["id"], data["engine"], data["name"], data["image"])
