"""Every image in a rendered chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.engine.render import Rendering
from chartkit.engine.trace import Trace
from chartkit.images.annotations import declared_images
from chartkit.images.custom import is_silent
from chartkit.images.freetext import may_hold_images
from chartkit.images.use import ImageUse
from chartkit.images.walk import search
from chartkit.manifests.assemble import Manifest
from chartkit.memory import Memory
from chartkit.record import replace

_CACHED_CHARACTERS: Final = 4 * 1024 * 1024


def find_images(rendering: Rendering) -> tuple[ImageUse, ...]:
    """The images of a render, in the order in which `helm template` prints them.

    Hooks and tests follow the plain manifests, as they do in print; what the annotations of Chart.yaml declare comes
    last, and is no more than possible, since nothing in the render uses it.

    Raises:
        TemplateError: a rendered document is not YAML, or not a mapping.
    """
    found: list[ImageUse] = []
    for manifest in rendering.documents:
        found += _images_in(manifest, rendering.files[manifest.file])
    for chart in rendering.chart.walk():
        found += declared_images(chart)
    if isinstance(rendering, Trace):
        return tuple(replace(use, trace=rendering) for use in found)
    return tuple(found)


_known: Final[Memory[tuple[str, int, str, str], tuple[ImageUse, ...]]] = Memory(_CACHED_CHARACTERS)


def _images_in(manifest: Manifest, file_text: str) -> tuple[ImageUse, ...]:
    """The images of a document; those of a file that was seen before are the same."""
    # The start tells apart what profiles cut out of one text in different ways.
    key = manifest.file, manifest.start, manifest.text, file_text
    known = _known.get(key)
    if known is None:
        known = tuple(_searched(manifest, file_text))
        _known.put(key, known, len(file_text))
    return known


def _searched(manifest: Manifest, file_text: str) -> Sequence[ImageUse]:
    kind = manifest.head.kind
    # The texts in a Secret are encoded: they show no word.
    if is_silent(kind) or not (kind == "Secret" or may_hold_images(manifest.text)):
        return ()
    return search(manifest, file_text)
