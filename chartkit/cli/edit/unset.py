"""`chartkit edit unset KEY FILE...`: remove a key, or an item of a list, from values files; every other byte stays.

The key's lines go; comments above it stay. A map or list that loses its last entry becomes `{}` or `[]`. A key that is
not there is no error, as it may be in one file and not in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.cli.command import Command
from chartkit.cli.edit.changing import CHANGING, change_files, read_keys
from chartkit.cli.flags import UsageError, read_words
from chartkit.goyaml.edit import remove_values


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit edit unset`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, 4)
    if len(words.others) < 2:
        raise UsageError("edit unset takes a key and files", hint="chartkit edit unset image.digest values.yaml")
    keys = read_keys(words.others[0])
    return change_files(
        words.others[1:],
        words,
        lambda text, name, document: remove_values(text, [keys], name=name, document=document),
    )


COMMAND: Final = Command(
    name="edit unset",
    usage="[OPTIONS] KEY FILE...",
    help="Remove a key, or an item of a list, from values files. KEY is written as for --set. Everything else stays as "
    "it is written. All files are changed or none.",
    flags=CHANGING,
    run=run,
)
