"""Running other programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chartkit.errors import InputError
from chartkit.oci.helper import Answer

_PATIENCE: Final = 60.0


def find_program(name: str) -> str:
    """The path of a program, by its path or by its name and the PATH.

    Raises:
        InputError: if there is none; the words are those of Go.
    """
    found = shutil.which(name)
    if found:
        return found
    if "/" not in name:
        reason = "executable file not found in $PATH"
    elif os.path.exists(name):
        reason = "permission denied"
    else:
        reason = f"stat {name}: no such file or directory"
    raise InputError(f'exec: "{name}": {reason}')


def filter_text(command: Sequence[str], text: str) -> str:
    """What a program makes of a text: the text on its standard input, the answer from its standard output.

    Raises:
        InputError: if the program fails.
    """
    done = subprocess.run(list(command), input=text.encode("utf-8", "surrogateescape"), capture_output=True)
    if done.returncode:
        said = done.stderr.decode("utf-8", "surrogateescape")
        raise InputError(
            f"error while running command {command[0]}. error output:\n{said}: exit status {done.returncode}"
        )
    return done.stdout.decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class ProcessRunner:
    """Runs programs of this machine, and waits for each so many seconds."""

    patience: float = _PATIENCE

    def run(self, command: Sequence[str], text: str) -> Answer:
        """Run a program with a text on its standard input: it may be secret, and is in no list of processes there.

        Raises:
            InputError: there is no such program, or it did not end in time.
        """
        words = [find_program(command[0]), *command[1:]]
        given = text.encode("utf-8", "surrogateescape")
        try:
            done = subprocess.run(words, input=given, capture_output=True, timeout=self.patience)
        except subprocess.TimeoutExpired:
            # What it has said until then stays out of the chain of errors.
            raise InputError(f"{command[0]} did not end within {self.patience:g} seconds") from None
        except OSError as error:
            raise InputError(f"cannot run {command[0]}: {error.strerror}") from None
        return Answer(done.returncode, _text(done.stdout), _text(done.stderr))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def pass_through(command: Sequence[str]) -> int:
    """Run a program that writes to our own outputs; the result is its exit code.

    Raises:
        InputError: there is no such program.
    """
    words = [find_program(command[0]), *command[1:]]
    try:
        return subprocess.run(words, stdin=subprocess.DEVNULL).returncode
    except OSError as error:
        raise InputError(f"cannot run {command[0]}: {error.strerror}") from None
