"""What people chose not to be told: `# chartkit: ignore CK101` in values files."""

from __future__ import annotations

from typing import Final

from chartkit.checks.finding import Finding
from chartkit.pattern import pattern

_COMMENT: Final = pattern(r"(?P<before>[^#]*)#\s*chartkit:\s*ignore(?P<rules>(?:[ ,]+[A-Z]+\d+)*)")
_ID: Final = pattern(r"[A-Z]+\d+")


def is_ignored(finding: Finding) -> bool:
    """Whether a comment in the line of a finding, or alone in the line above, names its rule, or no rule at all."""
    position, line = finding.position, finding.line
    if position is None or line is None:
        return False
    same = _ids(position.source.line_text(line), alone=False)
    above = _ids(position.source.line_text(line - 1), alone=True) if line > 1 else None
    return any(ids is not None and (not ids or finding.rule in ids) for ids in (same, above))


def _ids(line: str, *, alone: bool) -> list[str] | None:
    """The rules that a line's comment names; `None` without such a comment."""
    found = _COMMENT.search(line)
    if found is None or (alone and line.lstrip()[:1] != "#"):
        return None
    return _ID.findall(found["rules"])
