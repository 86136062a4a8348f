"""`chartkit devfile relocate`: the images of devfiles in another registry, changed where they stand.

Everything is read, worked out and checked before the first file is written; each file is replaced in one step.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final

from chartkit.adapters.files import write_atomic
from chartkit.checks.finding import Severity
from chartkit.cli.checking import chosen
from chartkit.cli.command import Command
from chartkit.cli.devfile.subject import (
    DESTINATION,
    LOCK,
    USAGE,
    counted,
    digests,
    read_collection,
    wanted_target,
    warn,
)
from chartkit.cli.exits import CLEAN, FINDINGS, tell
from chartkit.cli.flags import Flag, UsageError, Words, read_words
from chartkit.cli.pipeline import put
from chartkit.cli.tables import as_json
from chartkit.errors import InputError
from chartkit.images.use import Certainty
from chartkit.profile import NEWEST
from chartkit.source import Position
from chartkit.systems.devfile.editing import Change
from chartkit.systems.devfile.locations import Collection
from chartkit.systems.devfile.relocation import BuildNames, Options, Relocation, mirror_list, relocate
from chartkit.systems.devfile.remote import find_remote
from chartkit.systems.devfile.rules import REMOTE_MANIFEST

_FORMATS: Final = ("text", "json")
_LEVELS: Final = {str(each): each for each in Certainty if each is not Certainty.POSSIBLE}


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit devfile relocate`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen(words, "format", _FORMATS, "text")
    destination = wanted_target(words)
    options = read_options(words)
    collection = read_collection(words)
    _refuse_unreadable(collection, is_allowed=words.switch("leave-remote"))
    relocation = relocate(collection.images, destination, options)
    warn(relocation.left)
    is_dry = words.switch("check") or words.switch("diff")
    if not is_dry:
        _write(relocation, words.text("list"))
    if words.switch("diff"):
        put("".join(_diff(relocation)))
    else:
        put(as_json(_content(relocation)) if form == "json" else _text(relocation, is_dry=is_dry))
    return FINDINGS if words.switch("check") and relocation.changes else CLEAN


def read_options(words: Words) -> Options:
    """How images are moved.

    Raises:
        UsageError: the flags make no sense together.
    """
    registry, tag = words.text("build-registry"), words.text("tag")
    if tag and not registry:
        raise UsageError(
            "--tag is for the images that are built", hint="name their registry: --build-registry HOST/PATH"
        )
    level = chosen(words, "certainty", tuple(_LEVELS), "certain")
    return Options(BuildNames(registry, tag) if registry else None, digests(words), _LEVELS[level])


def _refuse_unreadable(collection: Collection, *, is_allowed: bool) -> None:
    """Complain of manifests that are fetched from elsewhere: their images would stay where they are."""
    for finding in find_remote(collection):
        if finding.rule != REMOTE_MANIFEST.id:
            continue
        if finding.severity is Severity.ERROR and not is_allowed:
            raise InputError(
                f"{finding.message}: its images cannot be moved ({finding.rule})",
                position=finding.position if isinstance(finding.position, Position) else None,
                hint="download it beside the devfile and name it by a relative uri, or pass --leave-remote",
            )
        tell(f"{finding.location}: warning: {finding.message}: its images are not moved")


def _write(relocation: Relocation, mirror: str) -> None:
    # Found out before the first file is changed, so that either all change or none.
    for path in relocation.texts:
        if not os.access(path, os.W_OK):
            raise InputError(f"cannot write {path}: nothing was changed")
    for path, text in relocation.texts.items():
        write_atomic(path, text.encode("utf-8", "surrogateescape"))
    if mirror and not relocation.copies:
        # A second run must not lose the list of the first.
        tell(f"{mirror} is not written: there is nothing to copy")
    elif mirror:
        write_atomic(Path(mirror), mirror_list(relocation.copies).encode())


def _diff(relocation: Relocation) -> Iterator[str]:
    sources = {change.image.path.resolve(): change.image.use for change in relocation.changes}
    for path, text in relocation.texts.items():
        use = sources[path.resolve()]
        before, after = use.file_text.splitlines(keepends=True), text.splitlines(keepends=True)
        for line in unified_diff(before, after, use.manifest.file, use.manifest.file):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _text(relocation: Relocation, *, is_dry: bool) -> str:
    lines = [f"{change.image.position}: {_shown(change)}" for change in relocation.changes]
    verb = "would change" if is_dry else "changed"
    said = f"{verb} {counted(len(relocation.changes), 'image')} in {counted(len(relocation.texts), 'file')}"
    lines.append(said if relocation.changes else "nothing to change")
    return "".join(f"{line}\n" for line in lines)


def _shown(change: Change) -> str:
    return f"{change.image.expanded.written} -> {change.written}"


def _content(relocation: Relocation) -> dict[str, Any]:
    return {
        "changes": [
            {
                "file": change.image.position.source.name,
                "line": change.image.position.line,
                "column": change.image.position.column,
                "role": str(change.image.role),
                "from": change.image.expanded.written,
                "to": change.written,
            }
            for change in relocation.changes
        ],
        "copies": [{"source": str(source), "target": str(target)} for source, target in relocation.copies],
        "left": [{"place": str(position), "reason": text} for position, text in relocation.left],
    }


COMMAND: Final = Command(
    name="devfile relocate",
    usage=f"--to HOST[:PORT]/PROJECT {USAGE}",
    help="Move the images of devfiles, stacks or a whole registry to another registry. The files are changed in place: "
    "only the images, nothing else, and a second run changes nothing. Variables in tags stay; names of images that are "
    "built stay too, unless --build-registry says where builds go.",
    flags=(
        *DESTINATION,
        LOCK,
        Flag("build-registry", "call built images REGISTRY/NAME-IMAGE, here and where they are used", "text"),
        Flag("tag", "the tag of built images", "text"),
        Flag("certainty", "the least certainty of an image to move: certain (default) or likely", "text"),
        Flag("leave-remote", "pass over manifests that are fetched from elsewhere"),
        Flag("list", "write the copies that must be made to a file: source, tab, target", "text"),
        Flag("check", "write nothing, and exit with 1 if anything would change"),
        Flag("diff", "write nothing, and print what would change"),
        Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),
    ),
    run=run,
)
