"""Which registry key wins in a chart: the one for all images or the one of a component, found by asking the render.

Both are set to names of their own, and each image is looked at for which of them it got.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from chartkit.images.explain import dotted_path
from chartkit.images.goals import Goal
from chartkit.images.naming import words
from chartkit.images.proof import Outcome
from chartkit.images.proposals import Edit, Segment
from chartkit.origin import Path

Order: TypeAlias = Literal["global wins", "component wins", "only global", "only component"]

_GLOBAL: Final = "global.invalid"
_COMPONENT: Final = "component.invalid"
_WORDS: Final = frozenset(("registry", "registries", "hub"))


@dataclass(frozen=True, slots=True)
class Precedence:
    """How the registry of some images is decided.

    Attributes:
        key: the key for all images; empty where there is none.
        order: which key counts when both are set.
        images: of how many images that is so.
    """

    key: str
    order: Order
    images: int

    def __str__(self) -> str:
        many = f"{self.images} image{'' if self.images == 1 else 's'}"
        if self.order == "only component":
            return f"a key of the component sets the registry, none is for all images ({many})"
        told = {
            "global wins": "wins over the component's registry key",
            "component wins": "counts only where the component's registry key is empty",
            "only global": "sets the registry, the component has no key for it",
        }
        return f"{self.key} {told[self.order]} ({many})"


@dataclass(frozen=True, slots=True)
class RegistryKeys:
    """The registry keys that a template looked at for one image: those for all images, and the component's."""

    for_all: tuple[Path, ...]
    own: tuple[Path, ...]


def registry_keys(segments: Sequence[Segment]) -> RegistryKeys:
    """The registry keys behind an image."""
    paths: dict[Path, None] = {}
    for segment in segments:
        lookups = (*segment.sources, *segment.passed_over)
        found = (each.path for each in lookups if each.kind == "values" and isinstance(each.value, str | None))
        paths.update(dict.fromkeys(path for path in found if _names_registry(path)))
    # A key without anything around it is nobody's own. A subchart's copy of the globals is the same key once more.
    for_all = tuple(path for path in paths if path[0] == "global" or len(path) == 1)
    return RegistryKeys(for_all, tuple(path for path in paths if "global" not in path and len(path) > 1))


def probe_precedence(
    goals: Sequence[Goal], keys: Sequence[RegistryKeys], attempt: Callable[[Sequence[Edit]], Outcome | None]
) -> tuple[Precedence, ...]:
    """How the registries of some images are decided.

    Args:
        goals: the images.
        keys: the registry keys of each.
        attempt: renders with some edits; gives nothing where the chart refuses them.
    """
    for_all = tuple(dict.fromkeys(path for each in keys for path in each.for_all))
    own = tuple(dict.fromkeys(path for each in keys for path in each.own))
    if not for_all and not own:
        return ()
    both = attempt([*(Edit(path, _GLOBAL) for path in for_all), *(Edit(path, _COMPONENT) for path in own)])
    if both is None:
        return ()
    orders = [_order(both, goal, each) for goal, each in zip(goals, keys, strict=True)]
    if for_all and "only component" in orders:
        # A template that finds the component's key set may look no further; without it the key for all may count.
        alone = attempt([*(Edit(path, _GLOBAL) for path in for_all), *(Edit(path, "") for path in own)])
        for index, goal in enumerate(goals):
            if alone and orders[index] == "only component" and _text(alone, goal).startswith(_GLOBAL):
                orders[index] = "component wins"
    counts: Counter[tuple[str, Order]] = Counter()
    for each, order in zip(keys, orders, strict=True):
        if order:
            key = (*each.for_all, *for_all)[0] if order != "only component" else ()
            counts[dotted_path(key), order] += 1
    return tuple(Precedence(key, order, count) for (key, order), count in sorted(counts.items()))


def _order(outcome: Outcome, goal: Goal, keys: RegistryKeys) -> Order | None:
    text = _text(outcome, goal)
    if text.startswith(_GLOBAL):
        return "global wins" if keys.own else "only global"
    if text.startswith(_COMPONENT):
        return "component wins" if keys.for_all else "only component"
    return None


def _text(outcome: Outcome, goal: Goal) -> str:
    """What the image begins with in a probe."""
    return "".join(outcome.texts.get(goal.place, ())[:1])


def _names_registry(path: Path) -> bool:
    return not _WORDS.isdisjoint(words(str(path[-1])))
