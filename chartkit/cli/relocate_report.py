"""What `relocate` tells beside the override: what moves, what stays and why, and every line that changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from chartkit.cli.explain_rows import Places
from chartkit.cli.pipeline import Prepared
from chartkit.cli.relocate_rest import Rest
from chartkit.cli.tables import as_columns
from chartkit.images.override import LeftImage, MovedImage, Override
from chartkit.images.proof import ChangedLine, Kind

Row = dict[str, Any]

_KINDS: Final[dict[Kind, str]] = {
    "image": "of images",
    "mention": "that name an image",
    "checksum": "with a digest of a text that has images",
    "notes": "of NOTES.txt",
}
_LONGEST: Final = 160


def report_lines(override: Override, prepared: Prepared, rest: Rest) -> Iterator[str]:
    """The report for people."""
    places = _places(prepared)
    moving = sum(len(image.uses) for image in override.moved)
    keys = len(override.settings)
    yield (
        f"{moving} of {moving + len(override.left)} images move, by {keys} key{'' if keys == 1 else 's'} "
        f"(proven by {override.renders} renders)"
    )
    yield from _indented(as_columns([_moved_cells(image) for image in override.moved]))
    for found in override.precedence:
        yield f"precedence: {found}"
    for key in override.switches:
        yield f"needed: {key}: true, else the chart refuses"
    yield from _unpinned(override.unpinned)
    yield from _changes(override.proof)
    if rest.command:
        yield "moved by the post-renderer only, which Helm has to run behind the render of these values:"
        yield f"  {rest.command}"
        yield from _images(rest.post_rendered, places)
    if rest.left:
        yield "not moved:"
        yield from _images(rest.left, places)


def _moved_cells(image: MovedImage) -> list[str]:
    times = f"x{len(image.uses)}" if len(image.uses) > 1 else ""
    return [image.source, f"-> {image.target}", times, ", ".join(image.keys)]


def _unpinned(images: Sequence[MovedImage]) -> Iterator[str]:
    if images:
        yield "without digest, as the lock has none for them or no key takes it:"
        yield from _indented("".join(f"{image.target}\n" for image in images))


def _changes(lines: Sequence[ChangedLine]) -> Iterator[str]:
    """The lines that change: how many of each kind, and each one as it is rendered."""
    counts = Counter(line.kind for line in lines)
    if not counts:
        yield "no line of the render changes"
        return
    told = ", ".join(f"{counts[kind]} {text}" for kind, text in _KINDS.items() if counts[kind])
    yield f"changed lines: {told}; nothing else changes"
    for line in lines:
        yield f"  {line.file}:{line.line}"
        if line.before.strip() or line.kind == "image":
            yield f"    - {_cut(line.before)}"
        if line.after.strip() or line.kind == "image":
            yield f"    + {_cut(line.after)}"


def _cut(text: str) -> str:
    shown = text.strip()
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."


def _images(images: Sequence[LeftImage], places: Places) -> Iterator[str]:
    yield from _indented(as_columns([[image.source, _place(image, places), image.reason] for image in images]))


def _place(image: LeftImage, places: Places) -> str:
    position = image.position or image.use.position
    return f"{places.file(position.source.name)}:{position.line}:{position.column}" if position else ""


def _indented(text: str) -> Iterator[str]:
    return (f"  {line}" for line in text.splitlines())


def _places(prepared: Prepared) -> Places:
    charts = [(f"{chart.full_path}/", chart.location) for chart in prepared.program.chart.walk()]
    return Places(prepared.job.chart, tuple(sorted(charts, key=lambda each: -len(each[0]))))


def report_row(override: Override, prepared: Prepared, rest: Rest) -> Row:
    """The report for machines."""
    places = _places(prepared)
    return {
        "values": override.values,
        "override": override.text,
        "moved": [_moved_row(image) for image in override.moved],
        "left": [_left_row(image, places) for image in rest.left],
        "post_rendered": [_left_row(image, places) for image in rest.post_rendered],
        "post_renderer": rest.command,
        "precedence": [{"key": each.key, "order": each.order, "images": each.images} for each in override.precedence],
        "switches": list(override.switches),
        "unpinned": [image.target for image in override.unpinned],
        "changed": [_changed_row(line) for line in override.proof],
        "renders": override.renders,
    }


def _moved_row(image: MovedImage) -> Row:
    return {
        "source": image.source,
        "target": image.target,
        "keys": list(image.keys),
        "places": len(image.uses),
        "pinned": image.pinned,
    }


def _left_row(image: LeftImage, places: Places) -> Row:
    return {
        "source": image.source,
        "target": image.target,
        **places.row(image.position),
        "reason": image.reason,
        "kind": image.use.resource.kind,
        "name": image.use.resource.name,
        "container": image.use.container,
    }


def _changed_row(line: ChangedLine) -> Row:
    return {"kind": line.kind, "file": line.file, "line": line.line, "before": line.before, "after": line.after}
