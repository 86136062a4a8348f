"""The rules about the Task API: CK401 to CK407."""

from __future__ import annotations

from typing import Final

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.rule import Rule
from chartkit.source import Position

UNKNOWN_KEY: Final = Rule(
    "CK401",
    "a key that Kaapana does not read",
    Severity.WARNING,
    "Mend its spelling, or take it out.",
    "Kaapana's library passes over keys that it does not know, so that a misspelt one has no effect and nobody is "
    "told. The two dialects differ too: type and adjustable of a variable are known to the seed dialect only.",
)
UNBOUND_MOUNT: Final = Rule(
    "CK402",
    "a channel of the template that the task gives no data",
    Severity.WARNING,
    "Add a volume of that name to the task's inputs or outputs.",
    "A channel of the template without a volume of the same name in the task is dropped: the container starts without "
    "the folder that it expects.",
)
GHOST_VOLUME: Final = Rule(
    "CK403",
    "a volume of the task that the template has no channel for",
    Severity.WARNING,
    "Name it like a channel of the template, or take it out.",
    "A volume whose name is no channel of the template is not mounted at all; mostly the name is misspelt.",
)
CHANNEL_MAP: Final = Rule(
    "CK404",
    "a mapping of channels that leads nowhere",
    Severity.ERROR,
    "Map every input once, from an operator that runs before, and from a channel that its template writes.",
    "iochannel_maps connects the output channel of an operator before with an input channel. A mapping whose channel "
    "does not exist is passed over when the DAG runs, and the container finds no data; one whose operator is not "
    "defined fails when the DAG is loaded.",
)
PARTIAL_REGISTRY: Final = Rule(
    "CK405",
    "a registry without its user name or password",
    Severity.WARNING,
    "Give registryUrl, registryUsername and registryPassword together, or none of them.",
    "Only if all three are there a secret for the pull is made. With one or two of them the pod is started without "
    "it, and the pull of a private image fails.",
)
INVALID: Final = Rule(
    "CK406",
    "what the Task API does not take",
    Severity.ERROR,
    "Write it as the models want it: their fields are in the JSON Schemas task-api-*.schema.json of chartkit/schemas.",
    "The file is not what the models of the Task API want: a field is missing, has another type, or stands twice.",
)
OWN_COMPLEXITY: Final = Rule(
    "CK407",
    "a complexity that Kaapana cannot compute",
    Severity.INFO,
    "Write it with a whole number and both signs: 2*n**1.",
    "The pattern of the Task API allows n, 2n, 1.5*n and n**2; Kaapana's library computes whole numbers with both "
    "signs written only, such as 2*n**2, and fails for the others. chartkit computes all of them.",
)

RULES: Final = (
    UNKNOWN_KEY, UNBOUND_MOUNT, GHOST_VOLUME, CHANNEL_MAP, PARTIAL_REGISTRY, INVALID, OWN_COMPLEXITY,
)  # fmt: skip
"""The rules of this system."""


def finding(rule: Rule, message: str, position: Position, severity: Severity | None = None, fix: str = "") -> Finding:
    """A finding of one of these rules."""
    return Finding(
        rule=rule.id,
        severity=severity or rule.severity,
        message=message,
        file=position.source.name,
        position=position,
        fix=fix or rule.fix,
    )
