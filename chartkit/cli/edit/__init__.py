"""`chartkit edit`: change values files in place; all other bytes stay."""

from __future__ import annotations

from typing import Final

from chartkit.cli.command import Group

COMMAND: Final = Group(
    name="edit",
    help="Change values files in place. Comments, quotes, order and every byte that is not changed stay as they are.",
    commands={
        "set": ("chartkit.cli.edit.set", "Set a key."),
        "unset": ("chartkit.cli.edit.unset", "Remove a key."),
    },
)
