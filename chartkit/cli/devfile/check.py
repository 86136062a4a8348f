"""`chartkit devfile check`: what is wrong with the images of devfiles, and what still needs the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.formats import FORMATS, write
from chartkit.checks.ignores import is_ignored
from chartkit.checks.report import Outcome, Report
from chartkit.cli.checking import chosen_format
from chartkit.cli.command import Command
from chartkit.cli.devfile.subject import DESTINATION, USAGE, counted, read_collection, read_target
from chartkit.cli.flags import Flag, Words, read_words
from chartkit.cli.pipeline import put
from chartkit.images.target import Destination, Layout
from chartkit.profile import NEWEST
from chartkit.systems.devfile.locations import Collection
from chartkit.systems.devfile.remote import (
    find_chart_images,
    find_clashes,
    find_images_elsewhere,
    find_moving,
    find_remote,
)
from chartkit.systems.devfile.rules import RULES

# It stands in for a destination that is not named; .invalid is nobody's.
_ANYWHERE: Final = Destination("registry.invalid", Layout.LEAF)


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit devfile check`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen_format(words)
    target = read_target(words)
    collection = read_collection(words)
    report = make_report(collection, list(_found(words, collection, target)), is_offline=words.switch("offline"))
    put(write(report, form))
    return report.exit_code


def make_report(collection: Collection, findings: Sequence[Finding], *, is_offline: bool) -> Report:
    """The report; where all must work offline, whatever does not makes it fail."""
    told = [finding for finding in findings if not is_ignored(finding)]
    told.sort(key=lambda each: (each.file, each.line or 0, each.column or 0, each.rule))
    text = f"{counted(len(collection.devfiles), 'devfile')}, {counted(len(collection.needed), 'image')} to pull"
    level = Severity.WARNING if is_offline else Severity.ERROR
    return Report(tuple(told), (Outcome("", text),), level, rules=RULES)


def _found(words: Words, collection: Collection, target: Destination | None) -> Iterator[Finding]:
    yield from find_moving(collection)
    # Whatever the destination will be called: what counts is which names become one.
    yield from find_clashes(collection.images, target or _ANYWHERE)
    if words.switch("offline"):
        yield from find_remote(collection)
        yield from find_images_elsewhere(collection, target)
        values = words.text("chart-values")
        yield from find_chart_images(collection, Path(values) if values else None, target)


COMMAND: Final = Command(
    name="devfile check",
    usage=USAGE,
    help="Check the keys and the images of devfiles, stacks or a whole registry. With --offline, also list everything "
    "that still needs the network: parents, manifests, Dockerfiles, projects, images, icons.",
    flags=(
        Flag("offline", "list what needs the network, and fail on it"),
        *DESTINATION,
        Flag("chart-values", "the values of the devfile-registry chart", "text"),
        Flag("format", f"one of {', '.join(FORMATS)} (default: text)", "text"),
    ),
    run=run,
)
