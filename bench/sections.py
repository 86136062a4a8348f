"""What is measured, one function per table."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engines import Commands, GoEngine, OurEngine
from styles import write_chart
from styles_large import many
from subjects import Subject, read_subject
from timing import Race, Spread, race

from chartkit.checks.expect_registry import Expectation
from chartkit.checks.registry_pattern import read_pattern
from chartkit.fleet import Run, check_all

GO, OURS, RENDER, TRACED = "Go engine", "chartkit", "render only", "traced"
HELM, CLI, FIRST, GREP = "helm", "chartkit CLI", "first run", "grep"
_IMAGE = re.compile(r"image:.*")
_HELM_SAMPLE = 10
_GO_SAMPLE = 200
_CHILD = Path(__file__).resolve().parent / "holder.py"


@dataclass(frozen=True, slots=True)
class Effort:
    """How long it may take.

    Attributes:
        rounds: repetitions, at most.
        budget_s: seconds for one row of a table, so that slow charts are repeated less.
        matrix: values files in a matrix.
        large_matrix: those in the one whose memory is measured.
        sizes: the templates, hundreds of values and tens of values files of the growth plots.
    """

    rounds: int = 15
    budget_s: float = 4.0
    matrix: int = 1000
    large_matrix: int = 10_000
    sizes: tuple[int, ...] = (10, 30, 100, 300, 1000)


QUICK = Effort(rounds=3, budget_s=1.0, matrix=100, large_matrix=1000, sizes=(10, 30, 100))
SMOKE = Effort(rounds=1, budget_s=0.1, matrix=3, large_matrix=2, sizes=(2,))


@dataclass(frozen=True, slots=True)
class Bench:
    """What there is to measure with.

    Attributes:
        commands: the command lines.
        has_go: whether Helm's Go engine is there.
        effort: how long it may take.
        folder: for charts and values files.
        say: tells what is under way.
    """

    commands: Commands
    has_go: bool
    effort: Effort
    folder: Path
    say: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is about, and what was measured."""

    name: str
    race: Race
    memory: dict[str, float | None]
    note: str = ""
    count: int = 1


def warm(bench: Bench, subject: Subject) -> Row:
    """One render after another in this process: Helm's engine, chartkit, and chartkit with origins."""
    ours = OurEngine(subject.path)
    values = ours.values()
    texts = [ours.render(values) for _ in range(3)][-1]
    ours.trace(values)
    ways: dict[str, Callable[[], object]] = {OURS: lambda: ours.render(values), TRACED: lambda: ours.trace(values)}
    note = ""
    if bench.has_go:
        go = GoEngine(subject.path)
        ways = {GO: lambda: go.render({}), **ways}
        theirs = go.render({})
        differing = [name for name in theirs if theirs[name] != texts.get(name)]
        note = f"{len(differing)} of {len(theirs)} texts differ (random or time, or a fault)" if differing else ""
    result = race(ways, rounds=bench.effort.rounds, budget_s=bench.effort.budget_s)
    memory: dict[str, float | None] = {}
    for name in (GO, OURS) if bench.has_go else (OURS,):
        kind = "go" if name == GO else "ours"
        memory[name] = bench.commands.surroundings.peak([sys.executable, str(_CHILD), kind, str(subject.path)])
    return Row(subject.name, result, memory, note)


def cold(bench: Bench, subject: Subject) -> Row:
    """One process per render: the helm command line and chartkit's, that one with its cache and without."""
    surroundings = bench.commands.surroundings
    ours = bench.commands.our_words(subject.path)
    words = {CLI: ours}
    for _ in range(3):
        surroundings.run(ours)
    if bench.commands.helm is not None:
        words = {HELM: bench.commands.helm_words(subject.path), CLI: ours}
    ways: dict[str, Callable[[], object]] = {name: _running(bench, each) for name, each in words.items()}
    fresh = _fresh_caches(bench)
    ways[FIRST] = lambda: surroundings.run(ours, {"XDG_CACHE_HOME": next(fresh)})
    result = race(ways, rounds=bench.effort.rounds, budget_s=2 * bench.effort.budget_s)
    return Row(subject.name, result, {name: surroundings.peak(each) for name, each in words.items()})


def _running(bench: Bench, words: Sequence[str]) -> Callable[[], object]:
    return lambda: bench.commands.surroundings.run(words)


def _fresh_caches(bench: Bench) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield str(bench.folder / "caches" / str(number))


