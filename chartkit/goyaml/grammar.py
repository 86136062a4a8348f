"""The exact grammar: tokens to the same events that libyaml gives, with go-yaml's error messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NoReturn

from chartkit.goyaml import tokens
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.libyaml import load_yaml
from chartkit.goyaml.resolve import TAG_PREFIX
from chartkit.goyaml.scan import Scanner
from chartkit.goyaml.tokens import Mark, Token

_NO_CONTENT: Final = frozenset(
    {tokens.VERSION, tokens.TAG_DIRECTIVE, tokens.DOCUMENT_START, tokens.DOCUMENT_END, tokens.STREAM_END}
)
_AFTER_ENTRY: Final = frozenset({tokens.BLOCK_ENTRY, tokens.BLOCK_END})
_AFTER_INDENTLESS_ENTRY: Final = frozenset({tokens.BLOCK_ENTRY, tokens.KEY, tokens.VALUE, tokens.BLOCK_END})
_AFTER_KEY: Final = frozenset({tokens.KEY, tokens.VALUE, tokens.BLOCK_END})
_AFTER_PAIR_KEY: Final = frozenset({tokens.VALUE, tokens.FLOW_ENTRY, tokens.FLOW_SEQUENCE_END})
_AFTER_FLOW_KEY: Final = frozenset({tokens.VALUE, tokens.FLOW_ENTRY, tokens.FLOW_MAPPING_END})
_DEFAULT_HANDLES: Final = {"!": "!", "!!": TAG_PREFIX}

State = Callable[[], Any]

# Their marks are typed as pyyaml's own.
events: Any = load_yaml().events


class Grammar:
    """Hands out one event after the other; what to expect next is a method on a stack."""

    def __init__(self, text: str, marked: bool = False) -> None:
        self._scanner = Scanner(text, marked)
        self._state: State = self._stream_start
        self._states: list[State] = []
        self._marks: list[Mark] = []
        self._handles: dict[str, str] = {}

    def next_event(self) -> Any:
        """The next event; behind the end of the stream there is none to ask for."""
        return self._state()

    def _peek(self) -> Token:
        """The next token."""
        return self._scanner.peek()

    def _take(self) -> Token:
        """Drop the next token, and give the one behind it."""
        self._scanner.take()
        return self._scanner.peek()

    def _fail(self, problem: str, mark: Mark, context_line: int = 0) -> NoReturn:
        """Raise a grammar error; Go counts its line from 0 and leaves line 0 out."""
        line = mark.line or context_line
        where = f"line {line}: " if line else ""
        raise YAMLError(f"yaml: {where}{problem}", mark.index)

    def _stream_start(self) -> Any:
        """Before anything else."""
        token = self._peek()
        self._state = self._first_document
        self._scanner.take()
        return events.StreamStartEvent(token.start, token.end)

    def _first_document(self) -> Any:
        """At the first document, which needs no `---`."""
        token = self._peek()
        if token.kind in (tokens.VERSION, tokens.TAG_DIRECTIVE, tokens.DOCUMENT_START, tokens.STREAM_END):
            return self._explicit_document(token)
        self._directives()
        self._states.append(self._document_end)
        self._state = self._block_node
        return events.DocumentStartEvent(token.start, token.end, explicit=False)

    def _next_document(self) -> Any:
        """Behind a document."""
        token = self._peek()
        while token.kind == tokens.DOCUMENT_END:
            token = self._take()
        return self._explicit_document(token)

    def _explicit_document(self, token: Token) -> Any:
        """At the directives or the `---` of a document, or at the end."""
        if token.kind == tokens.STREAM_END:
            return events.StreamEndEvent(token.start, token.end)
        start = token.start
        self._directives()
        token = self._peek()
        if token.kind != tokens.DOCUMENT_START:
            self._fail("did not find expected <document start>", token.start)
        self._states.append(self._document_end)
        self._state = self._document_content
        self._scanner.take()
        return events.DocumentStartEvent(start, token.end, explicit=True)

    def _directives(self) -> None:
        """Read the %YAML and %TAG lines before a document."""
        token = self._peek()
        versioned = False
        while token.kind in (tokens.VERSION, tokens.TAG_DIRECTIVE):
            if token.kind == tokens.VERSION:
                if versioned:
                    self._fail("found duplicate %YAML directive", token.start)
                if token.value != ("1", "1"):
                    self._fail("found incompatible YAML document", token.start)
                versioned = True
            else:
                handle, prefix = token.value
                if handle in self._handles:
                    self._fail("found duplicate %TAG directive", token.start)
                self._handles[handle] = prefix
            token = self._take()
        self._handles = _DEFAULT_HANDLES | self._handles

    def _document_content(self) -> Any:
        """Behind `---`, where a node may be missing."""
        token = self._peek()
        if token.kind in _NO_CONTENT:
            self._state = self._states.pop()
            return self._empty(token.start)
        return self._node(block=True)

    def _document_end(self) -> Any:
        """Behind the root node."""
        token = self._peek()
        start = end = token.start
        explicit = token.kind == tokens.DOCUMENT_END
        if explicit:
            end = token.end
            self._scanner.take()
        self._handles = {}
        self._state = self._next_document
        return events.DocumentEndEvent(start, end, explicit=explicit)

    def _block_node(self) -> Any:
        """At the root node of a document without `---`."""
        return self._node(block=True)

    def _node(self, *, block: bool, indentless: bool = False) -> Any:
        """Read one node: its anchor and tag, then an alias, a scalar or the start of a collection."""
        token = self._peek()
        if token.kind == tokens.ALIAS:
            self._state = self._states.pop()
            self._scanner.take()
            return events.AliasEvent(token.value, token.start, token.end)
        start = end = token.start
        anchor: str | None = None
        tag_token: Token | None = None
        while token.kind in (tokens.ANCHOR, tokens.TAG):
            if token.kind == tokens.ANCHOR and anchor is None:
                anchor = token.value
            elif token.kind == tokens.TAG and tag_token is None:
                tag_token = token
            else:
                break
            end = token.end
            token = self._take()
        tag = self._tag(tag_token, start) if tag_token is not None else None
        content = self._content(token, (anchor, tag, start), block=block, indentless=indentless)
        if content is not None:
            return content
        if anchor is None and tag is None:
            self._fail("did not find expected node content", token.start, start.line)
        self._state = self._states.pop()
        return events.ScalarEvent(anchor, tag, (tag is None, False), "", start, end, style="")

    def _tag(self, token: Token, start: Mark) -> str:
        """A tag token with its handle spelt out."""
        handle, suffix = token.value
        if not handle:
            return str(suffix)
        prefix = self._handles.get(handle)
        if prefix is None:
            self._fail("found undefined tag handle", token.start, start.line)
        return prefix + str(suffix)

    def _content(self, token: Token, head: tuple[Any, Any, Mark], *, block: bool, indentless: bool) -> Any:
        """The event that a content token opens, or `None` when the token is none."""
        anchor, tag, start = head
        kind = token.kind
        if indentless and kind == tokens.BLOCK_ENTRY:
            self._state = self._indentless_entry
            return events.SequenceStartEvent(anchor, tag, tag is None, start, token.end, flow_style=False)
        if kind == tokens.SCALAR:
            plain = (tag is None and not token.style) or tag == "!"
            self._state = self._states.pop()
            self._scanner.take()
            implicit = (plain, tag is None and not plain)
            return events.ScalarEvent(anchor, tag, implicit, token.value, start, token.end, style=token.style)
        first = self._firsts(block=block).get(kind)
        if first is None:
            return None
        self._state = first
        flow = kind in (tokens.FLOW_SEQUENCE, tokens.FLOW_MAPPING)
        sequence = kind in (tokens.FLOW_SEQUENCE, tokens.BLOCK_SEQUENCE)
        event = events.SequenceStartEvent if sequence else events.MappingStartEvent
        return event(anchor, tag, tag is None, start, token.end, flow_style=flow)

    def _firsts(self, *, block: bool) -> dict[str, State]:
        """The state behind each token that opens a collection."""
        flow = {tokens.FLOW_SEQUENCE: self._first_flow_entry, tokens.FLOW_MAPPING: self._first_flow_key}
        if not block:
            return flow
        return {**flow, tokens.BLOCK_SEQUENCE: self._first_entry, tokens.BLOCK_MAPPING: self._first_key}

    def _enter(self) -> None:
        """Step over the token that opens a collection."""
        self._marks.append(self._peek().start)
        self._scanner.take()

    def _leave(self, event: type[Any], token: Token) -> Any:
        """Close a collection at its last token."""
        self._state = self._states.pop()
        self._marks.pop()
        self._scanner.take()
        return event(token.start, token.end)

    def _child(self, then: State, *, block: bool, indentless: bool = False) -> Any:
        """Read a node, and go on with `then` behind it."""
        self._states.append(then)
        return self._node(block=block, indentless=indentless)

    def _missing(self, then: State, mark: Mark) -> Any:
        """The empty scalar in place of a node that is not there."""
        self._state = then
        return self._empty(mark)

    @staticmethod
    def _empty(mark: Mark) -> Any:
        """An empty plain scalar."""
        return events.ScalarEvent(None, None, (True, False), "", mark, mark, style="")

    def _first_entry(self) -> Any:
        """At the start of a block sequence."""
        self._enter()
        return self._entry()

    def _entry(self) -> Any:
        """At `-` in a block sequence, or at its end."""
        token = self._peek()
        if token.kind == tokens.BLOCK_ENTRY:
            mark = token.end
            if self._take().kind in _AFTER_ENTRY:
                return self._missing(self._entry, mark)
            return self._child(self._entry, block=True)
        if token.kind == tokens.BLOCK_END:
            return self._leave(events.SequenceEndEvent, token)
        self._fail("did not find expected '-' indicator", token.start, self._marks[-1].line)

    def _indentless_entry(self) -> Any:
        """At `-` in a block sequence that is no deeper than its key, or behind it."""
        token = self._peek()
        if token.kind == tokens.BLOCK_ENTRY:
            mark = token.end
            if self._take().kind in _AFTER_INDENTLESS_ENTRY:
                return self._missing(self._indentless_entry, mark)
            return self._child(self._indentless_entry, block=True)
        self._state = self._states.pop()
        return events.SequenceEndEvent(token.start, token.start)

    def _first_key(self) -> Any:
        """At the start of a block mapping."""
        self._enter()
        return self._key()

    def _key(self) -> Any:
        """At a key of a block mapping, or at its end."""
        token = self._peek()
        if token.kind == tokens.KEY:
            mark = token.end
            if self._take().kind in _AFTER_KEY:
                return self._missing(self._value, mark)
            return self._child(self._value, block=True, indentless=True)
        if token.kind == tokens.BLOCK_END:
            return self._leave(events.MappingEndEvent, token)
        self._fail("did not find expected key", token.start, self._marks[-1].line)

    def _value(self) -> Any:
        """At `:` in a block mapping, or where it is missing."""
        token = self._peek()
        if token.kind != tokens.VALUE:
            return self._missing(self._key, token.start)
        mark = token.end
        if self._take().kind in _AFTER_KEY:
            return self._missing(self._key, mark)
        return self._child(self._key, block=True, indentless=True)

    def _first_flow_entry(self) -> Any:
        """Behind `[`."""
        self._enter()
        return self._flow_entry(first=True)

    def _flow_entry(self, *, first: bool = False) -> Any:
        """At an item of a flow sequence, or at its `]`."""
        token = self._peek()
        if token.kind != tokens.FLOW_SEQUENCE_END and not first:
            if token.kind != tokens.FLOW_ENTRY:
                self._fail("did not find expected ',' or ']'", token.start, self._marks[-1].line)
            token = self._take()
        if token.kind == tokens.KEY:
            self._state = self._pair_key
            self._scanner.take()
            return events.MappingStartEvent(None, None, True, token.start, token.end, flow_style=True)
        if token.kind != tokens.FLOW_SEQUENCE_END:
            return self._child(self._flow_entry, block=False)
        return self._leave(events.SequenceEndEvent, token)

    def _pair_key(self) -> Any:
        """At the key of a single pair inside a flow sequence."""
        token = self._peek()
        if token.kind not in _AFTER_PAIR_KEY:
            return self._child(self._pair_value, block=False)
        # go-yaml drops the token here, whatever it is.
        self._scanner.take()
        return self._missing(self._pair_value, token.end)

    def _pair_value(self) -> Any:
        """At the value of such a pair."""
        token = self._peek()
        if token.kind == tokens.VALUE:
            after = self._take()
            if after.kind not in (tokens.FLOW_ENTRY, tokens.FLOW_SEQUENCE_END):
                return self._child(self._pair_end, block=False)
        return self._missing(self._pair_end, token.start)

    def _pair_end(self) -> Any:
        """Behind such a pair."""
        token = self._peek()
        self._state = self._flow_entry
        return events.MappingEndEvent(token.start, token.start)

    def _first_flow_key(self) -> Any:
        """Behind `{`."""
        self._enter()
        return self._flow_key(first=True)

    def _flow_key(self, *, first: bool = False) -> Any:
        """At a key of a flow mapping, or at its `}`."""
        token = self._peek()
        if token.kind != tokens.FLOW_MAPPING_END and not first:
            if token.kind != tokens.FLOW_ENTRY:
                self._fail("did not find expected ',' or '}'", token.start, self._marks[-1].line)
            token = self._take()
        if token.kind == tokens.KEY:
            token = self._take()
            if token.kind in _AFTER_FLOW_KEY:
                return self._missing(self._flow_value, token.start)
            return self._child(self._flow_value, block=False)
        if token.kind != tokens.FLOW_MAPPING_END:
            return self._child(self._flow_no_value, block=False)
        return self._leave(events.MappingEndEvent, token)

    def _flow_no_value(self) -> Any:
        """Behind a key without `:` in a flow mapping."""
        return self._missing(self._flow_key, self._peek().start)

    def _flow_value(self) -> Any:
        """At `:` in a flow mapping, or where it is missing."""
        token = self._peek()
        if token.kind == tokens.VALUE:
            token = self._take()
            if token.kind not in (tokens.FLOW_ENTRY, tokens.FLOW_MAPPING_END):
                return self._child(self._flow_key, block=False)
        return self._missing(self._flow_key, token.start)
