"""Runs tests against mutants: in processes that are forked after the tests were collected, so each costs little.

A mutant of a function's body is put into the functions that are there already. One that matters on import gets a
process in which the module was never imported. Nothing is ever written to the source.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import gc
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, Final

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings
from mutants import Mutant, find_mutants

KILLED: Final = "killed"
SURVIVED: Final = "survived"
TIMEOUT: Final = "timeout"
UNREACHED: Final = "no test reaches it"
_RETRY: Final = 77
_MEMORY: Final = 3 << 30
# A machine may be busy with other work.
_WALL_FACTOR: Final = 20
_LEAST_SECONDS: Final = 0.5
_PATIENCE: Final = 10
_LAST_LINE: Final = 1 << 20

# The same examples for every mutant, and no time spent on making a failure small.
settings.register_profile("mutation", derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))


@dataclass
class Target:
    """A module under test, with its mutants."""

    path: Path
    module: str
    tree: ast.Module
    mutants: list[Mutant]


@dataclass
class Baseline:
    """What the tests do without a mutant: how long each takes, and which lines of which target it runs."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[str, set[int]]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def reaching(self, path: Path, first: int, last: int) -> list[str]:
        """The tests that run one of the lines, the quick ones first."""
        wanted = set(range(first, last + 1))
        found = [test for test, lines in self.lines.items() if wanted & lines.get(str(path), set())]
        return sorted(found, key=self.seconds.__getitem__)


def read_target(root: Path, name: str) -> Target:
    """The module in a file of the project."""
    path = root / name
    tree = ast.parse(path.read_text(encoding="utf-8"))
    module = name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    return Target(path, module, tree, find_mutants(tree))


def forked(work: Callable[[], int], cpu_seconds: float) -> int | None:
    """The exit code of some work in a process of its own; none if it went over its time."""
    child = os.fork()
    if child == 0:
        _bound(cpu_seconds)
        code = 1
        with contextlib.suppress(BaseException):
            code = work()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    return os.WEXITSTATUS(status)


def _bound(cpu_seconds: float) -> None:
    """Limit this process, and silence it."""
    limit = int(cpu_seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(limit * _WALL_FACTOR)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)


class Arena:
    """A plugin of pytest: measures the tests, then lets every late mutant meet those that reach it."""

    def __init__(self, targets: Sequence[Target], wanted: Callable[[Target, Mutant], bool], results: Path) -> None:
        self.targets = targets
        self.wanted = wanted
        self.results = results
        self.baseline = Baseline()
        self.caches: list[Any] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of the usual run."""
        paths = {str(target.path) for target in self.targets}
        reports: dict[str, bool] = {}
        for item in session.items:
            started = time.process_time()
            with _traced(paths) as lines:
                reports[item.nodeid] = _passes(item)
            self.baseline.seconds[item.nodeid] = time.process_time() - started
            self.baseline.lines[item.nodeid] = lines
        self._forget([test for test, passed in reports.items() if not passed])
        items = {item.nodeid: item for item in session.items}
        self.caches = _caches()
        functions = {target.path: _functions(target.path) for target in self.targets}
        # What is there stays: no child need look at it, or copy its pages.
        gc.freeze()
        with self.results.open("w", encoding="utf-8") as out:
            out.write(json.dumps({"failed": self.baseline.failed}) + "\n")
            for target in self.targets:
                for mutant in target.mutants:
                    if self.wanted(target, mutant):
                        result = self._meet(target, mutant, functions[target.path], items)
                        result = "" if mutant.early and result != KILLED else result
                        order = self.baseline.reaching(target.path, 0, _LAST_LINE) if not result else []
                        row = {"target": str(target.path), "key": mutant.key, "result": result, "tests": order}
                        out.write(json.dumps(row) + "\n")
        return True

    def _forget(self, failed: list[str]) -> None:
        """Do without tests that fail as it is."""
        self.baseline.failed = failed
        for test in failed:
            del self.baseline.lines[test]

    def _meet(self, target: Target, mutant: Mutant, functions: list[FunctionType], items: dict[str, Any]) -> str:
        first, last = (0, _LAST_LINE) if mutant.early else _span(target.tree, mutant)
        tests = self.baseline.reaching(target.path, first, last)
        if not tests:
            return UNREACHED
        needed = sum(self.baseline.seconds[test] for test in tests)

        def fight() -> int:
            mutant.apply()
            code = compile(ast.fix_missing_locations(target.tree), str(target.path), "exec")
            if not (_rebind(target.module, code) if mutant.early else _replace(functions, code)):
                return _RETRY
            for cache in self.caches:
                cache.cache_clear()
            return 0 if all(self._stands(items[test]) for test in tests) else 1

        code = forked(fight, max(2.0, 3 * needed))
        if code == _RETRY:
            return ""
        return TIMEOUT if code is None else KILLED if code else SURVIVED

    def _stands(self, item: pytest.Item) -> bool:
        """Whether a test passes; the process ends if it takes many times as long as without a mutant."""
        signal.setitimer(signal.ITIMER_VIRTUAL, max(_LEAST_SECONDS, _PATIENCE * self.baseline.seconds[item.nodeid]))
        return _passes(item)


def _span(tree: ast.Module, mutant: Mutant) -> tuple[int, int]:
    """The lines of the statement around a mutant; a statement with others in it counts with its head alone."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= mutant.line <= (node.end_lineno or 0):
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            if mutant.line <= last:
                found.append((node.lineno, last))
    return max(found, default=(mutant.line, mutant.line))


