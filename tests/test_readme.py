"""The README's examples: every console block with output is run and compared, every Python block is run."""

import re
import shlex
from pathlib import Path

import pytest

from chartkit.cli.app import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CONSOLE = re.findall(r"```console\n(.*?)```", README, re.DOTALL)


def _examples():
    for block in CONSOLE:
        command, _, output = block.replace("\\\n", " ").partition("\n")
        if command.startswith("$ chartkit "):
            yield pytest.param(shlex.split(command[2:])[1:], output, id=" ".join(command.split()[2:4]))


@pytest.mark.parametrize(("arguments", "output"), list(_examples()))
def test_readme_shows_real_output(arguments, output, capfd, monkeypatch):
    monkeypatch.chdir(ROOT)
    main(arguments)
    assert capfd.readouterr().out == output


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", README, re.DOTALL))
def test_readme_python_runs(code, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    exec(compile(code, "README.md", "exec"), {})
    assert "dockerhub-mirror.example.com" in capsys.readouterr().out


def test_readme_says_how_to_begin():
    assert "$ make demo" in README
    assert "$ make test" in README
