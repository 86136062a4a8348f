"""`chartkit rule [ID]...`: what the rules are about."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from chartkit.checks.rule import Rule
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN
from chartkit.cli.flags import UsageError, read_words
from chartkit.cli.pipeline import put
from chartkit.profile import NEWEST
from chartkit.systems.rules import RULES


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit rule`; the result is the exit code."""
    names = [name.upper() for name in read_words(arguments, COMMAND.flags, NEWEST.major).others]
    for name in names:
        if name not in RULES:
            near = get_close_matches(name, RULES, n=1)
            raise UsageError(f"there is no rule {name}", hint=f"did you mean {near[0]}?" if near else "")
    pages = [page(RULES[name]) for name in names]
    put("\n".join(pages) if pages else "".join(f"{_line(rule)}\n" for rule in RULES.values()))
    return CLEAN


def page(rule: Rule) -> str:
    """All about one rule."""
    levels = [str(rule.severity)]
    if rule.in_production is not None:
        levels.append(f"{rule.in_production} under --profile prod")
    if rule.in_strict is not None:
        levels.append(f"{rule.in_strict} under --strict")
    return f"{rule.id}: {rule.title}\nlevel: {', '.join(levels)}\n\n{rule.page}\n\nWhat to do: {rule.fix}\n"


def _line(rule: Rule) -> str:
    return f"{rule.id}  {rule.severity!s:<7}  {rule.title}"


COMMAND: Final = Command(
    name="rule",
    usage="[ID]...",
    help="Explain rules by their ids, such as CK114; without an id, list them all.",
    flags=(),
    run=run,
)
