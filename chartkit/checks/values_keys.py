"""Keys that the chart does not know, next to ones that it does: CK110."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chartkit.checks.finding import Severity
from chartkit.checks.image_parts import image_blocks
from chartkit.checks.positions import position_in
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.spelling import meant
from chartkit.checks.subject import Steps, Subject, dotted, value_at
from chartkit.values.inputs import Layer


def find_unknown(subject: Subject) -> Iterator[Remark]:
    """CK110: keys that nothing reads, near ones that something does.

    Where the render was not traced, these are the unknown keys in the image blocks of the chart's own values.
    """
    told: set[str] = set()
    for remark in _unknown(subject):
        if subject.may_be_unread(remark.key, in_any_case=True):
            told.add(remark.key)
            yield remark
    for each in subject.unread() if subject.unread else ():
        is_new = not any(key == each.path or key.startswith(f"{each.path}.") for key in told)
        if is_new and each.meant and not each.known and _parent(each.meant) == _parent(each.path):
            message = f"{each.path} is never read; did you mean {each.meant}?"
            yield Remark(message, each.position, each.path, fix=f"Write {each.meant}, or take the key out.")


def _parent(key: str) -> str:
    return key.rpartition(".")[0]


def _unknown(subject: Subject) -> Iterator[Remark]:
    """The unknown keys in the image blocks that the chart has, and unknown names for those blocks."""
    blocks = image_blocks(subject.chart.values)
    for layer in subject.values.layers:
        for path, known in blocks.items():
            given = value_at(layer.data, path)
            if isinstance(given, Mapping):
                yield from _near(layer, path, given, known)
        for path in sorted({path[:-1] for path in blocks}, key=str):
            yield from _misnamed(subject, layer, path, blocks)


def _near(layer: Layer, path: Steps, given: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Remark]:
    for key in given:
        nearest = "" if key in known else meant(key, known)
        if nearest:
            yield _remark(layer, (*path, key), nearest)


def _misnamed(
    subject: Subject, layer: Layer, path: Steps, blocks: Mapping[Steps, Mapping[str, Any]]
) -> Iterator[Remark]:
    """Maps that stand beside an image block, have its keys, and nearly its name."""
    given, known = value_at(layer.data, path), value_at(subject.chart.values, path)
    if not isinstance(given, Mapping) or not isinstance(known, Mapping):
        return
    names = {str(block[-1]): keys for block, keys in blocks.items() if block[:-1] == path}
    for key, value in given.items():
        nearest = "" if key in known or not isinstance(value, Mapping) else meant(key, names)
        if nearest and not set(value).isdisjoint(names[nearest]):
            yield _remark(layer, (*path, key), nearest)


def _remark(layer: Layer, path: Steps, nearest: str) -> Remark:
    key, right = dotted(path), dotted((*path[:-1], nearest))
    message = f"{key} is never read; did you mean {right}?"
    return Remark(message, position_in(layer, path), key, fix=f"Write {right}, or take the key out.")


RULES: Final = (
    Rule(
        "CK110", "an unknown key near a known one", Severity.WARNING,
        "Write the key as the chart's values.yaml has it.",
        "Helm says nothing about keys that no template reads: a misspelt one is simply without effect, and the image "
        "comes from the default place. Told are keys of values files and flags that were read nowhere in the render, "
        "and that are near one that the chart knows; a key that the chart knows and reads in other circumstances is "
        "none of them.\n\n"
        "    global: {image: {registries: a.example.com}}     found: registry is meant",
        check=find_unknown, in_strict=Severity.ERROR,
    ),
)  # fmt: skip
"""The rules of this family."""
