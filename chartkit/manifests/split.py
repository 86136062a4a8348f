"""Cutting a text into YAML documents, in the three ways that Helm has had.

| layout | Helm | separator | edges of a document |
|---|---|---|---|
| A | 3.x, 4.0, 4.1 | `---` at the start, or after a line break, with all white space around it | both trimmed |
| B | 4.2.0 to 4.2.3 | the same | only the left one trimmed |
| C | 4.2.4 and later | `---` at the start of any line, with the blanks after it | only the left one trimmed |

Go's notions of white space count: its `\\s` knows five characters, its TrimSpace all of Unicode's.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Final

from chartkit.pattern import pattern
from chartkit.profile import Layout

SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
    "\u205f\u3000"
)
"""What Go's unicode.IsSpace takes; Python's `str.isspace` takes four control characters more."""

_SURROUNDED: Final = pattern(r"(?:\A|[\t\n\f\r ]*\n)---[\t\n\f\r ]*")
_LINE_START: Final = pattern(r"^---[ \t]*", re.MULTILINE)


def split_documents(text: str, layout: Layout) -> list[tuple[int, str]]:
    """The documents of a text, each with the offset at which it begins."""
    return list(_trimmed_parts(text) if layout == "A" else _left_trimmed_parts(text, layout))


def is_blank(text: str) -> bool:
    """Whether a text holds nothing but white space."""
    return not text.strip(SPACE)


def _trimmed_parts(text: str) -> Iterator[tuple[int, str]]:
    body = text.strip(SPACE)
    base = len(text) - len(text.lstrip(SPACE))
    for start, part in _parts(_SURROUNDED, body):
        # Helm drops a part that is empty before trimming; one of odd white space alone stays, as an empty document.
        if part:
            yield base + start + _margin(part), part.strip(SPACE)


def _left_trimmed_parts(text: str, layout: Layout) -> Iterator[tuple[int, str]]:
    body = text.lstrip(SPACE)
    base = len(text) - len(body)
    for start, part in _parts(_SURROUNDED if layout == "B" else _LINE_START, body):
        if not is_blank(part):
            yield base + start + _margin(part), part.lstrip(SPACE)


def _parts(separator: re.Pattern[str], body: str) -> Iterator[tuple[int, str]]:
    start = 0
    if "---" in body:
        for match in separator.finditer(body):
            yield start, body[start : match.start()]
            start = match.end()
    yield start, body[start:]


def _margin(part: str) -> int:
    return len(part) - len(part.lstrip(SPACE))


_MARKER: Final = pattern(r"^---(?=\s|\Z)", re.MULTILINE)
_PREAMBLE: Final = pattern(r"(?:\s|#[^\n]*(?:\n|\Z))*\Z")


def stream_numbers(text: str) -> Callable[[int], int]:
    """Tells which document of a YAML stream an offset lies in, from 0, as YAML counts: empty documents, too.

    What stands before the first `---` is a document only if it is more than blanks and comments.
    """
    markers = [match.start() for match in _MARKER.finditer(text)]
    before = 1 if markers and _PREAMBLE.match(text[: markers[0]]) else 0
    return lambda offset: max(bisect_right(markers, offset) - before, 0)
