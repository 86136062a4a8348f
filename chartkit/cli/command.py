"""What a command is: its name, its flags, and the function that runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chartkit.cli.flags import Flag


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the command line.

    Attributes:
        name: the word that calls it.
        usage: the words after it, for `--help`.
        help: what it does.
        flags: the flags it takes.
        run: does it, given the words after the name; returns the exit code.
    """

    name: str
    usage: str
    help: str
    flags: tuple[Flag, ...]
    run: Callable[[Sequence[str]], int]
