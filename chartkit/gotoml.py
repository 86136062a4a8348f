"""TOML as Helm reads and writes it: what the library BurntSushi/toml does."""

from __future__ import annotations

from typing import Any, Final, Literal

from chartkit.gotypes import GoObject, NilMap, NilSlice, NilStringMap, go_kind
from chartkit.tomlreader import Tables, load_toml
from chartkit.tomlscanner import TomlError
from chartkit.tomltime import TomlTime

__all__ = ["Tables", "TomlError", "TomlTime", "dump_toml", "load_toml"]

Key = tuple[str, ...]
Shape = Literal["nil", "table", "tables", "plain"]

_NIL_ELEMENT: Final = "toml: cannot encode array with nil element"
_NO_TABLE: Final = "toml: top-level values must be Go maps or structs"
_NUMBERS: Final = frozenset({"int", "int64", "uint8", "uint32", "uint64"})
_LOCAL_LAYOUTS: Final = {
    "datetime-local": "2006-01-02T15:04:05.999999999",
    "date-local": "2006-01-02",
    "time-local": "15:04:05.999999999",
}
_ESCAPES: Final = str.maketrans(
    {
        **{chr(code): f"\\u{code:04x}" for code in (*range(0x20), 0x7F)},
        **{"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"},
    }
)
_NILS: Final = (type(None), NilSlice, NilMap, NilStringMap)
_BARE: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def dump_toml(value: Any, *, plain_floats: bool) -> str:
    """Write a value as TOML; a list or scalar at the top stands alone, without a key.

    Args:
        value: the value, of the Go value model; not nil.
        plain_floats: whether floats are written without exponents.

    Raises:
        TomlError: the value cannot be written, in the library's words.
    """
    writer = _Writer(plain_floats=plain_floats)
    writer.write((), value)
    return "".join(writer.parts)


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def _key_part(part: str) -> str:
    return part if part and _BARE.issuperset(part) else _quoted(part)


def _is_text(value: Any) -> bool:
    """Whether a value writes itself as text, as versions and durations do."""
    return isinstance(value, GoObject) and value.go_type in ("*semver.Version", "time.Duration")


def _is_time(value: Any) -> bool:
    return isinstance(value, GoObject) and value.go_type == "time.Time"


def _shape(value: Any) -> Shape:
    """How a value stands in a table: skipped, as a table or tables of its own, or after a `=`."""
    if isinstance(value, _NILS):
        return "nil"
    if _is_text(value) or _is_time(value):
        return "plain"
    kind = go_kind(value)
    if kind in ("map", "struct", "ptr"):
        return "table"
    if kind == "slice":
        return _list_shape(value)
    if kind.startswith("complex"):
        raise TomlError(f"unsupported type: {kind}")
    return "plain"


def _list_shape(values: Any) -> Shape:
    shapes = [_shape(item) for item in values]
    if "nil" in shapes:
        raise TomlError(_NIL_ELEMENT)
    return "tables" if shapes and all(shape == "table" for shape in shapes) else "plain"


class _Writer:
    """Collects the text of one document."""

    def __init__(self, *, plain_floats: bool) -> None:
        self.parts: list[str] = []
        self._plain_floats = plain_floats

    def write(self, key: Key, value: Any) -> None:
        """Write a value that is not nil under its full key."""
        kind = go_kind(value)
        if kind.startswith("complex"):
            raise TomlError(f"unsupported type for key '{self._dotted(key)}': {kind}")
        shape = _shape(value)
        if shape == "table":
            self._table(key, value)
        elif shape == "tables":
            self._tables(key, value)
        else:
            self._pair(key, value)

    def _dotted(self, key: Key) -> str:
        return ".".join(map(_key_part, key))

    def _break(self) -> None:
        if self.parts:
            self.parts.append("\n")

    def _pair(self, key: Key, value: Any) -> None:
        if key:
            self.parts.append(f"{'  ' * (len(key) - 1)}{_key_part(key[-1])} = {self._element(value)}\n")
        else:
            self.parts.append(self._element(value))

    def _table(self, key: Key, value: Any) -> None:
        if len(key) == 1:
            self._break()
        if key:
            self.parts.append(f"{'  ' * (len(key) - 1)}[{self._dotted(key)}]\n")
        self._members(key, value)

    def _tables(self, key: Key, values: Any) -> None:
        if not key:
            raise TomlError(_NO_TABLE)
        for value in values:
            self._break()
            self.parts.append(f"{'  ' * (len(key) - 1)}[[{self._dotted(key)}]]\n")
            self._members(key, value)

    def _members(self, key: Key, value: Any) -> None:
        plain, tables = _sorted_members(value)
        for name, member in (*plain, *tables):
            if _shape(member) != "nil":
                self.write((*key, name), member)

    def _element(self, value: Any) -> str:
        """A value as it stands after a `=` or inside a list."""
        kind = go_kind(value)
        if _is_time(value):
            return _time_text(value)
        if kind == "bool":
            return "true" if value else "false"
        if kind in _NUMBERS and not _is_text(value):
            return str(int(value))
        if kind == "float64":
            return self._float(value)
        if kind == "slice":
            return f"[{', '.join(map(self._element, value))}]"
        if not _is_text(value) and kind in ("map", "struct", "ptr"):
            return self._inline(value)
        return _quoted(value if isinstance(value, str) else str(value.go_string()))

    def _inline(self, value: Any) -> str:
        """A table on one line; a nil member at the end leaves its comma behind, as in the library."""
        plain, tables = _sorted_members(value)
        text = ""
        for group, always in ((plain, bool(tables)), (tables, False)):
            for index, (name, member) in enumerate(group):
                if _shape(member) == "nil":
                    continue
                text += f"{_key_part(name)} = {self._element(member)}"
                if always or index != len(group) - 1:
                    text += ", "
        return f"{{{text}}}"

    def _float(self, number: float) -> str:
        text = repr(number)
        if text in ("nan", "inf", "-inf"):
            return text
        mantissa = text.lstrip("-").partition("e")[0]
        digits = mantissa.replace(".", "").strip("0") or "0"
        if number == 0 or 1e-4 <= abs(number) < 1e6:
            return text
        if self._plain_floats:
            return _without_exponent(text)
        return f"{number:.{len(digits) - 1}e}"


def _without_exponent(text: str) -> str:
    from decimal import Decimal

    plain = f"{Decimal(text):f}"
    return plain if "." in plain else f"{plain}.0"


def _sorted_members(value: Any) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
    """The members that go before and after the first table header: those with `=`, then the tables."""
    if isinstance(value, GoObject):
        members = [(name, value.go_field(name)) for name in value.go_fields]
    else:
        members = sorted(value.items(), key=lambda member: member[0])
    plain: list[tuple[str, Any]] = []
    tables: list[tuple[str, Any]] = []
    for member in members:
        (tables if _shape(member[1]) in ("table", "tables") else plain).append(member)
    return plain, tables


def _time_text(value: Any) -> str:
    return str(value.format(_LOCAL_LAYOUTS.get(value.zone.name, "2006-01-02T15:04:05.999999999Z07:00")))
