"""Which values a template reads: found in its tree, and in the trees of those that it includes, without running it.

What is found is never too little. A value is followed as long as it is plain where it lies; as soon as anything but a
chain of names is done to it, all of it counts as read. Templates that change what others see are told of, for then no
render of one stands by itself.

| what an expression gives | in the analysis |
|---|---|
| something at a fixed way from the context | `Way` |
| a map, list or text that is written out | `Made`, `Items`, `Const` |
| something new, in which nothing of the values lies | `FRESH`; `DEEP` if it is a map; `NIL` if it is not there |
| a new map in which parts of the values may lie | `NEW` |
| anything else; what it was made from counts as read | `PLAIN` |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, TypeAlias

from chartkit.gotemplate.nodes import (
    Action,
    Body,
    Chain,
    Command,
    Dot,
    Field,
    Identifier,
    If,
    Node,
    NumberLiteral,
    Pipe,
    Range,
    String,
    TemplateCall,
    Tree,
    Variable,
    With,
)
from chartkit.record import dataclass

Path: TypeAlias = "tuple[str, ...]"

VALUES: Final = "Values"
_CONTEXT: Final = frozenset(["Capabilities", "Chart", "Files", "Release", "Subcharts", "Template", VALUES])
"""What the context of a file holds. All but the values is the same in all renders that are compared."""
_VALUES_METHODS: Final = frozenset(["AsMap", "PathValue", "Table", "YAML"])
_MERGING: Final = frozenset(["merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"])
_SETTING: Final = frozenset(["set", "unset"])
MUTATING: Final = _MERGING | _SETTING
_UNSTABLE: Final = frozenset(
    "genCA genCAWithKey genPrivateKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey "
    "bcrypt htpasswd encryptAES now date dateInZone date_in_zone htmlDate htmlDateInZone ago durationRound toDate "
    "mustToDate randAlpha randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4".split()
)
_DEEP: Final = frozenset(
    "deepCopy mustDeepCopy fromYaml fromYamlArray fromJson fromJsonArray mustFromJson fromToml lookup".split()
)
_SCALARS: Final = frozenset(
    "add atoi b64dec b64enc base ceil contains div empty eq fail float64 floor ge gt has hasPrefix hasSuffix indent "
    "int int64 join kindIs kindOf le len lower lt mod mul ne nindent not print printf println quote replace sha256sum "
    "squote sub title toJson toString toYaml tpl trim trimAll trimPrefix trimSuffix trunc typeIs typeOf upper "
    "semverCompare regexMatch regexReplaceAll keys sortAlpha splitList until untilStep seq hasKey".split()
)
_COPYING: Final = frozenset(["omit", "pick"])
_PLAIN_TEXTS: Final = frozenset(
    (("Release", "Name"), ("Release", "Namespace"), ("Release", "Service"), ("Template", "Name"),
     ("Template", "BasePath"), ("Chart", "Name"), ("Chart", "Version"), ("Chart", "AppVersion"))
)  # fmt: skip
_MOST_TEMPLATES: Final = 4000
_MOST_PASSES: Final = 6
_LONGEST_CHAIN: Final = 40
_DEEPEST: Final = 40


class Kind(Enum):
    """What is known of a value that stands at no fixed way."""

    NIL = -1
    FRESH = 0
    DEEP = 1
    NEW = 2
    PLAIN = 3


NIL, FRESH, DEEP, NEW, PLAIN = Kind


@dataclass(frozen=True, slots=True)
class Way:
    """What lies at a way from the context that a file runs in."""

    path: Path


@dataclass(frozen=True, slots=True)
class Const:
    """A text that is known."""

    text: str


@dataclass(frozen=True, slots=True)
class Made:
    """A map written out in the template."""

    entries: tuple[tuple[str, Abstract], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list written out in the template."""

    items: tuple[Abstract, ...]


Abstract: TypeAlias = "Kind | Way | Const | Made | Items"


class Unbounded(Exception):
    """The templates call each other in too many ways to be followed."""


