"""The table of template functions: complete, and loaded piece by piece."""

import subprocess
import sys
from importlib import import_module

import pytest

from chartkit.engine.function_table import FAMILIES, functions
from chartkit.profile import HELM_3_17, HELM_4_1, HELM_4_2, HELM_4_3


@pytest.mark.parametrize("family", FAMILIES)
def test_families_name_every_function_of_their_module(family):
    module = import_module(f"chartkit.sprig.{family}")
    assert FAMILIES[family].split() == [function.name for function in module.FUNCTIONS]


@pytest.mark.parametrize("profile", [HELM_4_3, HELM_4_2, HELM_4_1, HELM_3_17], ids=lambda profile: profile.name)
def test_functions_finds_each_name(profile):
    table = functions(profile)
    assert {table[name].name for name in table} == set(table)


def test_functions_differ_by_profile():
    names = {profile.name: set(functions(profile)) for profile in (HELM_4_3, HELM_4_2, HELM_4_1, HELM_3_17)}
    assert names["4.3"] - names["4.2"] == set(FAMILIES["durations"].split())
    assert names["4.2"] - names["4.1"] == {"mustToToml"}
    assert names["4.1"] - names["3.17"] == {"mustToYaml"}
    assert not {"env", "expandenv"} & names["3.17"]


def test_functions_prefers_helms_own_and_sprigs_over_gos():
    table = functions(HELM_4_3)
    assert table["fail"].call.__module__ == "chartkit.engine.funcs"
    assert "slice" in FAMILIES["lists"].split()


def test_functions_loads_no_family_before_it_is_used():
    code = (
        "import sys; from chartkit.engine.function_table import functions; from chartkit.profile import NEWEST;"
        "'regexMatch' in functions(NEWEST); print([n for n in sys.modules if n.startswith('chartkit.sprig.')])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
