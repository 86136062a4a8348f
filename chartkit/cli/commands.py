"""The table of commands."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from chartkit.cli.command import Command

COMMANDS: Final = {
    "render": ("chartkit.cli.render", "Print the manifests that values give, exactly as Helm would."),
    "template": ("chartkit.cli.template", "The same under Helm's own command line: a drop-in for `helm template`."),
    "images": ("chartkit.cli.images", "List every image that values give, and where each stands."),
    "verify-images": ("chartkit.cli.verify_images", "Check that all images come from the registries expected."),
    "lint": ("chartkit.cli.lint", "Hold values and images against the rules."),
    "rule": ("chartkit.cli.rule", "Explain a rule, or list them all."),
    "explain": ("chartkit.cli.explain", "Say which keys images come from, what a key reaches, and what nothing reads."),
    "diff": ("chartkit.cli.diff", "Tell which images change between two values files or two versions of a chart."),
    "hook": ("chartkit.cli.hook", "Run a command on the charts that changed files belong to: for pre-commit."),
    "init": ("chartkit.cli.init", "Write chartkit.yaml, and the files for pre-commit and CI."),
}
"""Each command's module, which has it as `COMMAND`, and a line about it for `chartkit --help`."""


def load_command(name: str) -> Command:
    """A command, imported when it is first needed."""
    command = import_module(COMMANDS[name][0]).COMMAND
    assert isinstance(command, Command)
    return command
