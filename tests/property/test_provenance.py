"""The proof of provenance, without a second implementation: change one leaf of the values, and see what changes.

Of a leaf whose characters are copied, the characters change where the trace says so, and nothing outside of what names
the leaf. A leaf that nothing names can be changed without any effect.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chartkit.ambient import Ambient
from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files, load_chart
from chartkit.engine.compiled import CompiledChart, compile_chart
from chartkit.engine.release import Release
from chartkit.engine.trace import Trace
from chartkit.errors import ChartkitError
from chartkit.origin import Path as Way
from chartkit.origin import Span
from chartkit.source import Source
from chartkit.values.inputs import Layer, ValuesInput
from chartkit.values.resolve import resolve_values

sys.path.insert(0, str(Path(__file__).parent))

from styles import CHARTS  # noqa: E402

ORKES = "orkes-conductor"
STYLES = [*CHARTS, ORKES]
LETTERS = "bcdfghjkm"


@cache
def _program(style: str) -> CompiledChart:
    if style == ORKES:
        return compile_chart(load_chart(Path(__file__).parents[2] / "charts" / ORKES))
    return compile_chart(chart_from_files([File(name, text.encode()) for name, text in CHARTS[style].items()]))


def _surroundings() -> Ambient:
    clock = 1_700_000_000_000_000_000
    return Ambient(now_ns=lambda: clock, zone=UTC, random=random.Random(11))


def _given(data: dict[str, Any]) -> ValuesInput:
    return ValuesInput((Layer("values_file", "changed.yaml", Source("changed.yaml", ""), data),), data)


@cache
def _trace(style: str) -> Trace:
    return _program(style).trace(ValuesInput(), Release("r"), ambient=_surroundings())


def _rendered(style: str, data: dict[str, Any]) -> dict[str, str]:
    program = _program(style)
    return dict(program.render(_given(data), Release("r"), ambient=_surroundings(), skip_schema=True).files)


@cache
def _values(style: str) -> dict[str, Any]:
    program = _program(style)
    return resolve_values(program.chart, ValuesInput(), profile=program.profile).values


def _walk(value: Any, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _walk(item, (*way, key))
    elif value is not None:
        yield way, value


@cache
def _leaves(style: str) -> tuple[tuple[Way, Any], ...]:
    """The leaves that can be set from outside; the globals of subcharts are set at the root."""
    return tuple((way, value) for way, value in _walk(_values(style)) if "global" not in way[1:])


def _changed(value: Any, way: Way, new: Any, *, in_list: bool = False) -> Any:
    """Values that change one leaf: maps down to it, and whole lists, as Helm does not merge these."""
    if not way:
        return new
    step, *rest = way
    if isinstance(step, int):
        return [_changed(each, tuple(rest), new, in_list=True) if at == step else each for at, each in enumerate(value)]
    inner = {step: _changed(value[step], tuple(rest), new, in_list=in_list)}
    return value | inner if in_list else inner


def _fresh(value: Any, word: str) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return type(value)(value + len(word))
    return f"zq{word}" if len(word) + 2 != len(value) else f"zqq{word}"


def _names(span: Span, way: Way) -> bool:
    return any(each.kind == "values" and each.path == way for each in (*span.sources, *span.consulted))


def _is_copy(span: Span, way: Way, text: str, value: Any) -> bool:
    consulted = any(each.path == way for each in span.consulted)
    return span.copied and not consulted and span.sources[0].path == way and text[span.start : span.end] == value


def _fixed_parts(text: str, spans: tuple[Span, ...], way: Way, value: Any, new: Any) -> list[str]:
    """What must stand in the changed text, in order; between two parts there may be anything."""
    parts = [""]
    end = 0
    for span in spans:
        if not _names(span, way):
            continue
        parts[-1] += text[end : max(span.start, end)]
        if _is_copy(span, way, text, value) and span.start >= end:
            parts[-1] += str(new)
        else:
            parts.append("")
        end = max(end, span.end)
    parts[-1] += text[end:]
    return parts


def _holds(text: str, parts: list[str]) -> bool:
    """Whether a text begins with the first part, ends with the last, and has the others in between."""
    if len(parts) == 1:
        return text == parts[0]
    first, *middle, last = parts
    if not text.startswith(first):
        return False
    at = len(first)
    for part in middle:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return text.endswith(last) and len(text) - len(last) >= at


def _check(style: str, index: int, word: str) -> None:
    leaves = _leaves(style)
    way, value = leaves[index % len(leaves)]
    new = _fresh(value, word)
    trace = _trace(style)
    try:
        files = _rendered(style, _changed(_values(style), way, new))
    except ChartkitError:
        assert any(way[: len(read.path)] == read.path for read in trace.reads), way
        return
    assert files.keys() == trace.files.keys()
    for name, text in trace.files.items():
        parts = _fixed_parts(text, trace.spans[name], way, value, new)
        assert _holds(files[name], parts), (way, new, name, parts, files[name])


@pytest.mark.parametrize("style", STYLES)
def test_trace_writes_what_render_writes(style):
    assert dict(_trace(style).files) == _rendered(style, {})


@pytest.mark.parametrize("style", CHARTS)
def test_styles_copy_leaves_into_their_texts(style):
    trace = _trace(style)
    copied = {span.sources[0].path for spans in trace.spans.values() for span in spans if span.copied}
    assert len(copied) > 3


@pytest.mark.parametrize("style", CHARTS)
def test_changing_any_leaf_changes_what_names_it_and_no_more(style):
    for index in range(len(_leaves(style))):
        _check(style, index, "bcdfg")


def test_changing_some_leaves_of_the_chart_of_the_guide_changes_what_names_them_and_no_more():
    count = len(_leaves(ORKES))
    for index in random.Random(2).sample(range(count), 25):
        _check(ORKES, index, "hjkm")


@pytest.mark.property
@settings(max_examples=150, deadline=None)
@given(st.sampled_from(STYLES), st.integers(0, 10_000), st.text(LETTERS, min_size=3, max_size=24))
def test_changing_a_leaf_changes_what_names_it_and_no_more(style, index, word):
    _check(style, index, word)


@pytest.mark.property
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STYLES), st.data())
def test_trace_writes_what_render_writes_for_changed_leaves(style, data):
    leaves = _leaves(style)
    way, value = data.draw(st.sampled_from(leaves))
    changed = _changed(
        _values(style), way, data.draw(st.sampled_from(["", None, False, 0, "zqx", _fresh(value, "bcd")]))
    )
    program = _program(style)
    answers = []
    for run in (program.render, program.trace):
        try:
            answers.append(dict(run(_given(changed), Release("r"), ambient=_surroundings(), skip_schema=True).files))
        except ChartkitError as error:
            answers.append(str(error))
    assert answers[0] == answers[1]
