"""When the image of a container is pulled."""

from __future__ import annotations

from typing import Any, NamedTuple

from chartkit.images.use import ImageUse


class PullPolicy(NamedTuple):
    """A container's imagePullPolicy, and whether the manifest says so or Kubernetes fills it in."""

    name: str
    is_given: bool

    def __str__(self) -> str:
        return self.name if self.is_given else f"{self.name} (default)"


def pull_policy(use: ImageUse) -> PullPolicy | None:
    """The policy of the container that an image belongs to; `None` for images that are not a container's own."""
    if use.place != "pod" or len(use.levels) != 1:
        return None
    container = _value_at(use.manifest.doc, use.levels[0].steps[:-1])
    given = container.get("imagePullPolicy") if isinstance(container, dict) else None
    if given:
        return PullPolicy(str(given), True)
    moves = use.reference is not None and not use.reference.digest and use.reference.tag in ("", "latest")
    return PullPolicy("Always" if moves else "IfNotPresent", False)


def _value_at(document: Any, steps: tuple[str | int, ...]) -> Any:
    for step in steps:
        document = document[step]
    return document
