"""A trace writes the very texts of a plain render, and fails with the very same words."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from chartkit.ambient import Ambient
from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files, load_chart
from chartkit.engine.compiled import CompiledChart, compile_chart
from chartkit.engine.release import Release
from chartkit.engine.trace import Trace
from chartkit.errors import ChartkitError
from chartkit.profile import PROFILES
from chartkit.source import Source
from chartkit.values.inputs import Layer, ValuesInput, read_values

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "orkes-conductor"
VALUES = sorted((ROOT / "fixtures" / "orkes").glob("*.yaml"))
CASES = ROOT / "fixtures" / "helm" / "cases.jsonl"
SHARDS = 8


@lru_cache(maxsize=4)
def _orkes(profile: str) -> CompiledChart:
    return compile_chart(load_chart(CHART, profile=PROFILES[profile]), helm=profile)


def _ambient(profile: str) -> Ambient:
    """Surroundings in which two renders draw the same random texts at the same time."""
    clock = 1_700_000_000_000_000_000
    return Ambient(PROFILES[profile], now_ns=lambda: clock, zone=UTC, random=random.Random(7))


def _answer(run: Any, values: ValuesInput, release: str, profile: str) -> tuple[Any, Trace | None]:
    """The texts, or the words of the failure; and the trace, if it is one."""
    try:
        rendering = run(values, Release(release), ambient=_ambient(profile))
    except ChartkitError as error:
        return (type(error).__name__, str(error)), None
    return dict(rendering.files), rendering if isinstance(rendering, Trace) else None


def _check(program: CompiledChart, values: ValuesInput, release: str, profile: str) -> None:
    plain, _ = _answer(program.render, values, release, profile)
    traced, trace = _answer(program.trace, values, release, profile)
    assert traced == plain
    if trace is not None:
        for name, text in trace.files.items():
            _check_spans(trace, name, text)


def _check_spans(trace: Trace, name: str, text: str) -> None:
    """Spans lie inside the text, in order, and what is copied is there."""
    before = 0
    for span in trace.spans[name]:
        assert before <= span.start <= span.end <= len(text), (name, span)
        before = span.start
        if span.copied:
            [source] = span.sources
            assert text[span.start : span.end] in source.value, (name, span)


@pytest.mark.parametrize("path", VALUES, ids=lambda path: path.stem)
def test_trace_writes_what_render_writes_for_the_chart_of_the_guide(path):
    program = _orkes("4.3")
    _check(program, read_values(program.chart, files=[path]), "conductor", "4.3")


@pytest.mark.parametrize("profile", ["4.2", "4.1", "3.17"])
def test_trace_writes_what_render_writes_for_older_helms(profile):
    program = _orkes(profile)
    _check(program, read_values(program.chart), "conductor", profile)


def _cases(shard: int) -> Iterator[dict[str, Any]]:
    with CASES.open(encoding="utf-8") as lines:
        for index, line in enumerate(lines):
            if index % SHARDS == shard:
                case = json.loads(line)
                if "cli" not in case:
                    yield case


def _given(data: dict[str, Any] | None) -> ValuesInput:
    if not data:
        return ValuesInput()
    return ValuesInput((Layer("values_file", "override.json", Source("override.json", json.dumps(data)), data),), data)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_trace_writes_what_render_writes_for_recorded_cases(shard):
    count = 0
    for case in _cases(shard):
        files = [File(name, text.encode("utf-8", "surrogateescape")) for name, text in case["files"].items()]
        try:
            program = compile_chart(chart_from_files(files, profile=PROFILES["4.2"]), helm="4.2")
        except ChartkitError:
            continue
        try:
            _check(program, _given(case.get("values")), case.get("rel", "rel"), "4.2")
        except Exception as failure:
            raise AssertionError(case["name"]) from failure
        count += 1
    assert count > 50
