"""The layout of a document in block style: what go-yaml v2 and v3 have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Final

from chartkit.gotypes import NilMap, NilSlice
from chartkit.limits import hold_size

_KEY_BYTES: Final = 128
_BREAKS: Final = ("\n", "\u2028", "\u2029")
_KEY_BREAKS: Final = "\n\r\x85\u2028\u2029"
_BARE: Final = frozenset({type(None), bool, float})
_MEMO_SIZE: Final = 32_768
_MEMO_TEXT: Final = 200


class BlockWriter(ABC):
    """Writes values as block YAML; a subclass says how scalars look and how keys are ordered.

    `pad` is the indentation of a collection, `lead` what stands before its first entry: nothing where the entry
    continues a line.
    """

    __slots__ = ("_out",)
    list_pad: ClassVar[str] = ""
    """What a list under a key is indented by."""
    width: ClassVar[int] = 80
    """The column behind which a text with spaces is not taken from the memo: it may be folded."""
    texts: ClassVar[dict[str, str]]
    """The texts of strings that fit one line, by string."""
    keys: ClassVar[dict[str, str]]
    """The texts of keys that fit one line, by key."""

    def __init__(self) -> None:
        self._out: list[str] = []

    def document(self, value: Any) -> str:
        """The whole text, ending in a line break."""
        if isinstance(value, (dict, list)):
            hold_size(value)
        self._item(value, "", "", "", 0)
        return "".join(self._out)

    @abstractmethod
    def scalar(self, value: Any, column: int, pad: str) -> str:
        """The text of a scalar that starts at a column; further lines begin with `pad`."""

    @abstractmethod
    def number(self, value: Any) -> str:
        """The text of null, a bool or a float."""

    @abstractmethod
    def key(self, name: str) -> str:
        """The text of a key on one line."""

    @abstractmethod
    def complex_key(self, name: str, pad: str) -> str:
        """The text of a key that is long or has several lines, behind `? `."""

    @abstractmethod
    def order(self, mapping: dict[str, Any]) -> Iterable[str]:
        """The keys in the order in which they are written."""

    @abstractmethod
    def converted(self, value: Any) -> Any:
        """What stands for a value of a type of its own: a dict, a list or a scalar."""

    def _item(self, value: Any, head: str, pad: str, inner: str, column: int) -> None:
        """Write `head` and behind it a value; collections start on the same line, indented by `inner`."""
        kind = type(value)
        if kind in _BARE:
            self._out.append(f"{head}{self.number(value)}\n")
            return
        if kind is not str and kind is not dict and kind is not list:
            value = self.converted(value)
        if value and isinstance(value, dict):
            self._out.append(head)
            self._map(value, inner, "")
        elif value and isinstance(value, list):
            self._out.append(head)
            self._list(value, inner, "")
        else:
            self._scalar_line(head, value, column, pad + "  ")

    def _map(self, mapping: dict[str, Any], pad: str, lead: str) -> None:
        """Write the entries of a map, each on a line that starts with `pad`; the first with `lead`."""
        append, texts, keys = self._out.append, self.texts, self.keys
        room = self.width - len(pad) - 2
        for name in self.order(mapping):
            value = mapping[name]
            text = keys.get(name) or self._new_key(name)
            if not text:
                self._complex_entry(name, value, pad, lead)
            elif type(value) is str:
                shown = texts.get(value)
                if shown is None or (len(shown) + len(text) > room and " " in shown):
                    self._scalar_line(f"{lead}{text}: ", value, len(pad) + len(text) + 2, pad + "  ")
                else:
                    append(f"{lead}{text}: {shown}\n")
            else:
                self._entry(f"{lead}{text}:", value, pad, len(pad) + len(text) + 2)
            lead = pad

    def _entry(self, head: str, value: Any, pad: str, column: int) -> None:
        """Write `head` and behind it a value that is not a string; collections start on a line of their own."""
        kind = type(value)
        if kind in _BARE:
            self._out.append(f"{head} {self.number(value)}\n")
            return
        if kind is not dict and kind is not list:
            value = self.converted(value)
        if value and isinstance(value, dict):
            self._out.append(head + "\n")
            self._map(value, pad + "  ", pad + "  ")
        elif value and isinstance(value, list):
            self._out.append(head + "\n")
            self._list(value, pad + self.list_pad, pad + self.list_pad)
        else:
            self._scalar_line(head + " ", value, column, pad + "  ")

    def _list(self, items: list[Any], pad: str, lead: str) -> None:
        """Write the items of a list, each behind a dash."""
        inner = pad + "  "
        column = len(inner)
        texts, room = self.texts, self.width - column
        for item in items:
            shown = texts.get(item) if type(item) is str else None
            if shown is None or (len(shown) > room and " " in shown):
                self._item(item, lead + "- ", pad, inner, column)
            else:
                self._out.append(f"{lead}- {shown}\n")
            lead = pad

    def _scalar_line(self, head: str, value: Any, column: int, pad: str) -> None:
        """Write `head` and behind it a scalar or an empty collection."""
        if isinstance(value, dict):
            text = "{}"
        elif isinstance(value, list):
            text = "[]"
        else:
            text = self.scalar(value, column, pad)
        # A literal block brings its own line break, unless its last line has none.
        self._out.append(head + text if text[0] in "|!" and text[-1] in _BREAKS else f"{head}{text}\n")

    def _new_key(self, name: str) -> str:
        """The text of a key seen for the first time; empty for one that does not fit a line."""
        if _is_complex(name):
            return ""
        text = self.key(name)
        remember(self.keys, name, text)
        return text

    def _complex_entry(self, name: str, value: Any, pad: str, lead: str) -> None:
        """An entry whose key is long or has several lines: `? key` and, on a line of its own, `: value`."""
        inner = pad + "  "
        text = self.complex_key(name, inner)
        self._out.append(f"{lead}? {text}" if text[0] in "|!" and text[-1] in _BREAKS else f"{lead}? {text}\n")
        self._item(value, pad + ": ", pad, inner, len(inner))


def remember(memo: dict[str, str], text: str, shown: str) -> None:
    """Keep what a text is written as, in a memo of bounded size."""
    if len(text) <= _MEMO_TEXT:
        if len(memo) >= _MEMO_SIZE:
            memo.clear()
        memo[text] = shown


def _is_complex(name: str) -> bool:
    """Whether a key is too long for one line, or has several."""
    if len(name) > _KEY_BYTES // 4 and len(name.encode("utf-8", "surrogatepass")) > _KEY_BYTES:
        return True
    return not name.isprintable() and any(character in name for character in _KEY_BREAKS)


def unwrapped(value: Any, bytes_text: Callable[[bytes], Any]) -> Any:
    """A value of one of Go's own types as a plain dict, list or scalar."""
    if isinstance(value, (NilMap, NilSlice)):
        return None
    if isinstance(value, (dict, list)):
        return value
    if isinstance(value, bytes):
        return bytes_text(value)
    return value
