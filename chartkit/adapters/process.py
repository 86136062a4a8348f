"""Running other programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

from chartkit.errors import InputError


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
