"""`chartkit devfile`: the images of devfile stacks and registries, and their way behind an air gap."""

from __future__ import annotations

from typing import Final

from chartkit.cli.command import Group

COMMAND: Final = Group(
    name="devfile",
    help="The images of devfiles, stacks and whole devfile registries: list them, move them to a registry behind an "
    "air gap, plan the copies and the installation, and find what still needs the network.",
    commands={
        "images": ("chartkit.cli.devfile.images", "List every image, and what it is to its devfile."),
        "relocate": ("chartkit.cli.devfile.relocate", "Move the images to another registry, in place."),
        "plan": ("chartkit.cli.devfile.plan", "Write the commands that mirror and install it all."),
        "check": ("chartkit.cli.devfile.check", "Check the images, and find what still needs the network."),
    },
)
