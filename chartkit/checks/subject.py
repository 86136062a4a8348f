"""What is checked: a chart with values, its render, and the images in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from os.path import join
from typing import Any, Protocol

from chartkit.chart.chart import Chart
from chartkit.checks.positions import position_in
from chartkit.engine.render import Rendering
from chartkit.images.use import Certainty, ImageUse
from chartkit.manifests.assemble import Manifest
from chartkit.source import Position
from chartkit.values.inputs import Layer, ValuesInput
from chartkit.values.resolve import resolve_values

Steps = tuple[str | int, ...]


class Key(Protocol):
    """A values key that supplied characters of an image."""

    @property
    def path(self) -> str:
        """The path, as one would write it from the root chart."""

    @property
    def layer(self) -> str:
        """The file or flag that gives it."""

    @property
    def position(self) -> Position | None:
        """Where it is given."""


class Consulted(Protocol):
    """A values key that was looked at on the way."""

    @property
    def path(self) -> str:
        """The path, as one would write it from the root chart."""

    @property
    def held(self) -> str:
        """What it held: `absent`, `empty` or `value`."""

    @property
    def shown(self) -> str:
        """What was there, cut to some length."""

    @property
    def position(self) -> Position | None:
        """Where it is given."""


class Explained(Protocol):
    """Where a part of an image comes from."""

    @property
    def text(self) -> str:
        """The part; empty if it is not there."""

    @property
    def keys(self) -> Sequence[Key]:
        """What supplied its characters."""

    @property
    def consulted(self) -> Sequence[Consulted]:
        """What was looked at, in order."""

    @property
    def template(self) -> Sequence[Position]:
        """The actions that wrote it, from the outermost inwards."""


class UnreadKey(Protocol):
    """A key that the user gives and no template reads."""

    @property
    def path(self) -> str:
        """The path, as one would write it from the root chart."""

    @property
    def position(self) -> Position | None:
        """Where it is given."""

    @property
    def known(self) -> str:
        """Why it is no mistake that nothing reads it with these values; empty if nothing knows it."""

    @property
    def meant(self) -> str:
        """The key that may have been meant; empty if none is near."""


Explain = Callable[[ImageUse, str], Explained]
Origin = Callable[[Manifest, Steps], Explained]
Unread = Callable[[], Sequence[UnreadKey]]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked.

    Attributes:
        chart: the chart.
        values: what the user gives.
        effective: the values that templates see.
        rendering: the render; `None` if it failed, so that what the values alone tell can still be told.
        images: the images in it.
        explain: says where a part of an image comes from; `None` where the render was not traced.
        origin: says where a scalar of a rendered document comes from; `None` where the render was not traced.
        unread: gives the keys that no template reads; `None` where the render was not traced.
        namespace: the release's namespace, which objects are in that name none.
        path: the chart's path.
        base: the folder that paths are shown relative to, where they lie in it.
        target: the target's name in the configuration.
    """

    chart: Chart
    values: ValuesInput
    effective: Mapping[str, Any]
    rendering: Rendering | None = None
    images: tuple[ImageUse, ...] = ()
    explain: Explain | None = field(default=None, compare=False)
    origin: Origin | None = field(default=None, compare=False)
    unread: Unread | None = field(default=None, compare=False)
    namespace: str = ""
    path: str = ""
    base: str = ""
    target: str = ""

    @property
    def likely(self) -> tuple[ImageUse, ...]:
        """The images that are at least likely ones."""
        return tuple(use for use in self.images if use.certainty >= Certainty.LIKELY)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The values to check: the user's, or the chart's own where the user gives none."""
        return self.values.layers or ((self.defaults,) if self.defaults else ())

    @property
    def defaults(self) -> Layer | None:
        """The chart's own values; `None` if it has none."""
        source = self.chart.values_source
        if source is None:
            return None
        return Layer("values_file", source.name, source, dict(self.chart.values), profile=self.chart.profile)

    def position(self, path: Steps) -> Position | None:
        """Where the value at a path is given: by the user, or by the chart."""
        layer = self.values.giver(path)
        layer = layer or self.defaults
        return None if layer is None else position_in(layer, path)

    def may_be_unread(self, key: str, *, in_any_case: bool = False) -> bool:
        """Whether nothing reads a key, or what it is in; all keys may be unread where the render was not traced.

        Args:
            key: the path of the key.
            in_any_case: whether nothing would read it with other values either.
        """
        if self.unread is None:
            return True
        paths = (each.path for each in self.unread() if not (in_any_case and each.known))
        return any(key == path or key.startswith((f"{path}.", f"{path}[")) for path in paths)

    def is_given(self, path: Steps) -> bool:
        """Whether the user gives the value at a path."""
        return self.values.giver(path) is not None

    def namespaced(self, namespace: str) -> str:
        """The namespace of an object that names one, or none."""
        return namespace or self.namespace

    def shown_file(self, name: str) -> str:
        """A file as a path from where the user stands; what templates are called begins with the chart's name."""
        inside = name.removeprefix(f"{self.chart.name}/")
        if self.path and inside != name and inside.startswith(("templates/", "charts/", "Chart.yaml")):
            name = join(self.path, inside)
        return name.removeprefix(join(self.base, "")) if self.base else name


class LateValues(Mapping[str, Any]):
    """Values that are merged when somebody looks at them: few checks do, and thousands of runs are clean."""

    def __init__(self, merge: Callable[[], Mapping[str, Any]]) -> None:
        self._merge = merge

    @cached_property
    def _tree(self) -> Mapping[str, Any]:
        return self._merge()

    def __getitem__(self, key: str) -> Any:
        return self._tree[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tree)

    def __len__(self) -> int:
        return len(self._tree)


def make_subject(
    chart: Chart,
    values: ValuesInput,
    rendering: Rendering | None = None,
    images: tuple[ImageUse, ...] = (),
    **more: Any,
) -> Subject:
    """A subject with the values that its templates see.

    Raises:
        ChartError: what is given for a subchart is no map.
    """

    def merge() -> Mapping[str, Any]:
        return resolve_values(chart, values, profile=chart.profile, skip_schema=True).values

    # What was rendered could be merged.
    effective = merge() if rendering is None else LateValues(merge)
    return Subject(chart, values, effective, rendering, images, **more)


def value_at(tree: Any, path: Sequence[str | int]) -> Any:
    """The value at a path; `None` where there is none."""
    for step in path:
        if isinstance(tree, Mapping):
            tree = tree.get(step)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree


def dotted(path: Sequence[str | int]) -> str:
    """A path as people write it: `server.image.tag`, `registries[0].password`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
