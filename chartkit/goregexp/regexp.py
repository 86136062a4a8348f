"""A compiled pattern with the searching methods of Go's `regexp.Regexp`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Final

from chartkit.goregexp.machine import Captures, Machine
from chartkit.goregexp.nodes import Node, Op, fold_tree, is_nullable
from chartkit.goregexp.risk import backtracking_limit
from chartkit.goregexp.syntax import parse
from chartkit.goregexp.template import expand
from chartkit.goregexp.translate import translate

_META: Final = frozenset("\\.+*?()|[]{}^$")


@lru_cache(maxsize=512)
def compile_regexp(text: str) -> Regexp:
    """The compiled pattern, out of a bounded cache; `InvalidRegexp` for what Go refuses."""
    return Regexp(text)


def quote_meta(text: str) -> str:
    """A pattern that matches just this text."""
    return "".join(f"\\{char}" if char in _META else char for char in text)


class Regexp:
    """A compiled pattern. Places and lengths are in characters."""

    def __init__(self, text: str) -> None:
        pattern = parse(text)
        self.text = text
        self.names = pattern.names
        self._root = pattern.root
        self._limit = 0 if _repeats_nothing(pattern.root) else backtracking_limit(pattern.root)

    @cached_property
    def _python(self) -> re.Pattern[str]:
        return re.compile(translate(self._root), re.ASCII)

    @cached_property
    def _machine(self) -> Machine:
        return Machine(self._root, len(self.names))

    def search(self, text: str, start: int = 0) -> Captures | None:
        """The leftmost match at or after a place."""
        return self._searcher(text)(text, start)

    def _searcher(self, text: str) -> Callable[[str, int], Captures | None]:
        return self._search_python if len(text) <= self._limit else self._machine.search

    def _search_python(self, text: str, start: int) -> Captures | None:
        match = self._python.search(text, start)
        if match is None:
            return None
        return tuple(place for number in range(len(self.names)) for place in match.span(number))

    def matches(self, text: str) -> bool:
        """Whether the text contains a match."""
        if len(text) <= self._limit:
            return self._python.search(text) is not None
        return self._machine.search(text, 0) is not None

    def find(self, text: str) -> str | None:
        """The first match."""
        found = self.search(text)
        return None if found is None else text[found[0] : found[1]]

    def find_all(self, text: str, count: int) -> list[str]:
        """The first `count` matches, all where it is negative."""
        return [text[found[0] : found[1]] for found in self.all_matches(text, count)]

    def all_matches(self, text: str, count: int) -> Iterator[Captures]:
        """Successive matches; an empty one directly behind the match before does not count."""
        search = self._searcher(text)
        at = 0
        previous = -1
        while count != 0 and at <= len(text):
            found = search(text, at)
            if found is None:
                return
            start, end = found[0], found[1]
            accepted = end != at or start != previous
            at = end if end != at else at + 1
            previous = end
            if accepted:
                count -= 1
                yield found

    def replace_all(self, text: str, template: str) -> str:
        """Replace every match, with `$1` and `${name}` in the template filled in."""
        if "$" not in template:
            return self._replace(text, lambda found: template)
        return self._replace(text, lambda found: expand(template, text, found, self.names))

    def replace_all_literal(self, text: str, replacement: str) -> str:
        """Replace every match by the same text."""
        return self._replace(text, lambda found: replacement)

    def _replace(self, text: str, replacement: Callable[[Captures], str]) -> str:
        search = self._searcher(text)
        out: list[str] = []
        last_end = at = 0
        while at <= len(text):
            found = search(text, at)
            if found is None:
                break
            start, end = found[0], found[1]
            out.append(text[last_end:start])
            # An empty match directly behind the match before is passed over.
            if end > last_end or start == 0:
                out.append(replacement(found))
            last_end = end
            at = end if end > at else at + 1
        out.append(text[last_end:])
        return "".join(out)

    def split(self, text: str, count: int) -> list[str]:
        """The texts between matches, at most `count` of them where it is not negative."""
        if count == 0:
            return []
        if self.text and not text:
            return [""]
        out: list[str] = []
        begin = end = 0
        for found in self.all_matches(text, count):
            if count > 0 and len(out) == count - 1:
                break
            end = found[0]
            if found[1] != 0:
                out.append(text[begin:end])
            begin = found[1]
        if end != len(text):
            out.append(text[begin:])
        return out


def _repeats_nothing(root: Node) -> bool:
    """Whether a loop's body can match the empty text: engines differ there, so only the machine will do."""
    return fold_tree(
        root,
        lambda node, parts: any(parts) or (node.op is Op.REPEAT and node.high != 1 and is_nullable(node.subs[0])),
    )
