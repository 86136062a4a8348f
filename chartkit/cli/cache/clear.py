"""`chartkit cache clear`: remove every entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.adapters.cache import VARIABLE, FolderCache, cache_folder, is_safe
from chartkit.cli.cache.info import size_text
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN
from chartkit.cli.flags import UsageError, read_words
from chartkit.cli.pipeline import put
from chartkit.errors import InputError


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit cache clear`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, 4)
    if words.others:
        raise UsageError(f"cache clear takes no arguments, got {words.others[0]}")
    folder = cache_folder()
    if folder is None:
        raise UsageError(f"there is no cache: it is switched off by {VARIABLE}, or there is no home folder")
    if not is_safe(folder):
        raise InputError(f"{folder} is not yours alone, so that it is not used as a cache; it is left as it is")
    held = FolderCache(folder).clear()
    put(f"removed {held.entries} entries ({size_text(held.bytes)}) from {folder}\n")
    return CLEAN


COMMAND: Final = Command(
    name="cache clear",
    usage="[OPTIONS]",
    help="Remove every entry of the cache of compiled charts. It fills again by itself.",
    flags=(),
    run=run,
)
