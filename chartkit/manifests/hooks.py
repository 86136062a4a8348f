"""Which documents are hooks, and for which events of a release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chartkit.manifests.split import SPACE

ANNOTATION: Final = "helm.sh/hook"
TEST: Final = "test"

_EVENTS: Final = {
    event: event
    for event in (
        "pre-install", "post-install", "pre-delete", "post-delete", "pre-upgrade", "post-upgrade",
        "pre-rollback", "post-rollback", TEST,
    )
} | {"test-success": TEST}  # fmt: skip


def hook_events(annotations: Mapping[str, str]) -> tuple[str, ...] | None:
    """The events a document is a hook for; `None` when it is a plain manifest.

    An empty tuple means that an event is unknown: Helm then leaves the whole document out.
    """
    wanted = annotations.get(ANNOTATION)
    if wanted is None:
        return None
    events = tuple(_EVENTS.get(word.strip(SPACE).lower(), "") for word in wanted.split(","))
    return events if all(events) else ()
