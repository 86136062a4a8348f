"""How functions move characters: the trace rules of text functions.

A rule looks at the arguments and the result of a call that has already been made, and says where the result's
characters came from. Where the result does not look as the rule expects, it falls back to one derived span.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotemplate.origins import Call, Rule
from chartkit.origin import (
    Mark,
    Span,
    before,
    cut,
    derived,
    everything,
    of_pieces,
    pieces,
    shifted,
    union,
    with_consulted,
)
from chartkit.pattern import pattern


def _derived(call: Call) -> Mark | None:
    mark = call.computed()
    if mark is None or type(call.result) is not str:
        return mark
    return of_pieces((Span(0, len(call.result), mark.sources, False, mark.consulted),))


def _others(call: Call, subject: int) -> tuple[Any, ...]:
    """The lookups behind all arguments but the one whose characters are moved."""
    marks = [mark for index, mark in enumerate(call.marks) if index != subject % len(call.marks)]
    return everything(union(marks))


def subtext(find: Callable[[Any], int]) -> Rule:
    """The rule of a function that cuts its last argument; `find` says where the result begins in it."""

    def rule(call: Call) -> Mark | None:
        text, result = call.values[-1], call.result
        if type(text) is not str or type(result) is not str:
            return _derived(call)
        if result == text:
            return with_consulted(call.marks[-1], _others(call, -1))
        start = find(call)
        if start < 0 or text[start : start + len(result)] != result:
            return _derived(call)
        found = cut(pieces(call.marks[-1], text), start, start + len(result))
        return with_consulted(of_pieces(found), _others(call, -1))

    return rule


def _at_start(call: Call) -> int:
    return 0


def _at_end(call: Call) -> int:
    return len(call.values[-1]) - len(call.result)


def _trimmed(call: Call) -> int:
    """Where what `trim` and `trimAll` leave begins."""
    text = call.values[-1]
    kept = text.lstrip() if len(call.values) == 1 else text.lstrip(call.values[0])
    return len(text) - len(kept)


def _truncated(call: Call) -> int:
    return 0 if call.values[0] >= 0 else _at_end(call)


def _found(call: Call) -> int:
    return int(call.values[-1].find(call.result))


def _substring(call: Call) -> int:
    return max(int(call.values[0]), 0)


def quoted(call: Call) -> Mark | None:
    """`quote` and `squote`: a text between quotes, if nothing had to be escaped."""
    if len(call.values) != 1:
        return _derived(call)
    text = call.values[0] if type(call.values[0]) is str else sprint_value(call.values[0])
    if call.result[1:-1] != text:
        return _derived(call)
    mark = call.table.whole(call.values[0], call.marks[0])
    spans = pieces(mark, text) if type(call.values[0]) is str else derived(mark, text)
    return of_pieces(shifted(spans, 1))


def indented(call: Call) -> Mark | None:
    """`indent` and `nindent`: every line moved to the right."""
    text, result = call.values[-1], call.result
    width = call.values[0]
    start = 1 if result.startswith("\n") and len(result) == len(text) + width * (text.count("\n") + 1) + 1 else 0
    if len(result) != len(text) + width * (text.count("\n") + 1) + start:
        return _derived(call)
    spans = pieces(call.marks[-1], text)
    found: list[Span] = []
    read, written = 0, start
    for line in text.split("\n"):
        breaking = before(spans, read)
        if breaking is not None:
            # What broke the line brought these blanks about.
            found.append(breaking._replace(start=written, end=written + width, copied=False))
        end = min(read + len(line) + 1, len(text))
        found += cut(spans, read, end, written + width)
        read, written = end, written + width + len(line) + 1
    return of_pieces(found)


def replaced(call: Call) -> Mark | None:
    """`replace`: what is left of the text, and the new text in between."""
    old, new, text = call.values
    if not old or not all(type(value) is str for value in call.values):
        return _derived(call)
    spans, fresh = pieces(call.marks[2], text), pieces(call.marks[1], new)
    found: list[Span] = []
    start, written = 0, 0
    while True:
        hit = text.find(old, start)
        end = len(text) if hit < 0 else hit
        found += cut(spans, start, end, written)
        written += end - start
        if hit < 0:
            break
        # What stood there decides that the new text does.
        gone = everything(of_pieces(cut(spans, hit, hit + len(old))))
        mark = with_consulted(of_pieces(fresh) or Mark(), gone)
        found += shifted(pieces(mark, new), written)
        written += len(new)
        start = hit + len(old)
    return with_consulted(of_pieces(found), everything(call.marks[0]))


def recased(call: Call) -> Mark | None:
    """Functions that change characters one by one, such as `lower`: every span stays where it is."""
    text, result = call.values[-1], call.result
    if type(text) is not str or len(text) != len(result):
        return _derived(call)
    spans = pieces(call.marks[-1], text)
    kept = [span._replace(copied=span.copied and _same(text, result, span)) for span in spans]
    return with_consulted(of_pieces(kept), _others(call, -1))


def _same(text: str, result: str, span: Span) -> bool:
    return text[span.start : span.end] == result[span.start : span.end]


def stringified(call: Call) -> Mark | None:
    """`toString`: a text stays what it is."""
    return call.marks[0] if type(call.values[0]) is str else _derived(call)


def joined_texts(call: Call) -> Mark | None:
    """`join`: the items with the separator between them."""
    separator, items = call.values
    if not isinstance(items, list) or any(item is None for item in items):
        return _derived(call)
    parts: list[tuple[str, Mark | None]] = []
    for index, item in enumerate(items):
        if index:
            parts.append((separator, call.marks[0]))
        known = call.table.whole(item, call.table.entry(items, index))
        parts.append((sprint_value(item), known if known is not None else call.marks[1]))
    mark = _concatenated(parts, call.result) or _derived(call)
    return with_consulted(mark, everything(call.marks[1]))


def _concatenated(parts: list[tuple[str, Mark | None]], result: str) -> Mark | None:
    """The mark of texts put one after another, if that is what the result is."""
    if "".join([text for text, _ in parts]) != result:
        return None
    found: list[Span] = []
    offset = 0
    for text, mark in parts:
        found += shifted(pieces(mark, text), offset)
        offset += len(text)
    return of_pieces(found)


_VERB: Final = pattern(r"%([sdvqT%])")


def formatted(call: Call) -> Mark | None:
    """`printf` with plain verbs: the arguments in their places."""
    template, *arguments = call.values
    if type(template) is not str:
        return _derived(call)
    marks = list(map(call.table.whole, arguments, call.marks[1:]))
    parts: list[tuple[str, Mark | None]] = []
    start = index = 0
    for match in _VERB.finditer(template):
        literal = template[start : match.start()]
        parts.append((literal, of_pieces(cut(pieces(call.marks[0], template), start, match.start()))))
        start = match.end()
        if match[1] == "%":
            parts.append(("%", None))
            continue
        if index >= len(arguments):
            return _derived(call)
        parts.append(_formatted_argument(match[1], arguments[index], marks[index]))
        index += 1
    parts.append((template[start:], of_pieces(cut(pieces(call.marks[0], template), start, len(template)))))
    return _concatenated(parts, call.result) or _derived(call)


def _formatted_argument(verb: str, value: Any, mark: Mark | None) -> tuple[str, Mark | None]:
    if type(value) is str and verb in "sv":
        return value, mark
    text = sprint_value(value)
    if verb == "q":
        text = f'"{text}"'
        if type(value) is str:
            return text, of_pieces(shifted(pieces(mark, value), 1))
    return text, of_pieces(derived(mark, text))


def spaced(call: Call) -> Mark | None:
    """`cat`, `print`: the arguments, with or without spaces between them."""
    parts: list[tuple[str, Mark | None]] = []
    for value, mark in zip(call.values, call.marks, strict=True):
        if value is None:
            continue
        if parts:
            parts.append((" ", None))
        parts.append(_formatted_argument("v", value, call.table.whole(value, mark)))
    together = [part for part in parts if part != (" ", None)]
    return _concatenated(parts, call.result) or _concatenated(together, call.result) or _derived(call)


def unchanged_or_derived(call: Call) -> Mark | None:
    """Functions that mostly give a text back as it is, such as regexReplaceAll."""
    for index, value in enumerate(call.values):
        if type(value) is str and value == call.result and index != 0:
            return with_consulted(call.marks[index], _others(call, index))
    return _derived(call)


TEXT_RULES: Final[dict[str, Rule]] = {
    **dict.fromkeys(("trim", "trimAll", "trimall"), subtext(_trimmed)),
    **dict.fromkeys(("trimSuffix",), subtext(_at_start)),
    **dict.fromkeys(("trimPrefix", "base", "ext"), subtext(_at_end)),
    "trunc": subtext(_truncated),
    "substr": subtext(_substring),
    **dict.fromkeys(("regexFind", "mustRegexFind", "dir", "clean", "nospace"), subtext(_found)),
    **dict.fromkeys(("quote", "squote"), quoted),
    **dict.fromkeys(("indent", "nindent"), indented),
    "replace": replaced,
    **dict.fromkeys(("lower", "upper", "title", "untitle", "swapcase", "kebabcase", "snakecase", "camelcase"), recased),
    "toString": stringified,
    "join": joined_texts,
    "printf": formatted,
    **dict.fromkeys(("cat", "print", "println"), spaced),
    **dict.fromkeys(
        ("regexReplaceAll", "mustRegexReplaceAll", "regexReplaceAllLiteral", "mustRegexReplaceAllLiteral", "b64dec"),
        unchanged_or_derived,
    ),
}
