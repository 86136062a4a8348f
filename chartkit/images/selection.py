"""Which images are wanted."""

from __future__ import annotations

from dataclasses import dataclass

from chartkit.images.use import Certainty, ImageUse
from chartkit.reference import ImageReference


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice among images.

    Attributes:
        certainty: the least that counts.
        registries: registries, perhaps with the first parts of a path; empty for all.
        kinds: kinds of objects in lower case; empty for all.
    """

    certainty: Certainty = Certainty.LIKELY
    registries: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()

    def accepts(self, use: ImageUse) -> bool:
        """Whether an image is wanted."""
        return (
            use.certainty >= self.certainty
            and (not self.kinds or use.resource.kind.lower() in self.kinds)
            and self.fits_registry(use.reference)
        )

    def fits_registry(self, reference: ImageReference | None) -> bool:
        """Whether a reference is from one of the registries; whole parts of the path count."""
        if not self.registries:
            return True
        name = f"{reference.name}/" if reference else ""
        return any(name.startswith(f"{registry.strip('/')}/") for registry in self.registries)
