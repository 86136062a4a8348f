"""`chartkit relocate`: the values that move every image to another registry, proven by rendering.

Standard output has the override as YAML (or, with `--format json`, everything); with `-o` and `--in-place` it goes into
files. Standard error tells what moves by which keys, every line of the render that changes, and what stays behind.

    chartkit relocate prod.yaml --chart charts/app --to mirror.local:5000/apps -o mirror.yaml
    helm install app charts/app -f prod.yaml -f mirror.yaml

JSON: `{"to", "values", "override", "moved": [{"source", "target", "keys", "places", "pinned"}], "left": [{"source",
"target", "file", "line", "column", "reason", "kind", "name", "container"}], "post_rendered": [as "left"],
"post_renderer", "precedence": [{"key", "order", "images"}], "switches", "unpinned", "changed": [{"kind", "file",
"line", "before", "after"}], "renders"}`.

The exit code is 0 where every image moves, and 1 where some cannot be moved by values. With `--with-post-renderer`
those that `chartkit post-render` moves are no findings; images in hooks are, as Helm gives hooks to no post-renderer.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, FINDINGS, note, tell
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.input_files import read_lock_file, read_text
from chartkit.cli.pipeline import Prepared, prepare, put
from chartkit.cli.subject import SUBJECT, job_of, read_command
from chartkit.images.target import Destination, Layout, read_destination, read_mapping
from chartkit.source import Source

if TYPE_CHECKING:
    from chartkit.cli.relocate_rest import Rest
    from chartkit.images.locked import Lock
    from chartkit.images.override import Override

_FORMATS: Final = ("text", "json")

DESTINATION: Final = (
    Flag("to", "where images move to: HOST[:PORT][/PREFIX]", "text"),
    Flag("layout", f"what is kept of a name behind that: {', '.join(Layout)} (default: path)", "text"),
    Flag("map", "a YAML file of lines SOURCE: TARGET for registries, paths and images that go elsewhere", "text"),
)
"""The flags that say where images go, the same for every command that moves them."""


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit relocate`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    destination = destination_of(words)
    _check(words)
    job = job_of(words, profile)
    output = words.text("output")
    if output and any(Path(output).resolve() == Path(name).resolve() for name in job.values_files):
        raise UsageError(f"{output} is one of the values files: write the override beside it, or use --in-place")
    prepared = prepare(job)
    override = _propose(prepared, destination, _read_pins(words))
    rest = _rest(words, override, destination)
    _deliver(words, prepared, override, rest)
    return FINDINGS if rest.left else CLEAN


def destination_of(words: Words) -> Destination:
    """The destination that `--to`, `--layout` and `--map` name.

    Raises:
        UsageError: there is no such layout, or neither `--to` nor `--map` is given.
        InputError: the destination or the mapping is none.
    """
    layout = words.text("layout", Layout.PATH)
    if layout not in list(Layout):
        raise UsageError(f'unknown layout "{layout}": must be one of {", ".join(Layout)}')
    if not words.text("to") and not words.text("map"):
        raise UsageError("where to? name the destination with --to HOST[:PORT][/PREFIX]")
    mapping = read_mapping(Source(words.text("map"), read_text(words.text("map")))) if words.text("map") else ()
    return read_destination(words.text("to"), Layout(layout), mapping)


def _check(words: Words) -> None:
    """Refuse flags that make no sense together before anything is rendered."""
    if words.text("format", "text") not in _FORMATS:
        raise UsageError(f'unknown format "{words.text("format")}": must be one of {", ".join(_FORMATS)}')
    if words.switch("in-place") and words.text("output"):
        raise UsageError("--in-place writes into the values files themselves: leave out --output")


def _read_pins(words: Words) -> Lock | None:
    return read_lock_file(words.text("pin")) if words.text("pin") else None


def _propose(prepared: Prepared, destination: Destination, pins: Lock | None) -> Override:
    from chartkit.images.override import propose_override

    job = prepared.job
    return propose_override(
        prepared.program,
        prepared.values,
        job.release,
        to=destination,
        capabilities=job.capabilities,
        skip_schema=job.words.switch("skip-schema-validation"),
        installing=True,
        pins=pins,
    )


def _rest(words: Words, override: Override, destination: Destination) -> Rest:
    from chartkit.cli.relocate_rest import Rest, post_render_command, split_rest

    if not override.left or not words.switch("with-post-renderer"):
        return Rest(override.left)
    return split_rest(override.left, destination, post_render_command(words))


def _deliver(words: Words, prepared: Prepared, override: Override, rest: Rest) -> None:
    """Write the files, then the rest; nothing is printed before all is written."""
    from chartkit.cli.relocate_report import report_lines, report_row

    written = _write(words, prepared, override)
    for warning in override.warnings:
        note(f"warning: {warning}")
    if words.text("format") == "json":
        from chartkit.cli.tables import as_json

        put(as_json(report_row(override, prepared, rest) | {"to": words.text("to")}))
        return
    for line in report_lines(override, prepared, rest):
        tell(line)
    for name in written:
        tell(f"written: {name}")
    if not written and not words.switch("in-place"):
        put(override.text)


def _write(words: Words, prepared: Prepared, override: Override) -> list[str]:
    from chartkit.adapters.files import write_atomic

    texts: dict[str, str] = {}
    if words.switch("in-place"):
        from chartkit.cli.relocate_in_place import edited_files

        texts = edited_files(prepared, override)
    elif words.text("output"):
        texts = {words.text("output"): override.text}
    for name, text in texts.items():
        write_atomic(Path(name), text.encode("utf-8", "surrogateescape"))
    return list(texts)


COMMAND: Final[Command] = Command(
    name="relocate",
    usage="[OPTIONS] [VALUES]...",
    help="Write the smallest values that move every image of a chart to another registry. Keys are proposed from where "
    "the characters of images come from, and proven by rendering: nothing but the images changes. What no values "
    "move is listed with the template's line, and the exit code is then 1.",
    flags=(
        *DESTINATION,
        Flag("output", "write the override into this file", "text", "o"),
        Flag("in-place", "write the keys into the values files that hold them (else into the last one)"),
        Flag("pin", "a lock file whose digests are added to the images", "text"),
        Flag("with-post-renderer", "let chartkit post-render move what values cannot, and say how"),
        Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),
        *SUBJECT,
    ),
    run=run,
)
