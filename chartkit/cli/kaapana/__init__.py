"""`chartkit kaapana`: workflow extensions of Kaapana whose images come from a registry of one's own."""

from __future__ import annotations

from typing import Final

from chartkit.cli.command import Group

COMMAND: Final = Group(
    name="kaapana",
    help="Workflow extensions of Kaapana whose images come from a registry of one's own: the chart, the operators and "
    "the pull secret must all name it alike.",
    commands={
        "check": ("chartkit.cli.kaapana.check", "Hold an extension against all that must fit together."),
        "rewrite-operators": (
            "chartkit.cli.kaapana.rewrite_operators",
            "Put the registry into the operators' images; all other bytes stay.",
        ),
        "plan": ("chartkit.cli.kaapana.plan", "Print the commands from the sources to the upload, names filled in."),
        "registry-secret": (
            "chartkit.cli.kaapana.registry_secret",
            "Print the pull secret that New Registry makes, or its name.",
        ),
    },
)
