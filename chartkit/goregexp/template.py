"""The replacement texts of `regexReplaceAll`: `$1`, `${1}`, `$name`, `${name}` and `$$`."""

from __future__ import annotations

from collections.abc import Sequence


def expand(template: str, text: str, found: Sequence[int], names: Sequence[str]) -> str:
    """Fill a template in with the groups of a match."""
    out: list[str] = []
    at = 0
    while True:
        dollar = template.find("$", at)
        if dollar < 0:
            return "".join([*out, template[at:]])
        out.append(template[at:dollar])
        part, at = _expand_one(template, dollar + 1, text, found, names)
        out.append(part)


def _expand_one(template: str, start: int, text: str, found: Sequence[int], names: Sequence[str]) -> tuple[str, int]:
    """What stands for a dollar sign and the name behind it, and the place after them."""
    if template.startswith("$", start):
        return "$", start + 1
    braced = template.startswith("{", start)
    first = end = start + braced
    while end < len(template) and (template[end] == "_" or template[end].isalpha() or template[end].isdecimal()):
        end += 1
    if end == first or (braced and not template.startswith("}", end)):
        return "$", start
    return _group(template[first:end], text, found, names), end + braced


def _group(name: str, text: str, found: Sequence[int], names: Sequence[str]) -> str:
    if name.isascii() and name.isdecimal() and len(name) < 9 and (name == "0" or name[0] != "0"):
        numbers = [int(name)]
    else:
        numbers = [number for number, known in enumerate(names) if known == name]
    for number in numbers:
        if 2 * number < len(found) and found[2 * number] >= 0:
            return text[found[2 * number] : found[2 * number + 1]]
    return ""
