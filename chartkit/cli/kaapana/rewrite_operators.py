"""`chartkit kaapana rewrite-operators DIR --registry R`: the operators' images come from a registry of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, FINDINGS, tell
from chartkit.cli.flags import Flag, UsageError, read_words
from chartkit.cli.kaapana.folder import folder_of
from chartkit.cli.pipeline import put
from chartkit.profile import NEWEST

if TYPE_CHECKING:
    from chartkit.systems.kaapana.rewrite import Rewriting


# Only LF ends a line in a patch; Python's own splitlines knows more.
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit kaapana rewrite-operators`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    folder, registry = folder_of(words), words.text("registry")
    if not registry:
        raise UsageError("--registry is needed: the registry of your own, as host[:port]/path")
    from chartkit.systems.kaapana.rewrite import rewrite_folder

    # Every file is read, parsed and proven before the first one is written.
    files = rewrite_folder(folder, registry)
    # On standard error, so that the output is the changes alone.
    _tell_rest(files)
    is_check, is_diff = words.switch("check"), words.switch("diff")
    if is_diff:
        put("".join(line for each in files for line in _diff(each)))
    elif is_check:
        put("".join(f"{change.position}: {change.before}\n" for each in files for change in each.changes))
    else:
        _write(files)
        put("".join(f"{change.position}: {change.after}\n" for each in files for change in each.changes))
    return FINDINGS if is_check and any(each.changes or each.left for each in files) else CLEAN


def _tell_rest(files: Iterable[Rewriting]) -> None:
    """Say what still takes the platform's registry, and which imports nothing needs any more."""
    for each in files:
        for left in each.left:
            tell(f"{left.position}: left alone: {left.text} ({left.reason})")
        if each.unused is not None:
            tell(f"{each.unused}: nothing uses this import afterwards")


def _diff(file: Rewriting) -> Iterator[str]:
    from difflib import unified_diff

    name = file.file.source.name
    before, after = (_LINE.findall(text) for text in (file.file.text, file.text))
    for line in unified_diff(before, after, f"a/{name}", f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _write(files: Iterable[Rewriting]) -> None:
    from chartkit.adapters.files import write_atomic

    for each in files:
        if each.changes:
            write_atomic(each.file.path, each.data)


COMMAND: Final = Command(
    name="kaapana rewrite-operators",
    usage="[OPTIONS] --registry REGISTRY DIR",
    help="Put a registry in place of {DEFAULT_REGISTRY} in the images of the operators: in f-strings that are the "
    "value of image= and begin with it. Every other byte stays, and a second run changes nothing. All files are parsed "
    "before the first one is written.",
    flags=(
        Flag("registry", "the registry of your own, as host[:port]/path", "text"),
        Flag("check", "write nothing; list the images that still come from the platform's registry, exit code 1"),
        Flag("diff", "write nothing; print what would change"),
    ),
    run=run,
)
