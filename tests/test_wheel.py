"""The wheel holds all that the commands need: unpacked away from the checkout, they run."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from chartkit import __version__

ROOT = Path(__file__).parents[1]
VALUES = "global:\n  image:\n    registry: registry.example.com\n"
TASK = '{"name": "t", "image": "r.example.com/t:1", "taskTemplate": "x", "inputs": [], "outputs": []}'

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is missing: pip install hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    path = next(wheel.WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"]))
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / "site")
    (folder / "values.yaml").write_text(VALUES)
    (folder / "task.json").write_text(TASK)
    return folder


def _python(folder, *words):
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(folder / "site")}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("images values.yaml --format plain", "registry.example.com/orkesio/orkes-conductor-server:5.2.42"),
        ("render values.yaml --show-only templates/server-service.yaml", "kind: Service"),
        ("report values.yaml", "<!doctype html>"),
        ("rule CK104", "global"),
        ("task validate task.json --schema task", "valid as a Task"),
        ("doctor", "reproduces Helm"),
    ],
    ids=lambda text: text.split()[0],
)
def test_command_runs_outside_of_the_checkout(unpacked, words, said):
    assert said.lower() in _python(unpacked, "-m", "chartkit", *words.split()).lower()


def test_package_is_typed_and_brings_its_schemas(unpacked):
    package = unpacked / "site" / "chartkit"
    code = "import chartkit; print(chartkit.__file__)"
    assert Path(_python(unpacked, "-c", code).strip()) == package / "__init__.py"
    assert (package / "py.typed").exists()
    for folder in ("schemas", "schemas/output"):
        there = {path.name for path in (package / folder).glob("*.json")}
        assert there == {path.name for path in (ROOT / "chartkit" / folder).glob("*.json")} != set()


def test_metadata_names_version_license_and_readme(unpacked):
    (folder,) = (unpacked / "site").glob("*.dist-info")
    metadata = (folder / "METADATA").read_text(encoding="utf-8")
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert (folder / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert f"\nVersion: {__version__}\n" in metadata
    assert "chartkit = chartkit.cli.app:main" in (folder / "entry_points.txt").read_text()
