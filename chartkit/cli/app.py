"""The entry point: finds the command and runs it.

A command that is called straight is read from its flag table without typer, whose import takes longer than a render;
help, completion and mistyped commands go through typer (`shell`), which gets its options from the same tables.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

from chartkit.cli.command import Command
from chartkit.cli.commands import COMMANDS, find_command
from chartkit.cli.exits import run_guarded

_COMPLETION: Final = "_CHARTKIT_COMPLETE"
_HELP: Final = frozenset(["--help", "-h"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run chartkit; the result is the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    return run_guarded(lambda: _dispatch(words), words)


def _dispatch(words: list[str]) -> int:
    if words and words[0] in COMMANDS and _HELP.isdisjoint(words) and _COMPLETION not in os.environ:
        command, rest = find_command(words)
        if isinstance(command, Command):
            return command.run(rest)
    from chartkit.cli.shell import run_shell

    return run_shell(words)


if __name__ == "__main__":
    sys.exit(main())
