"""`chartkit cache`: the compiled charts kept between runs."""

from __future__ import annotations

from typing import Final

from chartkit.cli.command import Group

COMMAND: Final = Group(
    name="cache",
    help="Tell what the cache of compiled charts holds, or clear it. CHARTKIT_CACHE names its folder, or is `off`.",
    commands={
        "info": ("chartkit.cli.cache.info", "Tell where the cache lies and how much it holds."),
        "clear": ("chartkit.cli.cache.clear", "Remove every entry."),
    },
)
