"""What `explain` tells, for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from chartkit.cli.tables import as_columns

Row = dict[str, Any]


def as_text(content: Row) -> str:
    """Everything that there is to tell, a paragraph for each image."""
    if "key" in content:
        return _key_text(content)
    paragraphs = ["".join(_image_text(row)) for row in content.get("images", ())]
    unread = "".join(f"{_unread_text(row)}\n" for row in content.get("unread", ()))
    if unread:
        paragraphs.append(f"Nothing reads\n{unread}" if paragraphs else unread)
    return "\n".join(paragraphs)


def _image_text(row: Row) -> Iterator[str]:
    yield f"{row['image']}\n  {_owner(row)}\n"
    for name, part in row["parts"].items():
        if name == "digest" and not part["text"] and len(row["parts"]) > 1:
            continue
        yield f"  {name}: {chain_text(part)}\n"
        rows = [
            [step["path"], "won" if step["won"] else _held(step), step["layer"], place_text(step)]
            for step in _steps(part)
        ]
        yield "".join(f"    {line}\n" for line in as_columns(rows).splitlines()) if rows else ""
        for index, action in enumerate(part["template"]):
            how = "reached from" if index else "written by  "
            yield f"    {how}  {place_text(action)}{'' if index else '  ' + action['text']}\n"


def chain_text(part: Row) -> str:
    """The keys looked at, in order, and which of them won: `a.b "" -> c.d "x" (won)`."""
    steps = " -> ".join(_step_text(step) for step in _steps(part))
    if not part["keys"]:
        told = f"{_quoted(part['text'])}, the template's own text" if part["text"] else "none"
        return f"{told}; looked at {steps}" if steps else told
    shown = [step["shown"] for step in part["consulted"] if step["won"]]
    return steps if shown == [part["text"]] else f"{_quoted(part['text'])} out of {steps}"


def _steps(part: Row) -> list[Row]:
    return [step for step in part["consulted"] if not step["beside"]]


def _step_text(step: Row) -> str:
    shown = "unset" if step["held"] == "absent" else _quoted(step["shown"])
    return f"{step['path']} {shown}{' (won)' if step['won'] else ''}"


def _held(step: Row) -> str:
    return {"absent": "unset", "empty": "empty", "value": "set"}[str(step["held"])]


def place_text(row: Row) -> str:
    """A place: `prod.yaml:4:15`; empty where there is none."""
    return f"{row['file']}:{row['line']}:{row['column']}" if row["file"] else ""


def _owner(row: Row) -> str:
    place = row["place"] if row["place"] != "pod" else ""
    container = f"container {row['container']}" if row["container"] else ""
    resource = f"{row['kind']}/{row['name']}".strip("/")
    line = f"{row['file']}:{row['line']}" if row["line"] else row["file"]
    where = f"{line} as rendered" if row["rendered"] else line
    return ", ".join(filter(None, (resource, container, place, where)))


def _key_text(content: Row) -> str:
    blocks = [_given(content)]
    if content["images"]:
        rows = [
            [row["image"], f"{row['kind']}/{row['name']}", row["container"], _roles(row)] for row in content["images"]
        ]
        blocks.append(_block("images", as_columns(rows)))
    for how, title in (("supplies", "other lines with its value"), ("decides", "other lines that it decides on")):
        rows = [[_lines(row), row["text"] or "(nothing)"] for row in content["fields"] if row["how"] == how]
        if rows:
            blocks.append(_block(title, as_columns(rows)))
    return "".join(blocks)


def _given(content: Row) -> str:
    if not content["read"]:
        return f"{content['note']}\n"
    if content["shown"] is None:
        return f"{content['key']}{' unset' if content['held'] == 'absent' else ''}\n"
    origin = ", ".join(filter(None, (content["layer"], place_text(content))))
    return f"{content['key']} {_quoted(content['shown'])}: {origin}\n"


def _block(title: str, text: str) -> str:
    return f"{title}\n" + "".join(f"  {line}\n" for line in text.splitlines())


def _roles(row: Row) -> str:
    parts = [part or "whole" for part in row["supplies"]]
    # What supplies one part stands beside the others, and mostly has nothing to do with them.
    return ", ".join(parts) or f"decides {', '.join(part or 'whole' for part in row['decides'])}"


def _lines(row: Row) -> str:
    last = f"-{row['last_line']}" if row["last_line"] != row["line"] else ""
    return f"{row['file']}:{row['line']}{last}"


def _unread_text(row: Row) -> str:
    advice = f"; did you mean {row['meant']}?" if row["meant"] else ""
    reason = f" with these values: {row['known']}" if row["known"] else ""
    place = place_text(row)
    return f"{place + ': ' if place else ''}{row['key']} is never read{reason}{advice}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
