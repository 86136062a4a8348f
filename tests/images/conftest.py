"""Charts made of a few texts, rendered and searched."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files
from chartkit.engine.compiled import CompiledChart, compile_chart
from chartkit.engine.release import Release
from chartkit.images.find import find_images
from chartkit.images.use import ImageUse
from chartkit.values.inputs import read_values

METADATA = "apiVersion: v2\nname: demo\nversion: 1.0.0\nappVersion: 2.3.4\n"


@pytest.fixture
def compiled() -> Callable[..., CompiledChart]:
    """Compiles a chart of some files."""

    def build(files: dict[str, str], metadata: str = "") -> CompiledChart:
        every = {"Chart.yaml": METADATA + metadata, **files}
        return compile_chart(chart_from_files([File(name, text.encode()) for name, text in every.items()]))

    return build


@pytest.fixture
def find(compiled) -> Callable[..., list[ImageUse]]:
    """Finds the images of a chart with one template."""

    def search(template: str, *, metadata: str = "", values: str = "") -> list[ImageUse]:
        program = compiled({"templates/all.yaml": template, "values.yaml": values}, metadata)
        return list(find_images(program.render(read_values(program.chart), Release("rel", namespace="ns"))))

    return search
