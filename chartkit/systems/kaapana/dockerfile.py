"""The labels of a Dockerfile: the platform's build names images by `LABEL IMAGE=`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chartkit.errors import InputError
from chartkit.source import Position, Source

_LABEL: Final = re.compile(r"LABEL[ \t]+", re.IGNORECASE)
_PAIR: Final = re.compile(
    r"[\s\\]*(?P<key>\"[^\"]*\"|'[^']*'|[^\s=\"']+)(?:=|[ \t]+)(?P<value>\"(?:\\.|[^\"\\])*\"|'[^']*'|(?:\\.|[^\s\\])*)"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its text, and where that is written."""

    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A Dockerfile with its labels."""

    path: Path
    labels: dict[str, Label]

    @property
    def image(self) -> str:
        """The image that it makes, by its label; empty where it has none."""
        return self.labels["IMAGE"].text if "IMAGE" in self.labels else ""


def read_dockerfile(path: Path) -> Dockerfile:
    """The labels of a Dockerfile; of a label that is given twice the last one counts.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise InputError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
    source = Source(os.fspath(path), text)
    found = ((key, Label(value, Position(source, offset))) for key, value, offset in _labels(text))
    return Dockerfile(path, dict(found))


def _labels(text: str) -> Iterator[tuple[str, str, int]]:
    for start, end in _instructions(text):
        label = _LABEL.match(text, start, end)
        at = label.end() if label else end
        # Several labels may stand in one instruction.
        while (pair := _PAIR.match(text, at, end)) and pair.end() > at:
            yield _bare(pair["key"]), _bare(pair["value"]), pair.start("value")
            at = pair.end()


def _instructions(text: str) -> Iterator[tuple[int, int]]:
    """Where each instruction begins and ends: a backslash at the end of a line leads over to the next."""
    begin, offset = None, 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        # Comments may stand between the lines of one instruction.
        if bare and not bare.startswith("#"):
            if begin is None:
                begin = offset + len(line) - len(line.lstrip())
            if not bare.endswith("\\"):
                yield begin, offset + len(line.rstrip())
                begin = None
        offset += len(line)
    if begin is not None:
        yield begin, offset


def _bare(text: str) -> str:
    """A word without its quotes."""
    if text[:1] in ("'", '"') and text[-1:] == text[:1] and len(text) > 1:
        return re.sub(r"\\(.)", r"\1", text[1:-1]) if text[0] == '"' else text[1:-1]
    return re.sub(r"\\(.)", r"\1", text)
