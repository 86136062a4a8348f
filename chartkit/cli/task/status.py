"""`chartkit task status`: whether a task that was run is still running, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chartkit.cli.checking import chosen
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, FINDINGS
from chartkit.cli.flags import Flag, read_words
from chartkit.cli.pipeline import put
from chartkit.cli.tables import as_json
from chartkit.cli.task.engine import read_state
from chartkit.cli.task.run_file import read_run
from chartkit.cli.task.subject import one_word
from chartkit.profile import NEWEST
from chartkit.systems.task_api.docker import exit_code

_FORMATS: Final = ("text", "json")


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit task status`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen(words, "format", _FORMATS, "text")
    found = read_run(Path(one_word(words, "task_run-ID.json")))
    state = read_state(found.engine, found.id)
    code = exit_code(state)
    is_starved = bool(state.get("OOMKilled"))
    if form == "json":
        put(as_json({"name": found.name, "running": code is None, "exitCode": code, "outOfMemory": is_starved}))
    else:
        why = " (out of memory)" if is_starved else ""
        said = str(state.get("Status") or "unknown") if code is None else f"ended with exit code {code}{why}"
        put(f"{found.name}: {said}\n")
    return FINDINGS if code else CLEAN


COMMAND: Final = Command(
    name="task status",
    usage="[OPTIONS] task_run-ID.json",
    help="Say whether a task that `chartkit task run` started is running, or how it ended; one that ran out of memory "
    "counts as 137. The exit code is 1 if it failed.",
    flags=(Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),),
    run=run,
)
