"""The ways in which passwords come in: standard input, a file, the environment, or a person who is asked.

What a flag about passwords was given is never told back: by mistake it may be the password itself.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chartkit.adapters.terminal import ask_secret, is_asking_possible
from chartkit.cli.flags import UsageError
from chartkit.errors import InputError

WAYS: Final = "--password-stdin, --password-file FILE, --password-env NAME, or none of them on a terminal to be asked"
"""What to do instead of writing a password on the command line."""
SOURCES: Final = ("password-stdin", "password-file", "password-env")
"""The flags that say where a password is."""

VARIABLE: Final = re.compile(r"[A-Z_][A-Z0-9_]*")
"""How the names of variables look."""


@dataclass(slots=True)
class Passwords:
    """Reads passwords, and standard input only once."""

    is_stdin_taken: bool = False

    def read(self, given: Mapping[str, str | bool], whose: str) -> str:
        """The password that one of `SOURCES` leads to, or that a person types in.

        Raises:
            UsageError: several are given, or none and nobody can be asked.
            InputError: there is no password where it should be.
        """
        named = [flag for flag in SOURCES if given.get(flag)]
        if len(named) > 1:
            raise UsageError(f"one password, please: --{' and --'.join(named)} for {whose}")
        if not named:
            return self._ask(whose)
        text = self._from(named[0], str(given[named[0]]))
        if not text:
            raise InputError(f"the password of {whose} is empty", hint=f"--{named[0]} led to it")
        return text

    def _from(self, flag: str, value: str) -> str:
        if flag == "password-stdin":
            return self._from_stdin()
        return _from_file(value) if flag == "password-file" else from_variable(value, "--password-env")

    def _from_stdin(self) -> str:
        if self.is_stdin_taken:
            raise UsageError("standard input can be read once only, and something else is there already")
        self.is_stdin_taken = True
        if is_asking_possible():
            # Typed into a plain read it would be seen on the screen.
            return ask_secret("Password: ")
        return _line(sys.stdin.buffer.read())

    def _ask(self, whose: str) -> str:
        if not is_asking_possible():
            raise UsageError(f"there is no password for {whose}", hint=f"give it by {WAYS}")
        text = ask_secret(f"Password for {whose}: ")
        if not text:
            raise InputError("no password was given")
        return text


def from_variable(name: str, flag: str) -> str:
    """What a variable of the environment holds.

    Raises:
        InputError: there is no such variable.
    """
    value = os.environ.get(name)
    if value is None:
        # `--password-env "$PASSWORD"` is easily written: what does not look like a name stays untold.
        shown = name if VARIABLE.fullmatch(name) else f"that {flag} names"
        raise InputError(
            f"the variable {shown} is not set", hint=f"{flag} takes the name of a variable, not a password"
        )
    return value


def _from_file(name: str) -> str:
    try:
        return _line(Path(name).read_bytes())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such file"
        raise InputError(f"cannot read the file of --password-file: {reason}") from None


def _line(data: bytes) -> str:
    """A text without the line break that editors and `echo` put behind it."""
    return data.decode("utf-8", "surrogateescape").removesuffix("\n").removesuffix("\r")
