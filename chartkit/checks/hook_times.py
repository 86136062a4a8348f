"""Whether a rendered Secret is there when a pod starts: hooks run before others are made, or after they are gone."""

from __future__ import annotations

from typing import Final

from chartkit.checks.rendered_secrets import Secret
from chartkit.images.use import ImageUse
from chartkit.manifests.assemble import Manifest

_BEFORE: Final = "pre-install"
_AFTER: Final = "post-delete"
_WEIGHT: Final = "helm.sh/hook-weight"
_POLICY: Final = "helm.sh/hook-delete-policy"


def why_absent(secret: Secret, use: ImageUse) -> str:
    """Why a Secret is not there when the pod of an image is started; empty if it is, or is not rendered."""
    if secret.manifest is None:
        return ""
    pod, made = use.manifest, secret.manifest
    if _AFTER in pod.events and not made.events:
        return f"{secret.name} is deleted before the hook {_AFTER} runs"
    if _BEFORE in pod.events and (_BEFORE not in made.events or _weight(made) > _weight(pod)):
        return f"{secret.name} is made only after the hook {_BEFORE} has run"
    if not pod.events and made.events and "hook-succeeded" in made.head.annotations.get(_POLICY, ""):
        return f"{secret.name} is a hook itself, and deleted as soon as it is done"
    return ""


def _weight(manifest: Manifest) -> int:
    try:
        return int(manifest.head.annotations.get(_WEIGHT, "0"))
    except ValueError:
        return 0
