"""chartkit: render Helm charts in pure Python, exactly as Helm does.

chart = load_chart("charts/orkes-conductor")
program = compile_chart(chart)
values = read_values(chart, files=["prod.yaml"], set=["server.image.tag=5.2.42"])
print(program.render(values, Release("conductor", namespace="prod")).text)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chartkit.version import __version__

if TYPE_CHECKING:
    from chartkit.chart.loader import load_chart
    from chartkit.checks.verify_images import verify_images
    from chartkit.engine.compiled import compile_chart
    from chartkit.engine.release import Release
    from chartkit.images.explain import explain
    from chartkit.images.find import find_images
    from chartkit.images.override import propose_override
    from chartkit.reference import ImageReference
    from chartkit.values.inputs import read_values

__all__ = [
    "ImageReference",
    "Release",
    "__version__",
    "compile_chart",
    "explain",
    "find_images",
    "load_chart",
    "propose_override",
    "read_values",
    "verify_images",
]

_HOMES = {
    "ImageReference": "chartkit.reference",
    "Release": "chartkit.engine.release",
    "compile_chart": "chartkit.engine.compiled",
    "explain": "chartkit.images.explain",
    "find_images": "chartkit.images.find",
    "load_chart": "chartkit.chart.loader",
    "propose_override": "chartkit.images.override",
    "read_values": "chartkit.values.inputs",
    "verify_images": "chartkit.checks.verify_images",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first used: `import chartkit` costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'chartkit' has no attribute '{name}'")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value
