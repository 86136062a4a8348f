"""`chartkit diff A B`: which images change between two renders.

A and B each say what is rendered:

| operand | what it is |
|---|---|
| `prod.yaml`, `a.yaml,b.yaml` | values files, with the chart that the other words name |
| `charts/app`, `app-1.2.0.tgz` | a chart, with its default values |
| `charts/app:a.yaml,b.yaml` | a chart and values files |
| `@prod` | a target of chartkit.yaml |

`--chart`, `-f`, `--set` and the other flags count for both; the values files of an operand come after those of `-f`.

    + IMAGE             added
    - IMAGE             removed
    ~ NAME OLD -> NEW   the tag or the digest changed
    > OLD -> NEW        the registry or the path changed

JSON: `{"a": ..., "b": ..., "changes": [{"kind", "before", "after", "where"}]}` with the kinds `added`, `removed`,
`retagged` and `moved`; `before` and `after` are canonical references or null, `where` the objects of the newer render,
or of the older one for what is removed. The exit code is 0 where nothing changes, 1 where something does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, FINDINGS
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.images import SELECTION, read_selection
from chartkit.cli.pipeline import Job, prepare, put
from chartkit.cli.subject import SUBJECT, is_chart, job_of, read_command
from chartkit.cli.tables import as_json, as_markdown
from chartkit.images.difference import Change, DistinctImage, compare_images
from chartkit.images.find import find_images
from chartkit.images.use import ImageUse
from chartkit.profile import Profile

_TITLES: Final = ("change", "before", "after", "where")


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit diff`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    if len(words.others) != 2:
        raise UsageError(
            f"diff compares two renders, not {len(words.others)}",
            hint="each is a values file, a chart, CHART:VALUES, or @TARGET",
        )
    if words.text("format", "text") not in _FORMATS:
        raise UsageError(f'unknown format "{words.text("format")}": must be one of {", ".join(_FORMATS)}')
    selection = read_selection(words)
    first, second = words.others
    uses = [
        [use for use in _images(operand_job(word, words, profile)) if selection.accepts(use)]
        for word in (first, second)
    ]
    changes = compare_images(*uses)
    put(_FORMATS[words.text("format", "text")](first, second, changes))
    return FINDINGS if changes else CLEAN


def operand_job(word: str, words: Words, profile: Profile) -> Job:
    """The render that an operand stands for."""
    given = dict(words.given)
    if word.startswith("@"):
        given["target"] = word[1:]
        return job_of(Words(given), profile)
    chart, files = _taken_apart(word)
    if chart:
        given["chart"] = chart
    # Files named by -f come first for both; the operand's own are laid over them.
    given["values"] = [*words.texts("values"), *files]
    return job_of(Words(given), profile)


def _taken_apart(word: str) -> tuple[str, list[str]]:
    """The chart of an operand, and its values files."""
    if is_chart(word):
        return word, []
    parts = word.split(":")
    for end in range(1, len(parts)):
        chart = ":".join(parts[:end])
        if is_chart(chart):
            return chart, ":".join(parts[end:]).split(",")
    return "", [word] if os.path.exists(word) else word.split(",")


def _images(job: Job) -> tuple[ImageUse, ...]:
    return find_images(prepare(job).render())


def _text(_first: str, _second: str, changes: Sequence[Change]) -> str:
    return "".join(f"{_line(change)}\n" for change in changes)


def _line(change: Change) -> str:
    before, after = change.before, change.after
    if before is None or after is None:
        return f"+ {after}" if before is None else f"- {before}"
    if change.kind == "retagged":
        return f"~ {before.name} {_version(before)} -> {_version(after)}"
    return f"> {before} -> {after}"


def _version(image: DistinctImage) -> str:
    return image.version.removeprefix(":") or "(no tag)"


def _json(first: str, second: str, changes: Sequence[Change]) -> str:
    return as_json({"a": first, "b": second, "changes": [_row(change) for change in changes]})


def _row(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "before": None if change.before is None else str(change.before),
        "after": None if change.after is None else str(change.after),
        "where": list(_where(change)),
    }


def _where(change: Change) -> Iterator[str]:
    image = change.after or change.before
    uses = image.uses if image else ()
    places = (f"{use.resource.kind}/{use.resource.name} {use.container}".strip(" /") for use in uses)
    yield from dict.fromkeys(places)


def _markdown(_first: str, _second: str, changes: Sequence[Change]) -> str:
    if not changes:
        return "No image changes.\n"
    rows = [
        [change.kind, str(change.before or ""), str(change.after or ""), ", ".join(_where(change))]
        for change in changes
    ]
    return as_markdown(rows, _TITLES)


_FORMATS: Final[dict[str, Callable[[str, str, Sequence[Change]], str]]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
}

COMMAND: Final = Command(
    name="diff",
    usage="[OPTIONS] A B",
    help="Tell which images are added, removed, retagged or moved between two renders. A and B are each a values file, "
    "a chart (a folder or a .tgz archive), CHART:VALUES[,VALUES], or @TARGET of chartkit.yaml; the other words count "
    "for both. The exit code is 1 where images change.",
    flags=(Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"), *SELECTION, *SUBJECT),
    run=run,
)
