"""Rows of plain values as text: JSON, YAML, CSV, Markdown and aligned columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

Row = dict[str, Any]

_GAP: Final = "  "


def as_json(content: Any) -> str:
    """JSON, for machines; the fields keep their order."""
    import json

    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def as_yaml(content: Any) -> str:
    """YAML; the fields are sorted."""
    from chartkit.goyaml.dump import dump

    return dump(content)


def as_csv(rows: Sequence[Row], fields: Sequence[str]) -> str:
    """CSV with a line of names; lists are joined by blanks."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows([[_flat(row.get(field)) for field in fields] for row in rows])
    return out.getvalue()


def as_markdown(rows: Sequence[Sequence[str]], titles: Sequence[str]) -> str:
    """A Markdown table."""
    lines = [list(titles), ["---"] * len(titles), *([_escaped(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_columns(rows: Sequence[Sequence[str]]) -> str:
    """Lines with aligned columns; columns that are empty throughout are left out."""
    kept = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(len(cell) for cell in column) for column in kept]
    lines = (
        _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in zip(*kept, strict=True)
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
