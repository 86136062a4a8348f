from __future__ import annotations

import pytest

from chartkit.errors import InputError
from chartkit.manifests.show_only import show_only

_TEXT = """\
---
# Source: tc/templates/b.yaml
b: 1
---
# Source: tc/templates/dir/d.yaml
d: 1

---
# Source: tc/charts/s1/templates/c.yaml
c: 1
---
# Source: tc/templates/b.yaml
b: 2
"""


def _document(path: str, body: str) -> str:
    return f"---\n# Source: tc/{path}\n{body}\n"


_B = _document("templates/b.yaml", "b: 1") + _document("templates/b.yaml", "b: 2")
_C = _document("charts/s1/templates/c.yaml", "c: 1")
_D = _document("templates/dir/d.yaml", "d: 1")


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["templates/b.yaml"], _B),
        (["templates/dir/d.yaml", "templates/b.yaml"], _D + _B),
        (["templates/b.yaml", "templates/b.yaml"], _B + _B),
        (["templates/*.yaml"], _B),
        (["templates/*/*.yaml"], _D),
        (["templates/[a-b].yaml"], _B),
        (["*/*/templates/?.yaml"], _C),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_show_only_prints_by_pattern(patterns: list[str], expected: str) -> None:
    assert show_only(_TEXT, patterns, "A") == expected


def test_show_only_keeps_what_layout_c_keeps() -> None:
    assert show_only(_TEXT, ["templates/dir/d.yaml"], "C") == _document("templates/dir/d.yaml", "d: 1\n\n")


@pytest.mark.parametrize("pattern", ["templates/nope.yaml", "tc/templates/b.yaml", "templates/[b.yaml", "b.yaml"])
def test_show_only_of_a_pattern_that_matches_nothing(pattern: str) -> None:
    with pytest.raises(InputError) as raised:
        show_only(_TEXT, ["templates/b.yaml", pattern], "C")
    assert str(raised.value) == f"could not find template {pattern} in chart"
