"""Where parse events come from: libyaml through pyyaml, or the exact parser of this package.

libyaml 0.2.5 is fast, and agrees with go-yaml v2 on all but a few rare forms. A text that may hold one of them is
watched, and `Unsure` sends the caller to `exact_events`; so does any error, since only the exact parser words it as Go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chartkit.goyaml.libyaml import load_yaml
from chartkit.goyaml.reader import BYTE_ORDER_MARK

NextEvent = Callable[[], Any]


class Unsure(Exception):
    """The quick way cannot vouch for its result: take the exact one."""


def quick_events(text: str, *, flow_checked: bool = False) -> NextEvent:
    """A function that gives the next event of a text, by libyaml.

    `flow_checked` says that the caller looks for tags, and for `?` in flow collections, itself.

    Raises:
        Unsure: at once or from the function, where libyaml fails or may read the text differently from Go.
    """
    yaml = load_yaml()
    if not yaml.__with_libyaml__ or "%YAML" in text or BYTE_ORDER_MARK in text:
        raise Unsure
    from yaml._yaml import CParser

    try:
        parser = CParser(text)
    except ValueError as error:
        raise Unsure from error
    if "\\/" in text or (not flow_checked and ("?" in text or "!" in text)):
        return _Watch(parser.get_event, text).next_event
    source: NextEvent = parser.get_event
    return source


def quick_errors() -> tuple[type[Exception], ...]:
    """What reading `quick_events` may raise."""
    return Unsure, load_yaml().YAMLError


def exact_events(text: str, *, marked: bool) -> NextEvent:
    """A function that gives the next event exactly as go-yaml v2 reads it; it raises `YAMLError`.

    `marked` says that a byte order mark stood before the text.
    """
    from chartkit.goyaml.grammar import Grammar

    return Grammar(text, marked).next_event


def check_rest(text: str, document_end: Any) -> None:
    """Refuse a document with something odd behind its end, where Go may have looked ahead into it.

    Raises:
        Unsure: where that may matter.
    """
    rest = text[document_end.end_mark.index :]
    if rest and not rest.startswith("---") and ("?" in rest or "\\/" in rest):
        raise Unsure


class _Watch:
    """Looks at each event for the forms that libyaml and go-yaml read differently."""

    __slots__ = ("_flow", "_source", "_text")

    def __init__(self, source: NextEvent, text: str) -> None:
        self._source = source
        self._text = text
        self._flow: list[bool] = []

    def next_event(self) -> Any:
        """The next event."""
        from yaml.events import CollectionEndEvent, CollectionStartEvent, DocumentEndEvent, ScalarEvent

        event = self._source()
        if isinstance(event, ScalarEvent):
            self._check_scalar(event)
        elif isinstance(event, CollectionStartEvent):
            self._flow.append(bool(event.flow_style))
        elif isinstance(event, CollectionEndEvent):
            self._flow.pop()
        elif isinstance(event, DocumentEndEvent):
            check_rest(self._text, event)
        if getattr(event, "tag", None) is not None and any(self._flow):
            raise Unsure
        return event

    def _check_scalar(self, event: Any) -> None:
        """Refuse a scalar that Go would cut elsewhere, or whose escapes it does not know."""
        if event.style == '"':
            if "\\/" in self._text[event.start_mark.index : event.end_mark.index]:
                raise Unsure
        elif not event.style and "?" in event.value and any(self._flow):
            raise Unsure
