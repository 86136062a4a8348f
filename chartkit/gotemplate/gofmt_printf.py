"""Go's Printf: the format's grammar with flags, `*`, `[n]` and all error texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from chartkit.gotemplate.gofmt_verbs import Spec, format_operand
from chartkit.gotypes import go_kind, go_type
from chartkit.pattern import pattern

_PLAIN_VERB: Final = pattern(r"%([sdvq])")
_LARGEST: Final = 1_000_000
_FLAGS: Final = pattern(r"[-+# 0]*")
_INDEX: Final = pattern(r"\[(?:(?!\]\Z)([^\]]*)\])?")
_NUMBER: Final = pattern(r"[0-9]+")


def sprintf(template: str, args: Sequence[Any]) -> str:
    """Go's fmt.Sprintf; faults of the format or its operands show up in the text as `%!verb(...)`."""
    plain = _plain_pieces(template)
    if plain is None or len(plain) // 2 != len(args):
        return _Formatter(template, args).run()
    parts = list(plain)
    for index, value in enumerate(args):
        verb = plain[2 * index + 1]
        if type(value) is str and verb in "sv":
            parts[2 * index + 1] = value
        elif type(value) is int and verb in "dv":
            parts[2 * index + 1] = str(value)
        else:
            parts[2 * index + 1] = format_operand(value, verb, Spec())
    return "".join(parts)


@lru_cache(maxsize=4096)
def _plain_pieces(template: str) -> tuple[str, ...] | None:
    """Literal texts and verbs in turns, for a format with plain verbs only; else `None`."""
    pieces = _PLAIN_VERB.split(template.replace("%%", "\0"))
    if "\0" in template or any("%" in text for text in pieces[::2]):
        return None
    return tuple(piece.replace("\0", "%") for piece in pieces)


class _Formatter:
    """One run over a format."""

    __slots__ = ("_after_index", "_args", "_good_index", "_next", "_out", "_place", "_reordered", "_template")

    def __init__(self, template: str, args: Sequence[Any]) -> None:
        self._template = template
        self._args = args
        self._place = 0
        self._next = 0
        self._out: list[str] = []
        self._good_index = True
        self._after_index = False
        self._reordered = False

    def run(self) -> str:
        """The finished text."""
        while self._place < len(self._template):
            start = self._template.find("%", self._place)
            if start < 0:
                self._out.append(self._template[self._place :])
                break
            self._out.append(self._template[self._place : start])
            self._place = start + 1
            self._directive()
        if not self._reordered and self._next < len(self._args):
            self._out.append(self._extra())
        return "".join(self._out)

    def _directive(self) -> None:
        """Flags, index, width, precision and verb, from behind the percent sign."""
        self._good_index = True
        self._after_index = False
        flags = _FLAGS.match(self._template, self._place)
        assert flags is not None
        self._place = flags.end()
        spec = Spec(flags[0])
        self._index()
        self._width(spec)
        self._precision(spec)
        if not self._after_index:
            self._index()
        if self._place >= len(self._template):
            self._out.append("%!(NOVERB)")
            return
        verb = self._template[self._place]
        self._place += 1
        self._out.append(self._verb("\ufffd" if "\ud800" <= verb <= "\udfff" else verb, spec))

    def _verb(self, verb: str, spec: Spec) -> str:
        """The text of a directive whose parts have been read."""
        if verb == "%":
            return "%"
        if not self._good_index:
            return f"%!{verb}(BADINDEX)"
        if self._next >= len(self._args):
            return f"%!{verb}(MISSING)"
        spec.take_verb(verb)
        self._next += 1
        return format_operand(self._args[self._next - 1], verb, spec)

    def _index(self) -> None:
        """An argument index such as `[2]`, where there is one."""
        match = _INDEX.match(self._template, self._place)
        self._after_index = False
        if match is None:
            return
        self._reordered = True
        self._place = match.end()
        number = match[1] if match[1] and match[1].isascii() and match[1].isdigit() else ""
        readable = bool(number) and not _too_large(number)
        if readable and 1 <= int(number) <= len(self._args):
            self._next = int(number) - 1
        else:
            self._good_index = False
        self._after_index = readable

    def _width(self, spec: Spec) -> None:
        """The width, as digits or from an operand."""
        if self._template.startswith("*", self._place):
            width = self._operand_number()
            if width is None:
                self._out.append("%!(BADWIDTH)")
            elif width < 0:
                spec.minus = True
            spec.width = abs(width or 0)
            return
        width = self._number()
        if width is not None:
            spec.width = width
            self._good_index = self._good_index and not self._after_index

    def _precision(self, spec: Spec) -> None:
        """The precision, where a point follows; a point alone means 0."""
        # At the very end a point is taken for the verb.
        if not self._template.startswith(".", self._place) or self._place + 1 == len(self._template):
            return
        self._place += 1
        self._good_index = self._good_index and not self._after_index
        self._index()
        if self._template.startswith("*", self._place):
            precision = self._operand_number()
            if precision is None or precision < 0:
                self._out.append("%!(BADPREC)")
            else:
                spec.precision = precision
            return
        spec.precision = self._number() or 0

    def _operand_number(self) -> int | None:
        """The operand that a `*` takes; `None` where it is no whole number of sensible size."""
        self._place += 1
        self._after_index = False
        if self._next >= len(self._args):
            return None
        value = self._args[self._next]
        self._next += 1
        if type(value) is bool or not isinstance(value, int) or "int" not in go_kind(value):
            return None
        return int(value) if -_LARGEST <= value <= _LARGEST else None

    def _number(self) -> int | None:
        """Digits of the format; a number beyond all sense swallows the rest of the format."""
        match = _NUMBER.match(self._template, self._place)
        if match is None:
            return None
        self._place = match.end()
        if _too_large(match[0]):
            self._place = len(self._template)
            return None
        return int(match[0])

    def _extra(self) -> str:
        """The operands that no directive took."""
        texts = [
            "<nil>" if value is None else f"{go_type(value)}={format_operand(value, 'v', Spec())}"
            for value in self._args[self._next :]
        ]
        return f"%!(EXTRA {', '.join(texts)})"


def _too_large(digits: str) -> bool:
    """Whether Go gives up on a number: it looks before it takes in one more digit."""
    return len(digits) > 1 and int(digits[:-1]) > _LARGEST
