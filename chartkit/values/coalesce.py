"""Values over defaults: what the user gives is laid over what a chart and its subcharts bring.

The result is a fresh tree every time, because templates may change it. Inside one result Helm shares some maps: the
tables below `global` are the same objects in a parent and in its subcharts. This is kept, as templates can see it.

`coalesce` removes keys that the user set to null; `merge` keeps the nulls, for a later `coalesce` to see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from chartkit.errors import ChartError
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import go_type
from chartkit.profile import NEWEST, Profile
from chartkit.record import dataclass, field

GLOBAL: Final = "global"
Tree = dict[str, Any]


class HasValues(Protocol):
    """A chart, as far as values go."""

    @property
    def name(self) -> str:
        """The key of its values in its parent's."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Its own defaults."""

    @property
    def dependencies(self) -> Sequence[HasValues]:
        """Its subcharts."""


class Observer(Protocol):
    """Someone who wants to know where each value of the result comes from."""

    def copied(self, copy: Any, original: Any) -> None:
        """`copy` is a fresh copy of the map or list `original`, with everything below it."""

    def moved(self, target: Tree, key: str, source: Tree) -> None:
        """`target[key]` is now what `source[key]` was."""


@dataclass(slots=True)
class Coalescer:
    """One way of laying values over defaults.

    Attributes:
        profile: whose rules apply.
        merging: whether nulls are kept.
        observer: who is told about copies and moves.
        warnings: what Helm would say on stderr.
    """

    profile: Profile = NEWEST
    merging: bool = False
    observer: Observer | None = None
    warnings: list[str] = field(default_factory=list)

    def values(self, chart: HasValues, given: Mapping[str, Any] | None) -> Tree:
        """The values of a chart and everything below it, with `given` over them.

        Raises:
            ChartError: what is given for a subchart is no map.
        """
        result = self.copy(given or {})
        self._chart(chart, result, "")
        return result

    def copy(self, tree: Mapping[str, Any]) -> Tree:
        """A deep copy."""
        result = copy_map(tree)
        if self.observer is not None:
            self.observer.copied(result, tree)
        return result

    def tables(self, target: Tree, source: Tree, prefix: str = "", *, merging: bool | None = None) -> Tree:
        """Lay `target` over `source`, in place; `target` is given back."""
        keep_nulls = self.merging if merging is None else merging
        nulls = [key for key, value in target.items() if value is None]
        defaults = frozenset(key for key, value in source.items() if value is not None) if nulls else frozenset()
        if self.profile.major > 3:
            for key in nulls:
                source[key] = None
        rules = _Rules(prefix, keep_nulls, defaults)
        for key in list(source):
            if key in target:
                self._table_entry(target, source, key, rules)
            else:
                self._move(target, key, source)
        return target

    def _table_entry(self, target: Tree, source: Tree, key: str, rules: _Rules) -> None:
        """One key that two tables have."""
        value, over = source[key], target[key]
        if type(value) is not dict and type(over) is not dict and over is not None:
            return
        full = f"{rules.prefix}.{key}" if rules.prefix else key
        if over is None and not rules.keep_nulls and (key in rules.defaults or self.profile.major == 3):
            del target[key]
        elif type(value) is dict:
            if type(over) is dict:
                self.tables(over, value, full, merging=rules.keep_nulls)
            else:
                self.warnings.append(f"cannot overwrite table with non table for {full} ({sprint_value(value)})")
        elif type(over) is dict and value is not None:
            self.warnings.append(f"destination for {full} is a table. Ignoring non-table value ({sprint_value(value)})")

    def _move(self, target: Tree, key: str, source: Tree) -> None:
        target[key] = source[key]
        if self.observer is not None:
            self.observer.moved(target, key, source)

    def _chart(self, chart: HasValues, target: Tree, prefix: str) -> None:
        """Fill `target` with the defaults of a chart, then with those of its subcharts."""
        self._defaults(chart, target, prefix)
        below = f"{prefix}.{chart.name}" if prefix else chart.name
        for child in chart.dependencies:
            inner = target.setdefault(child.name, {})
            if type(inner) is not dict:
                raise ChartError(f"type mismatch on {child.name}: {_as_truth(inner)}")
            self._globals(inner, target, below)
            self._chart(child, inner, below)

    def _defaults(self, chart: HasValues, target: Tree, prefix: str) -> None:
        """Lay what `target` has over the chart's own values."""
        defaults = self.copy(chart.values)
        drops_nulls = self.profile.drops_default_nulls and not self.merging
        children = {child.name for child in chart.dependencies}
        full = f"{prefix}.{chart.name}" if prefix else chart.name
        for key, value in defaults.items():
            if key not in target:
                if drops_nulls:
                    if value is None:
                        continue
                    _drop_nulls(value)
                self._move(target, key, defaults)
                continue
            over = target[key]
            if over is None and not self.merging:
                del target[key]
            elif type(over) is dict:
                self._default_table(over, value, f"{full}.{key}", key in children)

    def _default_table(self, over: Tree, value: Any, full: str, is_child: bool) -> None:
        """Lay a table over the default under the same key."""
        if type(value) is not dict:
            if value is not None:
                self.warnings.append(f"skipped value for {full}: Not a table.")
            return
        # A null that the user sets for a subchart must live on, to delete the subchart's own default later.
        keep_nulls = self.merging or is_child
        if not keep_nulls and self.profile.drops_default_nulls:
            _drop_nulls(value)
        self.tables(over, value, full, merging=keep_nulls)

    def _globals(self, target: Tree, source: Tree, prefix: str) -> None:
        """Hand the global values of a parent down to a subchart; the parent's win."""
        inner = target.get(GLOBAL, {})
        if type(inner) is not dict:
            self.warnings.append(f"skipping globals because destination {GLOBAL} is not a table.")
            return
        outer = source.get(GLOBAL, {})
        if type(outer) is not dict:
            self.warnings.append(f"skipping globals because source {GLOBAL} is not a table.")
            return
        for key in outer:
            self._global(inner, outer, key, prefix)
        target[GLOBAL] = inner

    def _global(self, inner: Tree, outer: Tree, key: str, prefix: str) -> None:
        """Hand down one global value."""
        value = outer[key]
        below = inner.get(key)
        if type(value) is not dict:
            if type(below) is dict:
                self.warnings.append(f"key {key} is table. Skipping")
            else:
                self._move(inner, key, outer)
            return
        if key in inner and type(below) is not dict:
            self.warnings.append(f'Conflict: cannot merge map onto non-map for "{key}". Skipping.')
            return
        # Only the outermost map is copied: the maps in it stay shared with the parent, and are filled up there too.
        table = dict(value)
        if self.observer is not None:
            for name in table:
                self.observer.moved(table, name, value)
        if type(below) is dict:
            self.tables(table, below, f"{prefix}.{key}" if prefix else key, merging=True)
        inner[key] = table
        if self.observer is not None:
            self.observer.moved(inner, key, outer)


