"""The images that a Dockerfile builds on: `FROM`, `COPY --from`, `RUN --mount=from=`, and its own syntax line.

What a stage before has built is no image of a registry, nor is `scratch`. Arguments with a default are filled in; where
an argument is the whole image, the image stands in the `ARG` line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from chartkit.systems.devfile.expansion import Expanded, expand_arguments, sole_argument

_NAMES: Final = re.compile(r"(?:.*\.)?(?:dockerfile|containerfile)(?:\..*)?", re.IGNORECASE)
_DIRECTIVE: Final = re.compile(r"#[ \t]*(?P<name>\w+)[ \t]*=[ \t]*(?P<value>\S+)[ \t]*")
_INSTRUCTION: Final = re.compile(r"[ \t]*(?P<word>[A-Za-z]+)[ \t]+")
_HEREDOC: Final = re.compile(r"<<(?P<tabs>-?)[\"']?(?P<word>\w+)[\"']?")
_WORD: Final = re.compile(r"\S+")
_ARG: Final = re.compile(r"(?P<name>\w+)(?:=(?P<value>\"[^\"]*\"|'[^']*'|\S*))?")
_MOUNT_FROM: Final = re.compile(r"--mount=(?:[^\s,]*,)*?from=(?P<image>[^\s,]+)")
_COPY_FROM: Final = re.compile(r"--from=(?P<image>\S+)")
_SCRATCH: Final = "scratch"


@dataclass(frozen=True, slots=True)
class BaseImage:
    """An image that a Dockerfile names.

    Attributes:
        offset: where it begins in the text.
        expanded: the image as it is written there, and with its arguments filled in.
        instruction: what names it: `FROM`, `COPY`, `RUN`, `ARG` or `syntax`.
    """

    offset: int
    expanded: Expanded
    instruction: str


@dataclass(frozen=True, slots=True)
class _Argument:
    """An `ARG` before the first stage."""

    offset: int
    value: Expanded | None


@dataclass(slots=True)
class _Reading:
    """What is known of a Dockerfile while it is read from the top."""

    given: Mapping[str, str]
    arguments: dict[str, _Argument] = field(default_factory=dict)
    stages: set[str] = field(default_factory=set)
    count: int = 0
    found: dict[int, BaseImage] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        """The arguments that have a value."""
        defaults = {name: each.value.text for name, each in self.arguments.items() if each.value is not None}
        return {**defaults, **{name: value for name, value in self.given.items() if name in self.arguments}}


def is_dockerfile(name: str) -> bool:
    """Whether a file's name says that it is a Dockerfile."""
    return _NAMES.fullmatch(name) is not None


def base_images(text: str, given: Mapping[str, str] | None = None) -> tuple[BaseImage, ...]:
    """The images of a Dockerfile, in the order of the text.

    Args:
        text: the Dockerfile.
        given: the arguments that the build is given.
    """
    reading = _Reading(given or {})
    escape = _directives(text, reading)
    for offset, instruction in _instructions(text, escape):
        match = _INSTRUCTION.match(instruction)
        if match is None:
            continue
        word, rest, start = match["word"].upper(), instruction[match.end() :], offset + match.end()
        if word == "FROM":
            _read_from(rest, start, reading)
        # An ARG inside a stage is not known to the FROM of the next one.
        elif word == "ARG" and not reading.count:
            _read_argument(rest, start, reading)
        elif word in ("COPY", "RUN"):
            _read_flags(word, rest, start, reading)
    return tuple(reading.found[offset] for offset in sorted(reading.found))


def _directives(text: str, reading: _Reading) -> str:
    """Read the comments at the top that say how to read the rest; the result is the escape character."""
    escape, offset = "\\", 0
    for line in text.splitlines(keepends=True):
        match = _DIRECTIVE.match(line)
        # The first line that is no such comment ends them: below it they are comments like any other.
        if match is None:
            break
        if match["name"].lower() == "syntax":
            at = offset + match.start("value")
            reading.found[at] = BaseImage(at, Expanded(match["value"], match["value"]), "syntax")
        elif match["name"].lower() == "escape" and match["value"] in ("`", "\\"):
            escape = match["value"]
        offset += len(line)
    return escape


def _instructions(text: str, escape: str) -> Iterator[tuple[int, str]]:
    """Each instruction with its offset; lines that go on are joined with blanks in place of what joins them.

    The blanks keep every character where it is, so that offsets in the instruction are offsets in the text.
    """
    parts: list[str] = []
    heredocs: list[tuple[str, bool]] = []
    start = offset = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if heredocs:
            word, has_tabs = heredocs[0]
            if (line.lstrip("\t") if has_tabs else line).rstrip("\r\n") == word:
                heredocs.pop(0)
        elif bare.startswith("#") or (parts and not bare):
            parts += [" " * len(line)] if parts else []
        else:
            start = start if parts else offset
            goes_on = bare.endswith(escape)
            parts.append(_blanked(line, escape) if goes_on else line)
            if not goes_on:
                joined = "".join(parts)
                heredocs = [(match["word"], bool(match["tabs"])) for match in _HEREDOC.finditer(joined)]
                # Elsewhere `<<` is text, as in a LABEL.
                heredocs = heredocs if _takes_heredoc(joined) else []
                yield start, joined
                parts = []
        offset += len(line)
    if parts:
        yield start, "".join(parts)


def _blanked(line: str, escape: str) -> str:
    body = line.rstrip()
    return body[: -len(escape)] + " " * (len(line) - len(body) + len(escape))


def _takes_heredoc(instruction: str) -> bool:
    match = _INSTRUCTION.match(instruction)
    return match is not None and match["word"].upper() in ("RUN", "COPY", "ADD")


def _read_from(rest: str, start: int, reading: _Reading) -> None:
    words = [match for match in _WORD.finditer(rest) if not match[0].startswith("--")]
    if not words:
        return
    _note("FROM", words[0][0], start + words[0].start(), reading)
    reading.stages.add(str(reading.count))
    reading.count += 1
    if len(words) >= 3 and words[1][0].upper() == "AS":
        reading.stages.add(words[2][0].lower())


def _read_argument(rest: str, start: int, reading: _Reading) -> None:
    for match in _ARG.finditer(rest):
        raw = match["value"]
        value = None if raw is None else raw.strip("\"'")
        quote = 0 if raw is None else raw.index(value or "")
        known = None if value is None else expand_arguments(value, reading.values())
        reading.arguments[match["name"]] = _Argument(start + max(match.start("value"), 0) + quote, known)


def _read_flags(word: str, rest: str, start: int, reading: _Reading) -> None:
    pattern = _COPY_FROM if word == "COPY" else _MOUNT_FROM
    for match in pattern.finditer(rest):
        _note(word, match["image"], start + match.start("image"), reading)


def _note(word: str, written: str, offset: int, reading: _Reading) -> None:
    """Note an image, where it stands."""
    expanded = expand_arguments(written, reading.values())
    # Names of stages hide images of the same name, in whatever case they are written.
    if expanded.text.lower() in (*reading.stages, _SCRATCH):
        return
    name = sole_argument(written)
    argument = reading.arguments.get(name)
    if argument is not None and argument.value and name not in reading.given:
        reading.found[argument.offset] = BaseImage(argument.offset, argument.value, "ARG")
    else:
        reading.found[offset] = BaseImage(offset, expanded, word)
