"""Python files as texts with a syntax tree, in which every node has its place in the text.

The syntax tree counts columns in bytes of UTF-8 and knows lines that end in CR, LF or both; all offsets here are those
of characters in the decoded text, whose line ends are as in the file.
"""

from __future__ import annotations

import ast
import io
import os
import re
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from chartkit.errors import InputError
from chartkit.source import Position, Source

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_PASSED_OVER: Final = frozenset(("__pycache__", "node_modules", "venv", "site-packages"))
_OPENING: Final = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")")
# Python 3.12 takes f-strings apart into tokens of their own; before, one is a plain string token.
_FSTRING_START: Final = getattr(tokenize, "FSTRING_START", -1)
_FSTRING_END: Final = getattr(tokenize, "FSTRING_END", -1)


@dataclass(frozen=True, eq=False)
class PythonFile:
    """A Python file.

    Attributes:
        path: where it is.
        encoding: how its text is written; `utf-8-sig` where there is a byte order mark.
        source: the text under the file's name.
        tree: its syntax tree.
    """

    path: Path
    encoding: str
    source: Source
    tree: ast.Module = field(repr=False)

    @property
    def text(self) -> str:
        """The text, with the line ends of the file."""
        return self.source.text

    @cached_property
    def _starts(self) -> list[int]:
        return line_starts(self.text)

    def offset(self, line: int, column: int) -> int:
        """The offset of a place that the syntax tree gives: a line from 1, and a column in bytes."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        # Bytes and characters are the same in a line of ASCII, which nearly all are.
        text = self.text[start:end]
        return start + (column if text.isascii() else len(text.encode()[:column].decode()))

    def range(self, node: ast.expr | ast.keyword | ast.alias) -> tuple[int, int]:
        """Where a node begins and ends; right for a whole string, and not before Python 3.12 for what is inside."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def position(self, offset: int) -> Position:
        """A place in the text."""
        return Position(self.source, offset)

    def content_start(self, node: ast.expr) -> tuple[int, bool] | None:
        """Where the first character of a string stands, and whether an f-string holds it.

        Several strings in a row are one; those that are empty are passed over. `None` if all of them are.
        """
        start, end = self.range(node)
        for offset, is_formatted, is_empty in _strings(self.text[start:end]):
            if not is_empty:
                return start + offset, is_formatted
        return None


def python_files(folder: Path) -> list[Path]:
    """The Python files in a folder and below, in order; of a file, itself.

    Raises:
        InputError: there is no such folder.
    """
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise InputError(f"{folder}: no such file or folder")
    found: list[Path] = []
    for base, folders, files in os.walk(folder):
        # What is made or fetched is not the user's to change.
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _PASSED_OVER)
        found += [Path(base, name) for name in sorted(files) if name.endswith(".py")]
    return found


def read_python(path: Path) -> PythonFile:
    """A Python file, parsed.

    Raises:
        InputError: it cannot be read, decoded or parsed; with the place.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
    return parse_python(path, data)


def parse_python(path: Path, data: bytes) -> PythonFile:
    """The Python file that some bytes make.

    Raises:
        InputError: they cannot be decoded or parsed; with the place.
    """
    text, encoding = _decoded(path, data)
    source = Source(os.fspath(path), text)
    try:
        with warnings.catch_warnings():
            # What Python thinks of the escapes in somebody's strings is not for us to tell.
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        position = Position(source, _fault_offset(text, error))
        raise InputError(f"{path} is not Python: {error.msg}", position=position) from error
    except ValueError as error:
        raise InputError(
            f"{path} is not Python: {error}", position=Position(source, max(text.find("\0"), 0))
        ) from error
    except (RecursionError, MemoryError) as error:
        raise InputError(f"{path} is nested too deeply to be read") from error
    return PythonFile(path, encoding, source, tree)


def line_starts(text: str) -> list[int]:
    """The offset at which each line begins, as Python counts lines."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
    try:
        # As Python itself does: a byte order mark counts, then a comment in the first two lines, then UTF-8.
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except SyntaxError as error:
        raise InputError(f"{path} is not Python: {error.msg}", position=_first(path, data)) from error
    except UnicodeDecodeError as error:
        # The place of the byte is that of the character after all that could be read.
        before = data[: error.start].decode(error.encoding, "replace")
        source = Source(os.fspath(path), data.decode(error.encoding, "replace"))
        message = f"{path} is not {error.encoding}: {error.reason}"
        raise InputError(message, position=Position(source, len(before))) from error
    except (LookupError, UnicodeError) as error:
        raise InputError(f"{path} is not Python: {error}", position=_first(path, data)) from error
    if text.encode(encoding) != data:
        # Some encodings have several ways to write a text: the untouched bytes could not be kept.
        raise InputError(f"{path} is written in {encoding} in an unusual way", hint="save it as UTF-8")
    return text, encoding


def _first(path: Path, data: bytes) -> Position:
    return Position(Source(os.fspath(path), data.decode("utf-8", "surrogateescape")), 0)


def _fault_offset(text: str, error: SyntaxError) -> int:
    """The offset of a syntax error, which may be said to be behind the end of its line or of the text."""
    # Python places some faults on the line behind the last, or at column 0.
    starts = line_starts(text)
    line = min(max(error.lineno or 1, 1), len(starts))
    end = starts[line] if line < len(starts) else len(text)
    return max(min(starts[line - 1] + max((error.offset or 1) - 1, 0), end), 0)


def _strings(text: str) -> Iterator[tuple[int, bool, bool]]:
    """Of each string of an expression the offset of its content, whether it is an f-string, and whether it is empty."""
    starts = line_starts(text)
    # In parentheses lines may end anywhere, and comments may stand between the strings.
    lines = [f"{line}\n" for line in _LINE_END.split(f"({text})")]
    tokens = list(tokenize.generate_tokens(iter([*lines, ""]).__next__))
    for token, following in zip(tokens, tokens[1:], strict=False):
        if token.type == _FSTRING_START:
            yield _offset(starts, *token.end), True, following.type == _FSTRING_END
        elif token.type == tokenize.STRING:
            opening = _OPENING.match(token.string)
            assert opening is not None
            # The closing quotes are as many as the opening ones.
            is_empty = len(token.string) == len(opening[0]) + len(opening[2])
            begin = _offset(starts, *token.start) + len(opening[0])
            yield begin, "f" in opening[1].lower(), is_empty


def _offset(starts: list[int], line: int, column: int) -> int:
    return starts[line - 1] + column - (1 if line == 1 else 0)
