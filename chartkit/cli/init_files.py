"""The texts that `chartkit init` writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote
from typing import Any, Final

from chartkit.cli.repository import FoundChart
from chartkit.goyaml.load import YAMLError, load

HOOK_FILES: Final = (
    r"(^|/)(Chart|requirements)\.(yaml|lock)$|(^|/)(\.?chartkit\.yaml|values\.schema\.json)$"
    r"|values[^/]*\.ya?ml$|(^|/)templates/|(^|/)charts/[^/]*\.tgz$"
)
"""The files that a change can be in, for pre-commit."""

_HOOKS: Final = (
    ("chartkit-verify-images", "verify-images", "images come from the expected registries"),
    ("chartkit-lint", "lint", "values and images follow the rules"),
)
_ITEM: Final = re.compile(r"^( *)- +repo:", re.MULTILINE)
_CHECKS: Final = ("chartkit verify-images", "chartkit lint")


def configuration(charts: Sequence[FoundChart], expect: Sequence[str]) -> str:
    """chartkit.yaml for the charts of a repository."""
    lines = ["# The renders that count, and what must be true of their images.", *_general(charts, expect), "targets:"]
    names: set[str] = set()
    for chart in charts:
        for values in ((), *((file,) for file in chart.values)):
            name = _free_name(_target_name(chart, values, alone=len(charts) == 1), names)
            lines.append(f"  - name: {_scalar(name)}")
            lines += [f"    chart: {_scalar(_posix(chart.path))}"] if len(charts) > 1 else []
            lines += [f"    values: {_scalar(_posix(file))}" for file in values]
    if not charts:
        lines[-1] = "targets: []"
    return "\n".join(lines) + "\n"


def _general(charts: Sequence[FoundChart], expect: Sequence[str]) -> Iterator[str]:
    if len(charts) == 1:
        yield f"chart: {_scalar(_posix(charts[0].path))}"
    if expect:
        yield "expect:"
        yield from (f"  - {_scalar(registry)}" for registry in expect)
    else:
        yield "# expect: registry.example.com"


def _posix(path: Path) -> str:
    return path.as_posix()


def _target_name(chart: FoundChart, values: tuple[Path, ...], *, alone: bool) -> str:
    """The name of a target, after what tells its values file from others: `prod` for values-prod.yaml."""
    own = chart.path.name or "default"
    if not values:
        return "default" if alone else own
    words = re.sub(r"(^|[-_.])values([-_.]|$)", r"\1", values[0].stem).strip("-_.")
    name = words or values[0].parent.name or "values"
    return name if alone else f"{own}-{name}"


def _free_name(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    taken.add(free)
    return free


def _scalar(text: str) -> str:
    """A text as YAML: as it is where that reads as the same text, in quotes otherwise."""
    try:
        plain = load(f"a: {text}\n") == {"a": text} and load(f"- {text}\n") == [text]
    except YAMLError:
        plain = False
    return text if plain else json.dumps(text, ensure_ascii=False)


def pre_commit_configuration(source: str) -> str:
    """.pre-commit-config.yaml with the hooks."""
    return "repos:\n" + _hooks(source, "  ")


def add_hooks(text: str, source: str) -> str | None:
    """A .pre-commit-config.yaml with the hooks added; `None` if it has them, or is not written in the usual way."""
    before = _repos(text)
    found = _ITEM.search(text)
    if before is None or found is None or "chartkit-" in text:
        return None
    whole = text if text.endswith("\n") else f"{text}\n"
    added = whole + _hooks(source, found[1])
    after = _repos(added)
    # Other keys may stand behind the list of repositories: then the end is not the place to add to.
    return added if after is not None and after[:-1] == before and len(after) == len(before) + 1 else None


def _repos(text: str) -> list[Any] | None:
    try:
        content = load(text)
    except YAMLError:
        return None
    repos = content.get("repos") if isinstance(content, dict) else None
    return repos if isinstance(repos, list) else None


def _hooks(source: str, indent: str) -> str:
    lines = ["- repo: local", "  hooks:"]
    for name, command, about in _HOOKS:
        lines += [
            f"    - id: {name}",
            f"      name: {about}",
            f"      entry: chartkit hook {command}",
            "      language: python",
            f"      additional_dependencies: [{json.dumps(source)}]",
            f"      files: {_single_quoted(HOOK_FILES)}",
            "      require_serial: true",
        ]
    return "".join(f"{indent}{line}\n" for line in lines)


def _install(source: str) -> str:
    return json.dumps(f"pip install {quote(source)}")


def _single_quoted(text: str) -> str:
    return "'{}'".format(text.replace("'", "''"))


def github_workflow(source: str) -> str:
    """A workflow for GitHub."""
    steps = "".join(f"      - run: {command} --format github\n" for command in _CHECKS)
    return (
        "name: chartkit\n"
        "on:\n"
        "  pull_request:\n"
        "  push:\n"
        "    branches: [main]\n"
        "permissions:\n"
        "  contents: read\n"
        "jobs:\n"
        "  images:\n"
        "    runs-on: ubuntu-latest\n"
        "    steps:\n"
        "      - uses: actions/checkout@v4\n"
        "      - uses: actions/setup-python@v5\n"
        "        with:\n"
        '          python-version: "3.12"\n'
        f"      - run: {_install(source)}\n"
        f"{steps}"
        "      - if: always()\n"
        '        run: chartkit verify-images --format markdown >> "$GITHUB_STEP_SUMMARY"\n'
    )


def gitlab_pipeline(source: str) -> str:
    """A pipeline for GitLab."""
    script = "".join(f"    - {command}\n" for command in _CHECKS)
    return (
        "chartkit:\n"
        "  image: python:3.12-slim\n"
        "  script:\n"
        f"    - {_install(source)}\n"
        f"{script}"
        "  rules:\n"
        "    - changes: ['**/*.yaml', '**/*.yml', '**/*.tpl', '**/*.tgz']\n"
    )
