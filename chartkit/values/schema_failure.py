"""What Helm 4 prints about values that a schema refuses: failures as a tree, and the wording of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from chartkit.goquote import quote as go_quote
from chartkit.gotemplate.gofloat import format_float
from chartkit.values.schema_document import escaped

Location = tuple[str, ...]
_SUPERSCRIPT: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(slots=True)
class Failure:
    """One thing that is wrong, with what caused it.

    `kind` is `reference` for a failure behind a reference, which is not shown when it has one cause, and `group` for
    several failures of one schema.
    """

    location: Location
    text: str
    causes: list[Failure] = field(default_factory=list)
    kind: str = ""

    def lines(self, depth: int) -> Iterator[str]:
        """The failure and its causes, indented."""
        shown = self.kind != "reference" or len(self.causes) != 1
        if shown:
            pointer = "".join(f"/{escaped(step)}" for step in self.location)
            yield f"{'  ' * depth}- at {quoted(pointer)}: {self.text}"
        for cause in self.causes:
            yield from cause.lines(depth + shown)


def quoted(text: str) -> str:
    """A text in single quotes, as the library prints it."""
    inner = go_quote(text)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"


def shown(value: Any) -> str:
    """A scalar in a message."""
    if type(value) is str:
        return quoted(value)
    if value is None:
        return "<nil>"
    if type(value) is bool:
        return "true" if value else "false"
    return str(value)


def enum_text(choices: list[Any]) -> str:
    """A value that is none of the choices."""
    if any(type(choice) in (list, dict) for choice in choices):
        return "'enum' failed"
    if len(choices) == 1:
        return f"value must be {shown(choices[0])}"
    return f"value must be one of {', '.join(map(shown, choices))}"


def missing_text(names: list[str]) -> str:
    """Properties that are not there."""
    if len(names) == 1:
        return f"missing property {quoted(names[0])}"
    return f"missing properties {', '.join(map(quoted, names))}"


def needs_text(missing: list[str], name: str) -> str:
    """Properties that another one asks for."""
    return f"properties {', '.join(map(quoted, missing))} required, if {quoted(name)} exists"


def localized(number: float) -> str:
    """A number in a message: thousands in groups, and powers of ten with raised digits."""
    mantissa, _, exponent = format_float(number).partition("e")
    whole, point, rest = mantissa.partition(".")
    text = f"{int(whole):,}" if whole not in ("0", "-0") else whole
    text += point + rest
    return f"{text}×10{exponent.lstrip('+').translate(_SUPERSCRIPT)}" if exponent else text
