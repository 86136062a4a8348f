"""A mapping of images as kustomize's `images:` block."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chartkit.images.rewrite import Moved
from chartkit.reference import ImageReference

REACHED = frozenset(("pod", "volume"))
"""The places that kustomize looks at by itself; others need its `configurations`."""


def images_block(moved: Iterable[Moved]) -> list[dict[str, Any]]:
    """The entries: for each name as it is written the new one, and the digest where one was added.

    kustomize keeps tags and digests where an entry says nothing of them. An entry counts for all tags of a name, so
    where they get different digests, or a tag gets none, it has no digest: that is for the caller to see.
    """
    found: dict[str, list[ImageReference]] = {}
    added: dict[str, set[str]] = {}
    for each in moved:
        before = each.use.reference
        if before is None:
            continue
        name = before.text[: before.parts.repository[1]]
        found.setdefault(name, []).append(each.target)
        added.setdefault(name, set()).add("" if before.digest else each.target.digest)
    entries = []
    for name in sorted(found):
        target = found[name][0]
        entry = {"name": name, "newName": target.text[: target.parts.repository[1]]}
        digests = added[name]
        if len(digests) == 1 and "" not in digests:
            entry["digest"] = next(iter(digests))
        entries.append(entry)
    return entries
