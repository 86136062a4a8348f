"""Images as lines of text, for people to compare."""

from __future__ import annotations

from collections.abc import Iterable

from chartkit.images.use import Certainty, ImageUse


def image_lines(uses: Iterable[ImageUse]) -> str:
    """A line for each place: `Deployment/web app: registry.example.com/app:1.0`; possible images are left out."""
    return "".join(f"{_line(use)}\n" for use in uses if use.certainty >= Certainty.LIKELY)


def _line(use: ImageUse) -> str:
    place = "" if use.place == "pod" else f"({use.place})"
    where = " ".join(filter(None, (f"{use.resource.kind}/{use.resource.name}".strip("/"), use.container, place)))
    return f"{where}: {use.text}"
