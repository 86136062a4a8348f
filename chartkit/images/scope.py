"""What the search knows of the place it has reached, and the list of what it has found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chartkit.gotemplate.gofloat import format_float
from chartkit.goyaml.positions import Path
from chartkit.images.compose import Joined
from chartkit.images.judge import Verdict
from chartkit.images.use import Certainty, ImageUse, Level, Piece, Resource, json_pointer, locate, written_text
from chartkit.manifests.assemble import Manifest
from chartkit.record import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Scope:
    """What is known of the place that the search has reached.

    Attributes:
        text: the document that is searched.
        resource: the object around the place.
        place: what kind of place it is.
        container: the name of the container around it.
        environment: the container's variables.
        ceiling: the most certain that anything can be here.
        outer: the scalars that the document stands in, from the outermost.
        base: where the document begins in the innermost of them; `None` if it is encoded there.
        defined: the places that are images by definition.
    """

    text: str
    resource: Resource = Resource()
    place: str = ""
    container: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    ceiling: Certainty = Certainty.CERTAIN
    outer: tuple[Level, ...] = ()
    base: int | None = 0
    defined: frozenset[Path] = frozenset()

    def at(self, place: str) -> Scope:
        """The same, for a kind of place within; what stands in a text stays embedded."""
        return self if self.outer else replace(self, place=place)

    def levels(self, steps: Path, value: str) -> tuple[Level, ...]:
        """The scalars from the outermost to the one at `steps`."""
        return (*self.outer, Level(self.text, steps, value, self.base))

    def inside(self, steps: Path, value: str, text: str, base: int | None) -> Scope:
        """The scope of a document that stands in the scalar at `steps`."""
        return replace(
            self,
            text=text,
            base=base,
            outer=self.levels(steps, value),
            place="embedded" if self.place == "custom resource" else self.place,
            ceiling=min(self.ceiling, Certainty.LIKELY),
            defined=frozenset(),
        )


class Findings:
    """The images of one manifest, in the order of the document."""

    def __init__(self, manifest: Manifest, file_text: str) -> None:
        self.uses: list[ImageUse] = []
        self._manifest = manifest
        self._file_text = file_text

    def add(self, verdict: Verdict, text: str, where: tuple[Path, str, int], scope: Scope) -> None:
        """Note what was judged.

        Args:
            verdict: the judgement; nothing is noted if it is none.
            text: the image.
            where: the scalar, its value, and where in it the text begins.
            scope: the place.
        """
        steps, value, offset = where
        if verdict.certainty is not None:
            self._note(verdict, text, scope, levels=scope.levels(steps, value), offset=offset)

    def add_joined(self, verdict: Verdict, joined: Joined, steps: Path, scope: Scope) -> None:
        """Note an image that is written in parts."""
        if verdict.certainty is None:
            return
        pieces = tuple(
            Piece(part, text, json_pointer((*steps, key)), self._span((*steps, key), text, scope))
            for part, key, text in joined.pieces
        )
        self._note(verdict, joined.text, scope, levels=scope.levels(steps, ""), pieces=pieces)

    def _note(self, verdict: Verdict, text: str, scope: Scope, **more: Any) -> None:
        self.uses.append(
            ImageUse(
                reference=verdict.reference,
                text=text,
                manifest=self._manifest,
                certainty=min(verdict.certainty or Certainty.POSSIBLE, scope.ceiling),
                place=scope.place,
                resource=scope.resource,
                container=scope.container,
                fault=verdict.fault,
                file_text=self._file_text,
                **more,
            )
        )

    def _span(self, steps: Path, text: str, scope: Scope) -> tuple[int, int] | None:
        found = locate(scope.levels(steps, text), (0, len(text)))
        return None if found is None else (found[0] + self._manifest.start, found[1] + self._manifest.start)


def written_scalar(value: Any, steps: Path, scope: Scope) -> str:
    """A value that should be a text and is none, as it is written; collections have no text."""
    if isinstance(value, (dict, list)):
        return ""
    written = written_text(scope.text, steps)
    if written is not None:
        return written
    return format_float(value) if isinstance(value, float) else str(value)
