"""The recorded cases: small charts with what real Helm printed or said, and how to run one with chartkit.

`fixtures/helm/cases.jsonl` holds one case a line. A case of level `engine` has the raw text of each template, or the
error, as Helm 4.2 gave it, and under `differs` what other versions gave instead. A case of level `cli` has the output
of a whole `helm template` run for every version.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.cli.app import main
from chartkit.profile import PROFILES

CASES: Final = Path(__file__).parents[2] / "fixtures" / "helm" / "cases.jsonl"
PROFILE_OF: Final = {"4.3.1": "4.3", "4.2.3": "4.2", "4.1.4": "4.1", "3.17.2": "3.17"}
"""The profile that stands for each recorded version."""
ENGINE_VERSION: Final = "4.2.3"
OVERRIDE: Final = "override.json"
_ADVICE: Final = "\n\nUse --debug flag to render out invalid YAML\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command line printed."""

    code: int
    stdout: str
    stderr: str


def read_cases(path: Path = CASES) -> list[dict[str, Any]]:
    """All recorded cases."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def write_case(case: dict[str, Any], folder: Path) -> None:
    """The case's chart as `c/` in the folder, with its extra files and override values beside it."""
    files = {f"c/{name}": text for name, text in case["files"].items()} | case.get("extra", {})
    if "values" in case:
        files[OVERRIDE] = json.dumps(case["values"])
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))


def render_case(case: dict[str, Any], profile: str) -> dict[str, str]:
    """The raw text of each template, by the public API; the case lies in the current folder."""
    chart = load_chart("c", profile=PROFILES[profile])
    values = read_values(chart, files=[OVERRIDE] if "values" in case else [])
    rendering = compile_chart(chart, helm=profile).render(values, Release(case.get("rel", "rel")))
    return dict(rendering.files)


def run_case(case: dict[str, Any], profile: str) -> Outcome:
    """What the command line makes of the case, which lies in the current folder."""
    override = ["-f", OVERRIDE] if "values" in case else []
    words = ["template", case.get("rel", "rel"), "./c", *override, *case.get("args", []), "--helm", profile]
    with captured() as streams:
        code = main(words)
    return Outcome(code, *(stream.text() for stream in streams))


def recorded_engine(case: dict[str, Any], version: str) -> dict[str, Any]:
    """What the version's engine gave: its own record where it differs, the engine's otherwise."""
    own: dict[str, Any] = case.get("differs", {}).get(version, case)
    return own


def engine_message(recorded: dict[str, Any]) -> str:
    """The error's text without what the command line puts around it."""
    text: str = recorded["error_text"]
    return text.removeprefix("Error: ").removesuffix(_ADVICE).removesuffix("\n")


class _Stream(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors="surrogateescape", newline="")

    def text(self) -> str:
        """What was written, as text and as bytes."""
        self.flush()
        raw = self.buffer
        assert isinstance(raw, io.BytesIO)
        return raw.getvalue().decode("utf-8", "surrogateescape")


@contextmanager
def captured() -> Iterator[tuple[_Stream, _Stream]]:
    """Standard output and error as streams in memory, with buffers that take bytes."""
    before = sys.stdout, sys.stderr
    streams = _Stream(), _Stream()
    sys.stdout, sys.stderr = streams
    try:
        yield streams
    finally:
        sys.stdout, sys.stderr = before


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """The folder as current folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
