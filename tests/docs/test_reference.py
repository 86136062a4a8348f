"""The reference says what the code does: its generated pages are up to date, and names what it must name."""

from __future__ import annotations

import re

import pytest
from pages import DOCS, ROOT
from reference import reference_pages

GENERATED = reference_pages()
_VARIABLE = re.compile(r"environ(?:ment)?(?:\.get\(|\[)\s*\"([A-Z][A-Z_]+)\"|_?VARIABLE(?:: Final)? = \"([A-Z_]+)\"")


@pytest.mark.parametrize("path", [pytest.param(path, id=path.relative_to(DOCS).as_posix()) for path in GENERATED])
def test_generated_page_is_up_to_date(path):
    assert path.read_text(encoding="utf-8") == GENERATED[path], "run `make docs-reference`"


def test_no_page_of_a_command_or_rule_is_left_over():
    found = {*(DOCS / "reference" / "cli").glob("*.md"), *(DOCS / "reference" / "rules").glob("*.md")}
    assert found <= set(GENERATED)


def test_every_variable_of_the_environment_is_explained():
    page = (DOCS / "reference" / "environment.md").read_text(encoding="utf-8")
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "chartkit").rglob("*.py")]
    names = {name for text in code for match in _VARIABLE.finditer(text) for name in match.groups() if name}
    assert {"CHARTKIT_CACHE", "NO_COLOR"} <= names
    assert {name for name in names if f"`{name}`" not in page} == set()
