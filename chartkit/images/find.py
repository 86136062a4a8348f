"""Every image in a rendered chart."""

from __future__ import annotations

from dataclasses import replace

from chartkit.engine.render import Rendering
from chartkit.engine.trace import Trace
from chartkit.images.annotations import declared_images
from chartkit.images.custom import is_silent
from chartkit.images.freetext import may_hold_images
from chartkit.images.use import ImageUse
from chartkit.images.walk import search


def find_images(rendering: Rendering) -> tuple[ImageUse, ...]:
    """The images of a render, in the order in which `helm template` prints them.

    Hooks and tests follow the plain manifests, as they do in print; what the annotations of Chart.yaml declare comes
    last, and is no more than possible, since nothing in the render uses it.

    Raises:
        TemplateError: a rendered document is not YAML, or not a mapping.
    """
    found: list[ImageUse] = []
    assembled = rendering.assembled
    for manifest in (*assembled.manifests, *assembled.hooks):
        kind = manifest.head.kind
        # The texts in a Secret are encoded: they show no word.
        if not is_silent(kind) and (kind == "Secret" or may_hold_images(manifest.text)):
            found += search(manifest, rendering.files[manifest.file])
    for chart in rendering.chart.walk():
        found += declared_images(chart)
    if isinstance(rendering, Trace):
        return tuple(replace(use, trace=rendering) for use in found)
    return tuple(found)
