"""The syrupy door: snapshots of the images of a render."""

from __future__ import annotations

from typing import Any

from syrupy.extensions.amber import AmberSnapshotExtension


class ImageLines(AmberSnapshotExtension):
    """Keeps of a render its image lines only, so that the snapshot changes when an image does, and not before."""

    def serialize(self, data: Any, **options: Any) -> str:
        """The image lines of a rendering; anything else as syrupy would write it."""
        from chartkit.engine.render import Rendering
        from chartkit.images.find import find_images
        from chartkit.images.lines import image_lines

        content = image_lines(find_images(data)) if isinstance(data, Rendering) else data
        return super().serialize(content, **options)
