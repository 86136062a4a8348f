"""What the devfile commands share: the paths they work on, and where images go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from chartkit.cli.checking import chosen
from chartkit.cli.exits import tell
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.images.target import Destination, Layout, read_destination, read_mapping
from chartkit.reference import ImageReference
from chartkit.source import Position
from chartkit.systems.devfile.document import read_source
from chartkit.systems.devfile.locations import Collection, collect

DESTINATION: Final = (
    Flag("to", "the registry behind the gap: HOST[:PORT]/PROJECT", "text"),
    Flag("layout", f"what is kept of an image's name: {', '.join(Layout)} (default: leaf)", "text"),
    Flag("map", "a file of lines `source: target` for images that go elsewhere", "text"),
)
"""The flags that say where images go."""

LOCK: Final = Flag("lock", "a lock of images: what has a digest in it gets it behind its tag", "text")
"""The flag for a lock."""

USAGE: Final = "[OPTIONS] PATH..."


def read_collection(words: Words) -> Collection:
    """What the command line names.

    Raises:
        UsageError: it names nothing.
        InputError: something of it is missing or broken.
    """
    if not words.others:
        raise UsageError("name a devfile, a stack, a registry or a Dockerfile")
    return collect(Path(word) for word in words.others)


def read_target(words: Words) -> Destination | None:
    """Where images go; `None` if the command line does not say it.

    Raises:
        UsageError: there is no such layout.
        InputError: the destination or the mapping is none.
    """
    layout = Layout(chosen(words, "layout", tuple(Layout), Layout.LEAF))
    mapping = read_mapping(read_source(Path(words.text("map")))) if words.text("map") else ()
    if not words.text("to") and not mapping:
        return None
    return read_destination(words.text("to"), layout, mapping)


def wanted_target(words: Words) -> Destination:
    """The same, where it must be said.

    Raises:
        UsageError: it is not.
    """
    target = read_target(words)
    if target is None:
        raise UsageError("where do the images go?", hint="--to HOST[:PORT]/PROJECT")
    return target


def digests(words: Words) -> Callable[[ImageReference], str]:
    """The digest of each image that the lock has; none without a lock.

    Raises:
        InputError: the lock cannot be read.
    """
    name = words.text("lock")
    if not name:
        return lambda _reference: ""
    from chartkit.images.lock import read_lock

    return read_lock(read_source(Path(name)).text, name).digest_of


def counted(count: int, what: str) -> str:
    """A number of things: `1 image`, `2 images`."""
    return f"{count} {what if count == 1 else f'{what}s'}"


def warn(notes: Sequence[tuple[Position, str]]) -> None:
    """Tell of what was left alone, on standard error."""
    for position, text in notes:
        tell(f"{position}: warning: {text}")
