"""The manual tells the truth: every block of every page is run, and prints what the page shows."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from pages import DOCS, ROOT, all_pages, read_blocks, run_page, skipped

TEXTS = {page.relative_to(DOCS).as_posix(): page.read_text(encoding="utf-8") for page in all_pages()}
PAGES = [name for name, text in TEXTS.items() if "```console" in text or "```python" in text]
EXPECTED = json.loads((ROOT / "fixtures" / "orkes" / "expected.json").read_text())
_REASON = 12


@pytest.mark.parametrize("page", PAGES)
def test_page_shows_real_output(page, tmp_path):
    for answer in run_page(TEXTS[page], tmp_path):
        assert answer.shown == answer.real


@pytest.mark.parametrize("page", PAGES)
def test_what_is_not_run_has_a_reason(page):
    assert all(len(reason) >= _REASON for reason in skipped(TEXTS[page]))


@pytest.mark.parametrize("page", PAGES)
def test_page_has_no_command_outside_of_a_block_that_is_run(page):
    text = TEXTS[page]
    blocks = sum(block.kind == "console" for block in read_blocks(text))
    assert len(re.findall(r"^ *```console", text, re.MULTILINE)) == blocks + len(
        re.findall(r"not run: .* -->\n+ *```console", text)
    )
    assert not re.search(r"^ *```(bash|sh|shell)\b", text, re.MULTILINE)


def test_values_of_the_pattern_pages_are_those_of_the_fixtures():
    blocks = [block for text in TEXTS.values() for block in read_blocks(text)]
    files = {block.title.removesuffix(".yaml"): block.body for block in blocks if block.kind == "file"}
    named = [name for name in files if name in EXPECTED]
    assert len(named) >= 16
    for name in named:
        fixture = (ROOT / "fixtures" / "orkes" / f"{name}.yaml").read_text()
        assert yaml.safe_load(files[name]) == yaml.safe_load(fixture), name


def test_figures_of_exactness_are_those_that_were_measured():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    goldens = (ROOT / "fixtures" / "goldens" / "SHA256SUMS").read_text().count("\n")
    cases = (ROOT / "fixtures" / "helm" / "cases.jsonl").read_text(encoding="utf-8").count("\n")
    measured = {*re.findall(r"\b[\d,]*\d\b", readme), f"{goldens:,}", f"{cases:,}"}
    # What Helm refuses is the rest of all pairs.
    measured.add("253")
    assert set(re.findall(r"\b\d[\d,]{2,}\b", TEXTS["exactness.md"])) <= measured
