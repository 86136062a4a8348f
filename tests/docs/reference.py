"""The pages of the reference that come from the code: commands, rules, configuration, exit codes.

`make docs-reference` writes them; a test holds them up to date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

from pages import DOCS

from chartkit.checks.rule import Rule
from chartkit.cli import exits
from chartkit.cli.command import Command, Group
from chartkit.cli.commands import SECTIONS, find_command, load_command
from chartkit.cli.flags import Flag
from chartkit.cli.shell import _PLACEHOLDERS
from chartkit.cli.subject import SUBJECT
from chartkit.profile import PROFILES
from chartkit.systems.rules import RULES

_SCHEMAS: Final = Path(exits.__file__).parents[1] / "schemas"
_FAMILIES: Final = (
    ("0", "images", "Where images come from"),
    ("1", "values", "Values, tags, registries and pull secrets"),
    ("3", "kaapana", "Kaapana workflow extensions"),
    ("4", "task-api", "Kaapana Task API"),
    ("5", "devfile", "Devfiles"),
    ("6", "drycc", "Drycc Workflow"),
)
"""The pages of rules: the first digit of their ids, the page's name, and its title."""


def reference_pages() -> dict[Path, str]:
    """Every generated page by its path."""
    pages = {"cli/index.md": _overview(), "cli/subject.md": _subject_page(), "exit-codes.md": _exit_codes()}
    pages |= {f"cli/{name}.md": _command_page(name) for section in SECTIONS.values() for name in section}
    pages |= {"rules/index.md": _rule_table(), "configuration.md": _configuration(), "output.md": _outputs()}
    pages |= {f"rules/{name}.md": _rules_page(digit, title) for digit, name, title in _FAMILIES}
    return {DOCS / "reference" / path: text for path, text in pages.items()}


def _overview() -> str:
    parts = ["# Commands\n\nEvery command takes `--help`, `--quiet` and `--verbose`.\n"]
    for title, commands in SECTIONS.items():
        rows = [(f"[`chartkit {name}`]({name}.md)", about) for name, (_, about) in commands.items()]
        parts.append(f"\n## {title}\n\n{_table(('command', 'what it does'), rows)}")
    return "".join(parts)


def _subject_page() -> str:
    about = "The commands about images take the same flags for what is rendered: the chart, the values, the release.\n"
    where = (
        "Where no chart is named, it is the one that `chart:` in the nearest `chartkit.yaml` names; else the one\n"
        "whose `Chart.yaml` stands beside the values file or above it; else the Orkes Conductor chart that comes with\n"
        "chartkit.\n"
    )
    versions = _table(
        ("`--helm`", "reproduces"), [(f"`{name}`", f"Helm {_version(name)}") for name in sorted(PROFILES, reverse=True)]
    )
    return f"# Chart, values and release\n\n{about}\n{where}\n{_flags(SUBJECT)}\n## Versions of Helm\n\n{versions}"


def _version(name: str) -> str:
    return PROFILES[name].helm_version.removeprefix("v")


def _command_page(name: str) -> str:
    found = load_command(name)
    if isinstance(found, Command):
        return f"# chartkit {name}\n\n{_command(found)}"
    return f"# chartkit {name}\n\n{_prose(found.help)}\n" + "".join(_members(found))


def _members(group: Group) -> Iterator[str]:
    for word in group.commands:
        command = find_command([group.name, word])[0]
        assert isinstance(command, Command)
        yield f"\n## {group.name} {word}\n\n{_command(command)}"


def _command(command: Command) -> str:
    own = [flag for flag in command.flags if flag.help]
    shared = ""
    if set(SUBJECT) <= set(command.flags):
        own = [flag for flag in own if flag not in SUBJECT]
        shared = "\nIt also takes the flags that say [what is rendered](subject.md).\n"
    usage = f"```text\nchartkit {command.name} {command.usage}".rstrip() + "\n```\n"
    table = f"\n{_flags(own)}" if own else ""
    return f"{_prose(command.help)}\n\n{usage}{table}{shared}"


def _flags(flags: Iterable[Flag]) -> str:
    return _table(("flag", "meaning"), [(_flag(flag), _prose(flag.help)) for flag in flags if flag.help])


def _flag(flag: Flag) -> str:
    value = "" if flag.kind == "switch" else f" {_PLACEHOLDERS.get(flag.kind, 'TEXT')}"
    short = f"`-{flag.short}`, " if flag.short else ""
    only = f" (Helm {flag.majors[0]} only)" if len(flag.majors) == 1 else ""
    return f"{short}`--{flag.name}{value}`{only}"


def _exit_codes() -> str:
    table = re.search(r"\|.*\|", exits.__doc__ or "", re.DOTALL)
    assert table is not None
    return f"# Exit codes\n\n{table[0]}\n"


