"""What `from chartkit import ...` offers: no more and no less."""

import subprocess
import sys

import pytest

import chartkit


def test_all_names_can_be_imported():
    assert sorted(chartkit.__all__) == chartkit.__all__
    for name in chartkit.__all__:
        assert getattr(chartkit, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        _ = chartkit.nope


def test_import_costs_next_to_nothing():
    code = "import sys, chartkit; print([n for n in sys.modules if n.startswith('chartkit.')])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "['chartkit.version']"
