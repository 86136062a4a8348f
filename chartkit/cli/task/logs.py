"""`chartkit task logs`: what a task that was run has said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chartkit.adapters.process import pass_through
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN
from chartkit.cli.flags import Flag, read_words
from chartkit.cli.task.run_file import read_run
from chartkit.cli.task.subject import one_word
from chartkit.errors import InputError
from chartkit.profile import NEWEST
from chartkit.systems.task_api.docker import logs_command


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit task logs`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    found = read_run(Path(one_word(words, "task_run-ID.json")))
    code = pass_through(logs_command(found.engine, found.id, follows=words.switch("watch")))
    if code:
        raise InputError(f"{found.engine} logs failed with exit code {code}")
    return CLEAN


COMMAND: Final = Command(
    name="task logs",
    usage="[OPTIONS] task_run-ID.json",
    help="Print what a task has said that `chartkit task run` started.",
    flags=(Flag("watch", "go on until it ends"),),
    run=run,
)
