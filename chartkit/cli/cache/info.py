"""`chartkit cache info`: where the cache lies and how much it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.adapters.cache import VARIABLE, FolderCache, cache_folder, is_safe
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN
from chartkit.cli.flags import UsageError, read_words
from chartkit.cli.pipeline import put


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit cache info`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, 4)
    if words.others:
        raise UsageError(f"cache info takes no arguments, got {words.others[0]}")
    folder = cache_folder()
    if folder is None:
        put(f"off (by {VARIABLE}, or because there is no home folder)\n")
        return CLEAN
    usage = FolderCache(folder).usage()
    put(f"folder   {folder}\nentries  {usage.entries}\nsize     {size_text(usage.bytes)}\n")
    if not is_safe(folder):
        put("not used: the folder is not yours alone (it must belong to you and have the mode 0700)\n")
    return CLEAN


def size_text(count: int) -> str:
    """A number of bytes for people."""
    for unit, least in (("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{count} bytes"


COMMAND: Final = Command(
    name="cache info",
    usage="[OPTIONS]",
    help="Tell where the cache of compiled charts lies and how much it holds.",
    flags=(),
    run=run,
)