@dataclass(slots=True)
class Reads:
    """What was found.

    Attributes:
        paths: the ways of the values that are read, from the values of the chart; with each, whether all below is read,
            or only whether it is there, and what if it is no map.
        fixed: whether the text depends on nothing but these; not if it is drawn, tells the time, or takes all.
        mutates: whether something is changed, or may be, that other templates see.
    """

    paths: set[tuple[Path, bool]]
    fixed: bool = True
    mutates: bool = False

    @property
    def ways(self) -> list[tuple[Path, bool]]:
        """The paths without those that lie in one that is read as a whole."""
        wholes = {path for path, whole in self.paths if whole}
        return sorted(
            (path, whole)
            for path, whole in self.paths
            if not (any(path[:length] in wholes for length in range(len(path))) or (not whole and path in wholes))
        )


class Analysis:
    """The analysis of one file of templates, or of one text."""

    def __init__(self, trees: Mapping[str, Tree], constants: Mapping[Path, str]) -> None:
        """An analysis over all templates of a render; `constants` are texts in the context that are known."""
        self._trees = trees
        self._constants = constants
        self._entered: set[tuple[str, Abstract]] = set()
        self._depth = 0
        self.found = Reads(set())

    def enter(self, name: str, dot: Abstract) -> None:
        """Go through a template that is called with a dot.

        Raises:
            Unbounded: there are too many ways to follow.
        """
        tree = self._trees.get(name)
        if tree is None or (name, dot) in self._entered:
            return
        if len(self._entered) >= _MOST_TEMPLATES or self._depth >= _DEEPEST:
            raise Unbounded
        self._entered.add((name, dot))
        self._depth += 1
        _Scope(self, dot, tree.body).run()
        self._depth -= 1

    def enter_any(self, dot: Abstract) -> None:
        """Go through every template, as the name of the one that is called is not known."""
        for name in self._trees:
            self.enter(name, dot)

    def read(self, path: Path) -> None:
        """Note that all at a way is read."""
        if path[:1] == (VALUES,):
            self.found.paths.add((path[1:], True))
        elif not path or path[0] == "Subcharts" or path == ("Chart",) or path[:2] == ("Chart", "Dependencies"):
            self.found.fixed = False

    def force(self, value: Abstract) -> None:
        """Note that all of a value is read."""
        if isinstance(value, Way):
            self.read(value.path)
        elif isinstance(value, Made):
            for _, each in value.entries:
                self.force(each)
        elif isinstance(value, Items):
            for each in value.items:
                self.force(each)

    def field(self, value: Abstract, names: Sequence[str]) -> Abstract:
        """What names lead to from a value."""
        for index, name in enumerate(names):
            if isinstance(value, Way):
                value = self._step(value, name)
            elif isinstance(value, Made):
                value = dict(value.entries).get(name, NIL)
            elif isinstance(value, Items) or value is NEW:
                self.force(value)
                return PLAIN
            else:
                return FRESH if isinstance(value, Const) or value is NIL else value
            if index > _LONGEST_CHAIN:
                raise Unbounded
        if isinstance(value, Way) and len(value.path) > 1 and value.path[0] == VALUES:
            # Even if nobody uses it: names that lead through nothing fail.
            self.found.paths.add((value.path[1:], False))
        return value

    def _step(self, way: Way, name: str) -> Abstract:
        path = (*way.path, name)
        if not way.path and name not in _CONTEXT:
            return NIL
        if way.path == (VALUES,) and name in _VALUES_METHODS:
            self.read(way.path)
            return PLAIN
        known = self._constants.get(path)
        return Way(path) if known is None else Const(known)


