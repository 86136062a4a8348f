"""Images in texts that are no YAML or JSON: shell scripts, properties, TOML, templates of other programs.

Two passes: values that a name on the same line introduces (`helper_image = "x:1"`, `--engine-image x:1`), and texts
that look like a reference with a registry by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from chartkit.images.naming import hints_image, names_artifact, names_image
from chartkit.pattern import pattern

# No reference is longer; without a bound a long text of such letters would be gone through over and over.
_VALUE: Final = r"[A-Za-z0-9][A-Za-z0-9._/:@-]{0,700}[A-Za-z0-9]"
_END: Final = r"(?=[\s\"'`,;)\]}\\|&<]|$)"
_INTRODUCED: Final = pattern(
    rf"(?<![\w./$-])(?P<name>-{{0,2}}[A-Za-z_][\w.-]*)[\"']?(?:\s?[:=]\s*|[ \t]+)[\"']?(?P<value>{_VALUE}){_END}"
)
_ALONE: Final = pattern(
    rf"(?<![\w./:@$%{{-])(?P<value>(?:[a-zA-Z0-9-]+\.)+[a-zA-Z][a-zA-Z0-9-]*(?::\d+)?/[a-z0-9][a-z0-9._/-]*[:@][\w.:@-]*\w){_END}"
)
_TELLS: Final = pattern(r"image|\.[a-z]+(?::\d+)?/[\w./-]+[:@]", re.IGNORECASE)


_NEAR: Final = 300


class Candidate(NamedTuple):
    """A part of a text that may be an image."""

    text: str
    offset: int
    named: bool
    is_artifact: bool = False


def may_hold_images(text: str) -> bool:
    """Whether it is worth looking into a text: a quick test that lets no image slip."""
    return _TELLS.search(text) is not None


def scan(text: str) -> list[Candidate]:
    """The candidates of a text, in its order; comments are passed over."""
    found = {each.offset: each for each in _alone(text)}
    found.update((each.offset, each) for each in _introduced(text))
    return [found[offset] for offset in sorted(found) if not _is_comment(text, offset)]


def _introduced(text: str) -> Iterator[Candidate]:
    position = 0
    while match := _INTRODUCED.search(text, position):
        name = match["name"]
        if names_image(name) and (name.startswith("-") or _is_assignment(match)):
            yield Candidate(match["value"], match.start("value"), named=True)
            position = match.end("value")
        else:
            # The value of one pair may be the name of the next.
            position = match.end("name")


def _is_assignment(match: re.Match[str]) -> bool:
    between = match.string[match.end("name") : match.start("value")]
    return "=" in between or ":" in between


def _alone(text: str) -> Iterator[Candidate]:
    for match in _ALONE.finditer(text):
        # A name is short, and to look for it takes time by the square of the length.
        begin = max(match.start() - _NEAR, text.rfind("\n", 0, match.start()) + 1)
        line = text[begin : match.start()]
        name = re.search(r"([\w.-]+)[\"']?\s*[:=]?\s*[\"']?$", line)
        said = name[1] if name else ""
        yield Candidate(match["value"], match.start(), names_image(said) or hints_image(said), names_artifact(said))


def _is_comment(text: str, offset: int) -> bool:
    line = text[text.rfind("\n", 0, offset) + 1 : offset].lstrip()
    return line.startswith(("#", "//"))
