from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import chartkit

_HEAVY = frozenset(
    ["asyncio", "bcrypt", "cryptography", "http", "jinja2", "jsonschema", "logging", "pydantic", "rich"]
    + ["ruamel", "semver", "ssl", "typer", "urllib3", "zoneinfo"]
)

_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(chartkit.__file__).parent.parent)}


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A small chart with the functions that most charts use."""
    files = {
        "Chart.yaml": "apiVersion: v2\nname: tc\nversion: 0.1.0\n",
        "values.yaml": "image:\n  tag: '1.0'\n  args: [a, b]\n",
        "templates/_h.tpl": '{{ define "n" }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}{{ end }}',
        "templates/t.yaml": "metadata: {name: {{ include `n` . }}}\nspec:{{ toYaml .Values.image | nindent 2 }}\n",
    }
    for name, text in files.items():
        path = tmp_path / "c" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "v.yaml").write_text("image: {tag: '2.0'}\n", encoding="utf-8")
    return tmp_path


def _imported(folder: Path, *arguments: str, **environment: str) -> set[str]:
    command = [sys.executable, "-X", "importtime", "-m", "chartkit", *arguments]
    variables = _ENVIRONMENT | environment
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=True)
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize(
    "arguments",
    [["render", "v.yaml", "--chart", "c"], ["template", "r", "c", "-f", "v.yaml", "--set", "a=1"]],
    ids=lambda a: a[0],
)
def test_a_cold_render_imports_nothing_heavy(chart: Path, arguments: list[str]) -> None:
    modules = _imported(chart, *arguments)
    assert "chartkit.engine.compiled" in modules
    assert {name.partition(".")[0] for name in modules} & _HEAVY == set()


_NOT_WHEN_CACHED = frozenset(
    ["argparse", "ast", "dataclasses", "decimal", "difflib", "fractions", "hashlib", "inspect", "json", "pathlib"]
    + ["pickle", "tarfile", "tempfile", "threading", "tokenize", "urllib", "yaml.loader", "yaml.constructor"]
    + [f"chartkit.gotemplate.{name}" for name in ("nodes", "lexer", "parser", "compiler", "expressions", "codegen")]
    + ["chartkit.chart.metadata", "chartkit.config", "chartkit.constraint", "chartkit.engine.library"]
    + ["chartkit.strvals", "chartkit.values.schema_full", "chartkit.chart.values_file"]
)
_MOST_MODULES = 95
"""How many modules of chartkit a render imports that finds everything in the cache: few more than it does now."""


def test_render_out_of_the_cache_imports_neither_parser_nor_compiler(chart: Path) -> None:
    words = ("template", "r", "c")
    for _ in range(2):
        _imported(chart, *words, CHARTKIT_CACHE=str(chart / "cache"))
    modules = _imported(chart, *words, CHARTKIT_CACHE=str(chart / "cache"))
    assert modules & _NOT_WHEN_CACHED == set()
    assert len([name for name in modules if name.startswith("chartkit")]) <= _MOST_MODULES


def test_help_imports_no_command_and_no_engine(tmp_path: Path) -> None:
    modules = _imported(tmp_path, "--help")
    assert "typer" in modules
    assert not {name for name in modules if name.startswith(("chartkit.engine", "chartkit.cli.render", "rich", "yaml"))}
