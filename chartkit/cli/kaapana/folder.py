"""What the commands for Kaapana share: the folder that they are given, and what is said of the platform."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from chartkit.cli.flags import Flag, UsageError, Words

if TYPE_CHECKING:
    from chartkit.systems.kaapana.platform import Platform

VERSION: Final = Flag("platform-version", "the version of the platform, as in the tags of its images", "text")
PLATFORM: Final = (
    Flag("platform-registry", "the registry of the platform (default: docker.io/kaapana)", "text"),
    VERSION,
)
"""The flags that say what the platform gives to the charts it installs."""


def folder_of(words: Words) -> Path:
    """The folder, or file, that the command line names.

    Raises:
        UsageError: it names none, or several.
    """
    if len(words.others) != 1:
        told = f"not {len(words.others)}: {' '.join(words.others)}" if words.others else "and none is named"
        raise UsageError(f"one folder is wanted, {told}")
    return Path(words.others[0])


def platform_of(words: Words) -> Platform:
    """What the platform gives to the charts it installs."""
    from chartkit.systems.kaapana.platform import Platform

    usual = Platform()
    return Platform(
        registry_url=words.text("platform-registry") or usual.registry_url,
        kaapana_build_version=words.text("platform-version") or usual.kaapana_build_version,
    )
