"""The table of commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final

from chartkit.cli.command import Command, Group

SECTIONS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "Images": {
        "images": ("chartkit.cli.images", "List every image that values give, and where each stands."),
        "verify-images": ("chartkit.cli.verify_images", "Check that all images come from the registries expected."),
        "explain": ("chartkit.cli.explain", "Say which keys images come from, what a key reaches, what nothing reads."),
        "diff": ("chartkit.cli.diff", "Tell which images change between two values files or two versions of a chart."),
        "lint": ("chartkit.cli.lint", "Hold values and images against the rules."),
        "report": (
            "chartkit.cli.report",
            "Write a page to sign off: every image, why it is there, and what is wrong.",
        ),
        "rule": ("chartkit.cli.rule", "Explain a rule, or list them all."),
    },
    "Another registry": {
        "relocate": ("chartkit.cli.relocate", "Write the values that move every image to another registry, proven."),
        "post-render": ("chartkit.cli.post_render", "Rewrite the images of rendered manifests: Helm's post-renderer."),
        "mirror": ("chartkit.cli.mirror", "Copy the images to another registry, or write a plan for other tools."),
        "lock": ("chartkit.cli.lock", "Write down the digest of every image, and find what drifted since."),
        "exists": ("chartkit.cli.exists", "Ask the registries whether every image is there."),
        "bundle": ("chartkit.cli.bundle", "Put chart, values, images and lock into one archive for the air gap."),
        "unbundle": ("chartkit.cli.unbundle", "Bring such an archive into a registry behind the gap."),
        "edit": ("chartkit.cli.edit", "Change values files in place; all other bytes stay."),
    },
    "Pull secrets": {
        "pull-secret": ("chartkit.cli.pull_secret", "Render, read and verify the Secrets that pods pull with."),
        "registries": ("chartkit.cli.registries", "Say how to log in to each registry of the images."),
    },
    "Charts": {
        "render": ("chartkit.cli.render", "Print the manifests that values give, exactly as Helm would."),
        "template": ("chartkit.cli.template", "The same under Helm's own command line: for `helm template`."),
        "package": ("chartkit.cli.package", "Pack a chart into an archive, always the same bytes."),
        "dependency": ("chartkit.cli.dependency", "List, update or build the charts that a chart depends on."),
    },
    "Systems": {
        "kaapana": ("chartkit.cli.kaapana", "Workflow extensions of Kaapana with a registry of one's own."),
        "task": ("chartkit.cli.task", "Processing containers and tasks of the Kaapana Task API."),
        "devfile": ("chartkit.cli.devfile", "Devfile stacks and registries without the network."),
        "drycc": ("chartkit.cli.drycc", "The registry of Drycc Workflow."),
    },
    "This project": {
        "init": ("chartkit.cli.init", "Write chartkit.yaml, and the files for pre-commit and CI."),
        "hook": ("chartkit.cli.hook", "Run a command on the charts that changed files belong to: for pre-commit."),
        "cache": ("chartkit.cli.cache", "Tell what the cache of compiled charts holds, or clear it."),
        "doctor": ("chartkit.cli.doctor", "Tell what is installed, what is missing, and what configuration counts."),
    },
}
"""By section of `chartkit --help` each command's module, which has it as `COMMAND`, and a line about it."""

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    name: entry for section in SECTIONS.values() for name, entry in section.items()
}
"""Each command's module and line, whatever its section."""

ALIASES: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = {
    ("pullsecret",): ("pull-secret",),
    ("pullsecrets",): ("pull-secret", "list"),
    ("verify-pull-secrets",): ("pull-secret", "verify"),
    ("drycc", "render"): ("drycc", "plan"),
    # As Helm calls them, for fingers that know it.
    ("dep",): ("dependency",),
    ("dependencies",): ("dependency",),
    ("dependency", "up"): ("dependency", "update"),
    ("dependency", "ls"): ("dependency", "list"),
}
"""Other words for commands, which `--help` does not list."""


def unaliased(words: Sequence[str]) -> list[str]:
    """The words of a command line with the names of commands that help lists."""
    words = list(words)
    for length in (1, 2):
        meant = ALIASES.get(tuple(words[:length]))
        words = [*meant, *words[length:]] if meant else words
    return words


def load_command(name: str) -> Command | Group:
    """A command or a group, imported when it is first needed."""
    return _load(COMMANDS[name][0])


def find_command(words: Sequence[str]) -> tuple[Command | Group, Sequence[str]]:
    """What a command line calls, and the words after its name: a group only where no second word follows.

    The first word is in `COMMANDS`.

    Raises:
        UsageError: the second word calls no command of its group.
    """
    found, rest = load_command(words[0]), words[1:]
    while isinstance(found, Group) and rest and not rest[0].startswith("-"):
        if rest[0] not in found.commands:
            raise found.unknown(rest[0])
        found, rest = _load(found.commands[rest[0]][0]), rest[1:]
    return found, rest


def _load(module: str) -> Command | Group:
    command = import_module(module).COMMAND
    assert isinstance(command, (Command, Group))
    return command
