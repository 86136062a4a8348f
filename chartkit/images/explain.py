"""Where an image comes from: the keys that supplied its characters, and what was consulted on the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from chartkit.engine.trace import Trace
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.images.layers import layer_of, metadata_key
from chartkit.images.use import ImageUse, Level, Range, locate
from chartkit.manifests.assemble import Manifest
from chartkit.origin import Held, Lookup, Path, Span, joined
from chartkit.source import Position

Part: TypeAlias = Literal["", "registry", "repository", "tag", "digest"]
_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Key:
    """A key that supplied characters.

    Attributes:
        path: as a user writes it from the root chart, `server.image.registry`, or `Chart.appVersion`.
        layer: what gave it: `-f prod.yaml`, `--set`, `chart default`, `parent chart`, `Chart.yaml`.
        position: where it is written.
        copied: whether its characters stand in the image unchanged.
    """

    path: str
    layer: str
    position: Position | None
    copied: bool = True


@dataclass(frozen=True, slots=True)
class Consulted:
    """A key that was looked at.

    Attributes:
        path: as a user writes it from the root chart.
        held: whether there was nothing, an empty value, or a value.
        shown: what was there, cut to some length.
        layer: what gave it; empty where nothing does.
        position: where it is written.
        beside: whether it has to do only with what stands beside the part, up to its very edge.
    """

    path: str
    held: Held
    shown: str
    layer: str
    position: Position | None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """Where a text comes from.

    Attributes:
        text: the text that is explained.
        keys: what supplied its characters, in their order.
        consulted: every key looked at on the way, in order.
        template: the actions that wrote it, from the outermost inwards.
    """

    text: str
    keys: tuple[Key, ...] = ()
    consulted: tuple[Consulted, ...] = ()
    template: tuple[Position, ...] = ()


def explain(use: ImageUse, part: Part = "") -> Explained:
    """Where an image, or one part of it, comes from.

    Args:
        use: an image that was found in a trace.
        part: `registry`, `repository`, `tag` or `digest`; the whole image where it is empty. For a part that is not
            there, what was consulted tells what could have put it there.

    Raises:
        ValueError: the image was not found in a trace.
    """
    trace = use.trace
    if not isinstance(trace, Trace):
        raise ValueError("this image was found in a plain render: look for it in a trace")
    ranges = tuple(_ranges(use, part))
    return _explained(trace, use.manifest.file, _part_text(use, part), ranges, is_whole=not part)


def explain_written(use: ImageUse, part: Part = "") -> Explained:
    """Where an image, or one part of it, stands that is written into a file by hand and not rendered.

    The one key is the place itself: its path in the file, or what kind of place it is where the file has no paths.

    Args:
        use: an image of a devfile, a Dockerfile, a task, Airflow code or a manifest.
        part: as for `explain`.
    """
    text = _part_text(use, part)
    position = use.position
    if not text or position is None:
        return Explained(text)
    if position.source.text.startswith(use.text, position.offset):
        position = Position(position.source, position.offset + _part_range(use, part)[0])
    name = position.source.name
    path = dotted_path(use.levels[0].steps) if use.levels and use.levels[0].steps else use.place
    key = Key(path, name, position)
    return Explained(text, (key,), (Consulted(path, "value", text[:_SHOWN], name, position),))


def explain_scalar(trace: Trace, manifest: Manifest, steps: Path) -> Explained:
    """Where any scalar of a rendered document comes from; nothing is known of one that is not there.

    Args:
        trace: the traced render.
        manifest: the document.
        steps: the way from its root to the scalar.
    """
    value: Any = manifest.doc
    for step in steps:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return Explained("")
    text = "" if value is None else str(value)
    found = locate((Level(manifest.text, steps, text),), (0, len(text)))
    if found is None:
        return Explained(text)
    within = found[0] + manifest.start, found[1] + manifest.start
    return _explained(trace, manifest.file, text, (within,), is_whole=True)


def _explained(trace: Trace, file: str, text: str, ranges: tuple[Range, ...], *, is_whole: bool) -> Explained:
    """What stands at some places of a rendered file."""
    spans = trace.spans.get(file, ())
    touched = [span for span in spans if any(_touches(span, each) for each in ranges)]
    inside = [span for span in touched if any(_overlaps(span, each) for each in ranges)]
    # Where a part has no characters, what wrote nothing there is its own.
    own = inside or [span for span in touched if span.start == span.end and (span.sources or span.consulted)]
    return Explained(
        text=text,
        keys=_keys(trace, inside),
        consulted=_consulted(trace, touched, touched if is_whole else own),
        template=_template(own or touched),
    )


def _part_range(use: ImageUse, part: Part) -> Range:
    """The characters of a part in the image's text; an empty range where it would stand."""
    reference = use.reference
    if not part or reference is None:
        return 0, len(use.text)
    found: Range | None = getattr(reference.parts, part)
    if found is not None:
        return found
    return (0, 0) if part == "registry" else (len(use.text), len(use.text))


