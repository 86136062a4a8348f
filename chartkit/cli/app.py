"""The entry point: finds the command and runs it.

A command that is called straight is read from its flag table without typer, whose import takes longer than a render;
help, completion and mistyped commands go through typer (`shell`), which gets its options from the same tables.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import Final

from chartkit.cli.command import Command
from chartkit.cli.commands import COMMANDS, find_command, unaliased
from chartkit.cli.exits import run_guarded, set_loudness
from chartkit.cli.screen import sign_of_life
from chartkit.goyaml.libyaml import claim_process

_COMPLETION: Final = "_CHARTKIT_COMPLETE"
_GARBAGE: Final = 50_000
_HELP: Final = frozenset(["--help", "-h"])
_QUIET: Final = "--quiet"
_VERBOSE: Final = "--verbose"
_LOUDNESS: Final = frozenset([_QUIET, _VERBOSE])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run chartkit; the result is the exit code."""
    if arguments is None:
        # The process is ours, and short: no other package's needs to think of, and no time for collecting garbage.
        claim_process()
        gc.set_threshold(_GARBAGE, 20, 100)
    words = list(sys.argv[1:] if arguments is None else arguments)
    return run_guarded(lambda: _dispatch(words), words)


def _dispatch(words: list[str]) -> int:
    words = unaliased(_without_loudness(words))
    if words and words[0] in COMMANDS and _HELP.isdisjoint(words) and _COMPLETION not in os.environ:
        command, rest = find_command(words)
        if isinstance(command, Command):
            with sign_of_life(f"chartkit {command.name}"):
                return command.run(rest)
    from chartkit.cli.shell import run_shell

    return run_shell(words)


def _without_loudness(words: list[str]) -> list[str]:
    """The words without `--quiet` and `--verbose`, which every command takes, before its name or behind it."""
    end = words.index("--") if "--" in words else len(words)
    flags, rest = words[:end], words[end:]
    set_loudness(quiet=_QUIET in flags, verbose=_VERBOSE in flags)
    # `explain` has more to say of keys under its own --verbose.
    kept = {_VERBOSE} if "explain" in flags[:2] else set()
    return [word for word in flags if word not in _LOUDNESS - kept] + rest


if __name__ == "__main__":
    sys.exit(main())
