"""Errors of templates in Helm's words.

Helm takes Go's error texts apart and lays them out anew; the rules, and the cases in which it gives the raw text, are
reproduced here from the structured failures, by profile.
"""

from __future__ import annotations

import re
from typing import Final

from chartkit.errors import ExecError, FailError, ParseError
from chartkit.gotemplate.runtime import ExecFailure
from chartkit.pattern import pattern
from chartkit.profile import Profile
from chartkit.source import Position

REFUSAL_START: Final = "HELM_ERR_START"
REFUSAL_END: Final = "HELM_ERR_END"
_REFUSAL: Final = pattern(f"{REFUSAL_START}(.*){REFUSAL_END}", re.DOTALL)
_EXECUTING: Final = pattern(r'template: (.*?): executing "([^"]*)" at <(.*?)>: (.*)', re.DOTALL)


def parse_error(error: ParseError) -> ParseError:
    """A parse error as Helm prints it: the place, and the last part of Go's message."""
    tokens = str(error).split(": ")
    return ParseError(f"parse error at ({tokens[1]}): {tokens[-1]}", position=error.position)


def exec_error(failure: ExecFailure, profile: Profile) -> ExecError:
    """A failed execution as Helm prints it."""
    chain = _positions(failure)
    refusal = _REFUSAL.search(failure.text)
    tokens = failure.text.split(": ", 2)
    if refusal and len(tokens) == 3:
        message = f"execution error at ({tokens[1]}): {refusal[1]}"
        return FailError(message, position=chain[-1], chain=chain)
    message = failure.text if profile.major == 3 else _laid_out(failure)
    return ExecError(message, position=chain[-1], chain=chain)


def _positions(failure: ExecFailure) -> tuple[Position, ...]:
    """The places of the failing nodes, outermost first."""
    found: list[Position] = []
    current: BaseException | None = failure
    while current is not None:
        if isinstance(current, ExecFailure):
            found.append(current.position)
            current = current.inner
        else:
            current = current.__cause__
    return tuple(found)


def _laid_out(failure: ExecFailure) -> str:
    """Helm 4's layout: place, node and message of every link of the chain.

    If any link is no error of text/template, Helm gives the raw text.
    """
    links: list[tuple[str, str, str]] = []
    current: BaseException | None = failure
    while current is not None:
        link = _link(str(current))
        if link is None:
            return failure.text
        if not links or links[-1] != link:
            links.append(link)
        current = current.inner if isinstance(current, ExecFailure) else current.__cause__
    return "".join(map(_link_text, links)).strip(" \t\r\n\v\f")


def _link(text: str) -> tuple[str, str, str] | None:
    """One error of a chain as place, node and message; `None` where it is no error of text/template."""
    if not text.startswith("template: "):
        return None
    rest = text.removeprefix("template: ")
    if rest.startswith("no template "):
        return "", "", text
    match = _EXECUTING.match(text)
    if match:
        name, function, node, message = match.groups()
        return name, f'executing "{function}" at <{node}>:', _cut(message)
    if ": executing " in rest or ": " not in rest:
        return None
    name, _, message = rest.rpartition(": ")
    return name, "", _cut(message)


def _cut(message: str) -> str:
    """A message without the error of the next link, which is printed on its own."""
    return message.partition(" template:")[0]


def _link_text(link: tuple[str, str, str]) -> str:
    place, node, message = link
    text = f"{place}\n  " if place else ""
    text += f"{node}\n    " if node else ""
    return text + (f"{message}\n" if message else "")
