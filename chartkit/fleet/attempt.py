"""One render for the sake of checks: what can be checked afterwards, whether it went well or not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, cast

from chartkit.ambient import Ambient
from chartkit.checks.subject import Steps, Subject, make_subject
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.compiled import CompiledChart
from chartkit.engine.release import Release
from chartkit.engine.render import Rendering
from chartkit.errors import ChartkitError
from chartkit.images.find import find_images
from chartkit.images.use import ImageUse
from chartkit.record import dataclass
from chartkit.values.inputs import ValuesInput

if TYPE_CHECKING:
    from chartkit.engine.trace import Trace
    from chartkit.engine.unread import UnreadKey
    from chartkit.images.explain import Explained, Part
    from chartkit.manifests.assemble import Manifest


@dataclass(frozen=True, slots=True)
class Request:
    """What is rendered, and what its findings are called.

    Attributes:
        program: the chart.
        values: what is given.
        release: the release.
        capabilities: the cluster.
        surroundings: makes a fresh ambient for each render, so that a second one draws the same.
        skip_schema: whether values.schema.json is left aside.
        lenient: whether the render goes on where the chart refuses its values.
        path: the chart's path.
        base: the folder that paths are shown relative to.
        target: the name of the target.
    """

    program: CompiledChart
    values: ValuesInput
    release: Release
    capabilities: Capabilities
    surroundings: Callable[[], Ambient]
    skip_schema: bool = False
    lenient: bool = False
    path: str = ""
    base: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a render.

    Attributes:
        subject: what can be checked; `None` if not even the values could be merged.
        failure: why it was not rendered.
        refusals: what the chart said against its values in a lenient render.
        warnings: what Helm would say on stderr.
    """

    subject: Subject | None = None
    failure: ChartkitError | None = None
    refusals: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def attempt(request: Request) -> Tried:
    """Render, and find the images; a failure is kept, not raised."""
    ambient = request.surroundings()
    ambient.lenient = request.lenient
    try:
        rendering = request.program.render(
            request.values,
            request.release,
            request.capabilities,
            ambient=ambient,
            skip_schema=request.skip_schema,
            installing=True,
        )
        images = find_images(rendering)
    except ChartkitError as failure:
        return Tried(_subject(request), failure)
    refusals = tuple(dict.fromkeys(ambient.refusals))
    return Tried(_subject(request, rendering, images), refusals=refusals, warnings=rendering.warnings)


def _subject(request: Request, rendering: Rendering | None = None, images: tuple[ImageUse, ...] = ()) -> Subject | None:
    """What can be checked; `None` if not even the values can be merged, which the render tells too."""
    tracing = Tracing(request)
    try:
        return make_subject(
            request.program.chart,
            request.values,
            rendering,
            images,
            explain=tracing.explain,
            origin=tracing.origin,
            unread=tracing.unread if rendering is not None else None,
            namespace=request.release.namespace,
            path=request.path,
            base=request.base,
            target=request.target,
        )
    except ChartkitError:
        return None


class Tracing:
    """A second render of what was rendered, which keeps track of origins.

    It is made, and what it needs is imported, only if there is something to say.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._uses: dict[tuple[object, ...], ImageUse] = {}

    @cached_property
    def _trace(self) -> Trace:
        request, ambient = self._request, self._request.surroundings()
        # What a lenient render went on after must not stop this one; a plain one has come this far without.
        ambient.lenient = True
        return request.program.trace(
            request.values, request.release, request.capabilities, ambient=ambient, skip_schema=True
        )

    def explain(self, use: ImageUse, part: str) -> Explained:
        """Where a part of an image comes from; nothing is known of one that the second render does not have."""
        from chartkit.images.explain import Explained, explain

        if not self._uses:
            self._uses = {_place(each): each for each in find_images(self._trace)}
        traced = self._uses.get(_place(use))
        return Explained(use.text) if traced is None else explain(traced, cast("Part", part))

    def origin(self, manifest: Manifest, steps: Steps) -> Explained:
        """Where a scalar of a rendered document comes from."""
        from chartkit.images.explain import Explained, explain_scalar

        assembled = self._trace.assembled
        for each in (*assembled.manifests, *assembled.hooks):
            if (each.file, each.index) == (manifest.file, manifest.index):
                return explain_scalar(self._trace, each, steps)
        return Explained("")

    @cached_property
    def _unread(self) -> tuple[UnreadKey, ...]:
        from chartkit.engine.unread import unread_keys

        return unread_keys(self._trace)

    def unread(self) -> tuple[UnreadKey, ...]:
        """The keys that no template reads."""
        return self._unread


def _place(use: ImageUse) -> tuple[object, ...]:
    """Where an image is: the same in every render with the same values."""
    steps = tuple(level.steps for level in use.levels)
    return use.manifest.file, use.manifest.index, steps, use.offset, use.text
