"""Failures of charts and values without the passwords that the values hold.

The values files of a pull secret have passwords in them, and failures show lines and texts of what they are about.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

from chartkit.checks.masking import masked, masked_failure
from chartkit.errors import ChartkitError, TemplateError
from chartkit.source import Position, Source


@contextmanager
def shielded(known: AbstractSet[str]) -> Iterator[None]:
    """Take passwords out of failures.

    Args:
        known: the passwords, which may be filled in later; until it is, all that a failure to read quotes is taken out.
    """
    try:
        yield
    except ChartkitError as error:
        error.args = (masked_failure(str(error), known),)
        error.hint = masked(error.hint, known)
        # Templates hold no passwords; the place in one is what helps most.
        if error.position is not None and not isinstance(error, TemplateError):
            error.position = _hidden(error.position)
        # What it came from has the same words.
        raise error from None


def _hidden(position: Position) -> Position:
    source = position.source
    return Position(Source(source.name, source.text, is_secret=True), position.offset)
