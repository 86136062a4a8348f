"""The trace rules of functions that go through YAML and JSON: from entries to characters, and back."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, TypeAlias

from chartkit.gotemplate.origins import Call, OriginTable, Rule
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.positions import load_positions
from chartkit.origin import Mark, Path, Span, all_consulted, all_sources, cut, of_pieces, pieces, shifted, union
from chartkit.source import Source

_Leaf: TypeAlias = tuple[Path, int, int]


@lru_cache(maxsize=1024)
def _leaves(text: str) -> tuple[_Leaf, ...]:
    """Path, start and end of every scalar and empty container of a YAML text; nothing where it cannot be read."""
    try:
        value, positions = load_positions(Source("", text))
    except YAMLError:
        return ()
    found: list[_Leaf] = []
    root = positions.value_range(())
    if root is not None:
        return (((), *root),)
    for path, _, _ in positions.walk():
        place = positions.value_range(path)
        start = positions.value(path)
        if place is not None:
            found.append((path, *place))
        elif start is not None and _at(value, path) in ({}, []) and text[start : start + 2] in ("{}", "[]"):
            found.append((path, start, start + 2))
    return tuple(found)


def _at(value: Any, path: Path) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _known(table: OriginTable, value: Any, path: Path, whole: Mark | None) -> Mark | None:
    """What is known of the value at a path; of what is not known, what is known around it."""
    mark = whole
    for step in path:
        if not isinstance(value, (dict, list)):
            return mark
        known = table.entry(value, step)
        mark = known if known is not None else mark
        value = _at(value, (step,))
    return mark


def written(call: Call) -> Mark | None:
    """`toYaml`, `toJson` and the like: every scalar where it stands in the text."""
    value, text = call.values[-1], call.result
    if type(text) is not str:
        return call.computed()
    call.table.dump(value)
    found: list[Span] = []
    for path, start, end in _leaves(text):
        mark = _known(call.table, value, path, call.marks[-1])
        if mark is None:
            continue
        leaf, raw = _at(value, path), text[start:end]
        if type(leaf) is str and raw == leaf:
            found += shifted(pieces(mark, leaf), start)
        elif type(leaf) is str and raw[1:-1] == leaf and raw[:1] in ("'", '"'):
            found += shifted(pieces(mark, leaf), start + 1)
        else:
            found.append(Span(start, end, all_sources(mark), False, all_consulted(mark)))
    if not found:
        mark = call.computed()
        if mark is None:
            return None
        return of_pieces((Span(0, len(text), mark.sources, False, mark.consulted),))
    return of_pieces(sorted(found, key=lambda span: (span.start, span.end)))


def read(call: Call) -> Mark | None:
    """`fromYaml`, `fromJson` and the like: every entry from the characters that it was read from."""
    text, result = call.values[-1], call.result
    spans = pieces(call.marks[-1], text)
    for path, start, end in _leaves(text) if spans else ():
        holder = _at(result, path[:-1])
        if not path or not isinstance(holder, (dict, list)):
            continue
        leaf, raw = _at(result, path), text[start:end]
        if type(leaf) is str and raw == leaf:
            mark = of_pieces(cut(spans, start, end))
        elif type(leaf) is str and raw[1:-1] == leaf:
            mark = of_pieces(cut(spans, start + 1, end - 1))
        else:
            mark = union([of_pieces(cut(spans, start, end))])
        call.table.put(holder, path[-1], mark)
    call.table.undump(result)
    return None if not spans else Mark(all_sources(call.marks[-1]), all_consulted(call.marks[-1]))


YAML_RULES: Final[dict[str, Rule]] = {
    **dict.fromkeys(
        ("toYaml", "mustToYaml", "toYamlPretty", "toJson", "mustToJson", "toPrettyJson", "mustToPrettyJson",
         "toRawJson", "mustToRawJson"),
        written,
    ),
    **dict.fromkeys(
        ("fromYaml", "fromYamlArray", "fromJson", "fromJsonArray", "mustFromJson"), read
    ),
}  # fmt: skip
