"""The fast tier of a chart: generated code per template, linked per set of templates.

A render is tried here first. Whatever goes wrong, the caller renders again in the exact compiler, from fresh values:
nothing of the failed try is left behind. A template that made the two differ runs in the exact compiler from then on.

A `Codes` outlives the process in a cache. With it a chart is rendered without parsing a template.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import perf_counter
from types import CodeType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from chartkit.ambient import Ambient
from chartkit.codecache import CodeCache, digest, seal, unseal
from chartkit.engine.jobs import Job
from chartkit.gotemplate.fast import FastRun, Generated, link, mangled, namespace
from chartkit.gotemplate.runtime import Closure, State, Template
from chartkit.gotypes import Function
from chartkit.profile import Profile
from chartkit.record import dataclass, field
from chartkit.source import Source

if TYPE_CHECKING:
    from chartkit.engine.library import Library
    from chartkit.engine.reuse import Reuse, Session
    from chartkit.gotemplate.nodes import Tree

_PATIENCE: Final = 3
_NO_SOURCE: Final = Source("", "")

Unit: TypeAlias = "dict[str, tuple[bool, bytes | None]]"
"""Of one file, by name: whether the template is empty, and its marshalled code; none where it was not made yet, and no
bytes where none can be made."""


@dataclass(slots=True, eq=False)
class Codes:
    """Generated code by file, as a cache keeps it.

    Attributes:
        units: by the template path and the digest of the text.
        cache: where it is kept.
        name: under which name.
        changed: whether there is something that the cache does not have.
    """

    units: dict[tuple[str, str], Unit] = field(default_factory=dict)
    cache: CodeCache | None = None
    name: str = ""
    changed: bool = False

    @classmethod
    def kept(cls, cache: CodeCache, name: str) -> Codes | None:
        """What a cache has for a chart; at the first sight of the chart it notes that, and gives nothing.

        Making code takes longer than one render, so it is not done for a chart that may never be seen again.
        """
        units = unseal(cache.load(f"{name}.code"))
        if type(units) is not dict:
            cache.store(f"{name}.code", seal({}))
            return None
        return cls(units, cache, name)

    def save(self) -> None:
        """Hand to the cache what it does not have."""
        if self.changed and self.cache is not None:
            self.cache.store(f"{self.name}.code", seal(self.units))
        self.changed = False


@dataclass(slots=True, eq=False)
class Linked:
    """The generated code of one set of templates.

    Attributes:
        globals: what the code runs in.
        keys: the global of each template, by its name.
        templates: the same templates for closures.
        homes: the file that each template is defined in, by its name.
    """

    globals: dict[str, Any]
    keys: dict[str, str] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    homes: dict[str, Job] = field(default_factory=dict)


@dataclass(slots=True)
class TextCompiler:
    """Compiles the texts given to `tpl`; the compiler itself is imported when there is one."""

    functions: Mapping[str, Function]
    library: Callable[[], Library]

    def template(self, tree: Tree) -> Template:
        """A template that is compiled when it first runs."""
        return self.library().compiler.template(tree)


@dataclass(slots=True, eq=False)
class FastLibrary:
    """The templates of a chart as generated code, made when they first run.

    Attributes:
        library: gives the parsed templates, where they are needed after all.
        vain: how often a render failed here that the exact compiler could do.
        reuse_after: after how many renders the text of a template is used again where nothing that it reads has
            changed; none for never. After some it is left to a trial whether that is quicker.
    """

    functions: Mapping[str, Function]
    profile: Profile
    library: Callable[[], Library]
    texts: dict[str, Mapping[str, Template]]
    codes: Codes = field(default_factory=Codes)
    sets: dict[tuple[str, ...], Linked] = field(default_factory=dict)
    vain: int = 0
    reuse_after: int | None = None
    renders: int = 0
    reuse: Reuse | None = None

    @property
    def worthwhile(self) -> bool:
        """Whether the chart is one that generated code can render."""
        return self.vain < _PATIENCE

    def linked(self, jobs: Sequence[Job]) -> Linked:
        """The code of a set of templates.

        Raises:
            ParseError: a file is no valid template.
        """
        key = tuple(job.name for job in jobs)
        known = self.sets.get(key)
        if known is None:
            known = self.sets[key] = self._link(jobs)
        return known

    def _link(self, jobs: Sequence[Job]) -> Linked:
        made = Linked(namespace(self.functions, ranges_integers=self.profile.ranges_integers))
        for job in jobs:
            for name, (empty, _) in self._unit(job).items():
                if not (empty and name in made.homes):
                    made.homes[name] = job
        for name, job in made.homes.items():
            key = made.keys[name] = mangled(name)
            made.globals[key] = self._stub(made, name, job)
            made.templates[name] = Template(name, _NO_SOURCE, _wrapper(made.globals, key))
        return made

    def _unit(self, job: Job) -> Unit:
        """The templates of a file."""
        key = job.name, digest((job.file.data,))
        known = self.codes.units.get(key)
        if known is None:
            trees = self.library().trees_of(job)
            known = self.codes.units[key] = {name: (tree.empty, None) for name, tree in trees.items()}
            self.codes.changed = True
        return known

    def _stub(self, made: Linked, name: str, job: Job) -> Generated:
        """What stands in a template's place until it first runs."""
        key = made.keys[name]

        def first(run: FastRun, dot: Any) -> str:
            code = self._code(name, job)
            function = self._exact(name, job) if code is None else link(code, made.globals, self.functions)
            made.globals[key] = function
            return function(run, dot)

        return first

    def _code(self, name: str, job: Job) -> CodeType | None:
        unit = self._unit(job)
        empty, kept = unit[name]
        if kept is not None:
            code = marshal.loads(kept) if kept else None
            return code if isinstance(code, CodeType) else None
        from chartkit.gotemplate.codegen import generate

        made = generate(self.library().trees_of(job)[name], self.functions)
        unit[name] = empty, b"" if made is None else marshal.dumps(made)
        self.codes.changed = True
        return made

    def _exact(self, name: str, job: Job) -> Generated:
        """A template that runs as closures, in the midst of generated code."""
        library = self.library()
        template = library.template(library.trees_of(job)[name])

        def run_exact(run: FastRun, dot: Any) -> str:
            run.depth += 1
            text = run.execute(run.templates, template, dot)
            run.depth -= 1
            return text

        return run_exact

    def render(self, jobs: Sequence[Job], ambient: Ambient) -> dict[str, str]:
        """The raw text of every file that is no partial, in order.

        Raises:
            Exception: anything, where the exact compiler must do it.
        """
        made = self.linked(jobs)
        run = FastRun(
            ambient,
            TextCompiler(self.functions, self.library),
            self.texts,
            namespace=made.globals,
            keys=made.keys,
            templates=made.templates,
        )
        run.open()
        files: dict[str, str] = {}
        begin = perf_counter()
        session = self._session(jobs, run)
        for job in jobs:
            if job.file.is_partial:
                continue
            if session is None:
                files[job.name] = made.globals[made.keys[job.name]](run, job.open(self.profile))
            else:
                files[job.name] = session.text(job, partial(self._run, made, run, job))
        if self.reuse is not None:
            self.reuse.end(perf_counter() - begin)
        self.codes.save()
        return files

    def _run(self, made: Linked, run: FastRun, job: Job) -> str:
        text: str = made.globals[made.keys[job.name]](run, job.open(self.profile))
        return text

    def _session(self, jobs: Sequence[Job], run: FastRun) -> Session | None:
        """What knows the texts of templates, once there were renders enough for its analysis to pay."""
        self.renders += 1
        if self.reuse_after is None or self.renders <= self.reuse_after:
            return None
        if self.reuse is None:
            from chartkit.engine.reuse import Reuse, Trial

            self.reuse = Reuse(self._trees, trial=Trial(is_held=self.reuse_after > 0))
        return self.reuse.begin(jobs, run)

    def _trees(self, jobs: Sequence[Job]) -> dict[str, Tree]:
        """The templates of a set by their names."""
        library = self.library()
        return {name: library.trees_of(job)[name] for name, job in self.linked(jobs).homes.items()}

    def demote(self, jobs: Sequence[Job], error: Exception) -> None:
        """Learn from a failure that the exact compiler did not have: the template at fault is its from now on."""
        self.vain += 1
        made = self.linked(jobs)
        culprit = ""
        trace = error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_code.co_name
            culprit = name if name in made.globals else culprit
            trace = trace.tb_next
        for name, key in made.keys.items():
            if key == culprit:
                made.globals[key] = self._exact(name, made.homes[name])


def _wrapper(globals_: Mapping[str, Any], key: str) -> Callable[[], tuple[Closure, int]]:
    """A generated template for closures, which write what it gives."""

    def run(state: State, dot: Any) -> None:
        state.write(globals_[key](state.run, dot))

    return lambda: (run, 0)