def matrix(bench: Bench, subject: Subject, count: int | None = None) -> Row:
    """Many values files: checked by chartkit, rendered by the Go engine, by helm processes, and searched by grep.

    Of what takes long a sample is measured, and its time is multiplied. A count is that of a growth plot.
    """
    rounds = 1 if count else min(3, bench.effort.rounds)
    count = count or bench.effort.matrix
    folder = bench.folder / "environments" / subject.name
    files = subject.environments(count, folder / str(count))
    # Other files in each round: what chartkit remembers of one must not help in the next.
    fresh = iter(
        [subject.environments(count, folder / f"{count}-{number}", number * count) for number in range(rounds)]
    )
    ways: dict[str, Callable[[], object]] = {
        OURS: lambda: our_matrix(subject, next(fresh)),
        RENDER: lambda: _our_renders(subject, files),
    }
    weights = {}
    if bench.has_go:
        sample = files[:: max(1, count // _GO_SAMPLE)]
        ways[GO] = lambda: _go_matrix(subject, sample)
        weights[GO] = count / len(sample)
    if bench.commands.helm is not None:
        few = files[:: max(1, count // _HELM_SAMPLE)]
        ways[HELM] = lambda: [bench.commands.surroundings.run(bench.commands.helm_words(subject.path, f)) for f in few]
        ways[GREP] = lambda: [bench.commands.helm_and_grep(subject.path, file) for file in few]
        weights |= {HELM: count / len(few), GREP: count / len(few)}
    pattern = str(files[0].parent / "*.yaml")
    words = bench.commands.our_matrix_words(subject.path, pattern, subject.registries)
    ways[CLI] = _running(bench, words)
    result = race(ways, rounds=rounds, budget_s=60 * bench.effort.budget_s, weights=weights)
    return Row(
        subject.name, result, {}, "" if subject.keys else "no values to vary were found: all files are empty", count
    )


def our_matrix(subject: Subject, files: Sequence[Path]) -> int:
    """Check the values files one after another; how many were rendered."""
    expectation = Expectation(tuple(map(read_pattern, subject.registries)))
    runs = [
        Run(chart=str(subject.path), name=file.name, given={"files": [str(file)]}, helm="4.2", expectation=expectation)
        for file in files
    ]
    return sum(not checked.failure for checked in check_all(runs))


def _our_renders(subject: Subject, files: Sequence[Path]) -> int:
    """Render with each values file, and nothing else: what the Go engine does."""
    engine = OurEngine(subject.path)
    return sum(len(engine.render(engine.values([file]))) for file in files)


def _go_matrix(subject: Subject, files: Sequence[Path]) -> int:
    """Render with each values file, and look for lines with images as people do."""
    engine = GoEngine(subject.path)
    found = 0
    for file in files:
        texts = engine.render(engine.values(file.read_text(encoding="utf-8")))
        found += sum(len(_IMAGE.findall(text)) for text in texts.values())
    return found


def matrix_memory(bench: Bench, subject: Subject) -> list[tuple[str, int, float | None]]:
    """The most memory that a small and a large matrix hold, by format of the report."""
    found = []
    for count in (bench.effort.large_matrix // 10 or 1, bench.effort.large_matrix):
        folder = bench.folder / "memory" / f"{subject.name}-{count}"
        subject.environments(count, folder)
        for form in ("text", "json"):
            words = bench.commands.our_matrix_words(subject.path, str(folder / "*.yaml"), subject.registries, form)
            found.append((form, count, bench.commands.surroundings.peak(words)))
    return found


def growth(bench: Bench) -> dict[str, dict[str, list[tuple[int, float]]]]:
    """Milliseconds by size: what is varied, then the contestant, then pairs of size and time."""
    found: dict[str, dict[str, list[tuple[int, float]]]] = {"templates": {}, "values": {}, "values files": {}}
    grown = read_subject(_grown_chart(bench, 20, 40), "growth")
    for size in bench.effort.sizes:
        bench.say(f"growth: {size}")
        _grow(found["templates"], size, _sized(bench, templates=size))
        _grow(found["values"], size * 10, _sized(bench, keys=size * 10))
        files = matrix(bench, grown, size)
        _grow(found["values files"], size, files.race)
    return found


def _grow(table: dict[str, list[tuple[int, float]]], size: int, result: Race) -> None:
    for name in result.seconds:
        spread: Spread = result.spread(name)
        table.setdefault(name, []).append((size, spread.median * 1000))


def _sized(bench: Bench, templates: int = 20, keys: int = 40) -> Race:
    """The times of one render of a chart of some size."""
    chart = _grown_chart(bench, templates, keys)
    ours = OurEngine(chart)
    values = ours.values()
    ours.render(values), ours.render(values)
    ways: dict[str, Callable[[], object]] = {OURS: lambda: ours.render(values)}
    if bench.has_go:
        go = GoEngine(chart)
        ways[GO] = lambda: go.render({})
    if bench.commands.helm is not None:
        ways[HELM] = _running(bench, bench.commands.helm_words(chart))
    rounds = max(1, bench.effort.rounds // 3)
    return race(ways, rounds=rounds, budget_s=bench.effort.budget_s)


def _grown_chart(bench: Bench, templates: int, keys: int) -> Path:
    folder = bench.folder / "grown" / f"{templates}-{keys}"
    return folder if folder.exists() else write_chart(many(templates, keys), folder)
