"""Template functions that are written out in generated code in place of a call.

Each entry takes the block and the arguments, which fit their parameters, and writes code that gives what the function
gives; it returns nothing where it knows no quicker way, and then the function is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from chartkit.gotemplate.codegen_block import Block, Value

Inline: TypeAlias = "Callable[[Block, Sequence[Value]], Value | None]"

_LARGEST: Final = 100_000


def _default(block: Block, values: Sequence[Value]) -> Value | None:
    if len(values) == 1:
        return values[0]
    kind = values[0].kind if values[0].kind == values[1].kind else ""
    return block.let(f"{values[1].code} or {values[0].code}", kind)


def _not(block: Block, values: Sequence[Value]) -> Value | None:
    return block.let(f"not {values[0].code}", "bool")


def _eq(block: Block, values: Sequence[Value]) -> Value | None:
    if len(values) < 2:
        return None
    first, others = values[0].code, ", ".join(value.code for value in values[1:])
    slow = f"f_eq(R.ambient, {first}, {others})"
    constants = [value.code for value in values[1:] if value.kind == "str" and value.constant is not None]
    if len(constants) == len(values) - 1:
        quick = f"{first} == {others}" if len(constants) == 1 else f"{first} in ({others})"
        return block.let(f"{quick} if type({first}) is str else {slow}", "bool")
    if len(values) > 2:
        return None
    # One type on both sides, and one that compares as Python does; not all ints do: bool is another type.
    same = f"type({first}) is type({others}) and type({first}) in S"
    return block.let(f"{first} == {others} if {same} else {slow}", "bool")


def _ne(block: Block, values: Sequence[Value]) -> Value | None:
    first, other = values[0].code, values[1].code
    same = f"type({first}) is type({other}) and type({first}) in S"
    return block.let(f"{first} != {other} if {same} else f_ne(R.ambient, {first}, {other})", "bool")


def _ternary(block: Block, values: Sequence[Value]) -> Value | None:
    kind = values[0].kind if values[0].kind == values[1].kind else ""
    return block.let(f"{values[0].code} if {values[2].code} else {values[1].code}", kind)


def _coalesce(block: Block, values: Sequence[Value]) -> Value | None:
    if not values:
        return None
    # Python's `or` gives the last one even if it is empty.
    return block.let(" or ".join(value.code for value in values) + " or None")


def _nindent(block: Block, values: Sequence[Value]) -> Value | None:
    pad = _pad(values[0])
    return None if pad is None else block.let(f"{pad} + {values[1].code}.replace('\\n', {pad})", "str")


def _indent(block: Block, values: Sequence[Value]) -> Value | None:
    pad = _pad(values[0])
    if pad is None:
        return None
    return block.let(f"{pad.replace(chr(92) + 'n', '', 1)} + {values[1].code}.replace('\\n', {pad})", "str")


def _pad(count: Value) -> str | None:
    """The code of a line break and some spaces."""
    if count.kind != "int" or not count.code.isdigit() or int(count.code) > 200:
        return None
    return ascii("\n" + " " * int(count.code))


def _quote(block: Block, values: Sequence[Value]) -> Value | None:
    if len(values) != 1 or not values[0].is_name:
        return None
    code = values[0].code
    plain = f"{code}.isprintable() and '\"' not in {code} and '\\\\' not in {code}"
    if values[0].kind != "str":
        plain = f"type({code}) is str and {plain}"
    return block.let(f"f'\"{{{code}}}\"' if {plain} else f_quote({code})", "str")


def _squote(block: Block, values: Sequence[Value]) -> Value | None:
    if len(values) != 1 or not values[0].is_name:
        return None
    code = values[0].code
    return block.let(f"f\"'{{{code}}}'\" if type({code}) is str else f_squote({code})", "str")


def _printf(block: Block, values: Sequence[Value]) -> Value | None:
    """A format of texts only."""
    template = values[0].constant
    if template is None:
        return None
    pieces = template.replace("%v", "%s").split("%s")
    if (
        len(pieces) != len(values)
        or len(values) < 2
        or any("%" in piece or "{" in piece or "}" in piece for piece in pieces)
    ):
        return None
    body = "".join(f"{ascii(piece)[1:-1]}{{{value.code}}}" for piece, value in zip(pieces, values[1:], strict=False))
    tests = " and ".join(f"type({value.code}) is str" for value in values[1:] if value.kind != "str")
    given = ", ".join(value.code for value in values)
    quick = _quoted(f"{body}{ascii(pieces[-1])[1:-1]}", values, pieces)
    if quick is None:
        return None
    return block.let(f"{quick} if {tests} else f_printf({given})" if tests else quick, "str")


def _quoted(body: str, values: Sequence[Value], pieces: Sequence[str]) -> str | None:
    """The body of an f-string in its quotes; constants with quotes inside have no place in one before Python 3.12."""
    if any(value.constant is not None for value in values[1:]) or any(set(piece) & set("'\"\\\n") for piece in pieces):
        joined = []
        for index, piece in enumerate(pieces):
            if piece:
                joined.append(ascii(piece))
            if index + 1 < len(pieces):
                joined.append(values[index + 1].code)
        return f"''.join(({', '.join(joined)}, ))"
    return f"f'{body}'"


def _to_string(block: Block, values: Sequence[Value]) -> Value | None:
    if values[0].kind == "str":
        return values[0]
    code = values[0].code
    return block.let(f"{code} if type({code}) is str else f_toString({code})", "str")


def _dict(block: Block, values: Sequence[Value]) -> Value | None:
    keys = values[::2]
    if len(values) % 2 or any(key.constant is None for key in keys):
        return None
    pairs = ", ".join(f"{key.code}: {value.code}" for key, value in zip(keys, values[1::2], strict=True))
    return block.let(f"{{{pairs}}}", "dict")


def _list(block: Block, values: Sequence[Value]) -> Value | None:
    return block.let(f"[{', '.join(value.code for value in values)}]", "list")


def _trunc(block: Block, values: Sequence[Value]) -> Value | None:
    count, text = values
    if count.kind != "int" or not count.code.isdigit():
        return None
    return block.let(
        f"{text.code}[:{count.code}] if {text.code}.isascii() else f_trunc({count.code}, {text.code})", "str"
    )


def _has_key(block: Block, values: Sequence[Value]) -> Value | None:
    return block.let(f"{values[1].code} in {values[0].code}", "bool")


def _index(block: Block, values: Sequence[Value]) -> Value | None:
    if len(values) != 2 or values[1].kind != "str" or not values[0].is_name:
        return None
    item, key = values[0].code, values[1].code
    return block.let(f"{item}.get({key}) if type({item}) is dict else f_index({item}, {key})")


def _get(block: Block, values: Sequence[Value]) -> Value | None:
    return block.let(f"{values[0].code}.get({values[1].code}, '')")


def _method(text: str, kind: str = "str") -> Inline:
    """A Python expression over the arguments `{0}`, `{1}` ..."""

    def write(block: Block, values: Sequence[Value]) -> Value | None:
        return block.let(text.format(*[value.code for value in values]), kind)

    return write


def _kind_is(block: Block, values: Sequence[Value]) -> Value | None:
    known = {"map": "dict", "slice": "list", "string": "str", "bool": "bool", "float64": "float"}
    kind = known.get(values[0].constant or "")
    if kind is None:
        return None
    code = values[1].code
    return block.let(f"type({code}) is {kind} or f_kindIs({values[0].code}, {code})", "bool")


INLINE: Final[Mapping[str, Inline]] = {
    "coalesce": _coalesce,
    "contains": _method("{0} in {1}", "bool"),
    "default": _default,
    "dict": _dict,
    "empty": _not,
    "eq": _eq,
    "get": _get,
    "hasKey": _has_key,
    "hasPrefix": _method("{1}.startswith({0})", "bool"),
    "hasSuffix": _method("{1}.endswith({0})", "bool"),
    "indent": _indent,
    "index": _index,
    "kindIs": _kind_is,
    "list": _list,
    "ne": _ne,
    "nindent": _nindent,
    "not": _not,
    "printf": _printf,
    "quote": _quote,
    "replace": _method("{2}.replace({0}, {1})"),
    "squote": _squote,
    "ternary": _ternary,
    "toString": _to_string,
    "trimPrefix": _method("{1}.removeprefix({0})"),
    "trimSuffix": _method("{1}.removesuffix({0})"),
    "trunc": _trunc,
}
