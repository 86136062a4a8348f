"""The door to docker and podman: which one is there, and what it says."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Sequence
from shutil import which
from typing import Any, Final

from chartkit.adapters.process import ProcessRunner
from chartkit.cli.checking import chosen
from chartkit.cli.flags import Flag, Words
from chartkit.errors import InputError
from chartkit.reference import ImageReference, InvalidReference
from chartkit.systems.task_api.docker import ENGINES, create_command, file_commands, state_command
from chartkit.systems.task_api.models import FILE

ENGINE: Final = Flag("engine", f"{' or '.join(ENGINES)} (default: the one that is installed)", "text")
"""The flag that chooses one."""

# An engine pulls the image before it answers, and images for algorithms are large.
_PATIENCE: Final = 3600.0


def chosen_engine(words: Words, *, is_needed: bool = True) -> str:
    """The engine that is wanted, or the first that is installed.

    Raises:
        InputError: none is, and one is needed.
    """
    if words.text("engine"):
        name = chosen(words, "engine", ENGINES, ENGINES[0])
        if is_needed and which(name) is None:
            raise InputError(f"{name} is not installed", hint="--dry-run prints the command without running it")
        return name
    found = next((name for name in ENGINES if which(name)), None)
    if found is None and is_needed:
        raise InputError(
            f"no container engine is installed: {' and '.join(ENGINES)} are not in PATH",
            hint="install one of them; task run --dry-run prints the command, and --mode k8s renders the Pod, without",
        )
    return found or ENGINES[0]


def answer(command: Sequence[str]) -> str:
    """What a program says on its standard output.

    Raises:
        InputError: it fails.
    """
    done = ProcessRunner(_PATIENCE).run(command, "")
    if done.code:
        said = done.errors.strip() or done.output.strip() or "it said nothing"
        message = f"{' '.join(command[:2])} failed with exit code {done.code}: {said}"
        raise InputError(message, hint=_other_engine(command[0]) if "daemon" in said else "")
    return done.output


def _other_engine(engine: str) -> str:
    """What to say where the program is there, and what it talks to is not."""
    other = next((name for name in ENGINES if name != engine and which(name)), "")
    return f"{other} is installed too: --engine {other}" if other else ""


def read_image_file(image: str, engine: str) -> str:
    """The text of an image's /processing-container.json, out of a container that is never started.

    Raises:
        InputError: the image cannot be had, or has no such file.
    """
    try:
        ImageReference.parse(image)
    except InvalidReference as error:
        raise InputError(f"{image} is neither a file nor an image: {error}") from error
    container = answer(create_command(image, engine)).split()
    if not container:
        raise InputError(f"{engine} made no container of {image}")
    copy, remove = file_commands(image, engine, container[-1])
    try:
        archive = answer(copy)
    except InputError as error:
        raise InputError(f"{image} has no {FILE} that can be read: {error}") from error
    finally:
        # It was never started, and nobody else knows of it.
        answer(remove)
    return _only_file(archive.encode("utf-8", "surrogateescape"), image)


def read_state(engine: str, container: str) -> dict[str, Any]:
    """The state of a container.

    Raises:
        InputError: there is no such container, or the engine says something else.
    """
    said = answer(state_command(engine, container))
    try:
        state = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{engine} inspect does not say JSON: {said.strip()[:80]}") from error
    if not isinstance(state, dict):
        raise InputError(f"{engine} inspect tells no state: {said.strip()[:80]}")
    return state


def _only_file(archive: bytes, image: str) -> str:
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
            for member in opened:
                content = opened.extractfile(member) if member.isfile() else None
                if content is not None:
                    return content.read().decode("utf-8-sig")
    except (tarfile.TarError, UnicodeDecodeError) as error:
        raise InputError(f"{FILE} of {image} cannot be read: {error}") from error
    raise InputError(f"{FILE} of {image} is no file")
