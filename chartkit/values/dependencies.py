"""Which subcharts take part, under which names, and what their parents import from them.

Tags and conditions in the values switch subcharts on and off, an alias gives a copy of a subchart another name, and
`import-values` lifts defaults of a subchart into its parent. The chart that was loaded stays as it is; the outcome is a
new tree of charts.

Helm works on a graph of objects that it partly shares between the copies of one chart, and the results show it: a
chart below an alias can keep the path of the original, for one. The `_Node` here is shared in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from chartkit.chart.chart import Chart
from chartkit.chart.records import Dependency
from chartkit.errors import ChartError
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import StringMap
from chartkit.profile import NEWEST, Profile
from chartkit.record import dataclass, field, replace
from chartkit.values.coalesce import GLOBAL, Coalescer, Observer, Tree

_KEPT_OUTCOMES: Final = 64
Outcomes: TypeAlias = "dict[tuple[Any, ...], tuple[Chart, tuple[str, ...]]]"
"""The outcome for each choice of subcharts, with what Helm would say about it on stderr."""


@dataclass(slots=True)
class _Wanted:
    """An entry under `dependencies:` while it is worked on: an alias takes the place of the name."""

    entry: Dependency
    name: str
    enabled: bool = False
    imports: tuple[Any, ...] = ()


@dataclass(slots=True)
class _Header:
    """The part of Chart.yaml that changes; copies of a chart may share it."""

    name: str
    wanted: list[_Wanted] | None


@dataclass(slots=True, eq=False)
class _Node:
    """A chart while it is worked on."""

    chart: Chart
    header: _Header
    values: Mapping[str, Any]
    dependencies: list[_Node] = field(default_factory=list)
    parent: _Node | None = None

    @property
    def name(self) -> str:
        """The chart's name, or its alias."""
        return self.header.name

    @property
    def full_path(self) -> str:
        """The path that Helm gives to templates."""
        return f"{self.parent.full_path}/charts/{self.name}" if self.parent else self.name

    def adopt(self, children: list[_Node]) -> None:
        """Make these the subcharts."""
        self.dependencies = children
        for child in children:
            child.parent = self


def process_dependencies(
    chart: Chart,
    given: Mapping[str, Any],
    *,
    profile: Profile = NEWEST,
    observer: Observer | None = None,
    warnings: list[str] | None = None,
    known: Outcomes | None = None,
) -> Chart:
    """The chart with only those subcharts that the values switch on, aliases resolved and values imported.

    What is imported hangs on nothing but the choice of subcharts: with `known` it is done once for each choice.

    Raises:
        ChartError: what is given for a subchart is no map.
    """
    processing = _Processing(profile, observer, [] if warnings is None else warnings)
    root = _node(chart)
    prefix = "chart dependencies processing failed: " if profile.major > 3 else ""
    try:
        processing.enable(root, given, "")
        if known is None or observer is not None:
            processing.import_all(root)
            return _frozen(root)
        choice = _choice(root)
        if choice not in known:
            if len(known) >= _KEPT_OUTCOMES:
                known.clear()
            before = len(processing.warnings)
            processing.import_all(root)
            known[choice] = _frozen(root), tuple(processing.warnings[before:])
            return known[choice][0]
    except ChartError as error:
        raise ChartError(f"{prefix}{error}") from error
    outcome, told = known[choice]
    processing.warnings.extend(told)
    return outcome


def _choice(node: _Node) -> tuple[Any, ...]:
    """What was chosen below a chart; the charts themselves live as long as the one that was loaded."""
    wanted = node.header.wanted
    entries = None if wanted is None else tuple((entry.name, entry.enabled) for entry in wanted)
    return node.name, id(node.chart), entries, tuple(map(_choice, node.dependencies))


def _node(chart: Chart) -> _Node:
    """The working copy of a loaded chart."""
    metadata = chart.metadata
    wanted = [_Wanted(entry, entry.name, entry.enabled, entry.import_values) for entry in metadata.dependencies]
    node = _Node(chart, _Header(metadata.name, wanted if metadata.declares else None), chart.values)
    node.adopt([_node(dependency) for dependency in chart.dependencies])
    return node