def _rule_table() -> str:
    homes = {digit: name for digit, name, _ in _FAMILIES}
    rows = [
        (f"[{rule.id}]({homes[rule.id[2]]}.md#{rule.id.lower()})", _levels(rule), _prose(rule.title))
        for rule in RULES.values()
    ]
    about = "`chartkit rule` lists them, `chartkit rule CK104` explains one. Ids are never reused and never renamed.\n"
    return f"# Rules\n\n{about}\n{_table(('id', 'level', 'about'), rows)}"


def _rules_page(digit: str, title: str) -> str:
    rules = [rule for rule in RULES.values() if rule.id[2] == digit]
    return f"# {title}\n\n" + "\n".join(_rule(rule) for rule in rules)


def _rule(rule: Rule) -> str:
    head = f"## {rule.id}: {_prose(rule.title)} {{ #{rule.id.lower()} }}\n\nLevel: {_levels(rule)}."
    return f"{head}\n\n{_page(rule.page)}\n\nWhat to do: {_prose(rule.fix)}\n"


def _page(text: str) -> str:
    """A rule's page in Markdown: paragraphs whose lines are all indented are examples."""
    parts = re.split(r"\n\n+", text.strip("\n"))
    return "\n\n".join(f"```text\n{dedent(part)}\n```" if part.startswith("  ") else _prose(part) for part in parts)


def _levels(rule: Rule) -> str:
    levels = [str(rule.severity)]
    levels += [f"{rule.in_production} under `--profile prod`"] if rule.in_production is not None else []
    levels += [f"{rule.in_strict} under `--strict`"] if rule.in_strict is not None else []
    return ", ".join(levels)


def _configuration() -> str:
    schema = json.loads((_SCHEMAS / "chartkit.schema.json").read_text(encoding="utf-8"))
    parts_of = schema["$defs"]
    target, rule, limits = parts_of["target"], parts_of["rule"]["then"], parts_of["limits"]
    parts = [
        "# Configuration\n\n",
        "chartkit reads the nearest of `chartkit.yaml`, `.chartkit.yaml` and `[tool.chartkit]` of `pyproject.toml`,\n",
        "from the folder of the values files upwards. Paths count from the file. `chartkit init` writes one.\n\n",
        _keys(schema["properties"], limits=limits["description"]),
        "\n## targets\n\nEach target is a render that counts.\n\n",
        _keys(target["properties"], name="(required)"),
        "\n## rules\n\nBy the id of a rule its level (`error`, `warning`, `info`, `off`), or a mapping.\n\n",
        _keys(rule["properties"], level="`error`, `warning`, `info` or `off`."),
        f"\n## limits\n\n{limits['description']}\n\n",
        _keys(limits["properties"]),
        "\n## The schema\n\nFor editors and CI. It comes along as `chartkit/schemas/chartkit.schema.json`.\n",
        f"\n```json\n{json.dumps(schema, indent=2, ensure_ascii=False)}\n```\n",
    ]
    return "".join(parts)


def _keys(properties: Mapping[str, Any], **more: str) -> str:
    """A table of keys; `more` is said of those that the schema says too little of."""
    rows = [
        (f"`{name}`", " ".join(filter(None, [_prose(about.get("description", "")), more.get(name, "")])))
        for name, about in properties.items()
        if name != "$schema"
    ]
    assert all(meaning for _, meaning in rows), rows
    return _table(("key", "meaning"), rows)


def _outputs() -> str:
    rows = []
    for path in sorted((_SCHEMAS / "output").glob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        rows.append((f"`{schema['title']}`", schema["description"], f"`{path.name}`"))
    about = (
        "What commands print as JSON has a schema, which comes along in `chartkit/schemas/output`. The number in a\n"
        "file's name is the version of the form: fields may be added to a version; what is removed, renamed or given\n"
        "another meaning makes a new one. The tests hold real outputs against the schemas.\n"
    )
    return f"# JSON output\n\n{about}\n{_table(('command', 'what it holds', 'schema'), rows)}"


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [titles, ("---",) * len(titles), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _prose(text: str) -> str:
    """A text that was written for terminals: what looks like a tag or a sign of Markdown is shown as it is."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else _escaped(part) for part in parts)


def _escaped(text: str) -> str:
    return re.sub(r"([*\[\]])", r"\\\1", escape(text, quote=False))


def main() -> None:
    """Write every page, and remove those whose commands or rules are gone."""
    pages = reference_pages()
    for path, text in pages.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in [*(DOCS / "reference" / "cli").glob("*.md"), *(DOCS / "reference" / "rules").glob("*.md")]:
        if path not in pages:
            path.unlink()


if __name__ == "__main__":
    main()
