"""What a command is: its name, its flags, and the function that runs it; and what a group of commands is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from chartkit.cli.flags import Flag, UsageError
from chartkit.record import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the command line.

    Attributes:
        name: the words that call it: `render`, `pull-secret render`.
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


@dataclass(frozen=True, slots=True)
class Group:
    """Commands that share their first word.

    Attributes:
        name: the word.
        help: what they are about.
        commands: by second word each command's module, which has it as `COMMAND`, and a line about it.
    """

    name: str
    help: str
    commands: Mapping[str, tuple[str, str]]

    def unknown(self, word: str) -> UsageError:
        """What is said of a second word that calls none of them."""
        from difflib import get_close_matches

        close = get_close_matches(word, self.commands, n=1)
        known = f"did you mean {close[0]}?" if close else f"{self.name} takes: {', '.join(self.commands)}"
        return UsageError(f'unknown command "{word}" for "chartkit {self.name}"', hint=known)
