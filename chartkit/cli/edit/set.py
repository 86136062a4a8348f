"""`chartkit edit set KEY VALUE FILE...`: set a key in values files; every other byte stays.

    chartkit edit set image.tag 1.28 values.yaml
    chartkit edit set 'env[0].value' on prod.yaml stage.yaml
    chartkit edit set resources --json '{"limits": {"cpu": "1"}}' values.yaml
    chartkit edit set image.tag 1.28 --diff values.yaml

KEY is written as for `--set`. VALUE has the type that `--set` gives it, but for one case: what is a text in the file
stays one, so that `tag: "1"` becomes `tag: "2"` and not a number, which a template might print as 2e+07. `--json` gives
any value any type, and `--string` always a text. A value that is there keeps its quotes, new keys go behind the last
one of their map, and maps on the way are made.

Where several places share a value by a YAML anchor, it is changed for all of them on `--anchors`; without it such an
edit is refused, as it would change more than KEY.

All files are changed or none: each is read again after its change and must say what was wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from chartkit.checks.subject import value_at
from chartkit.cli.command import Command
from chartkit.cli.edit.changing import CHANGING, change_files, read_keys
from chartkit.cli.flags import Flag, UsageError, Words, read_words
from chartkit.gojson import JSONError, decode
from chartkit.goyaml.edit import load_document, set_values
from chartkit.strvals import typed_value


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit edit set`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, 4)
    key, text, files = _taken_apart(words)
    keys = read_keys(key)
    value, is_free = _value(words, text)

    def change(old: str, name: str, document: int | None) -> str:
        fitting = value
        if is_free and isinstance(value, (int, bool)):
            here = value_at(load_document(old, name=name, document=document), keys)
            fitting = text if isinstance(here, str) else value
        at_anchors = words.switch("anchors")
        return set_values(old, {keys: fitting}, name=name, document=document, at_anchors=at_anchors)

    return change_files(files, words, change)


def _taken_apart(words: Words) -> tuple[str, str, list[str]]:
    """The key, the value and the files."""
    if words.text("json") and words.switch("string"):
        raise UsageError("--json and --string do not go together")
    if "json" in words.given:
        if len(words.others) < 2:
            raise UsageError("edit set takes a key, with --json its value, and files")
        return words.others[0], words.text("json"), words.others[1:]
    if len(words.others) < 3:
        raise UsageError(
            "edit set takes a key, a value, and files", hint="chartkit edit set image.tag 1.28 values.yaml"
        )
    return words.others[0], words.others[1], words.others[2:]


def _value(words: Words, text: str) -> tuple[Any, bool]:
    """The value, and whether a text that is there may keep its type."""
    if "json" in words.given:
        try:
            return decode(text), False
        except JSONError as error:
            raise UsageError(f"--json: {error}") from error
    return (text, False) if words.switch("string") else (typed_value(text), True)


COMMAND: Final = Command(
    name="edit set",
    usage="[OPTIONS] KEY VALUE FILE...",
    help="Set a key in values files. KEY is written as for --set: image.tag, env[0].value. Only what is changed is "
    "written anew; comments, quotes, order and line breaks stay. All files are changed or none.",
    flags=(
        Flag("string", "the value is a text, whatever it looks like"),
        Flag("json", "the value, as JSON; there is no VALUE then", "text"),
        Flag("anchors", "change a value that places share by a YAML anchor for all of them"),
        *CHANGING,
    ),
    run=run,
)
