"""`chartkit mirror`: the images of a chart into another registry: by chartkit itself, or by the tool of one's choice.

    chartkit mirror prod.yaml --to mirror.local:5000/apps --run
    chartkit mirror prod.yaml --to mirror.local:5000/apps --format skopeo > copy.sh

`--run` copies, by digest and verified blob by blob, all platforms or those of `--platform`; what is there already is
passed over, and a run that failed midway is continued by the next. Without it nothing is copied: the plan is printed,
as JSON (`{"to", "platforms", "images": [{"source", "target", "digest", "places"}]}`) or as the input of another tool.
All formats say the same; `chartkit mirror --help` names them.

With `--lock` images are copied by the digests of a lock file: what arrives is what was locked, whatever became of the
tags since. Images that are at their destination are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, note
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.images import SELECTION, read_selection
from chartkit.cli.input_files import read_lock_file
from chartkit.cli.network import JOBS, PLATFORM, read_platforms
from chartkit.cli.pipeline import prepare, put
from chartkit.cli.relocate import DESTINATION, destination_of
from chartkit.cli.subject import SUBJECT, job_of, read_command
from chartkit.cli.tables import as_json
from chartkit.images.find import find_images
from chartkit.images.mirror import MirrorPlan, pairs, plan_copies
from chartkit.images.mirror_formats import WRITERS
from chartkit.images.target import Destination
from chartkit.profile import Profile

_PLAN: Final = "plan"
_FORMATS: Final = (_PLAN, *WRITERS)
_CHART_ANNOTATION: Final = "chart annotation"


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit mirror`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    name = words.text("format", _PLAN)
    if name not in _FORMATS:
        raise UsageError(f'unknown format "{name}": must be one of {", ".join(_FORMATS)}')
    if words.switch("run") and words.text("format"):
        raise UsageError("--run copies and --format prints: take one of them")
    plan = _plan(words, profile, destination_of(words))
    if words.switch("run"):
        from chartkit.cli.mirror_run import run_copies

        return run_copies(pairs(plan.copies), words)
    put(as_json({"to": words.text("to"), **plan.rows()}) if name == _PLAN else WRITERS[name](plan))
    return CLEAN


def _plan(words: Words, profile: Profile, destination: Destination) -> MirrorPlan:
    lock = read_lock_file(words.text("lock")) if words.text("lock") else None
    platforms = tuple(str(each) for each in read_platforms(words))
    prepared, selection = prepare(job_of(words, profile)), read_selection(words)
    rendering = prepared.render()
    for warning in rendering.warnings:
        note(f"warning: {warning}")
    uses = [use for use in find_images(rendering) if selection.accepts(use) and use.place != _CHART_ANNOTATION]
    for use in uses:
        if use.reference is None and use.text:
            note(f"warning: {use.manifest.file}: {use.text!r} is left out: {use.fault}")
    copies = plan_copies(uses, destination, lock)
    for copy in copies:
        if lock is not None and not copy.source.digest:
            note(f"warning: {copy.source} has no digest in {words.text('lock')}")
    return MirrorPlan(copies, platforms, frozenset(words.texts("plain-http")), prepared.program.chart.metadata.name)


COMMAND: Final = Command(
    name="mirror",
    usage="[OPTIONS] [VALUES]...",
    help="Copy every image that values files give to another registry (--run), or print the plan: as JSON, or as the "
    "input of skopeo, regsync, crane, oras, podman, docker or hauler. The names there are those that chartkit relocate "
    "puts into the values.",
    flags=(
        *DESTINATION,
        Flag("run", "copy the images now"),
        Flag("format", f"one of {', '.join(_FORMATS)} (default: plan, which is JSON)", "text"),
        Flag("lock", "copy by the digests of this lock file", "text"),
        PLATFORM,
        JOBS,
        *SELECTION,
        *SUBJECT,
    ),
    run=run,
)
