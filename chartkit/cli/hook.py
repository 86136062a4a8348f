"""`chartkit hook COMMAND FILES...`: runs a command on whatever the changed files belong to, for pre-commit.

A changed file belongs to every target of chartkit.yaml whose chart or values files it is part of, and a changed
configuration to all its targets. Where no target names it, a file of a chart stands for the chart with its default
values, and a file whose name has `values` in it for the chart with these values. Files that belong to nothing are
passed over. Each chart or target is looked at once, however many of its files changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chartkit.cli.command import Command
from chartkit.cli.commands import load_command
from chartkit.cli.exits import CLEAN, describe, exit_code, tell
from chartkit.cli.flags import UsageError, Words, read_words
from chartkit.cli.pipeline import prepare
from chartkit.cli.subject import job_of, read_command
from chartkit.config import NAMES, PYPROJECT, Config, Target, load_config, upwards
from chartkit.errors import ChartkitError
from chartkit.profile import NEWEST

CHECKS: Final = ("verify-images", "lint", "render")
"""The commands that can be run; of `render` only whether it succeeds is of interest."""


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit hook`; the result is the worst exit code of all runs."""
    if not arguments or arguments[0] not in CHECKS:
        raise UsageError(f"hook needs the name of a command first: {', '.join(CHECKS)}")
    command = _command(arguments[0])
    words = read_words(arguments[1:], command.flags, NEWEST.major)
    own = _without_files(arguments[1:], words)
    check = _check_render if command.name == "render" else command.run
    known = {flag.name for flag in command.flags}
    codes = [_run_one(each, check, [*own, *each.words(words, known)]) for each in affected(words.others)]
    return max(codes, default=CLEAN)


def _command(name: str) -> Command:
    command = load_command(name)
    assert isinstance(command, Command)
    return command


@dataclass(frozen=True, slots=True)
class Affected:
    """A chart, or a target, that changed files belong to."""

    chart: str
    target: Target | None = None

    def __str__(self) -> str:
        return self.chart if self.target is None else f"{self.chart} ({self.target.name})"

    def words(self, given: Words, known: Container[str]) -> list[str]:
        """The words that name it on a command line; what the user gave counts more.

        Args:
            given: the user's words.
            known: the flags that the command has.
        """
        words: list[str] = []
        target = self.target
        if target is None:
            return ["--", self.chart]
        for name, texts in _flags_of(target).items():
            replaces = name not in ("set", "api-versions") and name in given.given
            if name in known and not replaces:
                words += [f"--{name}={text}" for text in texts]
        return [*words, "--", *target.values, self.chart]


def _flags_of(target: Target) -> dict[str, tuple[str, ...]]:
    single = {"release": target.release, "namespace": target.namespace, "kube-version": target.kube_version}
    return {
        **{name: (text,) for name, text in single.items() if text},
        "api-versions": target.api_versions,
        "set": target.set,
        "expect": target.expect,
        "allow": target.allow,
    }


def affected(files: Iterable[str]) -> list[Affected]:
    """The charts and targets that files belong to, each once, in the order of the files."""
    found: dict[Affected, None] = {}
    for file in files:
        found.update(dict.fromkeys(_affected_by(Path(file))))
    return list(found)


def _affected_by(file: Path) -> Iterator[Affected]:
    config = load_config(file.parent)
    targets = list(_targets(config)) if config else []
    hits = [each for each in targets if config and each.target and _concerns(file, each.target, config)]
    chart = chart_of(file)
    yield from hits
    if hits:
        return
    if _is_values_file(file):
        chart = config.chart if config and isinstance(config.chart, Path) else chart
        if chart is not None:
            yield Affected(os.path.normpath(chart), Target(str(file), values=(str(file),)))
    elif chart is not None:
        yield Affected(os.path.normpath(chart))


def _is_values_file(file: Path) -> bool:
    return (
        file.suffix in (".yaml", ".yml")
        and "values" in file.stem
        and file.name != "values.yaml"
        and "templates" not in file.parts
    )


def _targets(config: Config) -> Iterator[Affected]:
    for target in config.targets:
        for each in target.expand():
            # A chart from elsewhere changes in no commit, but its values files do.
            if each.chart is not None:
                yield Affected(os.path.normpath(each.chart) if isinstance(each.chart, Path) else each.chart, each)


def _concerns(file: Path, target: Target, config: Config) -> bool:
    path = file.resolve()
    if path == config.path.resolve() and path.name in (*NAMES, PYPROJECT):
        return True
    inside = isinstance(target.chart, Path) and path.is_relative_to(target.chart.resolve())
    return inside or path in (Path(name).resolve() for name in target.values)


def chart_of(file: Path) -> Path | None:
    """The chart that a file is part of; for a file of a subchart the chart around it."""
    around = next((folder for folder in upwards(file.parent) if (folder / "Chart.yaml").is_file()), None)
    while around is not None:
        outer = around.parent.parent
        if around.resolve().parent.name != "charts" or not (outer / "Chart.yaml").is_file():
            return around
        around = outer
    return None


def _without_files(arguments: Sequence[str], words: Words) -> list[str]:
    """The flags alone: the files were put behind them by pre-commit."""
    count = len(words.others)
    return list(arguments[: len(arguments) - count]) if count else list(arguments)


def _check_render(arguments: Sequence[str]) -> int:
    words, profile = read_command(arguments, _command("render").flags)
    _ = prepare(job_of(words, profile)).render().assembled
    return CLEAN


def _run_one(subject: Affected, check: Callable[[Sequence[str]], int], words: Sequence[str]) -> int:
    """One run; a failure is told and does not keep the others from being looked at."""
    tell(f"== {subject}")
    try:
        return check(words)
    except ChartkitError as failure:
        tell(describe(failure))
        return exit_code(failure)


COMMAND: Final = Command(
    name="hook",
    usage=f"{{{'|'.join(CHECKS)}}} [OPTIONS] [FILES]...",
    help="Run a command on every chart and target that the changed files belong to, once each: what the pre-commit "
    "hooks do. The options are those of the command and stand before the files.",
    flags=(),
    run=run,
)
