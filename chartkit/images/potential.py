"""What a chart's values hold besides what was rendered: blocks that describe images, and switches that are off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chartkit.chart.chart import Chart
from chartkit.chart.metadata import Dependency
from chartkit.chart.values_file import merge_maps
from chartkit.images.compose import compose
from chartkit.images.judge import Verdict, judge
from chartkit.images.naming import names_image, words
from chartkit.images.use import Certainty
from chartkit.profile import Profile
from chartkit.values.dependencies import process_dependencies
from chartkit.values.inputs import ValuesInput
from chartkit.values.resolve import coalesce

Keys = tuple[str, ...]

_SWITCHES: Final = frozenset(("enabled", "enable", "create", "install", "deploy", "deployed", "use", "active"))


@dataclass(frozen=True, slots=True)
class Block:
    """An image that values describe: the keys that lead to it, and its text, the tag filled in where it is known."""

    keys: Keys
    text: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Potential:
    """The blocks and the switches of the values of a chart with all its subcharts."""

    blocks: tuple[Block, ...]
    switches: tuple[Keys, ...]


def potential(chart: Chart, values: ValuesInput, profile: Profile) -> Potential:
    """What the values hold, those of switched-off subcharts included.

    Raises:
        ChartError: what is given for a subchart is no map.
    """
    conditions = list(_conditions(chart, ()))
    everything: dict[str, Any] = values.data
    for keys in conditions:
        everything = merge_maps(everything, setting(keys, True))
    whole = process_dependencies(chart, everything, profile=profile)
    tree = coalesce(whole, values.data, profile=profile)
    versions = dict(_versions(whole, ()))
    blocks = tuple(_blocks(tree, (), versions))
    found = dict.fromkeys(keys for keys in conditions if _at(tree, keys) is False)
    found.update(dict.fromkeys(_switches(tree, ())))
    return Potential(blocks, tuple(found))


def setting(keys: Keys, value: Any) -> dict[str, Any]:
    """The map that holds one value below some keys."""
    for key in reversed(keys):
        value = {key: value}
    return dict(value)


def around(keys: Keys, switches: tuple[Keys, ...]) -> tuple[Keys, ...]:
    """The switches that stand beside a block or beside what is around it, from the outermost."""
    return tuple(each for each in switches if each[:-1] == keys[: len(each) - 1])


def _conditions(chart: Chart, prefix: Keys) -> Iterator[Keys]:
    """The values that switch subcharts on, of all levels."""
    for dependency in chart.metadata.dependencies:
        for path in filter(None, (part.strip() for part in dependency.condition.split(","))):
            yield (*prefix, *path.split("."))
        if not prefix:
            yield from (("tags", tag) for tag in dependency.tags)
        for child in chart.dependencies:
            if child.name == dependency.name:
                yield from _conditions(child, (*prefix, _shown_name(dependency)))


def _shown_name(dependency: Dependency) -> str:
    return dependency.alias or dependency.name


def _versions(chart: Chart, prefix: Keys) -> Iterator[tuple[Keys, str]]:
    yield prefix, chart.metadata.app_version
    for child in chart.dependencies:
        yield from _versions(child, (*prefix, child.name))


def _blocks(value: Any, keys: Keys, versions: Mapping[Keys, str]) -> Iterator[Block]:
    name = keys[-1] if keys else ""
    if isinstance(value, dict):
        joined = compose(value, name, default_tag=_version_for(keys, versions))
        if joined and joined.is_sure:
            yield Block(keys, joined.text, joined.judged())
            return
        for key, child in value.items():
            yield from _blocks(child, (*keys, key), versions)
    elif isinstance(value, str) and names_image(name):
        verdict = judge(value, named=True)
        if verdict.certainty is Certainty.LIKELY:
            yield Block(keys, value, verdict)


def _version_for(keys: Keys, versions: Mapping[Keys, str]) -> str:
    """The appVersion of the chart that some keys belong to."""
    return next((versions[keys[:end]] for end in range(len(keys), -1, -1) if keys[:end] in versions), "")


def _switches(value: Any, keys: Keys) -> Iterator[Keys]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _switches(child, (*keys, key))
    elif value is False and keys and words(keys[-1])[-1:] and words(keys[-1])[-1] in _SWITCHES:
        yield keys


def _at(value: Any, keys: Keys) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
