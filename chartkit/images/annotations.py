"""The images that Chart.yaml declares in its annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from chartkit.chart.chart import Chart
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.load import load
from chartkit.goyaml.positions import Path
from chartkit.images.judge import read
from chartkit.images.scope import Findings, Scope
from chartkit.images.use import Certainty, ImageUse, Resource
from chartkit.manifests.assemble import Manifest
from chartkit.manifests.head import Head

CHART_KEYS: Final = ("helm.sh/images", "artifacthub.io/images", "images")
_FILE: Final = "Chart.yaml"


def declared_images(chart: Chart) -> list[ImageUse]:
    """What a chart's own annotations list: for each item its `image`, or the item itself."""
    annotations = chart.metadata.annotations or {}
    if not any(key in annotations for key in CHART_KEYS):
        return []
    text = next((file.text for file in chart.raw if file.name == _FILE), "")
    file = f"{chart.full_path}/{_FILE}"
    head = Head(chart.metadata.api_version, "Chart", chart.name, annotations)
    findings = Findings(Manifest(file, 0, 0, text, head), text)
    scope = Scope(text, Resource("Chart", chart.name), "chart annotation", ceiling=Certainty.POSSIBLE)
    for key in CHART_KEYS:
        _declared(annotations.get(key, ""), ("annotations", key), scope, findings)
    return findings.uses


def _declared(value: str, steps: Path, scope: Scope, findings: Findings) -> None:
    inside = scope.inside(steps, value, value, 0)
    for path, image in _items(value):
        findings.add(read(image, Certainty.POSSIBLE), image, (path, image, 0), inside)


def _items(value: str) -> Iterator[tuple[Path, str]]:
    try:
        items: Any = load(value)
    except YAMLError:
        return
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, str):
            yield (index,), item
        elif isinstance(item, dict) and isinstance(item.get("image"), str):
            yield (index, "image"), item["image"]
