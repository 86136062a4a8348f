"""How functions choose between values and move entries: the trace rules of logic, maps and lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from chartkit.gotemplate.origins import Call, OriginTable, Rule
from chartkit.origin import (
    Lookup,
    Mark,
    all_consulted,
    cut,
    derived,
    everything,
    joined,
    of_pieces,
    pieces,
    union,
    with_consulted,
)

_LONGEST_MATCHED: Final = 2000


def defaulted(call: Call) -> Mark | None:
    """`default`: the value, or the default, which the empty value decided."""
    if len(call.values) > 1 and call.values[-1]:
        return call.marks[-1]
    return with_consulted(call.marks[0], everything(call.marks[-1]) if len(call.values) > 1 else ())


def first_filled(call: Call) -> Mark | None:
    """`coalesce`: the first value that is not empty; those before it were passed over."""
    passed: tuple[Lookup, ...] = ()
    for value, mark in zip(call.values, call.marks, strict=True):
        if value:
            return with_consulted(mark, passed)
        passed = joined(passed, everything(mark))
    return Mark((), passed) if passed else None


def chosen(call: Call) -> Mark | None:
    """`ternary`: one of two values, which the third decided."""
    return with_consulted(call.marks[0 if call.values[2] else 1], everything(call.marks[2]))


def second_argument(call: Call) -> Mark | None:
    """`required`: the value that was asked for."""
    return call.marks[1]


def made_map(call: Call) -> Mark | None:
    """`dict`: every value under its key."""
    for key, mark in zip(call.values[::2], call.marks[1::2], strict=False):
        call.table.put(call.result, key if type(key) is str else str(key), mark)
    return None


def made_list(call: Call) -> Mark | None:
    """`list`: every argument in its place."""
    for index, mark in enumerate(call.marks):
        call.table.put(call.result, index, mark)
    return None


def entry_set(call: Call) -> Mark | None:
    """`set`: the map has a new entry, which the key and the conditions around decided."""
    mark = with_consulted(call.marks[2], joined(everything(call.marks[1]), call.context))
    call.table.put(call.values[0], call.values[1], mark)
    return call.marks[0]


def entry_removed(call: Call) -> Mark | None:
    """`unset`: the entry is gone; what it was and the conditions around decided that."""
    before = everything(call.table.entry(call.values[0], call.values[1]))
    gone = joined(joined(before, call.context), everything(call.marks[1]))
    call.table.put(call.values[0], call.values[1], Mark((), gone) if gone else None)
    return call.marks[0]


def entry_read(call: Call) -> Mark | None:
    """`get` and `hasKey`: one entry of a map."""
    known = call.table.entry(call.values[0], call.values[1])
    mark = known if known is not None else call.marks[0]
    return with_consulted(mark, everything(call.marks[1]))


def presence_read(call: Call) -> Mark | None:
    """`hasKey`: what is known of an entry decides."""
    mark = entry_read(call)
    return None if mark is None else Mark(everything(mark))


def indexed(call: Call) -> Mark | None:
    """`index`: entries one below the other."""
    container, mark = call.values[0], call.marks[0]
    for key, key_mark in zip(call.values[1:], call.marks[1:], strict=True):
        known = call.table.entry(container, key) if isinstance(container, (dict, list)) else None
        mark = with_consulted(known if known is not None else mark, everything(key_mark))
        container = _item(container, key)
    return mark


def dug(call: Call) -> Mark | None:
    """`dig`: entries one below the other, or the default, which the missing entry decided."""
    *keys, _, container = call.values
    mark = call.marks[-1]
    for key in keys:
        known = call.table.entry(container, key) if isinstance(container, dict) else None
        mark = known if known is not None else mark
        if not isinstance(container, dict) or key not in container:
            return with_consulted(call.marks[-2], everything(mark))
        container = container[key]
    return mark


def _item(container: Any, key: Any) -> Any:
    if isinstance(container, dict):
        return dict.get(container, key)
    return container[key] if isinstance(container, list) and isinstance(key, int) and key < len(container) else None


def plucked(call: Call) -> Mark | None:
    """`pluck`: one entry of each map that has it."""
    key = call.values[0]
    holders = [values for values in call.values[1:] if key in values]
    for index, values in enumerate(holders):
        call.table.put(call.result, index, call.table.entry(values, key))
    return union(call.table.entry(values, key) for values in call.values[1:])


def at_end(position: int) -> Rule:
    """The rule of `first` and `last`."""

    def rule(call: Call) -> Mark | None:
        items = call.values[0]
        if not isinstance(items, list) or not items:
            return call.marks[0]
        known = call.table.entry(items, position % len(items))
        return with_consulted(known if known is not None else call.marks[0], everything(call.marks[0]))

    return rule


def moved(start: Callable[[Call], int]) -> Rule:
    """The rule of functions whose result holds items that went in, in a row; `start` is the place of the first."""

    def rule(call: Call) -> Mark | None:
        known, first = _items(call), start(call)
        if not isinstance(call.result, list) or first + len(call.result) > len(known):
            return rearranged(call)
        for index, (_, mark) in enumerate(known[first : first + len(call.result)]):
            call.table.put(call.result, index, mark)
        return union(call.marks)

    return rule


def _slice_start(call: Call) -> int:
    return int(call.values[1]) if len(call.values) > 1 else 0


def put_first(call: Call) -> Mark | None:
    """`prepend`: the new item before the others."""
    *others, added = _items(call)
    for index, (_, mark) in enumerate((added, *others)):
        call.table.put(call.result, index, mark)
    return union(call.marks)


def joined_lists(call: Call) -> Mark | None:
    """`concat`: the items of one list after those of the other."""
    lists = [value for value in call.values if isinstance(value, list)]
    places = [(values, index) for values in lists for index in range(len(values))]
    for index, (values, place) in enumerate(places):
        call.table.put(call.result, index, call.table.entry(values, place))
    return union(call.marks)


def turned(call: Call) -> Mark | None:
    """`reverse`: the items from the last to the first."""
    for index, (_, mark) in enumerate(reversed(_items(call))):
        call.table.put(call.result, index, mark)
    return union(call.marks)


def chunked(call: Call) -> Mark | None:
    """`chunk`: the items in lists of some length."""
    marks = iter(_items(call)[1:])
    for chunk in call.result:
        for index in range(len(chunk)):
            call.table.put(chunk, index, next(marks, (None, None))[1])
    return union(call.marks)


def rearranged(call: Call) -> Mark | None:
    """Functions whose result holds some of the items that went in, in any order."""
    if not isinstance(call.result, list) or len(call.result) > _LONGEST_MATCHED:
        return call.computed()
    known = list(_items(call))
    for index, item in enumerate(call.result):
        match = next((place for place, (value, _) in enumerate(known) if value is item or value == item), None)
        call.table.put(call.result, index, None if match is None else known[match][1])
    # Which items are left, and in which order, tells of all that went in.
    return call.computed()


def _items(call: Call) -> Sequence[tuple[Any, Mark | None]]:
    """The items of all lists among the arguments, and the arguments that are none, with their marks."""
    found: list[tuple[Any, Mark | None]] = []
    for value, mark in zip(call.values, call.marks, strict=True):
        if isinstance(value, list):
            for index, item in enumerate(value):
                known = call.table.entry(value, index)
                found.append((item, known if known is not None else mark))
        else:
            found.append((value, mark))
    return found


def map_keys(call: Call) -> Mark | None:
    """`keys`: the names of entries come from what the maps come from."""
    return union([*call.marks, *(call.table.deep(value) for value in call.values)])


def map_values(call: Call) -> Mark | None:
    """`values`: every value of the maps."""
    for index, item in enumerate(call.result):
        for values in call.values:
            key = next((key for key in values if values[key] is item or values[key] == item), None)
            if key is not None:
                call.table.put(call.result, index, call.table.entry(values, key))
                break
    return union(call.marks)


def copied_entries(call: Call) -> Mark | None:
    """`pick`, `omit` and `deepCopy`: entries under the same names as before."""
    copy_marks(call.table, call.result, call.values[0])
    return call.marks[0]


def copy_marks(table: OriginTable, copy: Any, original: Any) -> None:
    """Give a copy what is known of the original, all the way down."""
    if isinstance(copy, dict) and isinstance(original, dict):
        keys: Any = copy.keys()
    elif isinstance(copy, list) and isinstance(original, list):
        keys = range(len(copy))
    else:
        return
    table.made_of(copy, (original,))
    for key in keys:
        inner = _item(original, key)
        if copy[key] is not inner:
            table.put(copy, key, table.entry(original, key))
            copy_marks(table, copy[key], inner)


def snapshot(values: Sequence[Any]) -> Any:
    """The first map of a merge as it is before: its entries by identity, all the way down."""
    return _snapshot(values[0]) if values else None


def _snapshot(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: (item, _snapshot(item)) for key, item in value.items()}
    return None


def merged(*, last_wins: bool) -> Rule:
    """The rule of `merge` and `mergeOverwrite`: each entry from the map that it was taken out of."""

    def rule(call: Call) -> Mark | None:
        sources = [value for value in call.values[1:] if isinstance(value, dict)]
        if last_wins:
            sources.reverse()
        _mark_merged(call.table, call.values[0], call.before, sources, call.context)
        # What decided that an entry is not in one of the others decides that it is not in the result.
        return with_consulted(call.marks[0], all_consulted(union(call.marks[1:])))

    return rule


def _mark_merged(
    table: OriginTable,
    target: dict[str, Any],
    before: Any,
    sources: list[dict[str, Any]],
    context: tuple[Lookup, ...],
) -> None:
    """Mark what came into a map; `sources` stand in the order in which they win."""
    known_before = before or {}
    fresh_marks: list[tuple[str, Mark | None]] = []
    for key, value in target.items():
        old = known_before.get(key)
        inner = [source[key] for source in sources if key in source]
        if isinstance(value, dict):
            maps = [item for item in inner if isinstance(item, dict)]
            if maps and not any(item is value for item in maps):
                _mark_merged(table, value, old[1] if old else None, maps, context)
        kept = old is not None and (old[0] is value or (old[0] == value and not isinstance(value, (dict, list))))
        marks = [table.entry(source, key) for source in sources if key in source]
        if kept:
            fresh_marks.append((key, with_consulted(table.entry(target, key), everything(union(marks)))))
            continue
        winner = next((index for index, item in enumerate(inner) if item is value or item == value), None)
        if winner is not None:
            others = [*marks[:winner], *marks[winner + 1 :], table.entry(target, key) if old else None]
            fresh_marks.append((key, with_consulted(marks[winner], joined(everything(union(others)), context))))
    for source in sources:
        # An entry that did not come along, such as a null, decided that there is none.
        for key in source.keys() - target.keys():
            fresh_marks.append((key, Mark((), joined(everything(table.entry(source, key)), context))))
    parents = [*table.parents.get(id(target), ()), *sources]
    for key, mark in fresh_marks:
        table.put(target, key, mark)
    if id(target) not in table.roots:
        table.made_of(target, parents)


def split_texts(call: Call) -> Mark | None:
    """`splitList`, `split` and the like: pieces of a text, in order."""
    place = max((index for index, value in enumerate(call.values) if type(value) is str), default=-1)
    text, mark = call.values[place], call.marks[place]
    if type(text) is not str:
        return union(call.marks)
    spans = pieces(mark, text)
    items = list(call.result.items()) if isinstance(call.result, dict) else list(enumerate(call.result))
    start = 0
    for key, item in items:
        found = text.find(item, start) if type(item) is str else -1
        if found < 0:
            call.table.put(call.result, key, mark)
            continue
        call.table.put(call.result, key, of_pieces(cut(spans, found, found + len(item))))
        start = found + len(item)
    return union(call.marks)


def unstable(name: str) -> Rule:
    """The rule of functions that give something else each time."""

    def rule(call: Call) -> Mark | None:
        lookup = Lookup("unstable", (name,), "value", None)
        mark = Mark((lookup,), everything(call.computed()))
        return of_pieces(derived(mark, call.result)) if type(call.result) is str else mark

    return rule


def nothing(call: Call) -> Mark | None:
    """The result depends on nothing that a user sets."""
    return None


def _must(rules: dict[str, Rule]) -> dict[str, Rule]:
    """The rules of functions and of their `must` twins."""
    return rules | {f"must{name[0].upper()}{name[1:]}": rule for name, rule in rules.items()}


UNSTABLE: Final = (
    "now ago randAlpha randAlphaNum randAscii randNumeric randBytes randInt uuidv4 shuffle genPrivateKey genCA "
    "genCAWithKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey bcrypt htpasswd "
    "encryptAES"
).split()

CONTAINER_RULES: Final[dict[str, Rule]] = {
    "default": defaulted,
    "coalesce": first_filled,
    "ternary": chosen,
    "required": second_argument,
    "dict": made_map,
    **dict.fromkeys(("list", "tuple"), made_list),
    "set": entry_set,
    "unset": entry_removed,
    "get": entry_read,
    "hasKey": presence_read,
    "index": indexed,
    "dig": dug,
    "pluck": plucked,
    "keys": map_keys,
    "values": map_values,
    **dict.fromkeys(("pick", "omit"), copied_entries),
    **dict.fromkeys(("deepCopy", "mustDeepCopy"), copied_entries),
    **dict.fromkeys(("merge", "mustMerge"), merged(last_wins=False)),
    **dict.fromkeys(("mergeOverwrite", "mustMergeOverwrite"), merged(last_wins=True)),
    **_must({"first": at_end(0), "last": at_end(-1)}),
    **_must(dict.fromkeys(("initial", "append", "push"), moved(lambda call: 0))),
    **_must({"rest": moved(lambda call: 1), "slice": moved(_slice_start), "prepend": put_first}),
    **_must({"reverse": turned, "chunk": chunked}),
    **_must(dict.fromkeys(("uniq", "compact", "without"), rearranged)),
    "concat": joined_lists,
    **dict.fromkeys(("sortAlpha", "toStrings"), rearranged),
    **dict.fromkeys(("split", "splitList", "splitn"), split_texts),
    **_must(dict.fromkeys(("regexSplit", "regexFindAll"), split_texts)),
    "lookup": nothing,
    **{name: unstable(name) for name in UNSTABLE},
}

BEFORE: Final[dict[str, Callable[[Sequence[Any]], Any]]] = dict.fromkeys(
    ("merge", "mustMerge", "mergeOverwrite", "mustMergeOverwrite"), snapshot
)