def _frozen(node: _Node) -> Chart:
    """The chart that a node stands for."""
    dependencies = tuple(
        replace(wanted.entry, name=wanted.name, enabled=wanted.enabled, import_values=wanted.imports)
        for wanted in node.header.wanted or ()
    )
    metadata = replace(
        node.chart.metadata,
        name=node.name,
        dependencies=dependencies,
        declares=node.header.wanted is not None,
    )
    return replace(
        node.chart,
        metadata=metadata,
        values=node.values,
        dependencies=tuple(map(_frozen, node.dependencies)),
        full_path=node.full_path,
    )


@dataclass(slots=True)
class _Narrow:
    """A chart with those of its values that decide about subcharts."""

    name: str
    values: Mapping[str, Any]
    dependencies: list[_Narrow]


def _note_names(node: _Node, names: set[str]) -> None:
    """Gather the keys that tags, conditions and subcharts of a tree are found under."""
    names |= {"tags", GLOBAL, node.name, node.chart.name}
    for entry in node.chart.metadata.dependencies:
        names |= {entry.name, entry.alias}
        names.update(part for path in entry.condition.strip().split(",") for part in path.split("."))
    for child in node.dependencies:
        _note_names(child, names)


def _narrow(node: _Node, names: set[str]) -> _Narrow:
    children = [_narrow(child, names) for child in node.dependencies]
    return _Narrow(node.name, _narrowed(node.values, names, {child.name for child in children}), children)


def _narrowed(values: Mapping[str, Any], names: set[str], tables: set[str]) -> Tree:
    """The entries under some names; of the tables of subcharts likewise only those."""
    return {
        key: _narrowed(value, names, names) if key in tables and type(value) is dict else value
        for key, value in values.items()
        if key in names
    }


