"""The manual's pages as programs: what their blocks are, and how each is run.

A page is run from its top to its end, in a folder of its own:

- `<!-- here: charts/orkes-conductor -->` copies something of this repository into the folder; `A as B` renames it;
- a fence with a title, ```` ```yaml title="prod.yaml" ````, is a file of the reader, and is written;
- a fence `console` holds commands (`$ ...`), each with what it prints;
- a fence `python` is run; a fence `text` with the title `output` behind it is what it prints.

A block is left out only behind `<!-- not run: reason -->`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any, Final

from chartkit.cli.app import main

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
OUTPUT: Final = "output"
WORKPLACE: Final = "/home/me/work"
"""What pages call the folder in which they are run."""
_BLOCK: Final = re.compile(
    r"^(?P<indent> *)<!-- (?P<word>here|not run): (?P<said>.*?) -->\n|"
    r"^(?P<edge> *)```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<body>.*?)^(?P=edge)```$",
    re.MULTILINE | re.DOTALL,
)
_COMMAND: Final = re.compile(r"^\$ ((?:.*\\\n)*.*)\n", re.MULTILINE)
_SHELL: Final = re.compile(r"[|<>&;$`*?~]")


@dataclass(frozen=True, slots=True)
class Block:
    """A fence of a page, or a note to the one who runs it.

    Attributes:
        kind: `here`, `file`, `console`, `python` or `output`.
        body: what is between the fences, without the indentation.
        title: the name of a file.
        start: where the body begins in the page.
        end: where it ends.
        indent: what stands before each line.
    """

    kind: str
    body: str
    title: str = ""
    start: int = 0
    end: int = 0
    indent: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a block printed, beside what the page says."""

    block: Block
    shown: str
    real: str


@dataclass(slots=True)
class Session:
    """A reader at work on one page."""

    folder: Path
    code: int = 0
    names: dict[str, Any] = field(default_factory=dict)


def all_pages() -> list[Path]:
    """Every page of the manual."""
    return sorted(DOCS.rglob("*.md"))


def read_blocks(text: str) -> Iterator[Block]:
    """The blocks of a page that count, in order."""
    reason = ""
    for match in _BLOCK.finditer(text):
        word = match["word"]
        if word == "here":
            yield Block("here", match["said"])
        elif word:
            reason = match["said"]
        elif reason:
            reason = ""
        else:
            yield from _fence(match)


def _fence(match: re.Match[str]) -> Iterator[Block]:
    language, title = match["language"], match["title"] or ""
    kind = OUTPUT if title == OUTPUT else "file" if title else language
    if kind in (OUTPUT, "file", "console", "python"):
        body = re.sub(f"^{match['edge']}", "", match["body"], flags=re.MULTILINE)
        yield Block(kind, body, title, match.start("body"), match.end("body"), match["edge"])


def skipped(text: str) -> list[str]:
    """The reasons for what is not run."""
    return [match["said"] for match in _BLOCK.finditer(text) if match["word"] == "not run"]


def run_page(text: str, folder: Path) -> Iterator[Answer]:
    """Run a page; each block that prints gives what the page says, and what is true."""
    session = Session(folder)
    printed = ""
    with _at_home(folder):
        for block in read_blocks(text):
            if block.kind == "console":
                yield Answer(block, block.body, _console(block.body, session))
            elif block.kind == OUTPUT:
                yield Answer(block, block.body, printed)
            elif block.kind == "python":
                printed = _python(block.body, session)
            else:
                _prepare(block, folder)


def rewritten(text: str, answers: list[Answer]) -> str:
    """The page with what its blocks really print."""
    for answer in reversed(answers):
        block = answer.block
        body = re.sub(r"^(?=.)", block.indent, answer.real, flags=re.MULTILINE)
        text = text[: block.start] + body + text[block.end :]
    return text


def _prepare(block: Block, folder: Path) -> None:
    if block.kind == "file":
        path = folder / block.title
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.body, encoding="utf-8")
        return
    source, _, target = block.body.partition(" as ")
    origin, copy = ROOT / source, folder / (target or source)
    if origin.is_dir():
        shutil.copytree(origin, copy, dirs_exist_ok=True)
    else:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(origin, copy)


def _console(body: str, session: Session) -> str:
    """The block with the real output behind each command."""
    lines = []
    for command in _COMMAND.findall(body):
        lines += [f"$ {command}\n", _run(command.replace("\\\n", " "), session)]
    return "".join(lines)


def _run(command: str, session: Session) -> str:
    if command == "echo $?":
        return f"{session.code}\n"
    if command.startswith("chartkit ") and not _SHELL.search(command):
        code, output = _chartkit(shlex.split(command)[1:])
    else:
        code, output = _shell(command)
    session.code = code
    output = output.replace(str(session.folder), WORKPLACE)
    # An error without its words would be a riddle.
    assert code in (0, 1) or "2>&1" in command, f"{command}\nended with {code}:\n{output}"
    return output if output.endswith("\n") or not output else f"{output}\n"


def _chartkit(words: list[str]) -> tuple[int, str]:
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", errors="surrogateescape") for _ in range(2))
    saved = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        code = main(words)
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout, sys.stderr = saved
    out.flush()
    err.flush()
    printed, said = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return code, printed if code in (0, 1) else said


def _shell(command: str) -> tuple[int, str]:
    python = shlex.quote(sys.executable)
    names = f'chartkit() {{ {python} -m chartkit "$@"; }}; pytest() {{ {python} -m pytest -p no:cacheprovider "$@"; }}'
    script = f"set -o pipefail; export PYTHONPATH={shlex.quote(str(ROOT))}; {names}; {command}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout if done.returncode in (0, 1) or done.stdout else done.stderr


def _python(code: str, session: Session) -> str:
    out = StringIO()
    with redirect_stdout(out):
        exec(compile(code, "page", "exec"), session.names)
    return out.getvalue()


@contextmanager
def _at_home(folder: Path) -> Iterator[None]:
    """The folder is where the reader works and lives: nothing of the machine's own user is seen."""
    saved, before = dict(os.environ), os.getcwd()
    for name in ("DOCKER_CONFIG", "DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        os.environ.pop(name, None)
    os.environ |= {"HOME": str(folder), "NO_COLOR": "1", "COLUMNS": "100", "SOURCE_DATE_EPOCH": "1735689600"}
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(saved)
