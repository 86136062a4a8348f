"""Regular expressions that are compiled when they are first used.

Compiling the patterns of all modules takes longer than a small render, which needs few of them. The methods that were
used once are those of the compiled pattern itself: after that there is no difference.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern, not compiled yet."""
    return cast("re.Pattern[AnyStr]", _Late(text, flags))


class _Late:
    """What stands for a pattern."""

    def __init__(self, text: Any, flags: int) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._given), name)
        setattr(self, name, value)
        return value