@dataclass(slots=True)
class _Processing:
    """One run over a tree of charts."""

    profile: Profile
    observer: Observer | None
    warnings: list[str]
    # The keys that lead to tags, to conditions and to subcharts.
    looked_at: set[str] = field(default_factory=set)

    def coalescer(self, *, merging: bool) -> Coalescer:
        """A way to lay values over defaults; its warnings come again later, so they are dropped here."""
        return Coalescer(self.profile, merging=merging, observer=self.observer)

    def enable(self, node: _Node, given: Mapping[str, Any], path: str) -> None:
        """Choose the subcharts of a chart, and of what is below it; `path` leads to it in the values, dot included."""
        wanted = node.header.wanted
        if wanted is None:
            return
        node.adopt([*self.undeclared(node), *self.declared(node)])
        for entry in wanted:
            entry.enabled = True
        values = self.switches(node, given)
        self.apply_tags(wanted, values)
        self.apply_conditions(wanted, values, path)
        removed = {entry.name for entry in wanted if not entry.enabled}
        kept = [child for child in node.dependencies if child.name not in removed]
        for child in kept:
            self.enable(child, values, f"{path}{child.name}.")
        node.header.wanted = [entry for entry in wanted if entry.name not in removed] or None
        node.adopt(kept)

    def switches(self, node: _Node, given: Mapping[str, Any]) -> Tree:
        """The coalesced values as far as tags and conditions can look into them."""
        if self.observer is not None:
            return self.coalescer(merging=False).values(node, given)
        if not self.looked_at:
            _note_names(node, self.looked_at)
        narrow = _narrow(node, self.looked_at)
        tables = {child.name for child in narrow.dependencies}
        return self.coalescer(merging=False).values(narrow, _narrowed(given, self.looked_at, tables))

    def undeclared(self, node: _Node) -> list[_Node]:
        """The subcharts that Chart.yaml does not name, or only in another version."""
        wanted = node.header.wanted or ()
        return [child for child in node.dependencies if not any(self.fits(child, entry) for entry in wanted)]

    def declared(self, node: _Node) -> list[_Node]:
        """A copy of a subchart for every entry that one fits."""
        found = []
        for entry in node.header.wanted or ():
            original = next((child for child in node.dependencies if self.fits(child, entry)), None)
            if original is not None:
                found.append(self.copied(original, entry.entry.alias))
            if entry.entry.alias:
                entry.name = entry.entry.alias
        return found

    def fits(self, child: _Node, entry: _Wanted) -> bool:
        """Whether a subchart is what an entry asks for."""
        if child.name != entry.name:
            return False
        from chartkit.constraint import is_compatible

        return is_compatible(entry.entry.version, child.chart.metadata.version, self.profile.semver_generation)

    def copied(self, original: _Node, alias: str) -> _Node:
        """A copy of a subchart under its alias; what it shares with the original differs between Helm 3 and 4."""
        header = original.header
        wanted = header.wanted
        if self.profile.major == 3:
            name = alias or header.name
            return replace(original, header=_Header(name, wanted), dependencies=list(original.dependencies))
        if wanted is not None:
            wanted = [replace(entry) for entry in wanted]
        copy = replace(original, header=_Header(alias or header.name, wanted))
        copy.adopt([replace(child) for child in original.dependencies])
        return copy

    def apply_tags(self, wanted: list[_Wanted], values: Tree) -> None:
        """Switch subcharts by the truth values under `tags`: one true tag is enough to keep one."""
        tags = table_at(values, "tags")
        if tags is None:
            return
        for entry in wanted:
            found = [tags[tag] for tag in entry.entry.tags if tag in tags]
            switches = [value for value in found if type(value) is bool]
            if len(switches) < len(found):
                self.warnings.append(f"a tag of {entry.name} is no truth value")
            entry.enabled = not switches or any(switches)

    def apply_conditions(self, wanted: list[_Wanted], values: Tree, path: str) -> None:
        """Switch subcharts by the first path of their condition that leads to a truth value."""
        for entry in wanted:
            for condition in filter(None, entry.entry.condition.strip().split(",")):
                for value in _value_at(values, path + condition):
                    if type(value) is bool:
                        entry.enabled = value
                        break
                    self.warnings.append(f"the condition {condition} of {entry.name} is no truth value")
                else:
                    continue
                break

    def import_all(self, node: _Node) -> None:
        """Lift values of subcharts into their parents, the deepest first."""
        for child in node.dependencies:
            self.import_all(child)
        if node.header.wanted is not None:
            self.import_values(node, node.header.wanted)

    def import_values(self, node: _Node, wanted: list[_Wanted]) -> None:
        """Lift what the entries of one chart ask for; its own defaults win over the imports."""
        coalescer = self.coalescer(merging=True)
        values = coalescer.values(node, None)
        imported: Tree = {}
        for entry in wanted:
            pairs = list(self.import_pairs(entry))
            entry.imports = tuple(StringMap({"child": child, "parent": parent}) for child, parent in pairs)
            for child, parent in pairs:
                table = table_at(values, f"{entry.name}.{child}")
                if table is None:
                    self.warnings.append(f"import-values: {entry.name} has no table {child}")
                    continue
                coalescer.tables(imported, _wrapped(parent, table))
        node.values = coalescer.tables(coalescer.copy(values), imported)

    def import_pairs(self, entry: _Wanted) -> Iterator[tuple[str, str]]:
        """Where each item of an `import-values` list takes its table from, and where it puts it."""
        for item in entry.imports:
            if type(item) is str:
                yield f"exports.{item}", "."
            elif type(item) is dict:
                yield self.import_path(item, "child"), self.import_path(item, "parent")

    def import_path(self, item: Tree, key: str) -> str:
        """A path in an item of an `import-values` list; Helm 4 prints whatever stands there."""
        value = item.get(key)
        if type(value) is str:
            return value
        if self.profile.major == 3:
            raise ChartError(f"import-values: {key} must be a string")
        return sprint_value(value)


def table_at(values: Mapping[str, Any], path: str) -> Tree | None:
    """The map at a dotted path; `None` where there is none."""
    table: Any = values
    for key in path.split("."):
        table = table.get(key)
        if type(table) is not dict:
            return None
    return table  # type: ignore[no-any-return]


def _value_at(values: Tree, path: str) -> list[Any]:
    """What is at a dotted path, unless it is a map: a list of one, or of none."""
    *tables, key = path.split(".")
    table = table_at(values, ".".join(tables)) if tables else values
    if table is None or key not in table or type(table[key]) is dict:
        return []
    return [table[key]]


def _wrapped(path: str, table: Tree) -> Tree:
    """The table under a dotted path; `.` is the root."""
    if path == ".":
        return table
    for key in reversed(path.split(".")):
        table = {key: table}
    return table