class _Scope:
    """One template with its dot and its variables."""

    def __init__(self, analysis: Analysis, dot: Abstract, body: Body) -> None:
        self._all = analysis
        self._body = body
        self._dot = dot
        self._root = dot
        # Of variables that are assigned or changed, all values that they may have are joined.
        self._loose = _changed_variables(body)
        self._joined: dict[str, Kind] = {}
        self._variables: list[tuple[str, Abstract]] = []

    def run(self) -> None:
        """Go through the body, again until what the variables may hold is known."""
        for _ in range(_MOST_PASSES):
            before = dict(self._joined)
            self._dot, self._variables = self._root, [("$", self._root)]
            self.body(self._body)
            if before == self._joined:
                return
        raise Unbounded

    # --- statements

    def body(self, body: Body | None) -> None:
        """Statements one after another, in a scope of their own."""
        mark = len(self._variables)
        for node in body.nodes if body is not None else ():
            self.statement(node)
        del self._variables[mark:]

    def statement(self, node: Node) -> None:
        """One statement; what an action gives is written, and so read."""
        if isinstance(node, Action):
            value = self.pipe(node.pipe)
            if not node.pipe.variables:
                self._all.force(value)
        elif isinstance(node, TemplateCall):
            self._all.enter(node.name, FRESH if node.pipe is None else self.pipe(node.pipe))
        elif isinstance(node, (If, With, Range)):
            self.branch(node)

    def branch(self, node: If | With | Range) -> None:
        """A control structure: all its branches."""
        mark, dot = len(self._variables), self._dot
        value = self.pipe(node.pipe, ranging=isinstance(node, Range))
        if isinstance(node, Range):
            self.loop(node, value)
        elif value is not NIL:
            # The context itself is always there.
            self._all.force(FRESH if value == Way(()) else value)
            self._dot = value if isinstance(node, With) else dot
            self.body(node.body)
        self._dot = dot
        self.body(node.otherwise)
        del self._variables[mark:]

    def loop(self, node: Range, value: Abstract) -> None:
        """The body of a `range`: once for each of what is written out, or once for all that there may be."""
        written = value.items if isinstance(value, Items) and not node.pipe.variables else ()
        if not written:
            self._all.force(value)
        for element in written or (_element(value),):
            self._dot = element
            self.body(node.body)

    # --- expressions

    def pipe(self, pipe: Pipe, *, ranging: bool = False) -> Abstract:
        """A pipeline, and what it declares or assigns."""
        value: Abstract | None = None
        for command in pipe.commands:
            value = self.command(command, value)
        assert value is not None, "the parser refuses empty pipelines"
        held = _element(value) if ranging else value
        head = pipe.commands[-1].arguments[0]
        for index, variable in enumerate(pipe.variables):
            # Of two variables the first one is the key, a text or a number.
            bound = FRESH if ranging and len(pipe.variables) - index > 1 else held
            self.bind(variable.name, bound, is_made=isinstance(head, Identifier), assigns=pipe.assigns)
        return value

    def bind(self, name: str, value: Abstract, *, is_made: bool, assigns: bool) -> None:
        """Give a variable a value."""
        if name in self._loose:
            self._all.force(value)
            value = self.join(name, _loose_kind(value, is_made=is_made))
        if not assigns:
            self._variables.append((name, value))
        elif name == "$":
            self._all.found.mutates = True

    def join(self, name: str, kind: Kind) -> Kind:
        """Note that a variable may be of a kind; what it may be in all."""
        known = self._joined.get(name, FRESH)
        self._joined[name] = kind = kind if kind.value > known.value else known
        return kind

    def command(self, command: Command, final: Abstract | None) -> Abstract:
        """A command; `final` comes through a pipe."""
        head, *rest = command.arguments
        if isinstance(head, Identifier):
            return self.call(head.name, rest, final)
        value = self.operand(head)
        if not rest and final is None:
            return value
        # A method: what it belongs to is read, and its arguments are.
        self._all.force(self.owner(head))
        for each in rest:
            self._all.force(self.operand(each))
        self._all.force(FRESH if final is None else final)
        return PLAIN

    def owner(self, head: Any) -> Abstract:
        """What a method belongs to."""
        if isinstance(head, Field):
            return self._all.field(self._dot, head.names[:-1])
        if isinstance(head, Variable):
            return self._all.field(self.variable(head.name), head.fields[:-1])
        return self._all.field(self.operand(head.operand), head.names[:-1]) if isinstance(head, Chain) else PLAIN

    def operand(self, node: Any) -> Abstract:
        """An operand by itself."""
        match node:
            case Dot():
                return self._dot
            case Field():
                return self._all.field(self._dot, node.names)
            case Variable():
                return self._all.field(self.variable(node.name), node.fields)
            case Chain():
                return self._all.field(self.operand(node.operand), node.names)
            case Pipe():
                return self.pipe(node)
            case Identifier():
                return self.call(node.name, (), None)
            case String():
                return Const(node.text)
        return FRESH

    def variable(self, name: str) -> Abstract:
        """What a variable holds."""
        if name in self._loose:
            return self._joined.get(name, FRESH)
        return next((value for known, value in reversed(self._variables) if known == name), PLAIN)

    # --- calls

    def call(self, name: str, nodes: Sequence[Any], final: Abstract | None) -> Abstract:
        """A function call."""
        values = [self.operand(node) for node in nodes]
        if final is not None:
            values.append(final)
        if name in MUTATING:
            return self.change(name, nodes, values)
        special = _SPECIAL.get(name)
        value = special(self, nodes, values) if special is not None else None
        if value is not None:
            return value
        for each in values:
            self._all.force(each)
        if name in _UNSTABLE:
            self._all.found.fixed = False
        if name in _DEEP or (name in _COPYING and all(map(_is_fresh, values))):
            return DEEP
        return NEW if name in _COPYING else FRESH if name in _SCALARS else PLAIN

    def change(self, name: str, nodes: Sequence[Any], values: Sequence[Abstract]) -> Abstract:
        """A call that changes its first argument: harmless on a map that this template has made for itself."""
        for each in values:
            self._all.force(each)
        if not nodes:
            self._all.found.mutates = True
            return PLAIN
        if name in _SETTING:
            is_own = _is_own(nodes[0]) and (values[0] in (NEW, DEEP) or isinstance(values[0], Made))
            self._all.found.mutates |= not is_own
            if is_own and all(map(_is_fresh, values)):
                return DEEP
            if is_own and isinstance(nodes[0], Variable):
                self.join(nodes[0].name, NEW)
            return NEW if is_own else PLAIN
        if all(map(_is_fresh, values)):
            return DEEP
        # What the last map holds may come to lie in the first one; anything merged after that would change it.
        is_own = _is_own(nodes[0]) and not isinstance(nodes[0], Variable) and all(map(_is_fresh, values[:-1]))
        self._all.found.mutates |= not is_own
        return NEW if is_own else PLAIN

    def include(self, nodes: Sequence[Any], values: Sequence[Abstract]) -> Abstract:
        """A template's text."""
        if len(values) == 2 and isinstance(values[0], Const):
            self._all.enter(values[0].text, values[1])
        else:
            self._all.force(values[0] if values else FRESH)
            self._all.enter_any(values[-1] if values else FRESH)
        return FRESH

    def text(self, nodes: Sequence[Any], values: Sequence[Abstract]) -> Abstract:
        """A text as a template. Whether it is one shows when it runs: then its template is not reused."""
        self._all.force(values[0] if values else FRESH)
        return FRESH

    def map(self, nodes: Sequence[Any], values: Sequence[Abstract]) -> Abstract | None:
        """A map written out, if its keys are known."""
        keys = [each.text for each in values[::2] if isinstance(each, Const)]
        if len(values) % 2 or len(keys) * 2 != len(values):
            for each in values:
                self._all.force(each)
            return NEW
        return Made(tuple(dict(zip(keys, values[1::2], strict=True)).items()))

    def list(self, nodes: Sequence[Any], values: Sequence[Abstract]) -> Abstract:
        """A list written out."""
        return Items(tuple(values))

    def index(self, nodes: Sequence[Any], values: Sequence[Abstract]) -> Abstract | None:
        """Something in a map or list, if it is known which."""
        if not values:
            return None
        base, keys = values[0], values[1:]
        if isinstance(base, Items) and len(nodes) == 2 and isinstance(nodes[1], NumberLiteral):
            place = str(nodes[1])
            return base.items[int(place)] if place.isdigit() and int(place) < len(base.items) else None
        names = [key.text for key in keys if isinstance(key, Const)]
        return self._all.field(base, names) if len(names) == len(keys) else None

    def has_key(self, nodes: Sequence[Any], values: Sequence[Abstract]) -> Abstract | None:
        """Whether a key is there: it is as if it was read."""
        if len(values) != 2 or not isinstance(values[1], Const):
            return None
        base, key = values[0], values[1].text
        if isinstance(base, Made):
            return Const("true") if key in dict(base.entries) else NIL
        found = self._all.field(base, [key])
        self._all.force(found)
        return NIL if found is NIL else FRESH

    def all(self, nodes: Sequence[Any], values: Sequence[Abstract]) -> Abstract | None:
        """`and`: it cannot hold if one of them never does."""
        if NIL not in values:
            return None
        for each in values:
            self._all.force(each)
        return NIL

    def printed(self, nodes: Sequence[Any], values: Sequence[Abstract]) -> Abstract | None:
        """Known texts put together, as the names of templates are."""
        texts = [each.text for each in values if isinstance(each, Const)]
        return Const("".join(texts)) if texts and len(texts) == len(values) else None

    def formatted(self, nodes: Sequence[Any], values: Sequence[Abstract]) -> Abstract | None:
        """Known texts in a format."""
        texts = [each.text for each in values if isinstance(each, Const)]
        if len(texts) != len(values) or not texts:
            return None
        pieces = texts[0].split("%s")
        if len(pieces) != len(texts) or any("%" in piece for piece in pieces):
            return None
        return Const(pieces[0] + "".join(text + piece for text, piece in zip(texts[1:], pieces[1:], strict=True)))


