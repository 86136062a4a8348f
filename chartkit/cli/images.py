"""`chartkit images`: every image of a rendered chart, and where it stands.

| format | what it prints |
|---|---|
| text | a line for each place: image, object, container, and what is special about it |
| json, yaml | `{"images": [...]}` with the fields of `image_rows`; on `--unrendered` also `"unrendered": [...]` |
| csv | the same fields, with a line of names; those of unrendered images come last |
| markdown | a table |
| plain | the images as they are written, each once |

An unrendered image has `image`, `canonical`, `certainty`, `switches` (what must be true for it) and `described` (the
key of the values that describes it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, note
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.image_rows import FIELDS, Row, image_row
from chartkit.cli.other_inputs import other_inputs, refuse_other_inputs
from chartkit.cli.pipeline import Prepared, prepare, put
from chartkit.cli.subject import SUBJECT, job_of, read_command
from chartkit.cli.tables import as_columns, as_csv, as_json, as_markdown, as_yaml
from chartkit.images.find import find_images
from chartkit.images.selection import Selection
from chartkit.images.use import Certainty

_TITLES: Final = ("image", "resource", "container", "policy", "note", "check")
_MORE: Final = (("keys", "keys"), ("policy", "policy"), ("check", "check-commands"))
_LEVELS: Final = {str(each): each for each in Certainty}


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit images`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    write = _chosen_format(words)
    selection = read_selection(words)
    more = [field for field, flag in _MORE if words.switch(flag)]
    other = other_inputs(words)
    if other is not None:
        refuse_other_inputs(words, ("unrendered", "policy"))
        put(write({"images": [image_row(use, more) for use in other.uses if selection.accepts(use)]}))
        return CLEAN
    prepared = prepare(job_of(words, profile))
    rendering = prepared.trace() if words.switch("keys") else prepared.render()
    for warning in rendering.warnings:
        note(f"warning: {warning}")
    content = {"images": [image_row(use, more) for use in find_images(rendering) if selection.accepts(use)]}
    if words.switch("unrendered"):
        content["unrendered"] = _unrendered(prepared, selection)
    put(write(content))
    return CLEAN


def read_selection(words: Words) -> Selection:
    """Which images are wanted, by the flags `--registry`, `--kind` and `--certainty`.

    Raises:
        UsageError: there is no such certainty.
    """
    level = words.text("certainty", "likely")
    if level not in _LEVELS:
        raise UsageError(f'unknown certainty "{level}": must be one of {", ".join(reversed(_LEVELS))}')
    kinds = frozenset(kind.lower() for kind in words.texts("kind"))
    return Selection(_LEVELS[level], tuple(words.texts("registry")), kinds)


def _chosen_format(words: Words) -> Callable[[dict[str, list[Row]]], str]:
    name = words.text("format", "text")
    if name not in _FORMATS:
        raise UsageError(f'unknown format "{name}": must be one of {", ".join(_FORMATS)}')
    if words.switch("check-commands") and name in ("text", "plain"):
        return _commands
    return _FORMATS[name]


def _unrendered(prepared: Prepared, selection: Selection) -> list[Row]:
    from chartkit.images.unrendered import find_unrendered

    job = prepared.job
    found = find_unrendered(prepared.program, prepared.values, job.release, job.capabilities)
    for switches, reason in found.failed:
        note(f"warning: with {' and '.join(switches)} the chart does not render: {reason}")
    if found.untried:
        note(f"warning: not tried: {', '.join(' and '.join(switches) for switches in found.untried)}")
    return [
        {
            "image": image.text,
            "canonical": image.reference.canonical() if image.reference else "",
            "certainty": str(image.certainty),
            "switches": list(image.switches),
            "described": image.described,
        }
        for image in found.images
        if selection.fits_registry(image.reference)
    ]


def _commands(content: dict[str, list[Row]]) -> str:
    commands = dict.fromkeys(row["check"] for row in content["images"] if row["check"])
    return "".join(f"{command}\n" for command in commands)


def _plain(content: dict[str, list[Row]]) -> str:
    names = dict.fromkeys(row["image"] for rows in content.values() for row in rows)
    return "".join(f"{name}\n" for name in names if name)


def _text(content: dict[str, list[Row]]) -> str:
    return as_columns(_cells(content))


def _markdown(content: dict[str, list[Row]]) -> str:
    rows = _cells(content)
    used = [index for index, title in enumerate(_TITLES) if title in _TITLES[:3] or any(row[index] for row in rows)]
    return as_markdown([[row[index] for index in used] for row in rows], [_TITLES[index] for index in used])


def _cells(content: dict[str, list[Row]]) -> list[list[str]]:
    """What people are shown of each row."""
    return [
        *(
            [row["image"] or '""', _owner(row), row["container"], _policy(row), _note(row), row.get("check", "")]
            for row in content["images"]
        ),
        *([row["image"], "", "", "", _condition(row), ""] for row in content.get("unrendered", ())),
    ]


def _owner(row: Row) -> str:
    return f"{row['kind']}/{row['name']}".strip("/")


def _policy(row: Row) -> str:
    return f"{row.get('policy', '')}{' (default)' if row.get('policy_default') else ''}"


def _note(row: Row) -> str:
    notes = [
        row["place"] if row["place"] != "pod" else "",
        row["certainty"] if row["certainty"] != str(Certainty.CERTAIN) else "",
        f"hook: {', '.join(row['events'])}" if row["events"] else "",
        f"from {', '.join(row['keys'])}" if row.get("keys") else "",
        row["fault"],
    ]
    return "; ".join(filter(None, notes))


def _condition(row: Row) -> str:
    if row["switches"]:
        return f"if {' and '.join(row['switches'])} is set"
    return f"not rendered, described by {row['described']}"


def _csv(content: dict[str, list[Row]]) -> str:
    rows = [row for group in content.values() for row in group]
    return as_csv(rows, list(dict.fromkeys((*FIELDS, *(field for row in rows for field in row)))))


_FORMATS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "text": _text,
    "json": as_json,
    "yaml": as_yaml,
    "csv": _csv,
    "markdown": _markdown,
    "plain": _plain,
}

SELECTION: Final = (
    Flag("registry", "only images from these registries, each with as much of a path as matters", "list"),
    Flag("kind", "only images of objects of these kinds", "list"),
    Flag("certainty", "the least certainty: certain, likely (default) or possible", "text"),
)
"""The flags that choose among images."""

COMMAND: Final = Command(
    name="images",
    usage="[OPTIONS] [VALUES]...",
    help="List every image that values files give: in containers, custom resources, arguments, environments, "
    "configuration files and annotations, each with its place and with how sure it is that it is an image.",
    flags=(
        Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),
        Flag("keys", "show the values keys that each image comes from"),
        Flag("policy", "show when each container's image is pulled"),
        Flag("check-commands", "print commands that ask the registries for the images; none is run"),
        Flag("unrendered", "list images too that other values would bring, and which"),
        *SELECTION,
        *SUBJECT,
    ),
    run=run,
)
