"""What is measured: a chart, and values files for it that differ as those of many environments do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engines import OurEngine

from chartkit import explain, find_images

_VARIED = 3
_REPLICAS = ("replicas", "replicaCount")


@dataclass(frozen=True, slots=True)
class Subject:
    """A chart.

    Attributes:
        name: what it is called in tables.
        path: its folder.
        keys: the values that differ from one environment to the next: tags of images, and a number of replicas.
        registries: where the images of the chart come from.
    """

    name: str
    path: Path
    keys: tuple[tuple[str, ...], ...] = ()
    registries: tuple[str, ...] = ()

    def environment(self, number: int) -> str:
        """The text of the values file of one environment."""
        tree: dict[str, object] = {}
        for key in self.keys:
            table = tree
            for step in key[:-1]:
                inner = table.setdefault(step, {})
                assert isinstance(inner, dict), "one key does not lead through another"
                table = inner
            table[key[-1]] = number % 7 + 1 if key[-1] in _REPLICAS else f"1.0.{number}"
        return "".join(_lines(tree, ""))

    def environments(self, count: int, folder: Path, start: int = 0) -> list[Path]:
        """Write values files for so many environments."""
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"environment{number:05}.yaml" for number in range(start, start + count)]
        for number, file in enumerate(files, start):
            file.write_text(self.environment(number), encoding="utf-8")
        return files


def read_subject(path: Path, name: str = "") -> Subject:
    """A chart with the keys that can be varied: those that the tags of its first images come from.

    Raises:
        ChartkitError: the chart does not render by itself.
    """
    engine = OurEngine(path)
    trace = engine.program.trace(engine.values(), engine.release)
    keys: dict[tuple[str, ...], None] = {}
    registries: dict[str, None] = {}
    for use in find_images(trace):
        if use.reference is not None:
            registries.setdefault(use.reference.registry)
        tag = explain(use, "tag")
        unset = [step.path for step in tag.consulted if step.held != "value" and step.path.endswith("tag")]
        for key in (*(each.path for each in tag.keys), *unset[:1]):
            steps = tuple(key.split("."))
            # Only what is a plain path of values can be written into a values file.
            if all(step.isidentifier() for step in steps) and not {"Chart", "Release"} & {*steps}:
                keys.setdefault(steps)
    chosen = list(keys)[:_VARIED]
    chosen += [(word,) for word in _REPLICAS if type(engine.program.chart.values.get(word)) in (int, float)][:1]
    return Subject(name or path.name, path, tuple(chosen), tuple(registries))


def _lines(tree: dict[str, object], pad: str) -> Iterator[str]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield f"{pad}{key}:\n"
            yield from _lines(value, f"{pad}  ")
        else:
            yield f'{pad}{key}: "{value}"\n' if isinstance(value, str) else f"{pad}{key}: {value}\n"
