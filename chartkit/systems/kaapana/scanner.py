"""What the platform's installer takes for the images of Airflow code: it reads them by one pattern, not as Python.

The pattern knows `image="HOST/NAME:TAG"` and one level between host and name, which it drops. chartkit reads the syntax
tree, and needs this only to tell what the platform will make of an image.
"""

from __future__ import annotations

import re
from typing import Final

from chartkit.systems.kaapana.operators import OperatorImage

_PORT: Final = re.compile(r":\d+$")


def seen_as(text: str) -> str:
    """The name that the installer takes from an image; empty where it sees none."""
    host, *path = text.split("/")
    leaf = path[-1].partition(":")[0] if path else ""
    if not leaf or "@" in path[-1] or len(path) > 2 or _PORT.search(host):
        return ""
    return f"{host}/{leaf}"


def scanner_fault(image: OperatorImage) -> str:
    """What the installer gets wrong about an operator's image; empty if it gets it right."""
    host, *path = image.text.split("/")
    if not path:
        return ""
    file = image.file
    # The pattern is one for texts: how the keyword is written matters to it.
    between = file.text[file.range(image.keyword)[0] : file.range(image.keyword.value)[0]]
    if between != "image=":
        return "does not see it, as blanks stand around ="
    seen = seen_as(image.text)
    name = "/".join((host, *path)).partition("@")[0]
    bare = name[: name.rfind(":")] if ":" in path[-1].partition("@")[0] else name
    if not seen:
        return f"does not see it: {_unseen(host, path)}"
    return "" if seen == bare else f"takes it for {seen}"


def _unseen(host: str, path: list[str]) -> str:
    if _PORT.search(host):
        return "the host has a port"
    return "it has a digest" if "@" in path[-1] else "its path has several levels"
