"""A mutation run: `python tests/mutation/run.py [MODULE...] [--again] [--sample N] [--figures]`.

Every module is tried against the tests of its mirror alone, so a fault must be found where its reader would look.
Survivors are printed; those with a reason in SURVIVORS.md count as explained, and any other makes the run fail.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from arena import (
    KILLED,
    SURVIVED,
    TIMEOUT,
    UNREACHED,
    Arena,
    Order,
    Target,
    forked,
    meet_early,
    read_target,
    run_pytest,
)
from mutants import Mutant

ROOT: Final = Path(__file__).parents[2]
HERE: Final = Path(__file__).parent
CORE: Final = {
    "chartkit/reference.py": "tests/test_reference.py",
    "chartkit/values/coalesce.py": "tests/values/test_coalesce.py",
    "chartkit/strvals.py": "tests/test_strvals.py",
    "chartkit/constraint.py": "tests/test_constraint.py",
}
CHECKS: Final = "tests/checks"
_EXPLAINED: Final = re.compile(r"^## (\S+)$|^- `(.+)`$", re.MULTILINE)
_HOUR: Final = 3600.0

Row = dict[str, Any]


def main() -> int:
    """Run, report, and say whether a survivor has no reason."""
    words = _words()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    explained = explained_keys()
    rows: list[Row] = []
    for tests, names in _groups(words.modules):
        rows += _run_group(tests, names, words)
    if words.again:
        fresh = {(row["name"], row["key"]): row for row in rows}
        rows = [fresh.get((row["name"], row["key"]), row) for row in _rows(words.results)]
    words.results.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    open_rows = [row for row in rows if _lives(row) and (row["name"], row["key"]) not in explained]
    for row in open_rows:
        print(f"{row['name']}:{row['line']}: {row['result']}: {row['key']}")
    table = figures(rows, explained)
    print(table)
    if words.figures:
        write_figures(table)
    return int(bool(open_rows))


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="files such as chartkit/reference.py; else all")
    parser.add_argument("--again", action="store_true", help="only what survived in the last run")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="at most N mutants of a module")
    parser.add_argument("--quick", action="store_true", help="only what is inside functions")
    parser.add_argument("--figures", action="store_true", help="write FIGURES.md")
    parser.add_argument("--results", type=Path, default=ROOT / "build" / "mutation.jsonl", help="where results go")
    words = parser.parse_args()
    words.results = words.results.resolve()
    words.results.parent.mkdir(parents=True, exist_ok=True)
    return words


def _groups(modules: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Modules by the tests that they are tried against."""
    checks = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "chartkit/checks").glob("*.py"))
    groups = [(tests, [name]) for name, tests in CORE.items()] + [(CHECKS, checks)]
    if not modules:
        return groups
    chosen = [(tests, [name for name in names if name in modules]) for tests, names in groups]
    return [(tests, names) for tests, names in chosen if names]


def _run_group(tests: str, names: list[str], words: argparse.Namespace) -> list[Row]:
    """The results of all wanted mutants of some modules."""
    targets = [read_target(ROOT, name) for name in names]
    wanted = _choice(targets, words)
    partial = words.results.with_suffix(".part")
    started = time.monotonic()
    if forked(lambda: run_pytest([tests], Arena(targets, wanted, partial)), _HOUR) != 0:
        sys.exit(f"the tests in {tests} could not be run")
    lines = [json.loads(line) for line in partial.read_text(encoding="utf-8").splitlines()]
    failed = lines[0]["failed"]
    for test in failed:
        print(f"fails without any mutant, and is left out: {test}")
    found = {(str(target.path), mutant.key): (target, mutant) for target in targets for mutant in target.mutants}
    rows = []
    for line in lines[1:]:
        target, mutant = found[line["target"], line["key"]]
        result = line["result"] or _early(target.path, mutant.key, tests, line["tests"], failed)
        name = str(target.path.relative_to(ROOT))
        rows.append({"name": name, "key": mutant.key, "line": mutant.line, "result": result})
    partial.unlink()
    print(f"{tests}: {len(rows)} mutants in {time.monotonic() - started:.0f} s", flush=True)
    return rows


def _early(path: Path, key: str, tests: str, first: list[str], failed: list[str]) -> str:
    target = read_target(ROOT, str(path.relative_to(ROOT)))
    mutant = next(mutant for mutant in target.mutants if mutant.key == key)
    return meet_early(target, mutant, [tests], Order(first, failed), 60.0)


def _choice(targets: Sequence[Target], words: argparse.Namespace) -> Callable[[Target, Mutant], bool]:
    """Which mutants are tried."""
    again = _survivors(words.results) if words.again else None
    chosen = set()
    for target in targets:
        keys = [mutant.key for mutant in target.mutants if not (words.quick and mutant.early)]
        if words.sample and len(keys) > words.sample:
            keys = random.Random(0).sample(keys, words.sample)
        chosen |= {(str(target.path), key) for key in keys}

    def wanted(target: Target, mutant: Mutant) -> bool:
        place = (str(target.path), mutant.key)
        return place in chosen and (again is None or place in again)

    return wanted


def _survivors(results: Path) -> set[tuple[str, str]]:
    return {(str(ROOT / row["name"]), row["key"]) for row in _rows(results) if _lives(row)}


def _rows(results: Path) -> list[Row]:
    return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]


def explained_keys() -> set[tuple[str, str]]:
    """The survivors that SURVIVORS.md gives a reason for: modules are its headings, survivors the items below."""
    name, found = "", set()
    for heading, key in _EXPLAINED.findall((HERE / "SURVIVORS.md").read_text(encoding="utf-8")):
        name = heading or name
        if key:
            found.add((name, key))
    return found


def _lives(row: Row) -> bool:
    return row["result"] in (SURVIVED, UNREACHED)


def figures(rows: Sequence[Row], explained: set[tuple[str, str]]) -> str:
    """The table of a run."""
    lines = ["| module | mutants | killed | by timeout | survived | explained |", "|---|--:|--:|--:|--:|--:|"]
    names = list(dict.fromkeys(row["name"] for row in rows))
    counts = [(name, _count([row for row in rows if row["name"] == name], explained)) for name in names]
    counts.append(("all", _count(rows, explained)))
    lines += [f"| {name} | " + " | ".join(map(str, numbers)) + " |" for name, numbers in counts]
    return "\n".join(lines) + "\n"


def _count(rows: Sequence[Row], explained: set[tuple[str, str]]) -> tuple[int, ...]:
    by = Counter(row["result"] for row in rows)
    alive = [row for row in rows if _lives(row)]
    known = sum((row["name"], row["key"]) in explained for row in alive)
    return len(rows), by[KILLED] + by[TIMEOUT], by[TIMEOUT], len(alive), known


def write_figures(table: str) -> None:
    """Put the table into FIGURES.md."""
    text = (
        "# Mutation run\n\nMade by `make mutation`; each module against its mirror tests only. Killed counts those by "
        "timeout too;\nsurvived counts all that live, explained those of them with a reason in SURVIVORS.md.\n\n"
    )
    (HERE / "FIGURES.md").write_text(text + table, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
