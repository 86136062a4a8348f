"""What the commands share that change files: which key, which files, and the writing of all of them or none."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from chartkit.cli.exits import CLEAN, FINDINGS, tell
from chartkit.cli.flags import Flag, UsageError, Words, as_integer
from chartkit.cli.input_files import STDIN, read_text
from chartkit.cli.pipeline import put
from chartkit.goyaml.positions import Path as Keys
from chartkit.strvals import StrvalsError, parse_strings

CHANGING: Final = (
    Flag("document", "which of several YAML documents in a file is meant, counted from 1", "integer"),
    Flag("check", "write nothing; the exit code is 1 if a file would change"),
    Flag("diff", "write nothing; show what would change"),
)
"""The flags of every command that changes files."""

# No key can have this name, so it shows where a key in the grammar of --set ends.
_MARK: Final = "\0"

Change = Callable[[str, str, int | None], str]


def read_keys(text: str) -> Keys:
    """The path that a key in the grammar of `--set` stands for: `a.b[0].c`, `annotations.prometheus\\.io/scrape`.

    Raises:
        UsageError: it is no single key.
    """
    try:
        places = parse_strings(f"{text}={_MARK}", {})
    except StrvalsError as error:
        raise UsageError(f"{text!r} is no key: {error}") from error
    fitting = [place for place in places if place.path and all(step != "" for step in place.path)]
    if len(fitting) != 1 or len(places) != 1 or _ends_early(text):
        raise UsageError(f"{text!r} is no key", hint="one key as for --set, without a value: image.tag, env[0].value")
    return places[0].path


def _ends_early(text: str) -> bool:
    """Whether a key holds an `=` of its own, behind which the grammar takes all for the value."""
    return "=" in text.replace("\\=", "")


def read_document(words: Words) -> int | None:
    """The document that is meant, from 0.

    Raises:
        UsageError: there is no such number.
    """
    if not words.text("document"):
        return None
    number = as_integer(words.text("document"))
    if number < 1:
        raise UsageError("--document counts from 1")
    return number - 1


def change_files(files: Sequence[str], words: Words, change: Change) -> int:
    """Change some files, all of them or none; the result is the exit code.

    The text for `-` comes from the standard input and goes to the standard output.

    Args:
        files: their names.
        words: the command line.
        change: what makes a new text out of an old one, given the file's name and the document's number.

    Raises:
        InputError: a file cannot be read, changed or written; no file is changed then.
    """
    if not files:
        raise UsageError("no file to change")
    document = read_document(words)
    old = {name: read_text(name) for name in dict.fromkeys(files)}
    new = {name: change(text, name, document) for name, text in old.items()}
    changed = [name for name in old if old[name] != new[name]]
    if words.switch("diff"):
        put("".join(_diff(name, old[name], new[name]) for name in changed))
    elif STDIN in new and not words.switch("check"):
        put(new[STDIN])
    if words.switch("check"):
        for name in changed:
            tell(f"{name} would change")
        return FINDINGS if changed else CLEAN
    if not words.switch("diff"):
        _write({name: new[name] for name in changed if name != STDIN})
    return CLEAN


def _write(texts: dict[str, str]) -> None:
    from chartkit.adapters.files import write_together

    write_together({Path(name): text.encode("utf-8", "surrogateescape") for name, text in texts.items()})


def _diff(name: str, old: str, new: str) -> str:
    lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{name}", f"b/{name}", n=2)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    # Only line feeds part lines here, as in every other tool for differences.
    return [f"{line}\n" for line in text.split("\n")[:-1]] + ([text.rpartition("\n")[2]] if text[-1:] != "\n" else [])
