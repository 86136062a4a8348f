"""Failures at the end of their way: what is said of them, and the exit code.

| code | meaning |
|---|---|
| 0 | clean |
| 1 | findings |
| 2 | bad input or usage: a flag, a file, the configuration, a chart that cannot load or render |
| 3 | a registry or the network failed |
| 70 | chartkit's own bug; a log is left to attach to a report |
| 130 | interrupted |
| 141 | the reader of the output went away |
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Final

from chartkit.cli.screen import clear_line, has_colours, painted_message
from chartkit.errors import ChartkitError, RegistryError, TemplateError
from chartkit.source import Position

CLEAN: Final = 0
FINDINGS: Final = 1
BAD_INPUT: Final = 2
NETWORK: Final = 3
BUG: Final = 70
INTERRUPTED: Final = 130
READER_GONE: Final = 141

_quiet = False
_verbose = False

_PASSWORD: Final = re.compile(r"(?i)(?:pass(?:w(?:or)?d|phrase)?|pwd|token|secret|api_?key|auth)[\"']?\s*[:=]")

_GIVEN: Final = re.compile(_PASSWORD.pattern + r"""\s*["'*&!\\]*([^,"'}\]\s\\]+)""")
_QUOTED: Final = re.compile(r"'[^']*'?|\"[^\"]*\"?|`[^`]*`?", re.DOTALL)
_MASK: Final = "***"
_SHORT: Final = 3
_MOST_LINKS: Final = 10

EXIT_CODES: Final[tuple[tuple[type[BaseException], int], ...]] = (
    (BrokenPipeError, READER_GONE),
    (KeyboardInterrupt, INTERRUPTED),
    (RegistryError, NETWORK),
    (ChartkitError, BAD_INPUT),
    (OSError, BAD_INPUT),
    (BaseException, BUG),
)
"""The exit code of each class of failure; the first class that fits counts."""


def exit_code(failure: BaseException) -> int:
    """The exit code for a failure."""
    return next(code for kind, code in EXIT_CODES if isinstance(failure, kind))


def run_guarded(action: Callable[[], int], arguments: Sequence[str]) -> int:
    """Run a command; a failure is told on standard error and becomes an exit code, never a traceback."""
    try:
        code = action()
        sys.stdout.flush()
    except SystemExit:
        raise
    except BaseException as failure:
        code = exit_code(failure)
        if code == READER_GONE:
            _silence_output()
        elif code == BUG:
            _tell_bug(failure, arguments)
        elif code != INTERRUPTED:
            tell(without_secrets(describe(failure), arguments))
    return code


def tell(text: str) -> None:
    """Print a text on standard error; bytes that are not UTF-8 pass through."""
    if has_colours(sys.stderr):
        text = painted_message(text)
    clear_line()
    sys.stderr.buffer.write(f"{text}\n".encode("utf-8", "surrogateescape"))
    sys.stderr.buffer.flush()


def note(text: str) -> None:
    """Tell what is good to know and no failure: nothing under `--quiet`."""
    if not _quiet:
        tell(text)


def detail(text: str) -> None:
    """Tell how something was done: only under `--verbose`."""
    if _verbose:
        tell(text)


def set_loudness(*, quiet: bool = False, verbose: bool = False) -> None:
    """Say how much is told beside failures."""
    global _quiet, _verbose
    _quiet, _verbose = quiet, verbose and not quiet


def describe(failure: BaseException) -> str:
    """A failure for people: Helm's own words, the place in the source, the way there, and what to do next."""
    lines = [f"Error: {message_of(failure)}"]
    if isinstance(failure, ChartkitError):
        if failure.position is not None:
            lines += ["", f"  {failure.position}", *_line(failure.position, isinstance(failure, TemplateError))]
        if isinstance(failure, TemplateError):
            lines += [f"  reached from {position}" for position in reversed(failure.chain[:-1])]
        if failure.hint:
            lines += ["", f"hint: {failure.hint}"]
    return "\n".join(lines)


def message_of(failure: BaseException) -> str:
    """What a failure says, without the password that the line it is about may hold."""
    position = getattr(failure, "position", None)
    return str(failure) if position is None else without_secrets(str(failure), [position.caret().split("\n")[0]])


def _line(position: Position, is_template: bool) -> list[str]:
    """The line that a position is in, with a caret, unless a password may stand in it."""
    lines = position.caret().split("\n")
    # A template says where a password comes from; a values file may say what it is.
    if position.source.is_secret or (not is_template and _PASSWORD.search(lines[0])):
        return []
    return [f"    {line}" for line in lines]


def _silence_output() -> None:
    # The interpreter flushes standard output once more at its end; that must not fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell_bug(failure: BaseException, arguments: Sequence[str]) -> None:
    if "--debug" in arguments:
        tell(_trace(failure, arguments).rstrip())
    tell(f"Error: chartkit failed: {_named(failure, arguments)}")
    tell(f"hint: this is a bug in chartkit; please report it and attach {_write_log(failure, arguments)}")


def _write_log(failure: BaseException, arguments: Sequence[str]) -> str:
    import platform
    import tempfile

    # Values given to flags may be secret: only the names of flags are kept.
    words = [word.partition("=")[0] for word in arguments if word.startswith("-")]
    handle, name = tempfile.mkstemp(prefix="chartkit-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
        log.write(f"Python {platform.python_version()} on {platform.platform()}\nflags: {' '.join(words)}\n\n")
        log.write(_trace(failure, arguments))
    return name


def _trace(failure: BaseException, arguments: Sequence[str]) -> str:
    """Where a failure comes from, with those it arose from; the lines of source hold no values."""
    import traceback

    texts: list[str] = []
    link: BaseException | None = failure
    while link is not None and len(texts) < _MOST_LINKS:
        frames = "".join(traceback.format_tb(link.__traceback__))
        texts.append(f"Traceback (most recent call last):\n{frames}{_named(link, arguments)}\n")
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\nwhich led to:\n\n".join(reversed(texts))


def _named(failure: BaseException, arguments: Sequence[str]) -> str:
    """An unexpected failure, without what it quotes: nobody has looked at such texts for passwords."""
    return f"{type(failure).__name__}: {_QUOTED.sub(_MASK, without_secrets(str(failure), arguments))}"


def without_secrets(text: str, arguments: Sequence[str]) -> str:
    """A text without the passwords that a command line gives: `--set db.password=...`."""
    for word in arguments:
        for match in _GIVEN.finditer(word):
            # A very short one is most likely a part of some other word.
            if len(match[1]) > _SHORT:
                text = text.replace(match[1], _MASK)
    return text
