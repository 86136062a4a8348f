"""From the text of a configuration to its typed values; every complaint has its place in the text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from chartkit.configtypes import LEVELS, Config, RuleSetting, Target
from chartkit.errors import InputError
from chartkit.limits import LIMIT_NAMES
from chartkit.pattern import pattern
from chartkit.profile import PROFILES
from chartkit.record import dataclass
from chartkit.source import Position, Source

Steps = tuple[str | int, ...]

FIELDS: Final = {
    "$schema": "text",
    "chart": "text",
    "helm": "helm",
    "targets": "targets",
    "expect": "texts",
    "allow": "texts",
    "rules": "rules",
    "limits": "limits",
}
"""The keys of a configuration, and the kind of what each holds."""

TARGET_FIELDS: Final = {
    "name": "text",
    "chart": "text",
    "values": "texts",
    "set": "texts",
    "release": "text",
    "namespace": "text",
    "kube_version": "text",
    "api_versions": "texts",
    "expect": "texts",
    "allow": "texts",
}
"""The same for a target; only `name` must be there."""

LIMIT_FIELDS: Final = {"timeout": "duration", **dict.fromkeys(LIMIT_NAMES, "count")}
"""The same for the limits of a render."""

RULE_FIELDS: Final = {"level": "level", "ignore": "texts"}
"""The same for a rule."""

_RULE_ID: Final = pattern(r"CK[0-9]{3}")
_TOML_HEADER: Final = pattern(r"[ \t]*\[\[?([^\]\n]*)\]")
_TOML_KEY: Final = pattern(r"""[ \t]*["']?([^"'=#\s.]+)["']?[ \t]*[=.]""")
_DURATION: Final = pattern(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")
_TOOL: Final = ("tool", "chartkit")


def read(path: Path) -> Config | None:
    """The configuration in a file; `None` for a pyproject.toml that has none.

    Raises:
        InputError: the file cannot be read, is no YAML or TOML, or says what no configuration says.
    """
    source = Source(str(path), _text(path))
    content, find = _read_toml(path, source) if _is_toml(path) else _read_yaml(path, source)
    if content is None:
        return None if _is_toml(path) else Config(path)
    return _config(path, _Node(content, (), source, find))


def _is_toml(path: Path) -> bool:
    return path.suffix == ".toml"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error


@dataclass(frozen=True, slots=True)
class _Node:
    """A value of the configuration and its place.

    Attributes:
        value: what is there.
        steps: the way to it.
        source: the text.
        find: where a way leads to in the text: to the key at its end, or to the value.
    """

    value: Any
    steps: Steps
    source: Source
    find: Callable[[Steps, bool], int]

    def at(self, step: str | int) -> _Node:
        """The value one step below."""
        return _Node(self.value[step], (*self.steps, step), self.source, self.find)

    def position(self, *, of_key: bool = False) -> Position:
        """Where it is written."""
        return Position(self.source, self.find(self.steps, of_key))

    def fail(self, complaint: str, *, of_key: bool = False, hint: str = "") -> NoReturn:
        """Refuse the value.

        Raises:
            InputError: always.
        """
        message = f"{self.source.name}: {complaint}"
        raise InputError(message, position=self.position(of_key=of_key), hint=hint)

    @property
    def label(self) -> str:
        """The way as people write it: `targets[0].values`."""
        text = "".join(f"[{step}]" if type(step) is int else f".{step}" for step in self.steps)
        return text.lstrip(".") or "the configuration"

    def fields(self, kinds: Mapping[str, str]) -> dict[str, Any]:
        """The entries of a mapping, each read as its kind.

        Raises:
            InputError: it is no mapping, or has a key that is not known.
        """
        if not isinstance(self.value, dict):
            self.fail(f"{self.label} must be a mapping, not {_kind_of(self.value)}")
        for key in self.value:
            if key not in kinds:
                self.at(key).fail(_unknown(key, kinds), of_key=True)
        return {key: _KINDS[kinds[key]](self.at(key)) for key in self.value}


def _unknown(key: str, known: Mapping[str, str]) -> str:
    from difflib import get_close_matches

    plain = key.lower().replace("-", "_")
    near = get_close_matches(plain, known, n=1, cutoff=0.6) or [name for name in known if plain.startswith(name)]
    advice = f'did you mean "{near[0]}"?' if near else f"the keys are {', '.join(known)}"
    return f'unknown key "{key}"; {advice}'


def _kind_of(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "a switch"
    kinds = {str: "text", dict: "a mapping", list: "a list", int: "a number", float: "a number"}
    return kinds.get(type(value), type(value).__name__)


def _config(path: Path, node: _Node) -> Config:
    found = node.fields(FIELDS)
    found.pop("$schema", None)
    named = found.pop("chart", "")
    chart = _place(path.parent, named) if named else None
    general = {"chart": chart, "expect": found.get("expect", ())}
    targets = tuple(
        _target(path.parent, {**general, **each}, found.get("allow", ())) for each in found.pop("targets", ())
    )
    return Config(path, chart=chart, targets=targets, **found)


def _place(folder: Path, chart: str) -> Path | str:
    """A chart's path as one would type it in the working directory; an address stays as it is."""
    return chart if "://" in chart else folder / chart


def _target(folder: Path, found: dict[str, Any], allowed: tuple[str, ...]) -> Target:
    if isinstance(found["chart"], str):
        found["chart"] = _place(folder, found["chart"])
    values = tuple(str(folder / name) for name in found.pop("values", ()))
    return Target(**{**found, "values": values, "allow": (*allowed, *found.get("allow", ()))})


