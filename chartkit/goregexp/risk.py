"""Foretell how long a backtracking engine may take over a pattern.

Wherever a pattern can go two ways (an alternation, a loop that may stop or go on), the characters that can come next
tell the ways apart or they do not. A loop that they do not tell apart from what follows can stop at any place, so it
costs a factor of the text's length; inside another such loop it costs without bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.goregexp.charclass import CharClass, clean, overlap
from chartkit.goregexp.nodes import Node, Op, fold_tree, is_nullable
from chartkit.record import dataclass

_BUDGET: Final = 10**8
_MAX_HEIGHT: Final = 60
_FEW_COPIES: Final = 3
_MAX_CHOICES: Final = 16


@dataclass(frozen=True, slots=True)
class Cost:
    """What a part of a pattern costs.

    Attributes:
        loops: loops that may stop at any place.
        plain: loops that the next character ends.
        choices: the binary logarithm of the other ways through.
        wild: whether no bound is known.
    """

    loops: int = 0
    plain: int = 0
    choices: float = 0.0
    wild: bool = False

    def plus(self, other: Cost) -> Cost:
        """The cost of two parts one after the other."""
        return Cost(
            self.loops + other.loops,
            self.plain + other.plain,
            self.choices + other.choices,
            self.wild or other.wild,
        )

    def times(self, count: int) -> Cost:
        """The cost of copies one after the other."""
        return Cost(self.loops * count, self.plain, self.choices * count, self.wild)

    @property
    def free(self) -> bool:
        """Whether the next character always tells which way to go."""
        return not (self.loops or self.choices or self.wild)


WILD: Final = Cost(wild=True)


def backtracking_limit(root: Node) -> float:
    """The length of text up to which backtracking stays quick; 0 when it is never safe."""
    if root.height > _MAX_HEIGHT:
        return 0
    cost = _cost(root, (), True)
    if cost.wild or cost.choices > _MAX_CHOICES:
        return 0
    anchored = root.op is Op.CAT and root.subs[0].op is Op.BEGIN_TEXT
    power = cost.loops + (1 if cost.plain else 0) + (0 if anchored else 1)
    steps = _BUDGET / 2**cost.choices
    return float("inf") if power <= 1 else steps ** (1 / power)


def first_chars(root: Node) -> CharClass:
    """The characters that a match of a node can start with."""
    return fold_tree(root, _first)


def _first(node: Node, parts: Sequence[CharClass]) -> CharClass:
    if node.op is Op.SET:
        return node.chars
    if node.op is not Op.CAT:
        return clean(pair for part in parts for pair in part)
    out: list[tuple[int, int]] = []
    for sub, part in zip(node.subs, parts, strict=True):
        out.extend(part)
        if not is_nullable(sub):
            break
    return clean(out)


def _cost(node: Node, follow: CharClass, last: bool) -> Cost:
    """The cost of a node before the characters `follow`; nothing can fail behind a `last` node."""
    match node.op:
        case Op.GROUP:
            return _cost(node.subs[0], follow, last)
        case Op.CAT:
            return _cost_of_cat(node, follow, last)
        case Op.ALT:
            return _cost_of_alt(node, follow, last)
        case Op.REPEAT:
            return _cost_of_repeat(node, follow, last)
        case _:
            return Cost()


def _cost_of_cat(node: Node, follow: CharClass, last: bool) -> Cost:
    total = Cost()
    for sub in reversed(node.subs):
        total = _cost(sub, follow, last).plus(total)
        start = first_chars(sub)
        follow = clean(start + follow) if is_nullable(sub) else start
        last = False
    return total


def _cost_of_alt(node: Node, follow: CharClass, last: bool) -> Cost:
    costs = [_cost(sub, follow, last) for sub in node.subs]
    starts = [clean(first_chars(sub) + (follow if is_nullable(sub) else ())) for sub in node.subs]
    total = Cost(
        max(cost.loops for cost in costs),
        sum(cost.plain for cost in costs),
        max(cost.choices for cost in costs),
        any(cost.wild for cost in costs),
    )
    if last and total.free:
        return total
    mixed = any(overlap(one, other) for i, one in enumerate(starts) for other in starts[:i])
    return total.plus(Cost(choices=len(node.subs).bit_length())) if mixed else total


def _cost_of_repeat(node: Node, follow: CharClass, last: bool) -> Cost:
    body = node.subs[0]
    start = first_chars(body)
    inner = _cost(body, clean(start + follow), False)
    copies = node.low if node.high is None else node.high
    clear = not is_nullable(body) and not overlap(start, follow)
    if node.high is not None and node.high - node.low <= _FEW_COPIES:
        return inner.times(copies).plus(Cost(choices=0 if clear or last else node.high - node.low))
    if not inner.free:
        return WILD
    if last:
        return inner
    return inner.plus(Cost(plain=1) if clear else Cost(loops=1))
