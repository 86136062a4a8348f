from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.ambient import Ambient
from chartkit.engine.compiled import CompiledChart
from chartkit.errors import FailError

TEMPLATE = (
    'a: {{ required "a is needed" .Values.a | quote }}\n{{ if not .Values.b }}{{ fail "b is needed" }}{{ end }}\n'
)


@pytest.fixture
def program(tmp_path: Path) -> CompiledChart:
    """A chart that refuses most values."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n", encoding="utf-8")
    (tmp_path / "templates" / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    return compile_chart(load_chart(tmp_path))


@pytest.mark.parametrize("way", [CompiledChart.render, CompiledChart.trace])
def test_a_lenient_render_goes_on_and_keeps_what_the_chart_said(
    program: CompiledChart, way: Callable[..., object]
) -> None:
    ambient = Ambient(lenient=True)
    rendering = way(program, read_values(), Release("r"), ambient=ambient)
    assert rendering.files["c/templates/t.yaml"] == "a: \n\n"  # type: ignore[attr-defined]
    assert ambient.refusals == ["a is needed", "b is needed"]


def test_other_renders_are_refused(program: CompiledChart) -> None:
    ambient = Ambient()
    with pytest.raises(FailError, match="a is needed"):
        program.render(read_values(), Release("r"), ambient=ambient)
    with pytest.raises(FailError, match="b is needed"):
        program.render(read_values(set=["a=1"]), Release("r"), ambient=ambient)
    assert ambient.refusals == []


def test_nothing_is_refused_where_values_are_given(program: CompiledChart) -> None:
    ambient = Ambient(lenient=True)
    rendering = program.render(read_values(set=["a=1,b=1"]), Release("r"), ambient=ambient)
    assert rendering.files["c/templates/t.yaml"] == 'a: "1"\n\n'
    assert ambient.refusals == []