def _read_text(node: _Node) -> str:
    if isinstance(node.value, str):
        return node.value
    hint = ""
    if isinstance(node.value, bool):
        hint = "write it in quotes: words such as on, yes and n are switches in YAML"
    elif isinstance(node.value, int | float):
        hint = "write it in quotes: YAML numbers lose zeros at their ends"
    node.fail(f"{node.label} must be text, not {_kind_of(node.value)}", hint=hint)


def _read_texts(node: _Node) -> tuple[str, ...]:
    if isinstance(node.value, str):
        return (node.value,)
    if not isinstance(node.value, list):
        node.fail(f"{node.label} must be text or a list of texts, not {_kind_of(node.value)}")
    return tuple(_read_text(node.at(index)) for index in range(len(node.value)))


def _read_helm(node: _Node) -> str:
    value = node.value
    if type(value) in (int, float):
        value = f"{value:g}"
    if not isinstance(value, str) or value not in PROFILES:
        node.fail(f"{node.label} must be one of {', '.join(PROFILES)}")
    return value


def _read_level(node: _Node) -> str:
    # YAML 1.1 reads a plain `off` as the switch.
    level = "off" if node.value is False else node.value
    if level not in LEVELS:
        node.fail(f"{node.label} must be one of {', '.join(LEVELS)}")
    return str(level)


def _read_targets(node: _Node) -> list[dict[str, Any]]:
    if not isinstance(node.value, list):
        node.fail(f"{node.label} must be a list, not {_kind_of(node.value)}")
    found: dict[str, dict[str, Any]] = {}
    for index in range(len(node.value)):
        target = node.at(index)
        fields = target.fields(TARGET_FIELDS)
        if not fields.get("name"):
            target.fail(f"{target.label} needs a name")
        if fields["name"] in found:
            target.at("name").fail(f"two targets are called {fields['name']}")
        found[fields["name"]] = {**fields, "position": target.position()}
    return list(found.values())


def _read_rules(node: _Node) -> dict[str, RuleSetting]:
    if not isinstance(node.value, dict):
        node.fail(f"{node.label} must be a mapping, not {_kind_of(node.value)}")
    for key in node.value:
        if not _RULE_ID.fullmatch(key):
            node.at(key).fail(f'"{key}" is no rule: rules are called CK101 and so on', of_key=True)
    return {key: _rule(node.at(key)) for key in node.value}


def _rule(node: _Node) -> RuleSetting:
    if isinstance(node.value, dict):
        return RuleSetting(**node.fields(RULE_FIELDS))
    return RuleSetting(_read_level(node))


def _read_limits(node: _Node) -> dict[str, float]:
    found = node.fields(LIMIT_FIELDS)
    # Seconds are what a render counts in.
    return {"seconds" if name == "timeout" else name: number for name, number in found.items()}


def _read_count(node: _Node) -> int:
    value = node.value
    is_whole = type(value) is int or (isinstance(value, float) and value.is_integer())
    if not is_whole or value < 1:
        node.fail(f"{node.label} must be a whole number above 0")
    return int(value)


def _read_duration(node: _Node) -> float:
    match = _DURATION.fullmatch(node.value) if isinstance(node.value, str) and node.value else None
    if match is None:
        node.fail(f"{node.label} must be a duration such as 30s or 1m30s")
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return 3600 * hours + 60 * minutes + seconds


_KINDS: Final[Mapping[str, Callable[[_Node], Any]]] = {
    "text": _read_text,
    "texts": _read_texts,
    "helm": _read_helm,
    "level": _read_level,
    "targets": _read_targets,
    "rules": _read_rules,
    "limits": _read_limits,
    "count": _read_count,
    "duration": _read_duration,
}


def _read_yaml(path: Path, source: Source) -> tuple[Any, Callable[[Steps, bool], int]]:
    from chartkit.goyaml.failure import YAMLError
    from chartkit.goyaml.positions import load_positions

    try:
        content, positions = load_positions(source)
    except YAMLError as error:
        place = None if error.offset is None else Position(source, error.offset)
        raise InputError(f"{path}: {error}", position=place) from error

    def find(steps: Steps, of_key: bool) -> int:
        return (positions.key(steps) if of_key else positions.value(steps)) or 0

    return content, find


def _read_toml(path: Path, source: Source) -> tuple[Any, Callable[[Steps, bool], int]]:
    import tomllib

    try:
        content: Any = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: {error}") from error
    for step in _TOOL:
        content = content.get(step) if isinstance(content, dict) else None
    return content, lambda steps, _of_key: _place_in_toml(source, steps)


def _place_in_toml(source: Source, steps: Steps) -> int:
    """The line of TOML that a way leads to, or the nearest line around it."""
    best, place = -1, 0
    here: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    wanted = (*_TOOL, *map(str, steps))
    for start in source.line_starts():
        line = source.text[start:].partition("\n")[0]
        header = _TOML_HEADER.match(line)
        key = _TOML_KEY.match(line)
        if header:
            here = _toml_table(header[1], line.lstrip().startswith("[["), counts)
            way = here
        elif key:
            way = (*here, key[1])
        else:
            continue
        if wanted[: len(way)] == way and len(way) > best:
            best, place = len(way), start + len(line) - len(line.lstrip())
    return place


def _toml_table(name: str, is_item: bool, counts: dict[str, int]) -> tuple[str, ...]:
    steps = tuple(part.strip().strip("\"'") for part in name.split("."))
    if not is_item:
        return steps
    counts[name] = counts.get(name, -1) + 1
    return (*steps, str(counts[name]))
