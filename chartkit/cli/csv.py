"""One record of comma-separated text, as Go's encoding/csv reads it; flags that take lists are written so."""

from __future__ import annotations


def split_csv(text: str) -> list[str]:
    """The fields of the first line; none for an empty text.

    Raises:
        ValueError: for misplaced quotes, in Go's words.
    """
    fields: list[str] = []
    at = 0
    while text and at <= len(text):
        field, at = _quoted(text, at) if text.startswith('"', at) else _plain(text, at)
        fields.append(field)
        if at < len(text) and text[at] != ",":
            break
        at += 1
    return fields


def _plain(text: str, at: int) -> tuple[str, int]:
    ends = [end for end in (text.find(",", at), text.find("\n", at)) if end >= 0]
    end = min(ends, default=len(text))
    field = text[at:end]
    if '"' in field:
        raise _error(text, at + field.index('"'), 'bare " in non-quoted-field')
    return field, end


def _quoted(text: str, at: int) -> tuple[str, int]:
    pieces: list[str] = []
    start = at + 1
    while (end := text.find('"', start)) >= 0:
        pieces.append(text[start:end])
        if not text.startswith('"', end + 1):
            if end + 1 < len(text) and text[end + 1] not in ",\n":
                raise _error(text, end, 'extraneous or missing " in quoted-field')
            return "".join(pieces), end + 1
        pieces.append('"')
        start = end + 2
    raise _error(text, len(text), 'extraneous or missing " in quoted-field')


def _error(text: str, at: int, problem: str) -> ValueError:
    column = len(text[:at].encode("utf-8", "surrogateescape")) + 1
    return ValueError(f"parse error on line 1, column {column}: {problem}")
