"""An override as a YAML text that people can read: keys in order, each with a comment that says what it moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chartkit.goyaml.dump import dump
from chartkit.origin import Path

_STEP: Final = "  "


def override_text(values: Mapping[str, Any], comments: Mapping[Path, Sequence[str]], head: Sequence[str]) -> str:
    """The YAML text of some values.

    Args:
        values: the values.
        comments: lines to put above keys, by path; those of an item of a list go above the list.
        head: lines to put above all.
    """
    lines = [f"# {line}".rstrip() for line in head]
    lines += _lines(values, (), comments) if values else ["{}"]
    return "".join(f"{line}\n" for line in lines)


def _lines(values: Mapping[str, Any], path: Path, comments: Mapping[Path, Sequence[str]]) -> Iterator[str]:
    indent = _STEP * len(path)
    for key in sorted(values):
        value, here = values[key], (*path, key)
        if isinstance(value, dict) and value:
            yield indent + dump({key: None}).removesuffix(" null\n")
            yield from _lines(value, here, comments)
        else:
            yield from (f"{indent}# {line}" for line in _comments_at(here, comments))
            for line in dump({key: value}).removesuffix("\n").split("\n"):
                yield indent + line if line else line


def _comments_at(path: Path, comments: Mapping[Path, Sequence[str]]) -> list[str]:
    return [line for known, lines in comments.items() if known[: len(path)] == path for line in lines]
