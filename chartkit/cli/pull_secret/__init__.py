"""`chartkit pull-secret`: the Secrets that pods pull with."""

from __future__ import annotations

from typing import Final

from chartkit.cli.command import Group

COMMAND: Final = Group(
    name="pull-secret",
    help="Render, read and verify the Secrets that pods pull with. Passwords are never shown unless you say so.",
    commands={
        "render": ("chartkit.cli.pull_secret.render", "Write a Secret with the credentials of registries."),
        "inspect": ("chartkit.cli.pull_secret.inspect", "Say what is in a Secret or config.json, and what is wrong."),
        "list": ("chartkit.cli.pull_secret.list", "List the pull secrets of pods, and those that are rendered."),
        "verify": ("chartkit.cli.pull_secret.verify", "Prove that every pod has credentials for its images."),
        "test-pod": ("chartkit.cli.pull_secret.test_pod", "Write a Pod whose start proves that a Secret works."),
    },
)
