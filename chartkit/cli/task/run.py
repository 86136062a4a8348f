"""`chartkit task run`: a task as a container of docker or podman, or as a Pod of Kubernetes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from shlex import join
from typing import Final

from chartkit.adapters.files import write_atomic
from chartkit.adapters.process import pass_through
from chartkit.cli.checking import chosen
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, FINDINGS, note, tell
from chartkit.cli.flags import Flag, UsageError, Words, read_words
from chartkit.cli.pipeline import put
from chartkit.cli.task.engine import ENGINE, answer, chosen_engine, read_image_file, read_state
from chartkit.cli.task.run_file import TaskRun, as_text
from chartkit.cli.task.subject import (
    CONTAINER,
    FILES,
    REQUEST,
    container_of_text,
    one_word,
    read_instance,
    read_task,
)
from chartkit.errors import InputError
from chartkit.goyaml.dump import dump
from chartkit.images.pull_secret import manifest_text
from chartkit.profile import NEWEST
from chartkit.systems.task_api.docker import exit_code, logs_command, memory_command, run_command
from chartkit.systems.task_api.kubernetes import pod, registry_secret
from chartkit.systems.task_api.merge import Instance
from chartkit.systems.task_api.models import FILE, Container
from chartkit.systems.task_api.quantity import InvalidQuantity, read_quantity
from chartkit.systems.task_api.scaling import scaled

_MODES: Final = ("docker", "k8s")
_PAUSE: Final = 1.0


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit task run`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    mode = chosen(words, "mode", _MODES, "docker")
    headroom = _headroom(words)
    path = one_word(words, "task.json")
    instance = read_instance(words, path, _container_from_image(words, path))
    if mode == "k8s":
        return _render(instance, headroom, words)
    engine = chosen_engine(words, is_needed=not words.switch("dry-run"))
    command = run_command(instance, engine, scaled(instance, Path(), headroom), Path())
    if words.switch("dry-run"):
        put(f"{join(command)}\n")
        return CLEAN
    return _start(instance, engine, command, words)


def _headroom(words: Words) -> Fraction:
    text = words.text("headroom", "1")
    factor = Fraction(text) if text.replace(".", "", 1).isdigit() else Fraction(0)
    if factor < 1:
        raise UsageError(f"--headroom {text}: a factor from 1 on is wanted, such as 1.1")
    return factor


def _container_from_image(words: Words, path: str) -> Container | None:
    """The processing container out of the image itself, where the task needs it and no copy is named."""
    # A dry run must not need an engine, and a Pod is rendered for another machine's.
    if words.text("processing-container") or words.switch("dry-run") or words.text("mode") == "k8s":
        return None
    task = read_task(words, path)
    if not isinstance(task.template, str):
        return None
    return container_of_text(words, f"{task.image}:{FILE}", read_image_file(task.image, chosen_engine(words)))


def _render(instance: Instance, headroom: Fraction, words: Words) -> int:
    """The secret of the registry, if there is one, and the pod."""
    for flag in ("watch", "monitor-memory"):
        if words.switch(flag):
            raise UsageError(f"--{flag} needs --mode docker: a Pod is rendered, and not run")
    secret = registry_secret(instance)
    documents = [manifest_text(secret)] if secret is not None else []
    documents.append(dump(pod(instance, scaled(instance, Path(), headroom), Path())))
    text = "---\n".join(documents)
    if words.text("output"):
        write_atomic(Path(words.text("output")), text.encode("utf-8", "surrogateescape"))
    else:
        put(text)
    return CLEAN


def _start(instance: Instance, engine: str, command: Sequence[str], words: Words) -> int:
    for channel in instance.inputs:
        if not Path(channel.host_path).exists():
            note(f"warning: channel {channel.name}: {channel.host_path} does not exist")
    # What a task writes into must be there: an engine that makes the folder makes it for root.
    for word, mount in zip(command, command[1:], strict=False):
        if word == "-v" and mount.endswith(":rw"):
            _make_folder(Path(mount.partition(":")[0]))
    said = answer(command).split()
    if not said:
        raise InputError(f"{engine} did not tell the id of the container it started")
    started = TaskRun(said[-1], engine, instance.name, instance.image)
    path = _run_path(started, words.text("output"))
    write_atomic(path, as_text(started).encode())
    put(f"{path}\n")
    return _follow(started, words)


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder {path}: {(error.strerror or str(error)).lower()}") from error


def _run_path(started: TaskRun, output: str) -> Path:
    path = Path(output or ".")
    return path / started.file_name if path.is_dir() else path


def _follow(started: TaskRun, words: Words) -> int:
    """Wait for the end of a run where that is wanted; the result is the exit code."""
    if words.switch("monitor-memory"):
        _watch_memory(started)
        if words.switch("watch"):
            pass_through(logs_command(started.engine, started.id, follows=False))
    elif words.switch("watch"):
        pass_through(logs_command(started.engine, started.id, follows=True))
    else:
        return CLEAN
    code = exit_code(read_state(started.engine, started.id))
    tell(f"{started.name} ended with exit code {code}" if code is not None else f"{started.name} is still running")
    return FINDINGS if code else CLEAN


def _watch_memory(started: TaskRun) -> None:
    """Ask the engine for the memory that a container uses until it ends, and tell the most."""
    most, shown = Fraction(0), ""
    # Engines know what is used now, and not what was used at most.
    while exit_code(read_state(started.engine, started.id)) is None:
        used = answer(memory_command(started.engine, started.id)).partition("/")[0].strip()
        amount = _amount(used)
        if amount > most:
            most, shown = amount, used
        time.sleep(_PAUSE)
    tell(f"{started.name} used {shown} of memory at most" if shown else f"{started.name} ended before it was measured")


def _amount(text: str) -> Fraction:
    """What engines print: `12.3MiB`, `1.2GB`, `0B`, `--`."""
    try:
        return read_quantity(text.removesuffix("B") if text != "0B" else "0")
    except InvalidQuantity:
        return Fraction(0)


COMMAND: Final = Command(
    name="task run",
    usage="[OPTIONS] task.json",
    help="Run a task in the background by docker or podman, and write task_run-ID.json to ask for its logs and its "
    "status by; or render it as a Pod with the secret of its registry. The template comes out of the image, or out of "
    "--processing-container.",
    flags=(
        Flag("mode", f"{' or '.join(_MODES)} (default: docker)", "text"),
        Flag("dry-run", "print the command, and run nothing"),
        Flag("watch", "print what the task says until it ends"),
        Flag("monitor-memory", "wait until the task ends, and tell how much memory it used"),
        Flag("output", "where task_run-ID.json goes (default: here), or the manifests with --mode k8s", "text"),
        Flag("headroom", "multiply memory by this (default: 1; Kaapana's platform takes 1.1)", "text"),
        ENGINE,
        CONTAINER,
        *REQUEST,
        *FILES,
    ),
    run=run,
)
