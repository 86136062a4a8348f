"""`chartkit drycc`: the registry of Drycc Workflow, with the keys of any of its generations."""

from __future__ import annotations

from typing import Final

from chartkit.cli.command import Group

COMMAND: Final = Group(
    name="drycc",
    help="The registry of Drycc Workflow: what values of any generation come down to, what is wrong with them, and the "
    "Secrets that they mean.",
    commands={
        "plan": ("chartkit.cli.drycc.plan", "Say what values come down to: image names, Secrets, variables."),
        "check": ("chartkit.cli.drycc.check", "Hold values against the rules about the registry."),
        "secret": ("chartkit.cli.drycc.secret", "Print registry-secret, or the pull secret of an app."),
    },
)
