"""The templates of a chart, parsed once for every way of running them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from chartkit.chart.files import File
from chartkit.engine.failures import exec_error, parse_error
from chartkit.engine.jobs import Job
from chartkit.errors import ParseError
from chartkit.gotemplate.compiler import Compiler
from chartkit.gotemplate.nodes import Tree
from chartkit.gotemplate.parser import parse
from chartkit.gotemplate.runtime import ExecFailure, Run, Template
from chartkit.profile import Profile
from chartkit.record import dataclass, field
from chartkit.source import Source

Trees: TypeAlias = "dict[tuple[str, File], Mapping[str, Tree]]"


@dataclass(slots=True, eq=False)
class Library:
    """Compiled templates by name, made by one compiler out of trees that all compilers share."""

    compiler: Compiler
    trees: Trees
    compiled: dict[int, Template] = field(default_factory=dict)
    sets: dict[tuple[str, ...], Mapping[str, Template]] = field(default_factory=dict)
    texts: dict[str, Mapping[str, Template]] = field(default_factory=dict)

    def templates(self, jobs: Sequence[Job]) -> Mapping[str, Template]:
        """All named templates of a render; of two with one name the later parsed wins, unless it is empty.

        Raises:
            ParseError: a file is no valid template.
        """
        key = tuple(job.name for job in jobs)
        known = self.sets.get(key)
        if known is None:
            known = self.sets[key] = self._merged(jobs)
        return known

    def _merged(self, jobs: Sequence[Job]) -> Mapping[str, Template]:
        found: dict[str, Template] = {}
        for job in jobs:
            for name, tree in self.trees_of(job).items():
                if not (tree.empty and name in found):
                    found[name] = self.template(tree)
        return found

    def template(self, tree: Tree) -> Template:
        """The compiled template of a tree."""
        known = self.compiled.get(id(tree))
        if known is None:
            known = self.compiled[id(tree)] = self.compiler.template(tree)
        return known

    def trees_of(self, job: Job) -> Mapping[str, Tree]:
        """The trees of a file: its own and those of its defines.

        Raises:
            ParseError: it is no valid template.
        """
        key: Any = (job.name, job.file)
        known = self.trees.get(key)
        if known is None:
            try:
                known = parse(Source(job.name, job.file.text), self.compiler.functions)
            except ParseError as error:
                raise parse_error(error) from None
            self.trees[key] = known
        return known


def run_jobs(jobs: Sequence[Job], library: Library, run: Run, profile: Profile) -> Iterator[tuple[Job, str]]:
    """The raw text of every file that is no partial, in order.

    Raises:
        ParseError: a file is no valid template.
        ExecError: a template failed.
    """
    templates = library.templates(jobs)
    for job in jobs:
        if job.file.is_partial:
            continue
        try:
            yield job, run.execute(templates, templates[job.name], job.open(profile))
        except ExecFailure as failure:
            raise exec_error(failure, profile) from None
