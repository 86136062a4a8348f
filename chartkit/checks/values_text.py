"""How values files are written: CK111."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chartkit.checks.finding import Severity
from chartkit.checks.image_parts import image_blocks, is_block
from chartkit.checks.positions import position_in
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Steps, Subject, dotted, value_at
from chartkit.goyaml.compose import ALIAS, MAPPING, SCALAR, Node
from chartkit.goyaml.decode import entries, is_merge
from chartkit.goyaml.load import load_nodes, split_documents
from chartkit.source import Position
from chartkit.values.inputs import Layer


def find_unclear(subject: Subject) -> Iterator[Remark]:
    """CK111: values files that do not say what they seem to say."""
    for layer in subject.layers:
        if layer.kind != "values_file":
            continue
        documents = [(start, text) for start, text in split_documents(layer.source.text) if _has_content(text)]
        if len(documents) > 1:
            yield _several(layer, documents[1][0])
        for start, text in documents:
            yield from _text_faults(layer, start, text)
    # What is given for a subchart has its defaults there.
    subcharts = {name for each in subject.chart.metadata.dependencies if each for name in (each.name, each.alias)}
    for layer in subject.values.layers:
        for remark in _misplaced(layer, subject.chart.values):
            if remark.key.partition(".")[0] not in subcharts and subject.may_be_unread(remark.key):
                yield remark


def _has_content(text: str) -> bool:
    lines = (line.strip() for line in text.splitlines())
    return any(line and not line.startswith(("#", "---", "...", "%")) for line in lines)


def _several(layer: Layer, start: int) -> Remark:
    merges = layer.profile.merges_documents
    effect = "this Helm merges them, Helm 3 reads the first alone" if merges else "this Helm reads the first alone"
    offset = start + len(layer.source.text[start:]) - len(layer.source.text[start:].lstrip())
    return Remark(f"several YAML documents in one values file: {effect}", Position(layer.source, offset))


def _text_faults(layer: Layer, start: int, text: str) -> Iterator[Remark]:
    root = load_nodes(text)[1]
    for mapping, path in _mappings(root, ()):
        seen: dict[str, int] = {}
        for key, value in entries(mapping):
            name = key.text
            position = Position(layer.source, start + key.start)
            if name in seen and not is_merge(key):
                line = Position(layer.source, start + seen[name]).line
                shown = dotted((*path, name))
                yield Remark(f"{shown} is written twice: the first, in line {line}, has no effect", position, shown)
            seen[name] = key.start
            if _has_tab(text, key, value):
                shown = dotted((*path, name))
                yield Remark(f"a tab before or behind {shown}: YAML allows only blanks as indentation", position, shown)


def _mappings(node: Node | None, path: Steps) -> Iterator[tuple[Node, Steps]]:
    if node is None or node.kind in (SCALAR, ALIAS):
        return
    if node.kind == MAPPING:
        yield node, path
        for key, value in entries(node):
            yield from _mappings(value, (*path, key.text))
        return
    for index, child in enumerate(node.children):
        yield from _mappings(child, (*path, index))


def _has_tab(text: str, key: Node, value: Node) -> bool:
    line = text.rfind("\n", 0, key.start) + 1
    indentation = text[line : key.start]
    between = text[key.end : value.start].partition("#")[0]
    return ("\t" in indentation and not indentation.strip("\t -")) or "\t" in between


def _misplaced(layer: Layer, defaults: Mapping[str, Any]) -> Iterator[Remark]:
    """Image blocks of a layer that the chart has at another depth, and keys of a block one level too high."""
    blocks = image_blocks(defaults)
    for path in image_blocks(layer.data):
        right = _other_depth(path, blocks)
        if right and value_at(defaults, path) is None and not _is_open(defaults, path[:-1]):
            yield _misplaced_remark(layer, path, right)
    for block, keys in blocks.items():
        parent = value_at(layer.data, block[:-1])
        beside = value_at(defaults, block[:-1])
        if not isinstance(parent, Mapping) or not isinstance(beside, Mapping) or is_block(block[:-1], beside):
            continue
        for key in parent:
            if key in keys and key not in beside and key in _TELLING:
                yield _misplaced_remark(layer, (*block[:-1], key), (*block, key))


_TELLING: Final = frozenset(("registry", "repository", "tag", "digest", "pullPolicy", "pullSecrets"))


def _other_depth(path: Steps, blocks: Mapping[Steps, Mapping[str, Any]]) -> Steps:
    """The block of the same name that lies above or below where a path leads."""
    for block in blocks:
        if block != path and block[-1] == path[-1] and (path[-len(block) :] == block or block[-len(path) :] == path):
            return block
    return ()


def _is_open(defaults: Mapping[str, Any], path: Steps) -> bool:
    """Whether the chart leaves it to the user what stands in a map."""
    return any(value_at(defaults, path[: end + 1]) == {} for end in range(len(path)))


def _misplaced_remark(layer: Layer, path: Steps, right: Steps) -> Remark:
    key, meant = dotted(path), dotted(right)
    message = f"the chart has no {key}; {meant} stands at another depth: is the indentation right?"
    return Remark(message, position_in(layer, path), key, fix=f"Move it to {meant}.")


RULES: Final = (
    Rule(
        "CK111", "a values file that does not say what it seems to say", Severity.WARNING,
        "Use one document, write each key once, indent by blanks, and put each block where the chart's values.yaml has "
        "it.",
        "Helm 4 merges the documents of a values file and Helm 3 reads the first one alone; of a key that is written "
        "twice the last counts; a tab can end a line's value where none was meant; and a block at the wrong depth is "
        "read by nothing. In all these cases Helm says nothing.",
        check=find_unclear,
    ),
)  # fmt: skip
"""The rules of this family."""
