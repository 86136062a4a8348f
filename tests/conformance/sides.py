"""The two sides of a comparison, chartkit and Helm, and what sets their answers apart."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from cases import captured
from oracle import NAMESPACE, NEWEST, RELEASE, HelmEngine, helm_template
from subjects import Subject

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.cli.app import main
from chartkit.engine.compiled import CompiledChart
from chartkit.engine.render import Rendering
from chartkit.errors import ChartkitError
from chartkit.profile import PROFILES

SAME: Final = "identical"
DIFFERENT: Final = "different"
BOTH_FAIL: Final = "both fail, same text"
OTHER_ERROR: Final = "both fail, other text"
ONLY_OURS: Final = "only chartkit fails"
ONLY_HELM: Final = "only Helm fails"
CRASH: Final = "chartkit crashes"
_ENGINE_PROFILE: Final = "4.2"
_CLI_PROFILE: Final = "4.3"
_SECTION: Final = re.compile(r"(?m)^---\n(?=# Source: (.*)$)")
_LONG: Final = 300
_HELM_LIMIT_S: Final = 90.0


@dataclass(slots=True)
class Side:
    """One side's answer: texts by name, or an error; and chartkit's rendering itself."""

    files: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    crashed: bool = False
    rendering: Rendering | None = None


def ours(subject: Subject) -> Side:
    """The raw text of each template by chartkit."""
    try:
        program = _program(subject.chart)
        values = read_values(program.chart, files=[str(subject.values)] if subject.values else [])
        rendering = program.render(values, Release(RELEASE, namespace=NAMESPACE))
        return Side(dict(rendering.files), rendering=rendering)
    except Exception as failure:  # noqa: BLE001 - a crash is a finding like any other
        return _failed(failure)


@lru_cache(maxsize=2)
def _program(chart: Path) -> CompiledChart:
    """A chart's program, kept for its next values files: they follow each other."""
    return compile_chart(load_chart(chart, profile=PROFILES[_ENGINE_PROFILE]), helm=_ENGINE_PROFILE)


def helm(subject: Subject, engine: HelmEngine, pause_s: float = 0.0) -> tuple[Side, Side]:
    """The raw text of each template by Helm's engine, twice, with a pause in between."""
    try:
        text = subject.values.read_text("utf-8") if subject.values else None
        first, second = engine.render_twice(subject.chart, text, pause_s)
    except Exception as failure:  # noqa: BLE001 - the engine's failures have no common class
        failed = Side(error=str(failure) or type(failure).__name__)
        return failed, failed
    return Side(first), Side(second)


def unstable(first: Side, second: Side) -> set[str]:
    """The templates that came out differently the second time."""
    names = first.files.keys() | second.files.keys()
    return {name for name in names if first.files.get(name) != second.files.get(name)}


def settled(mine: Side, first: Side, second: Side) -> tuple[Side, Side]:
    """Two sides' unstable templates, each line that Helm itself writes differently twice blanked.

    Templates that have more lines the one time than the other cannot be compared so, and are left out.
    """
    sides: tuple[dict[str, str], dict[str, str]] = {}, {}
    for name in unstable(first, second):
        texts = [side.files.get(name, "").split("\n") for side in (first, second, mine)]
        if len(texts[0]) == len(texts[1]):
            stays = [left == right for left, right in zip(texts[0], texts[1], strict=True)]
            for side, lines in ((sides[0], texts[2]), (sides[1], texts[0])):
                kept = [line if i >= len(stays) or stays[i] else "" for i, line in enumerate(lines)]
                side[name] = "\n".join(kept)
    return Side(sides[0]), Side(sides[1])


