"""What `explain` tells, as rows of plain values that every format prints alike.

An image has the fields of `image_rows`, `rendered` (whether a chart gave it, or it is written in a file) and `parts`:
for each of `registry`, `repository`, `tag` and `digest` (or for `whole`, where the text is no reference) an object with

| field | what it is |
|---|---|
| text | the part; empty if the image has none |
| keys | what supplied its characters: `path`, `layer`, `copied` (they stand there unchanged), and a place |
| consulted | keys looked at in order: `path`, `held` (absent, empty, value), `shown`, `layer`, `won`, `beside`, place |
| template | the actions that wrote it, the innermost first, each a place with the `text` of its line |

A place is `file`, `line` and `column`; all three are null where a key is written nowhere. A key with `won` supplies
characters of the part; one with `beside` has to do only with what stands next to it.

A key that nothing reads has `key`, `layer`, a place, `known` (why that is no mistake; else empty) and `meant`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chartkit.checks.secret_names import names_secret
from chartkit.cli.image_rows import image_row
from chartkit.engine.render import Rendering
from chartkit.engine.unread import UnreadKey
from chartkit.images.explain import Consulted, Explained, Key, Part, explain, explain_written
from chartkit.images.reach import Reach, ReachedLines
from chartkit.images.use import ImageUse
from chartkit.oci.credential import MASK
from chartkit.source import Position

Row = dict[str, Any]

_STRUCTURE = len("map[")


@dataclass(frozen=True, slots=True)
class Places:
    """Positions as the user would write them: relative to the working folder, where they lie in it.

    Attributes:
        folder: the chart's folder or archive.
        charts: each chart's name in front of its templates, with the folder it lies in below the chart's own.
    """

    folder: str
    charts: tuple[tuple[str, str], ...]

    def file(self, name: str) -> str:
        """A file: templates are called after their chart, and are looked for in its folder."""
        for prefix, location in self.charts:
            path = os.path.join(self.folder, location, name.removeprefix(prefix))
            if name.startswith(prefix) and os.path.exists(path):
                name = path
                break
        if not os.path.exists(name):
            return name
        relative = os.path.relpath(name)
        return name if relative.startswith(os.pardir) else relative

    def row(self, position: Position | None) -> Row:
        """The fields of a place."""
        if position is None:
            return {"file": None, "line": None, "column": None}
        return {"file": self.file(position.source.name), "line": position.line, "column": position.column}


def places_of(rendering: Rendering, folder: str) -> Places:
    """How positions in a render are shown."""
    charts = [(f"{chart.full_path}/", chart.location) for chart in rendering.chart.walk()]
    return Places(folder, tuple(sorted(charts, key=lambda each: -len(each[0]))))


def explained_row(use: ImageUse, parts: Sequence[Part], places: Places) -> Row:
    """An image, with where its parts come from."""
    wanted: Sequence[Part] = parts if use.reference else ("",)
    find = explain_written if use.trace is None else explain
    rows = {part or "whole": _part_row(find(use, part), places) for part in wanted}
    return image_row(use) | {"rendered": use.trace is not None, "parts": rows}


def _part_row(explained: Explained, places: Places) -> Row:
    winners = {key.path for key in explained.keys}
    return {
        "text": explained.text,
        "keys": [_key_row(key, places) for key in explained.keys],
        "consulted": [_step_row(step, places, won=step.path in winners) for step in explained.consulted],
        "template": [
            {**places.row(each), "text": each.source.line_text(each.line).strip()}
            for each in reversed(explained.template)
        ],
    }


def _key_row(key: Key, places: Places) -> Row:
    return {"path": key.path, "layer": key.layer, "copied": key.copied, **places.row(key.position)}


def _step_row(step: Consulted, places: Places, *, won: bool) -> Row:
    return {
        "path": step.path,
        "held": step.held,
        "shown": step.shown if won else told_value(step.path, step.shown),
        "layer": step.layer,
        "won": won,
        "beside": step.beside,
        **places.row(step.position),
    }


def told_value(path: str, shown: str) -> str:
    """What a key holds, as far as it may be told: templates look at passwords too, and at maps that hold some."""
    name = path.rpartition(".")[2].partition("[")[0]
    if shown and names_secret(name):
        return MASK
    return f"{shown[:_STRUCTURE]}...]" if shown.startswith("map[") else shown


def reach_rows(found: Reach) -> Row:
    """What a key reaches: images and lines."""
    images = [
        image_row(each.use) | {"supplies": list(each.supplies), "decides": list(each.decides)} for each in found.images
    ]
    return {"images": images, "fields": [_lines_row(each) for each in found.lines]}


def _lines_row(lines: ReachedLines) -> Row:
    return {
        "how": lines.how,
        "file": lines.file,
        "line": lines.first,
        "last_line": lines.last,
        "text": lines.text,
    }


def unread_rows(keys: Iterable[UnreadKey], places: Places) -> list[Row]:
    """The keys that nothing reads."""
    return [
        {
            "key": key.path,
            "layer": key.layer,
            **places.row(key.position),
            "known": key.known,
            "meant": key.meant,
        }
        for key in keys
    ]