def _part_text(use: ImageUse, part: Part) -> str:
    start, end = _part_range(use, part)
    return use.text[start:end]


def _ranges(use: ImageUse, part: Part) -> Iterable[Range]:
    """Where the characters of a part stand in the rendered file."""
    if use.pieces:
        for piece in use.pieces:
            if piece.span and (not part or piece.part == part):
                yield piece.span
        return
    span = use.span
    if span is None:
        return
    start, end = _part_range(use, part)
    if span[1] - span[0] == len(use.text):
        yield span[0] + start, span[0] + end
    else:
        # The scalar is written with escapes: its parts cannot be told apart.
        yield span


def _touches(span: Span, within: Range) -> bool:
    return span.start <= within[1] and span.end >= within[0]


def _overlaps(span: Span, within: Range) -> bool:
    return span.start < within[1] and span.end > within[0]


def _keys(trace: Trace, spans: list[Span]) -> tuple[Key, ...]:
    found: dict[str, Key] = {}
    for span in spans:
        for lookup in span.sources:
            path = shown_path(lookup)
            if path not in found:
                layer = layer_of(trace, lookup)
                found[path] = Key(path, layer.name, layer.position, span.copied)
    return tuple(found.values())


def _consulted(trace: Trace, touched: list[Span], inside: list[Span]) -> tuple[Consulted, ...]:
    within = {(lookup.kind, lookup.path) for lookup in _lookups(inside)}
    found = []
    for lookup in _lookups(touched):
        layer = layer_of(trace, lookup)
        held: Held = "absent" if lookup.value is None else lookup.held
        shown = "" if lookup.value is None else sprint_value(lookup.value)[:_SHOWN]
        beside = bool(within) and (lookup.kind, lookup.path) not in within
        found.append(Consulted(shown_path(lookup), held, shown, layer.name, layer.position, beside))
    return tuple(found)


def _lookups(spans: list[Span]) -> tuple[Lookup, ...]:
    """What some spans consulted and were made of, in order, each once."""
    lookups: tuple[Lookup, ...] = ()
    for span in spans:
        lookups = joined(joined(lookups, span.consulted), span.sources)
    return lookups


def _template(spans: list[Span]) -> tuple[Position, ...]:
    """The actions behind the first span that has a source, or behind the first one."""
    span = next((span for span in spans if span.sources), spans[0] if spans else None)
    return () if span is None else tuple(Position(source, offset) for source, offset in span.place)


def shown_path(lookup: Lookup) -> str:
    """A path as a user writes it: `workers[0].image`, `Chart.appVersion`."""
    path: Path = lookup.path
    if lookup.kind == "chart_metadata":
        path = (*path[:-1], metadata_key(str(path[-1])))
    return dotted_path(path)


def dotted_path(path: Path) -> str:
    """The steps of a path as a user writes them."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{_escaped(step)}"
    return text.removeprefix(".")


def _escaped(step: str) -> str:
    return step.replace(".", "\\.")