def our_print(subject: Subject) -> Side:
    """The whole output of `chartkit template`, cut by template."""
    values = ["-f", str(subject.values)] if subject.values else []
    words = ["template", RELEASE, str(subject.chart), "--namespace", NAMESPACE, *values, "--helm", _CLI_PROFILE]
    with captured() as (stdout, stderr):
        code = main(words)
    said = stderr.text()
    if code == 0:
        return Side(sections(stdout.text()))
    return Side(error=said[max(said.find("Error:"), 0) :].rstrip("\n"), crashed="chartkit failed" in said)


def printed(rendering: Rendering) -> Side:
    """The whole text of a rendering, under the empty name."""
    try:
        return Side({"": rendering.text})
    except Exception as failure:  # noqa: BLE001 - a crash is a finding like any other
        return _failed(failure)


def helm_print(subject: Subject, version: str = NEWEST) -> Side:
    """The whole output of `helm template`, cut by template."""
    answer = helm_template(version, subject.chart, subject.values, limit_s=_HELM_LIMIT_S)
    return Side(sections(answer.stdout)) if answer.ok else Side(error=answer.error.rstrip("\n"))


def sections(text: str) -> dict[str, str]:
    """The documents of each template in a printed text, with the number of each, so that their order counts too."""
    parts = _SECTION.split(text)
    found = {"": parts[0]} if parts[0] else {}
    for number, (name, body) in enumerate(zip(parts[1::2], parts[2::2], strict=True)):
        found[f"{number} {name}"] = body
    return found


def verdict(mine: Side, theirs: Side, without: Set[str] = frozenset()) -> dict[str, Any]:
    """What sets two answers apart; texts in `without` do not count.

    A name in `without` stands for the template's section in a printed text, too.
    """
    if mine.error is not None or theirs.error is not None:
        return _error_verdict(mine, theirs)
    for name in sorted(mine.files.keys() | theirs.files.keys()):
        if without.isdisjoint((name, name.partition(" ")[2])) and mine.files.get(name) != theirs.files.get(name):
            return {"verdict": DIFFERENT, "template": name, **_first_difference(mine.files, theirs.files, name)}
    return {"verdict": SAME}


def digest(files: Mapping[str, str], without: Set[str]) -> str:
    """The checksum of a render that catalogues record."""
    total = hashlib.sha256()
    for name in sorted(files):
        if name not in without:
            total.update(f"{name}\0{files[name]}\0".encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def relative(error: str, chart: Path) -> str:
    """An error's text without this machine's path to the chart."""
    return error.replace(str(chart), "<chart>")


def _error_verdict(mine: Side, theirs: Side) -> dict[str, Any]:
    said = {"ours": mine.error, "helm": theirs.error}
    if mine.crashed:
        return {"verdict": CRASH, **said}
    if theirs.error is None:
        return {"verdict": ONLY_OURS, **said}
    if mine.error is None:
        return {"verdict": ONLY_HELM, **said}
    # After Helm's text the command line may tell more.
    same = mine.error == theirs.error or mine.error.startswith(f"{theirs.error}\n")
    return {"verdict": BOTH_FAIL if same else OTHER_ERROR, **said}


def _first_difference(mine: Mapping[str, str], theirs: Mapping[str, str], name: str) -> dict[str, Any]:
    if name not in mine or name not in theirs:
        presence = {who: "there" if name in side else "absent" for who, side in (("ours", mine), ("helm", theirs))}
        return {"line": 0, **presence}
    left, right = mine[name].split("\n"), theirs[name].split("\n")
    shared = min(len(left), len(right))
    at = next((i for i in range(shared) if left[i] != right[i]), shared)
    line = {"ours": left[at] if at < len(left) else "(end)", "helm": right[at] if at < len(right) else "(end)"}
    return {"line": at + 1, **{side: text[:_LONG] for side, text in line.items()}}


def _failed(failure: Exception) -> Side:
    if isinstance(failure, ChartkitError):
        return Side(error=str(failure))
    import traceback

    frames = traceback.extract_tb(failure.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return Side(error=f"{type(failure).__name__}: {failure} ({place})", crashed=True)
