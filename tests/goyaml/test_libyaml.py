from __future__ import annotations

import subprocess
import sys

import pytest

_LEAN = """
import sys
from chartkit.goyaml.libyaml import claim_process
claim_process()
from chartkit.goyaml.load import load
from chartkit.goyaml.failure import YAMLError
assert load("a: [1, {b: é}]\\nc: &x z\\nd: *x\\n") == {"a": [1.0, {"b": "é"}], "c": "z", "d": "z"}
for bad in ("a: [", "a: b: c", "\\x01", "- a\\n b"):
    try:
        load(bad)
    except YAMLError:
        continue
    assert bad == "- a\\n b", bad
print(sorted(name for name in sys.modules if name.startswith("yaml.")))
"""


def test_claimed_process_imports_only_the_parser() -> None:
    done = subprocess.run([sys.executable, "-c", _LEAN], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['yaml._yaml', 'yaml.error', 'yaml.events', 'yaml.nodes', 'yaml.tokens']"


@pytest.mark.parametrize("before", ["import yaml", "pass"])
def test_other_processes_get_the_whole_package(before: str) -> None:
    code = f"{before}\nfrom chartkit.goyaml.load import load\nload('a: 1')\nimport yaml\nprint(yaml.safe_load('b: 2'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'b': 2}"
