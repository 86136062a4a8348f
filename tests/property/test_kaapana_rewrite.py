"""However an operator's image is written, the placeholder alone is replaced, and a second run changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chartkit.systems.kaapana.python_file import parse_python
from chartkit.systems.kaapana.rewrite import rewrite

pytestmark = pytest.mark.property

REGISTRY = "reg.example.com:5000/team"
PLACEHOLDER = st.sampled_from(["{DEFAULT_REGISTRY}", "{ DEFAULT_REGISTRY }", "{DEFAULT_REGISTRY\t}"])
PREFIX = st.sampled_from(["f", "F", "rf", "Rf", "fR"])
QUOTE = st.sampled_from(['"', "'", '"""', "'''"])
REST = st.lists(
    st.sampled_from(["/otsus", ":", "{V}", "{{x}}", "{V!r}", "{V:>3}", "ä", "😀", "-1.0", "{DEFAULT_REGISTRY}", "#"]),
    max_size=6,
).map("".join)
BEFORE = st.sampled_from(["", "'' ", "f'' ", '"""""" ', "# why f'{DEFAULT_REGISTRY}'\n    ", "(", "\\\n    "])
MORE = st.sampled_from(["", " ':1'", " f'{V}'", "\n    # end\n    f'{DEFAULT_REGISTRY}'"])
AROUND = st.sampled_from(["f({})", "class A:\n  def b(self):\n    f(1, {}, *x)", "f('ä€😀', {}); g()", "f(g({}))"])
LINE_END = st.sampled_from(["\n", "\r\n", "\r"])
ENCODING = st.sampled_from(["utf-8", "utf-8-sig"])


@st.composite
def sources(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A file with one image, before and after."""
    quote, placeholder, before = draw(QUOTE), draw(PLACEHOLDER), draw(BEFORE)
    start = f"image{draw(st.sampled_from(['=', ' = ']))}{before}{draw(PREFIX)}{quote}"
    end = f"{draw(REST)}{quote}{draw(MORE)}{')' if before == '(' else ''}"
    around, line_end, encoding = draw(AROUND), draw(LINE_END), draw(ENCODING)

    def file(middle: str) -> bytes:
        text = f"V = 1\n{around.format(f'{start}{middle}{end}')}\n"
        return text.replace("\n", line_end).encode(encoding)

    return file(placeholder), file(REGISTRY)


@settings(max_examples=200, deadline=None)
@given(sources())
def test_placeholder_alone_is_replaced_when_images_are_written_in_many_ways(files: tuple[bytes, bytes]) -> None:
    before, after = files
    found = rewrite(parse_python(Path("dag.py"), before), REGISTRY)
    assert found.data == after
    assert len(found.changes) == 1
    again = rewrite(parse_python(Path("dag.py"), found.data), REGISTRY)
    assert (again.data, again.changes) == (found.data, ())
