"""`chartkit devfile plan`: the commands that bring a devfile registry behind an air gap. None is run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from chartkit.cli.checking import chosen
from chartkit.cli.command import Command
from chartkit.cli.devfile.subject import DESTINATION, LOCK, digests, read_collection, wanted_target
from chartkit.cli.exits import CLEAN, tell
from chartkit.cli.flags import Flag, UsageError, Words, read_words
from chartkit.cli.pipeline import put
from chartkit.cli.tables import as_json, as_yaml
from chartkit.errors import InputError
from chartkit.images.target import Destination
from chartkit.profile import NEWEST
from chartkit.reference import ImageReference, InvalidReference
from chartkit.source import Position
from chartkit.systems.devfile.document import read_source
from chartkit.systems.devfile.plan import TOOLS, Copier, Copy, Plan, as_script, make_plan
from chartkit.systems.devfile.relocation import Options, mirror_list, needed_copies

_FORMATS: Final = ("text", "json", "tsv", "values")


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit devfile plan`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen(words, "format", _FORMATS, "text")
    tool = chosen(words, "tool", TOOLS, TOOLS[0])
    destination = wanted_target(words)
    copier = Copier(tool, frozenset(words.texts("plain-http")))
    if not destination.base:
        # Else the index would be pushed to where the public one is.
        raise UsageError("where do the images of the registry itself go?", hint="--to HOST[:PORT]/PROJECT")
    plan = make_plan(_copies(words, destination), destination, copier)
    if not plan.copies:
        tell(
            f"warning: no image of a stack has to be copied: all are in {destination.base} already; to plan the copies "
            "after a move, give the list that devfile relocate --list wrote: --list FILE"
        )
    put(_written(plan, form))
    return CLEAN


def read_list(path: Path) -> tuple[Copy, ...]:
    """The copies of a mirror list.

    Raises:
        InputError: the file cannot be read, or a line is no source and target.
    """
    source = read_source(path)
    copies: list[Copy] = []
    offset = 0
    for line in source.text.splitlines(keepends=True):
        if line.strip():
            try:
                one, other = (ImageReference.parse(text) for text in line.split())
            except (InvalidReference, ValueError) as error:
                message = f"{path}: a line is a source, a tab and a target: {error}"
                raise InputError(message, position=Position(source, offset)) from error
            copies.append((one, other))
        offset += len(line)
    return tuple(copies)


def _copies(words: Words, destination: Destination) -> Sequence[Copy]:
    if words.text("list") and not words.others:
        return read_list(Path(words.text("list")))
    listed = read_list(Path(words.text("list"))) if words.text("list") else ()
    collection = read_collection(words)
    return list(
        dict.fromkeys((*listed, *needed_copies(collection.images, destination, Options(digest_of=digests(words)))))
    )


def _written(plan: Plan, form: str) -> str:
    if form == "json":
        return as_json(_content(plan))
    if form == "tsv":
        return mirror_list((*plan.copies, *plan.chart_copies))
    return as_yaml(plan.override) if form == "values" else as_script(plan)


def _content(plan: Plan) -> dict[str, Any]:
    return {
        "copies": [_pair(copy) for copy in plan.copies],
        "chartCopies": [_pair(copy) for copy in plan.chart_copies],
        "index": str(plan.index),
        "steps": [
            {"title": step.title, "commands": list(step.commands), "notes": list(step.notes)} for step in plan.steps
        ],
        "values": plan.override,
    }


def _pair(copy: Copy) -> dict[str, str]:
    return {"source": str(copy[0]), "target": str(copy[1])}


COMMAND: Final = Command(
    name="devfile plan",
    usage="--to HOST[:PORT]/PROJECT [OPTIONS] PATH...",
    help="Write a shell script that pulls, tags and pushes every image that the stacks need, builds and pushes the "
    "index of the registry, mirrors the two other images of the devfile-registry chart, and installs it with values "
    "that name them. Nothing is run.",
    flags=(
        *DESTINATION,
        LOCK,
        Flag("tool", f"the program that copies: {', '.join(TOOLS)} (default: podman)", "text"),
        Flag("plain-http", "these registries speak HTTP without TLS", "list"),
        Flag("list", "a list that devfile relocate wrote, beside or in place of paths", "text"),
        Flag("format", "text (a script, default), json, tsv (source and target), or values (for the chart)", "text"),
    ),
    run=run,
)
