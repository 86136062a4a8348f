"""Passwords that values hold, taken out of what is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from chartkit.checks.secret_names import names_secret
from chartkit.oci.credential import MASK

_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_READING: Final = re.compile(r"\byaml: |\bjson: |--set|JSON")
_SHORT: Final = 4


def passwords_in(values: Any, name: str = "") -> Iterator[str]:
    """All values that stand at keys named like passwords."""
    if isinstance(values, Mapping):
        for key, value in values.items():
            yield from passwords_in(value, key)
    elif isinstance(values, list):
        for value in values:
            yield from passwords_in(value, name)
    elif values not in (None, "") and not isinstance(values, bool) and names_secret(name):
        yield str(values)
        if isinstance(values, float) and values.is_integer():
            yield str(int(values))


def masked(text: str, known: Iterable[str]) -> str:
    """A text with the mask in the place of passwords."""
    for secret in sorted(known, key=len, reverse=True):
        # A short one is most likely a part of some other word.
        bound = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])" if len(secret) < _SHORT else "{}"
        text = re.sub(bound.format(re.escape(secret)), MASK, text)
    return text


def masked_failure(text: str, known: Iterable[str]) -> str:
    """The same of a failure; as long as no passwords are known, all that a failure to read quotes is taken out."""
    known = frozenset(known)
    text = masked(text, known)
    return _QUOTED.sub(MASK, text) if not known and _READING.search(text) else text
