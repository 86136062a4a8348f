"""What the task commands share: the files they read, and in which dialect."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from chartkit.checks.finding import Severity
from chartkit.cli.checking import chosen
from chartkit.cli.exits import note, tell
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.errors import InputError
from chartkit.source import Source
from chartkit.systems.task_api.fields import Dialect
from chartkit.systems.task_api.json_file import JSONFile, parse_json, read_json
from chartkit.systems.task_api.merge import TASK_FIELDS, Instance, merge, task_form, template_of
from chartkit.systems.task_api.models import Container, Task
from chartkit.systems.task_api.reading import Reading, read_model

AUTO: Final = "auto"
API: Final = Flag("api", f"the dialect: {', '.join(Dialect)} or {AUTO} (default: by the keys of the file)", "text")
CUSTOM: Final = Flag("custom", "NAME=VALUE: what {{ custom.NAME }} in a file stands for", "repeated")
FILES: Final = (API, CUSTOM)
"""The flags that say how files are read."""

CONTAINER: Final = Flag("processing-container", "a copy of the image's /processing-container.json", "text")
REQUEST: Final = (
    Flag("conf", "a file with the request that starts the workflow: its task_form goes before the task", "text"),
    Flag("task-id", "the task's id in that request (default: the task's name)", "text"),
    Flag("env", "NAME=VALUE: a variable that goes before all others", "repeated"),
)
"""The flags that say what who starts a task sets."""


def read_file(words: Words, path: str) -> JSONFile:
    """A JSON file, with its template filled in.

    Raises:
        InputError: it cannot be used.
    """
    return read_json(Path(path), os.environ, pairs(words, "custom"))


def pairs(words: Words, flag: str) -> dict[str, str]:
    """The values of a flag whose words are NAME=VALUE.

    Raises:
        UsageError: a word is not.
    """
    found: dict[str, str] = {}
    for word in words.texts(flag):
        name, equals, value = word.partition("=")
        if not name or not equals:
            raise UsageError(f"--{flag} {word}: NAME=VALUE is wanted")
        found[name] = value
    return found


def chosen_dialect(words: Words) -> Dialect | None:
    """The dialect that is wanted; `None` to tell it by the keys."""
    name = chosen(words, "api", (*Dialect, AUTO), AUTO)
    return None if name == AUTO else Dialect(name)


def read_container(words: Words, path: str) -> Container:
    """The processing container of a file.

    Raises:
        InputError: it cannot be used.
    """
    return _read_container(read_file(words, path), words)[0]


def container_of_text(words: Words, name: str, text: str) -> Container:
    """The processing container of a text.

    Raises:
        InputError: it cannot be used.
    """
    return _read_container(parse_json(Source(name, text)), words)[0]


def _read_container(file: JSONFile, words: Words) -> tuple[Container, Reading]:
    reading = read_model(file, "ProcessingContainer", chosen_dialect(words))
    warn(reading)
    return reading.container(), reading


def read_instance(words: Words, path: str, container: Container | None = None) -> Instance:
    """What a task comes to, with its template and with what a request sets.

    Raises:
        InputError: a file cannot be used, or the dialects of task and container differ.
    """
    request, fields = read_request(words, path)
    file = read_file(words, path)
    # Laid over before the check, so that what the request brings is held against the model too.
    if fields and isinstance(file.data, dict):
        file = JSONFile(file.source, {**file.data, **fields}, file.places)
    reading = read_model(file, "Task", chosen_dialect(words))
    warn(reading)
    task = reading.task()
    if words.text("processing-container"):
        other = read_file(words, words.text("processing-container"))
        container, read = _read_container(other, words)
        _refuse_mix(reading, read)
    try:
        instance = merge(task, template_of(task, container), request)
    except InputError as error:
        if error.position is None:
            raise InputError(str(error), position=file.at(("taskTemplate",)), hint=error.hint) from error
        raise
    _warn_of_channels(instance, file)
    return instance


def read_task(words: Words, path: str) -> Task:
    """The task of a file, alone.

    Raises:
        InputError: it cannot be used.
    """
    return read_model(read_file(words, path), "Task", chosen_dialect(words)).task()


def read_request(words: Words, path: str) -> tuple[dict[str, str], Mapping[str, Any]]:
    """What a request sets: variables, and fields to lay over the task.

    Raises:
        InputError: the request cannot be read.
    """
    request: dict[str, str] = {}
    fields: Mapping[str, Any] = {}
    if words.text("conf"):
        conf = read_file(words, words.text("conf")).data
        name = words.text("task-id") or _name_of(words, path)
        variables, fields, notes = task_form(conf, name)
        request.update(variables)
        for each in notes:
            note(f"warning: {each}")
    return {**request, **pairs(words, "env")}, {name: fields[name] for name in TASK_FIELDS if name in fields}


def _name_of(words: Words, path: str) -> str:
    data = read_file(words, path).data
    return str(data.get("name") or "") if isinstance(data, dict) else ""


def warn(reading: Reading) -> None:
    """Tell of what is odd in a file and no error, on standard error."""
    for each in reading.findings:
        if each.severity is Severity.WARNING:
            tell(f"{each.location}: warning {each.rule}: {each.message}")


def _warn_of_channels(instance: Instance, file: JSONFile) -> None:
    for rule, names, text in (
        ("CK402", instance.unbound, "has no volume in the task, and is not mounted"),
        ("CK403", instance.ghosts, "is no channel of the template, and is not mounted"),
    ):
        for name in names:
            tell(f"{file.source.name}: warning {rule}: {name} {text}")


def _refuse_mix(one: Reading, other: Reading) -> None:
    if one.is_definite and other.is_definite and one.dialect is not other.dialect:
        raise InputError(
            f"{one.file.source.name} is of the dialect {one.dialect}, {other.file.source.name} of {other.dialect}",
            hint="write both in one, or say which one counts by --api",
        )


def one_word(words: Words, what: str) -> str:
    """The only word beside the flags.

    Raises:
        UsageError: there is none, or there are several.
    """
    if len(words.others) != 1:
        raise UsageError(f"name one {what}")
    return words.others[0]


def as_line(value: Iterable[str]) -> str:
    """Words of a command line as JSON, which keeps them apart."""
    return json.dumps(list(value), ensure_ascii=False)
