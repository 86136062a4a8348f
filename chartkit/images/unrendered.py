"""Images that a chart would use with other values: described in its values, or behind a switch that is off.

A guess becomes likely by proof: the chart is rendered again with the switch on, and the image is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from chartkit.chart.values_file import merge_maps
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.compiled import CompiledChart
from chartkit.engine.release import Release
from chartkit.errors import ChartkitError
from chartkit.images.find import find_images
from chartkit.images.potential import Block, Keys, Potential, around, potential, setting
from chartkit.images.use import Certainty, ImageUse
from chartkit.reference import ImageReference
from chartkit.values.inputs import ValuesInput


@dataclass(frozen=True, slots=True)
class UnrenderedImage:
    """An image that the given values do not bring.

    Attributes:
        text: the image.
        reference: the reference.
        certainty: likely if a render with the switches on has it, possible if only values describe it.
        switches: what must be true for it, as paths of values; empty if that was not found.
        described: the path of values that describes it, if there is one.
        uses: where it stands in the render that has it.
    """

    text: str
    reference: ImageReference | None
    certainty: Certainty
    switches: tuple[str, ...] = ()
    described: str = ""
    uses: tuple[ImageUse, ...] = ()

    def __str__(self) -> str:
        if self.switches:
            return f"{self.text} if {' and '.join(self.switches)} is set"
        return f"{self.text}, described by {self.described}"


@dataclass(frozen=True, slots=True)
class Unrendered:
    """What the search gave, and how far it went.

    Attributes:
        images: the images, each once: the proven ones first.
        failed: the switches that could not be tried, with the chart's reason.
        untried: the switches left over when the number of renders was used up.
    """

    images: tuple[UnrenderedImage, ...]
    failed: tuple[tuple[tuple[str, ...], str], ...] = ()
    untried: tuple[tuple[str, ...], ...] = ()


def find_unrendered(
    program: CompiledChart,
    values: ValuesInput,
    release: Release,
    capabilities: Capabilities | None = None,
    *,
    limit: int = 40,
) -> Unrendered:
    """The images that a chart would use if more of it were switched on.

    Args:
        program: the chart.
        values: the values that count as given.
        release: the release.
        capabilities: the cluster; Helm's defaults where not given.
        limit: how many times the chart is rendered at most.

    Raises:
        ChartkitError: the chart does not render with the values as they are.
    """
    search = _Search(program, values, release, capabilities)
    held = potential(program.chart, values, program.profile)
    attempts = list(_attempts(held, search.names))
    for switches in attempts[:limit]:
        search.attempt(switches)
    described = tuple(_described(held.blocks, search))
    untried = tuple(_shown(switches) for switches in attempts[limit:])
    return Unrendered((*search.found, *described), tuple(search.failed), untried)


class _Search:
    """The renders so far: which images are known, and what each render added."""

    def __init__(
        self, program: CompiledChart, values: ValuesInput, release: Release, capabilities: Capabilities | None
    ) -> None:
        self._program = program
        self._values = values
        self._surroundings = (release, capabilities)
        self.found: list[UnrenderedImage] = []
        self.failed: list[tuple[tuple[str, ...], str]] = []
        self.texts: set[str] = set()
        self.names: set[str] = set()
        self._news(values)

    def attempt(self, switches: tuple[Keys, ...]) -> None:
        """Render with some switches on, and keep what is new."""
        data = self._values.data
        for keys in switches:
            data = merge_maps(data, setting(keys, True))
        try:
            news = self._news(replace(self._values, data=data))
        except ChartkitError as error:
            self.failed.append((_shown(switches), str(error)))
            return
        for text, uses in news.items():
            self.found.append(
                UnrenderedImage(text, uses[0].reference, Certainty.LIKELY, _shown(switches), uses=tuple(uses))
            )

    def _news(self, values: ValuesInput) -> dict[str, list[ImageUse]]:
        """The images of a render that no render before it had."""
        rendering = self._program.render(values, *self._surroundings)
        news: dict[str, list[ImageUse]] = {}
        for use in find_images(rendering):
            if use.certainty >= Certainty.LIKELY and use.reference and use.reference.canonical() not in self.texts:
                news.setdefault(use.text, []).append(use)
        for uses in news.values():
            self._know(uses)
        return news

    def _know(self, uses: Iterable[ImageUse]) -> None:
        for use in uses:
            if use.reference:
                self.texts.add(use.reference.canonical())
                self.names.add(use.reference.repository)


def _attempts(held: Potential, rendered: set[str]) -> Iterator[tuple[Keys, ...]]:
    """What to try, the likeliest first: the switches around blocks that are not rendered, one by one and together."""
    chains = [
        around(block.keys, held.switches)
        for block in held.blocks
        if block.verdict.reference is None or block.verdict.reference.repository not in rendered
    ]
    single = ((keys,) for chain in chains for keys in chain)
    together = (chain for chain in chains if len(chain) > 1)
    rest = ((keys,) for keys in held.switches)
    seen: set[tuple[Keys, ...]] = set()
    for group in (single, together, rest):
        for switches in group:
            if switches not in seen:
                seen.add(switches)
                yield switches


def _described(blocks: tuple[Block, ...], search: _Search) -> Iterator[UnrenderedImage]:
    """The blocks whose images no render had."""
    seen: set[str] = set()
    for block in blocks:
        reference = block.verdict.reference
        if reference is None or reference.repository in search.names or reference.canonical() in seen:
            continue
        seen.add(reference.canonical())
        yield UnrenderedImage(block.text, reference, Certainty.POSSIBLE, described=".".join(block.keys))


def _shown(switches: tuple[Keys, ...]) -> tuple[str, ...]:
    return tuple(".".join(keys) for keys in switches)
