"""`chartkit kaapana plan DIR`: the commands from an extension's sources to the upload, with all names filled in."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from chartkit.cli.checking import chosen
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, tell
from chartkit.cli.flags import Flag, read_words
from chartkit.cli.kaapana.folder import VERSION, folder_of
from chartkit.cli.pipeline import put
from chartkit.cli.tables import as_json
from chartkit.profile import NEWEST

if TYPE_CHECKING:
    from chartkit.systems.kaapana.extension import Extension
    from chartkit.systems.kaapana.plan import Step


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit kaapana plan`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    form = chosen(words, "format", ("text", "json"), "text")
    from chartkit.systems.kaapana.extension import read_extension
    from chartkit.systems.kaapana.plan import ANY_VERSION, plan

    extension = read_extension(folder_of(words))
    registry = words.text("registry")
    steps = plan(extension, registry, words.text("platform-version"))
    if any(ANY_VERSION in word for step in steps for word in step.command):
        tell(f"put the platform's version in for {ANY_VERSION}: --platform-version")
    if words.switch("run"):
        return _run(extension, registry, steps)
    put(_text(steps) if form == "text" else as_json({"steps": [_row(step) for step in steps]}))
    return CLEAN


def _run(extension: Extension, registry: str, steps: Iterable[Step]) -> int:
    """Run what chartkit can do itself; the rest is said on standard error."""
    from chartkit.errors import InputError

    for workflow in extension.workflows:
        if registry and workflow.url != registry:
            # An archive with another registry in it would be uploaded without anybody noticing.
            raise InputError(
                f"{workflow.chart.name} has the registry {workflow.url or 'of the platform'}, not {registry}",
                hint=f"set global.custom_registry_url in {workflow.folder / 'values.yaml'} first",
            )
    for step in steps:
        # Images are built and pushed by other programs, with logins that are not ours.
        if not step.own:
            tell(f"left to you: {_line(step)}")
            continue
        tell(f"chartkit {shlex.join(step.own)}")
        code = _call(step.own)
        if code:
            return code
    return CLEAN


def _call(words: Sequence[str]) -> int:
    from chartkit.cli.commands import find_command

    # By name, so that the modules are imported for --run only.
    command, rest = find_command(words)
    assert isinstance(command, Command)
    return command.run(rest)


def _text(steps: Iterable[Step]) -> str:
    """The steps as a shell script."""
    lines: list[str] = []
    part = ""
    for step in steps:
        if step.part != part:
            lines += [*([""] if lines else []), f"# {step.part}"]
            part = step.part
        lines.append(_line(step) if step.command else f"# {step.note}")
    return "".join(f"{line}\n" for line in lines)


def _line(step: Step) -> str:
    command = shlex.join(step.command) or step.note
    folder = os.fspath(step.folder)
    return f"(cd {shlex.quote(folder)} && {command})" if step.command and folder != "." else command


def _row(step: Step) -> dict[str, Any]:
    return {
        "part": step.part,
        "command": list(step.command),
        "folder": os.fspath(step.folder),
        "note": step.note,
        "chartkit": list(step.own),
    }


COMMAND: Final = Command(
    name="kaapana plan",
    usage="[OPTIONS] DIR",
    help="Print the commands that bring a workflow extension from its sources to the upload: build and push the "
    "images, put the registry into the operators, get the dependency, pack the chart. Names come from the chart, the "
    "Dockerfiles' labels and the operators.",
    flags=(
        Flag("registry", "the registry of your own (default: global.custom_registry_url of the chart)", "text"),
        VERSION,
        Flag("run", "run the steps that chartkit can do itself: the dependency, and the package"),
        Flag("format", "text (default), a shell script, or json", "text"),
    ),
    run=run,
)
