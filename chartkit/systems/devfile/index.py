"""The devfile registry itself: the images of its chart, and how the chart is told of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chartkit.reference import ImageReference

LOCAL_INDEX: Final = "devfile-index"
"""What the registry's build calls the image that it makes."""


@dataclass(frozen=True, slots=True)
class ChartImage:
    """An image of the devfile-registry chart: its key, and what the chart pulls if nothing is set."""

    key: str
    repository: str
    tag: str = "next"


@dataclass(frozen=True, slots=True)
class Headless:
    """The switch that leaves an image of the chart out."""

    key: str
    switch: tuple[str, ...]


INDEX: Final = ChartImage("devfileIndex", "quay.io/devfile/devfile-index")
VIEWER: Final = ChartImage("registryViewer", "quay.io/devfile/registry-viewer")
STORE: Final = ChartImage("ociRegistry", "quay.io/devfile/oci-registry")
CHART_IMAGES: Final = (INDEX, VIEWER, STORE)
"""What the chart installs; a guide that speaks of the index alone forgets the other two."""

HEADLESS: Final = Headless("registryViewer", ("global", "headless"))


def chart_image(image: ChartImage, values: Mapping[str, Any]) -> ImageReference:
    """The image that the chart pulls with some values.

    Raises:
        InvalidReference: the values give no image.
    """
    held = values.get(image.key)
    said = held if isinstance(held, dict) else {}
    return ImageReference.parse(f"{said.get('image') or image.repository}:{said.get('tag') or image.tag}")
