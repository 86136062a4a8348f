"""The entry point: finds the command and runs it.

A command that is called straight is read from its flag table without typer, whose import takes longer than a render;
help, completion and mistyped commands go through typer (`shell`), which gets its options from the same tables.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from chartkit.cli.command import Command
from chartkit.cli.exits import run_guarded

COMMANDS: Final = {
    "render": ("chartkit.cli.render", "Print the manifests that values give, exactly as Helm would."),
    "template": ("chartkit.cli.template", "The same under Helm's own command line: a drop-in for `helm template`."),
    "images": ("chartkit.cli.images", "List every image that values give, and where each stands."),
    "verify-images": ("chartkit.cli.verify_images", "Check that all images come from the registries expected."),
    "lint": ("chartkit.cli.lint", "Hold values and images against the rules."),
    "rule": ("chartkit.cli.rule", "Explain a rule, or list them all."),
    "diff": ("chartkit.cli.diff", "Tell which images change between two values files or two versions of a chart."),
    "hook": ("chartkit.cli.hook", "Run a command on the charts that changed files belong to: for pre-commit."),
    "init": ("chartkit.cli.init", "Write chartkit.yaml, and the files for pre-commit and CI."),
}
"""Each command's module, which has it as `COMMAND`, and a line about it for `chartkit --help`."""

_COMPLETION: Final = "_CHARTKIT_COMPLETE"
_HELP: Final = frozenset(["--help", "-h"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run chartkit; the result is the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    return run_guarded(lambda: _dispatch(words), words)


def load_command(name: str) -> Command:
    """A command, imported when it is first needed."""
    command = import_module(COMMANDS[name][0]).COMMAND
    assert isinstance(command, Command)
    return command


def _dispatch(words: list[str]) -> int:
    if words and words[0] in COMMANDS and _HELP.isdisjoint(words) and _COMPLETION not in os.environ:
        return load_command(words[0]).run(words[1:])
    from chartkit.cli.shell import run_shell

    return run_shell(words)


if __name__ == "__main__":
    sys.exit(main())
