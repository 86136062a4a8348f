"""The pods around images and their pull secrets, out of the rendered documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chartkit.checks.subject import Steps, Subject, value_at
from chartkit.engine.render import Rendering
from chartkit.images.use import ImageUse
from chartkit.manifests.assemble import Manifest
from chartkit.manifests.podspec import CONTAINER_LISTS

_DEFAULT_ACCOUNT: Final = "default"


@dataclass(frozen=True, slots=True)
class Object:
    """A rendered object: a document, or an item of a list."""

    manifest: Manifest
    data: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.data.get("kind") or "")

    @property
    def name(self) -> str:
        """Its name."""
        return str(value_at(self.data, ("metadata", "name")) or "")


@dataclass(frozen=True, slots=True)
class PullNames:
    """The pull secrets that a pod is given.

    Attributes:
        names: of the pod itself, or else of its service account.
        is_known: whether there can be no others: false for a service account that is not rendered here.
    """

    names: tuple[str, ...]
    is_known: bool


def objects(rendering: Rendering | None) -> Iterator[Object]:
    """All rendered objects, those in lists too."""
    if rendering is None:
        return
    for manifest in (*rendering.assembled.manifests, *rendering.assembled.hooks):
        document = manifest.doc
        if not isinstance(document, dict):
            continue
        items = document.get("items") if manifest.head.kind.endswith("List") else None
        for each in items if isinstance(items, list) else [document]:
            if isinstance(each, dict):
                yield Object(manifest, each)


def pull_names(use: ImageUse, subject: Subject) -> PullNames | None:
    """The pull secrets of the pod that an image is in; `None` for images outside pods."""
    pod = _pod_of(use)
    if pod is None:
        return None
    own = _names(pod.get("imagePullSecrets"))
    if own:
        return PullNames(own, is_known=True)
    account = str(pod.get("serviceAccountName") or pod.get("serviceAccount") or _DEFAULT_ACCOUNT)
    for each in objects(subject.rendering):
        if each.kind == "ServiceAccount" and each.name == account:
            return PullNames(_names(each.data.get("imagePullSecrets")), is_known=True)
    return PullNames((), is_known=account == _DEFAULT_ACCOUNT)


def _pod_of(use: ImageUse) -> Mapping[str, Any] | None:
    if use.place not in ("pod", "volume") or len(use.levels) > 1:
        return None
    found = value_at(use.manifest.doc, _pod_steps(use.levels[0].steps))
    return found if isinstance(found, dict) else None


def _pod_steps(steps: Steps) -> Steps:
    """The way to the pod, out of the way to an image in it."""
    for at in reversed(range(len(steps))):
        if steps[at] in (*CONTAINER_LISTS, "volumes"):
            return steps[:at]
    return ()


def _names(listed: Any) -> tuple[str, ...]:
    items = listed if isinstance(listed, list) else []
    return tuple(str(item["name"]) for item in items if isinstance(item, dict) and item.get("name"))