@dataclass(frozen=True, slots=True)
class _Rules:
    """How two tables are merged; `defaults` are the keys of the lower one that are not null, if nulls lie over it."""

    prefix: str
    keep_nulls: bool
    defaults: frozenset[str]


def copy_map(tree: Mapping[str, Any]) -> Tree:
    """A copy of a map with every map and list below it."""
    copy = dict(tree)
    for key, value in copy.items():
        kind = type(value)
        if kind is dict:
            copy[key] = copy_map(value)
        elif kind is list:
            copy[key] = copy_list(value)
    return copy


def copy_list(items: list[Any]) -> list[Any]:
    """A copy of a list with every map and list below it."""
    copy = items[:]
    for index, value in enumerate(copy):
        kind = type(value)
        if kind is dict:
            copy[index] = copy_map(value)
        elif kind is list:
            copy[index] = copy_list(value)
    return copy


def _drop_nulls(value: Any) -> None:
    """Remove null entries from a map and the maps below it; lists keep theirs."""
    if type(value) is not dict:
        return
    if None in value.values():
        for key in [key for key, entry in value.items() if entry is None]:
            del value[key]
    for entry in value.values():
        if type(entry) is dict and entry:
            _drop_nulls(entry)


def _as_truth(value: Any, *, inside: bool = False) -> str:
    """A value as Go's verb %t prints it, which only truth values are made for."""
    if type(value) is bool:
        return "true" if value else "false"
    if value is None:
        return "<nil>" if inside else "%!t(<nil>)"
    if type(value) is list:
        return "[" + " ".join(_as_truth(item, inside=True) for item in value) + "]"
    if type(value) is dict:
        pairs = (f"{_as_truth(key)}:{_as_truth(value[key], inside=True)}" for key in sorted(value))
        return f"map[{' '.join(pairs)}]"
    return f"%!t({go_type(value)}={sprint_value(value)})"
