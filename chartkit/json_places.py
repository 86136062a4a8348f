"""Where the keys and values of a JSON text are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from json import loads
from typing import Final

Path = tuple[str | int, ...]

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]|[^\s{}\[\]:,"]+')


@dataclass(slots=True)
class Places:
    """The offsets of keys and values by path; of a key that stands twice, those of the last one."""

    keys: dict[Path, int] = field(default_factory=dict)
    values: dict[Path, int] = field(default_factory=dict)

    def of(self, path: Path) -> int:
        """The offset of a value, or of the nearest one around it that is written."""
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, 0)


def json_places(text: str) -> Places:
    """The places in a text that is known to be JSON."""
    places, steps, in_map = Places(), [], []  # type: Places, list[str | int], list[bool]
    awaits_key = False
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "}]":
            steps.pop()
            in_map.pop()
            awaits_key = False
        elif mark == ",":
            awaits_key = in_map[-1]
            if not awaits_key:
                steps[-1] = int(steps[-1]) + 1
        elif awaits_key:
            steps[-1], awaits_key = loads(mark), False
            places.keys[tuple(steps)] = token.start()
        else:
            places.values[tuple(steps)] = token.start()
            if mark in "{[":
                awaits_key = mark == "{"
                in_map.append(awaits_key)
                steps.append(0)
    return places
