"""`chartkit verify-images`: whether all images come from where they should.

Without values files it checks every target of chartkit.yaml, and where there is none the chart it finds with its
default values. What is printed: `chartkit.checks.formats`.

| exit code | meaning |
|---|---|
| 0 | all images are as expected |
| 1 | some are not, or there are none, or another number of them, or the chart refused its values under --lenient |
| 2 | the command line or a file makes no sense, or a chart cannot be rendered: nothing can be said about its images |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.checks.expect_registry import CERTAINTIES, Expectation, verify
from chartkit.checks.levels import Levels
from chartkit.checks.registry_pattern import read_pattern
from chartkit.checks.report import Report, joined
from chartkit.cli.checking import (
    CHECKING,
    MANY,
    Attempt,
    attempt,
    chosen,
    chosen_format,
    configuration,
    deliver_report,
    failed,
    targets_of,
    tasks_of,
)
from chartkit.cli.command import Command
from chartkit.cli.flags import Flag, UsageError, Words, as_integer
from chartkit.cli.other_inputs import other_inputs, refuse_other_inputs
from chartkit.cli.subject import read_command
from chartkit.config import Config, Target
from chartkit.images.use import Certainty
from chartkit.profile import Profile

EXPECTING: Final = (
    Flag("expect", "a registry, perhaps with a path, that images must come from; may be repeated", "list"),
    Flag("allow", "a registry, path or image that is fine all the same, * stands for a part's letters", "list"),
    Flag("count", "how many images must match, each place counted", "integer"),
)
"""The flags that say what is expected."""


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit verify-images`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    form, config = chosen_format(words), configuration(words)
    other = other_inputs(words)
    if other is not None:
        refuse_other_inputs(words, ("matrix", "fleet", "lenient"))
        levels = Levels(settings=config.rules if config else {})
        return deliver_report(verify(other.subject(), _expectation(words, config, None), levels), (), form)
    if words.texts("matrix") or words.text("fleet"):
        return _verify_many(words, profile, config, form)
    tasks = tasks_of(words, profile, config)
    expectations = [_expectation(words, config, task.target) for task in tasks]
    attempts = [attempt(task, lenient=words.switch("lenient")) for task in tasks]
    levels = Levels(settings=config.rules if config else {})
    reports = [_verified(*pair, levels) for pair in zip(attempts, expectations, strict=True)]
    return deliver_report(joined(reports), attempts, form)


def _verify_many(words: Words, profile: Profile, config: Config | None, form: str) -> int:
    """What `--fleet` and `--matrix` ask for: each target of the fleet, and each with each file of the matrix."""
    from chartkit.cli.fleet import fleet_of, matrix_files, runs_of, verify_fleet

    fleet = fleet_of(words)
    tasks = targets_of(words, profile, fleet) if fleet else tasks_of(words, profile, config)
    config = fleet or config
    levels, files = Levels(settings=config.rules if config else {}), matrix_files(words)
    runs = [run for task in tasks for run in runs_of(task, files, _expectation(words, config, task.target), levels)]
    return verify_fleet(runs, words, form)


def _verified(attempt: Attempt, expectation: Expectation, levels: Levels) -> Report:
    if attempt.failure is not None or attempt.subject is None:
        return failed(attempt)
    return verify(attempt.subject, expectation, levels, attempt.refusals)


def expectation_of(
    words: Words, config: Config | None, target: Target | None, certainty: str = "fail-on"
) -> Expectation:
    """What is expected: by the command line, else by the target, else by the configuration; allowed is all of them.

    Args:
        words: the command line.
        config: the configuration.
        target: the target that is checked.
        certainty: the flag that says how sure it must be that a text is an image.
    """
    registries = words.texts("expect") or (target.expect if target else ()) or (config.expect if config else ())
    allow = [*words.texts("allow"), *(target.allow if target else config.allow if config else ())]
    count = as_integer(words.text("count")) if words.text("count") else None
    level = chosen(words, certainty, CERTAINTIES, str(Certainty.LIKELY))
    return Expectation(
        tuple(map(read_pattern, registries)), tuple(map(read_pattern, allow)), count, Certainty[level.upper()]
    )


def _expectation(words: Words, config: Config | None, target: Target | None) -> Expectation:
    found = expectation_of(words, config, target)
    if not found.registries and found.count is None:
        raise UsageError(
            "there is nothing to verify", hint="say --expect REGISTRY[/PATH], or `expect: ...` in chartkit.yaml"
        )
    return found


COMMAND: Final = Command(
    name="verify-images",
    usage="[OPTIONS] [VALUES]...",
    help="Check that all images come from the registries expected: those of all containers, hooks and tests, and in "
    "all other places where an image is certain or likely. Names are compared in canonical form and by whole parts: "
    "nginx is docker.io/library/nginx. Without VALUES the targets of chartkit.yaml are checked.",
    flags=(
        *EXPECTING,
        Flag("fail-on", "how sure it must be that a text is an image: certain, likely (default) or possible", "text"),
        Flag("lenient", "go on where the chart refuses its values (required, fail), and report it"),
        *MANY,
        *CHECKING,
    ),
    run=run,
)
