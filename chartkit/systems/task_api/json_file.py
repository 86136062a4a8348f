"""JSON files that are Jinja2 templates first, and where everything in them stands.

Both files of the Task API are rendered before they are read: `{{ env.NAME }}` is a variable of the environment, and
`{{ custom.NAME }}` what the caller gives. A text without `{{`, `{%` and `{#` is taken as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.source import Position, Source

Steps = tuple[str | int, ...]

_TEMPLATE: Final = re.compile(r"\{[{%#]")
_TOKEN: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+)')
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_LARGEST: Final = 16 * 1024 * 1024
_LARGEST_FACTOR: Final = 1000


@dataclass(frozen=True)
class JSONFile:
    """A JSON file, read.

    Attributes:
        source: the text that was read: the file's, or what the template made of it.
        data: the value.
        places: where each value begins, by the way to it, and where its key does.
    """

    source: Source
    data: Any
    places: Mapping[Steps, tuple[int, int]]

    def at(self, steps: Steps = ()) -> Position:
        """Where a value is written, or the nearest one around it."""
        return Position(self.source, self._place(steps)[1])

    def at_key(self, steps: Steps) -> Position:
        """Where a key is written."""
        return Position(self.source, self._place(steps)[0])

    def _place(self, steps: Steps) -> tuple[int, int]:
        while steps not in self.places:
            steps = steps[:-1]
        return self.places[steps]


def read_json(path: Path, environment: Mapping[str, str], custom: Mapping[str, Any] | None = None) -> JSONFile:
    """A JSON file, rendered and read.

    Args:
        path: the file.
        environment: what `env` holds.
        custom: what `custom` holds.

    Raises:
        InputError: it cannot be read, rendered, or is no JSON.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"cannot read {path}: {reason[:1].lower()}{reason[1:]}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no UTF-8: byte {error.start}") from error
    source = Source(str(path), text)
    # Jinja2 takes longer to import than most files take to be checked.
    if _TEMPLATE.search(text):
        source = Source(f"{path} (rendered)", _rendered(source, environment, custom or {}))
    return parse_json(source)


def parse_json(source: Source) -> JSONFile:
    """The value of a JSON text.

    Raises:
        InputError: it is none.
    """
    try:
        data = json.loads(source.text, object_pairs_hook=_Pairs.of, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise InputError(f"{source.name} is no JSON: {error.msg}", position=Position(source, error.pos)) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source.name} is no JSON: {error}", position=Position(source, 0)) from error
    half = _HALF.search(source.text)
    if half is not None and not _is_writable(data):
        raise InputError(f"{source.name}: {half[0]} is half a character", position=Position(source, half.start()))
    return JSONFile(source, data, dict(_places(source)))


def _is_writable(data: Any) -> bool:
    """Whether all texts can be written again; JSON can escape half a character, which no text can hold."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class _Pairs(dict[str, Any]):
    """An object that refuses a key twice, of which one would be lost without a word."""

    @classmethod
    def of(cls, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """The object of some pairs."""
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            double = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"the key {double} stands twice in an object")
        return found


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


def _places(source: Source) -> Iterator[tuple[Steps, tuple[int, int]]]:
    """Where every value of a sound JSON text begins, and its key; items of lists have no key of their own."""
    # The text is known to be sound: the tokens need no checks, only counting.
    stack: list[tuple[Steps, bool]] = []
    steps: Steps = ()
    key = -1
    is_key = False
    for match in _TOKEN.finditer(source.text):
        token, start = match[1], match.start(1)
        if is_key and token[0] == '"':
            steps, key, is_key = (*stack[-1][0], json.loads(token)), start, False
        elif token == "," and stack:
            around, is_map = stack[-1]
            is_key = is_map
            steps = around if is_map else (*around, _next_index(steps))
        elif token in ("}", "]"):
            steps = stack.pop()[0]
            is_key = False
        elif token != ":":
            yield steps, (start if key < 0 else key, start)
            key = -1
            if token in ("{", "["):
                stack.append((steps, token == "{"))
                is_key = token == "{"
                steps = steps if is_key else (*steps, 0)


def _next_index(steps: Steps) -> int:
    last = steps[-1]
    assert isinstance(last, int)
    return last + 1


def _rendered(source: Source, environment: Mapping[str, str], custom: Mapping[str, Any]) -> str:
    """What Jinja2 makes of a text, in its sandbox.

    Raises:
        InputError: the template is broken, or asks for what is not there.
    """
    from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        """A sandbox in which a short template cannot ask for more than memory holds."""

        intercepted_binops = frozenset(("*", "**"))

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if max(_weight(left), _weight(right)) > _LARGEST_FACTOR:
                raise SecurityError(f"the operands of {operator} are too large")
            return super().call_binop(context, operator, left, right)

    sandbox = Sandbox(undefined=StrictUndefined, keep_trailing_newline=True)
    # `range` and its like go the same way; nothing in these files needs them.
    sandbox.globals = {}
    try:
        parts: list[str] = []
        size = 0
        for part in sandbox.from_string(source.text).generate(env=dict(environment), custom=dict(custom)):
            size += len(part)
            if size > _LARGEST:
                raise InputError(
                    f"{source.name} becomes larger than {_LARGEST} characters", position=Position(source, 0)
                )
            parts.append(part)
    except TemplateSyntaxError as error:
        position = Position(source, source.line_starts()[min(error.lineno, len(source.line_starts())) - 1])
        raise InputError(f"{source.name} is no template: {error.message}", position=position) from error
    except RecursionError:
        # Jinja2 reads expressions by recursion; no file of this kind nests a hundred of them.
        raise InputError(f"{source.name} is nested too deeply to be rendered", position=Position(source, 0)) from None
    except (TemplateError, SecurityError, TypeError, ValueError, ArithmeticError, MemoryError, OverflowError) as error:
        name = _missing_name(str(error))
        raise InputError(
            f"{source.name}: {error}",
            position=_position_of(source, name),
            hint=f"set {name} in the environment, or give it by --custom" if name else "",
        ) from error
    return "".join(parts)


def _weight(operand: Any) -> float:
    return abs(operand) if isinstance(operand, (int, float)) else len(operand)


def _missing_name(message: str) -> str:
    match = re.search(r"has no attribute '([^']+)'", message)
    return match[1] if match else ""


def _position_of(source: Source, name: str) -> Position:
    match = re.search(rf"\{{[{{%][^}}]*\.{re.escape(name)}\b", source.text) if name else None
    return Position(source, match.start() if match else 0)