_Special: TypeAlias = "Callable[[_Scope, Sequence[Any], Sequence[Abstract]], Abstract | None]"
_SPECIAL: Final[Mapping[str, _Special]] = {
    "and": _Scope.all,
    "dict": _Scope.map,
    "get": _Scope.index,
    "hasKey": _Scope.has_key,
    "include": _Scope.include,
    "index": _Scope.index,
    "list": _Scope.list,
    "print": _Scope.printed,
    "printf": _Scope.formatted,
    "tpl": _Scope.text,
    "tuple": _Scope.list,
}


def _element(value: Abstract) -> Abstract:
    """An element of what is gone through, which is read as a whole."""
    return FRESH if value is NIL else value if value in (FRESH, DEEP) else PLAIN


def _is_fresh(value: Abstract) -> bool:
    """Whether nothing of the values can lie in something."""
    if isinstance(value, Made):
        return all(_is_fresh(each) for _, each in value.entries)
    if isinstance(value, Items):
        return all(map(_is_fresh, value.items))
    if isinstance(value, Way):
        return value.path in _PLAIN_TEXTS
    return value in (NIL, FRESH, DEEP) or isinstance(value, Const)


def _is_own(node: Any) -> bool:
    """Whether a map is one that nobody else has: made on the spot, or held by a variable that counts as changed."""
    if isinstance(node, Variable):
        return not node.fields and node.name != "$"
    if not isinstance(node, Pipe) or node.variables:
        return False
    head = node.commands[-1].arguments[0]
    # What these take out of a map or list is in there still.
    return isinstance(head, Identifier) and head.name not in ("get", "index")


def _loose_kind(value: Abstract, *, is_made: bool) -> Kind:
    """What is known of a variable that changes, by one of its values."""
    if isinstance(value, Const) or value in (NIL, FRESH):
        return FRESH
    if is_made and _is_fresh(value):
        return DEEP
    return NEW if is_made and (isinstance(value, Made) or value is NEW) else PLAIN


def _changed_variables(body: Body) -> frozenset[str]:
    """The variables that are assigned anew somewhere, or whose map is changed."""
    found: set[str] = set()
    waiting: list[Any] = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Body):
            waiting += node.nodes
        elif isinstance(node, (Action, TemplateCall)):
            waiting.append(node.pipe)
        elif isinstance(node, (If, With, Range)):
            waiting += (node.pipe, node.body, node.otherwise)
        elif isinstance(node, Chain):
            waiting.append(node.operand)
        elif isinstance(node, Pipe):
            if node.assigns:
                found.update(variable.name for variable in node.variables)
            waiting += node.commands
        elif isinstance(node, Command):
            head, *rest = node.arguments
            if isinstance(head, Identifier) and head.name in MUTATING and rest and isinstance(rest[0], Variable):
                found.add(rest[0].name)
            waiting += node.arguments
    return frozenset(found - {"$"})