@contextlib.contextmanager
def _traced(paths: set[str]) -> Iterator[dict[str, set[int]]]:
    """Which lines of the files are run."""
    lines: dict[str, set[int]] = {}

    def enter(frame: FrameType, event: str, argument: Any) -> Any:
        path = frame.f_code.co_filename
        if path not in paths:
            return None
        seen = lines.setdefault(path, set())
        seen.add(frame.f_lineno)

        def step(inner: FrameType, what: str, value: Any) -> Any:
            seen.add(inner.f_lineno)
            return step

        return step

    sys.settrace(enter)
    try:
        yield lines
    finally:
        sys.settrace(None)


def _passes(item: pytest.Item) -> bool:
    reports = runtestprotocol(item, log=False, nextitem=None)
    return not any(report.failed for report in reports)


def _functions(path: Path) -> list[FunctionType]:
    """All functions that stem from a file."""
    found = (thing for thing in gc.get_objects() if type(thing) is FunctionType)
    return [function for function in found if function.__code__.co_filename == str(path)]


def _replace(functions: list[FunctionType], code: CodeType) -> bool:
    """Give functions the code of a mutant; whether all could take it."""
    codes = {(inner.co_qualname, inner.co_firstlineno): inner for inner in _codes(code)}
    try:
        for function in functions:
            key = (function.__code__.co_qualname, function.__code__.co_firstlineno)
            if key in codes:
                function.__code__ = codes[key]
    except ValueError:
        return False
    return True


def _caches() -> list[Any]:
    """What remembers results, and must forget those of the real code."""
    return [thing for thing in gc.get_objects() if isinstance(thing, functools._lru_cache_wrapper)]


def _rebind(name: str, code: CodeType) -> bool:
    """Give a module the data of a mutant, and all that took them from it; whether it could be loaded at all.

    What was made of these data meanwhile stays as it was, so only a killed mutant is believed.
    """
    module = sys.modules[name]
    fresh: dict[str, Any] = {"__name__": name, "__file__": module.__file__}
    exec(code, fresh)
    for key, new in fresh.items():
        old = vars(module).get(key)
        if key.startswith("__") or isinstance(new, type) or type(new).__name__ == "module":
            continue
        if type(new) is FunctionType and type(old) is FunctionType:
            old.__defaults__, old.__kwdefaults__ = new.__defaults__, new.__kwdefaults__
        else:
            _take_place(old, new, key)
    return True


def _take_place(old: Any, new: Any, name: str) -> None:
    """Put something in the place of what modules know by a name; a record changes in place, wherever it is held."""
    if hasattr(type(old), "__slots__") and type(old).__module__.startswith("chartkit."):
        for slot in type(old).__slots__:
            object.__setattr__(old, slot, getattr(new, slot))
        return
    for other in list(sys.modules.values()):
        if vars(other).get(name) is old and getattr(other, "__name__", "").startswith("chartkit"):
            setattr(other, name, new)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module from the mutant's code."""

    def __init__(self, target: Target, code: CodeType) -> None:
        super().__init__(target.module, str(target.path))
        self.code = code

    def get_code(self, fullname: str) -> CodeType:
        """The mutant's code."""
        return self.code


class _Finder:
    """Finds the mutant in place of the module."""

    def __init__(self, target: Target, code: CodeType) -> None:
        self.target = target
        self.code = code

    def find_spec(self, name: str, path: Any = None, module: Any = None) -> Any:
        """The spec of the mutant, for its own name only."""
        if name != self.target.module:
            return None
        loader = _Loader(self.target, self.code)
        return importlib.util.spec_from_file_location(name, self.target.path, loader=loader)


class Order:
    """A plugin of pytest: the tests that reach the mutant first, none that fail anyway."""

    def __init__(self, first: Sequence[str], failed: Sequence[str]) -> None:
        self.rank = {test: rank for rank, test in enumerate(first)}
        self.failed = frozenset(failed)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Bring the tests in order."""
        items[:] = sorted(
            (item for item in items if item.nodeid not in self.failed),
            key=lambda item: self.rank.get(item.nodeid, len(self.rank)),
        )


def run_pytest(tests: Sequence[str], plugin: object) -> int:
    """The exit code of pytest over some tests with a plugin."""
    settings.load_profile("mutation")
    # What pytest would rewrite is imported here already.
    options = [
        "-x",
        "-q",
        "-m",
        "not property",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
    ]
    return int(pytest.main([*options, *tests], plugins=[plugin]))


def meet_early(target: Target, mutant: Mutant, tests: Sequence[str], order: Order, cpu_seconds: float) -> str:
    """Let a mutant that matters on import meet all tests."""

    def fight() -> int:
        mutant.apply()
        code = compile(ast.fix_missing_locations(target.tree), str(target.path), "exec")
        sys.meta_path.insert(0, _Finder(target, code))
        # Before pytest comes: it imports the modules of its plugins' packages in a way of its own.
        try:
            importlib.import_module(target.module)
        except Exception:
            return 1
        return run_pytest(tests, order)

    code = forked(fight, cpu_seconds)
    return TIMEOUT if code is None else KILLED if code else SURVIVED
