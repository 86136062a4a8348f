"""The benchmark runs; how fast anything is, no test asks."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    words = [sys.executable, str(ROOT / "bench" / "run.py"), "--smoke", "--alone", "--styles", "merged"]
    subprocess.run([*words, "--out", str(folder)], check=True, capture_output=True, timeout=120)
    return folder


@pytest.mark.parametrize(
    "heading",
    ["Render after render", "One process per render", "3 values files", "Memory of a matrix", "How cost grows"],
)
def test_results_has_a_table_of_everything(results, heading):
    assert heading in (results / "results.md").read_text(encoding="utf-8")


def test_results_says_what_it_was_not_compared_with(results):
    assert "- Helm, as --alone says" in (results / "results.md").read_text(encoding="utf-8")


def test_plot_draws_a_line_for_each_contestant(results):
    assert (results / "growth.svg").read_text(encoding="utf-8").count("<polyline") == 5
