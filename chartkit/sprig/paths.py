"""Sprig's functions on slash-separated paths (Go's path and, on Linux, path/filepath)."""

from __future__ import annotations

from typing import Final

from chartkit.gotypes import Function


def clean(path: str) -> str:
    """The shortest path that means the same."""
    rooted = path.startswith("/")
    parts: list[str] = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts and parts[-1] != "..":
            parts.pop()
        elif not rooted:
            parts.append(part)
    return "/" + "/".join(parts) if rooted else "/".join(parts) or "."


def base(path: str) -> str:
    """The last element; `.` of an empty path, `/` of slashes only."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def dir_name(path: str) -> str:
    """All but the last element, cleaned."""
    head, slash, _ = path.rpartition("/")
    return clean(head + slash)


def ext(path: str) -> str:
    """The suffix of the last element from its last dot on."""
    name = path.rpartition("/")[2]
    _, dot, suffix = name.rpartition(".")
    return dot + suffix if dot else ""


def is_abs(path: str) -> bool:
    """Whether a path starts at the root."""
    return path.startswith("/")


FUNCTIONS: Final = tuple(
    Function(name, call, ("string",))
    for name, call in (
        ("base", base),
        ("clean", clean),
        ("dir", dir_name),
        ("ext", ext),
        ("isAbs", is_abs),
        ("osBase", base),
        ("osClean", clean),
        ("osDir", dir_name),
        ("osExt", ext),
        ("osIsAbs", is_abs),
    )
)
