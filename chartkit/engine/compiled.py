"""A chart whose templates are parsed once and rendered many times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from functools import lru_cache
from os.path import dirname
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from chartkit.ambient import Ambient
from chartkit.chart.chart import Chart
from chartkit.chart.presence import check_installable, missing_dependencies
from chartkit.codecache import CodeCache
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.contexts import Contexts, contexts_of
from chartkit.engine.deep_stack import with_deep_stack
from chartkit.engine.function_table import functions
from chartkit.engine.release import Release
from chartkit.engine.render import Rendering
from chartkit.engine.surroundings import Rehearsal
from chartkit.errors import ChartError
from chartkit.gotemplate.runtime import Run, Template, strip_no_value
from chartkit.profile import NEWEST, PROFILES, Profile
from chartkit.values.dependencies import Outcomes
from chartkit.values.inputs import ValuesInput
from chartkit.values.resolve import Resolved, resolve_values

if TYPE_CHECKING:
    from chartkit.engine.fast import FastLibrary
    from chartkit.engine.library import Library
    from chartkit.engine.trace import Trace

_KEPT_TEXTS: Final = 4096
REUSE_AFTER: Final = 100
"""To analyse which values templates read takes as long as some dozens of renders."""
Resolve: TypeAlias = "Callable[[], Resolved]"
"""Gives the values, fresh ones each time."""

_Outcome = TypeVar("_Outcome", bound=Rendering)


class Tier(Enum):
    """Which compiler renders."""

    AUTO = "auto"
    """Generated code once it pays: from the second render on, or when the cache has it."""
    EXACT = "exact"
    FAST = "fast"
    """Generated code from the start; what it cannot render, the exact compiler still does."""


class CompiledChart:
    """A chart with its templates, parsed as they are needed and kept for later renders."""

    def __init__(
        self,
        chart: Chart,
        profile: Profile = NEWEST,
        *,
        tier: Tier = Tier.AUTO,
        cache: CodeCache | None = None,
        reuse_after: int | None = REUSE_AFTER,
    ) -> None:
        self.chart = chart
        self.profile = profile
        self.tier = tier
        self.cache = cache if chart.kept_as else None
        self.reuse_after = reuse_after
        self._plain: Library | None = None
        self._traced: Library | None = None
        self._fast: FastLibrary | None = None
        self._texts: dict[str, Mapping[str, Template]] = {}
        self._outcomes: Outcomes = {}
        self._renders = 0

    def render(
        self,
        values: ValuesInput,
        release: Release,
        capabilities: Capabilities | None = None,
        *,
        ambient: Ambient | None = None,
        skip_schema: bool = False,
        installing: bool = False,
    ) -> Rendering:
        """Render the chart once, from a fresh copy of its values.

        As in Helm's own engine, a dependency that is declared and not there is left out (and named in the warnings), a
        library can be rendered, and so can a chart for another Kubernetes; `installing` refuses what `helm template`
        refuses.

        Args:
            values: what `read_values` gave.
            release: what templates see as `.Release`.
            capabilities: the cluster; Helm's defaults where not given.
            ambient: time, randomness and limits.
            skip_schema: whether values.schema.json is left aside.
            installing: whether the release and the chart must be such that Helm would install them.

        Raises:
            ChartError: the values of a subchart are no map; if `installing`, the chart cannot be installed.
            InputError: if `installing`, the release's name is none that Helm accepts.
            SchemaError: values.schema.json refuses the values.
            ParseError: a template is no valid template.
            ExecError: a template failed; `FailError` if the chart called `fail` or `required`.
            LimitError: the render reached one of its limits.
        """
        known = capabilities or _usual_capabilities(self.profile)
        surroundings = ambient or Ambient(profile=self.profile)

        def job(resolve: Resolve) -> Rendering:
            return self._render(resolve, release, known, surroundings)

        return self._attempt(job, values, release, known, surroundings, skip_schema=skip_schema, installing=installing)

    def trace(
        self,
        values: ValuesInput,
        release: Release,
        capabilities: Capabilities | None = None,
        *,
        ambient: Ambient | None = None,
        skip_schema: bool = False,
        installing: bool = False,
    ) -> Trace:
        """Render the chart and keep track of where every character came from; the texts are those of `render`.

        Arguments and errors are those of `render`.
        """
        known = capabilities or Capabilities(profile=self.profile)
        surroundings = ambient or Ambient(profile=self.profile)

        def job(resolve: Resolve) -> Trace:
            return self._trace(resolve(), values, release, known, surroundings)

        return self._attempt(job, values, release, known, surroundings, skip_schema=skip_schema, installing=installing)

    def _attempt(
        self,
        job: Callable[[Resolve], _Outcome],
        values: ValuesInput,
        release: Release,
        capabilities: Capabilities,
        surroundings: Ambient,
        *,
        skip_schema: bool,
        installing: bool,
    ) -> _Outcome:
        """Run a job that resolves the values when it begins, on a deeper stack if need be."""
        if installing:
            check_installable(self.chart)
            release.check(self.profile)

        def resolve() -> Resolved:
            resolved = resolve_values(
                self.chart, values, profile=self.profile, skip_schema=skip_schema, known=self._outcomes
            )
            if installing:
                _check_kube_version(resolved.chart, capabilities)
            return resolved

        return with_deep_stack(lambda: job(resolve), surroundings)

    def _render(
        self, resolve: Resolve, release: Release, capabilities: Capabilities, surroundings: Ambient
    ) -> Rendering:
        """Render in generated code where that pays, and where it does not, or fails, in the exact compiler."""
        resolved = resolve()
        contexts = contexts_of(resolved.chart, resolved.values, release, capabilities, self.profile)
        fast = self._fast_library()
        if fast is None:
            files = self._exact(contexts, surroundings)
        else:
            rehearsal = Rehearsal(surroundings)
            try:
                files = fast.render(contexts.jobs, rehearsal.ambient)
                rehearsal.keep()
            except Exception as error:
                contexts = contexts_of(resolved.chart, resolve().values, release, capabilities, self.profile)
                files = self._exact(contexts, rehearsal.again())
                fast.demote(contexts.jobs, error)
        files = {name: strip_no_value(text) for name, text in files.items()}
        return Rendering(files, resolved.chart, self.profile, self._warnings(resolved))

    def _exact(self, contexts: Contexts, surroundings: Ambient) -> dict[str, str]:
        """The raw texts by the exact compiler, or the error in Helm's words."""
        from chartkit.engine.library import run_jobs

        library = self.library()
        run = Run(surroundings, library.compiler, self._texts)
        return {job.name: text for job, text in run_jobs(contexts.jobs, library, run, self.profile)}

    def library(self) -> Library:
        """The exact program; what it needs is imported and parsed when it is first asked for."""
        if self._plain is None:
            from chartkit.engine.library import Library
            from chartkit.gotemplate.compiler import Compiler

            compiler = Compiler(functions(self.profile), ranges_integers=self.profile.ranges_integers)
            self._plain = Library(compiler, {})
        return self._plain

    def _fast_library(self) -> FastLibrary | None:
        """The fast tier, where it pays."""
        if len(self._texts) > _KEPT_TEXTS:
            self._texts.clear()
        self._renders += 1
        if self._fast is None and self.tier is not Tier.EXACT:
            self._fast = self._begin_fast()
        return self._fast if self._fast is not None and self._fast.worthwhile else None

    def _begin_fast(self) -> FastLibrary | None:
        """Generated code from the second render on, as making it takes longer than one; sooner if a cache has it."""
        from chartkit.engine.fast import Codes, FastLibrary

        codes = None
        if self.cache is not None and self._renders == 1:
            codes = Codes.kept(self.cache, self.chart.kept_as)
        if codes is None and self._renders == 1 and self.tier is not Tier.FAST:
            return None
        made = FastLibrary(functions(self.profile), self.profile, self.library, self._texts, codes or Codes())
        made.reuse_after = self.reuse_after
        return made

    def _warnings(self, resolved: Resolved) -> tuple[str, ...]:
        absent = missing_dependencies(self.chart)
        return (*resolved.warnings, *(f"{name}: declared in Chart.yaml, missing in charts/" for name in absent))

    def _trace(
        self,
        resolved: Resolved,
        values: ValuesInput,
        release: Release,
        capabilities: Capabilities,
        surroundings: Ambient,
    ) -> Trace:
        # Imported here: a plain render has no need of the second compiler.
        from chartkit.engine.trace import Subject, trace_jobs, tracing_library

        if self._traced is None:
            self._traced = tracing_library(self.profile, self.library().trees)
        contexts = contexts_of(resolved.chart, resolved.values, release, capabilities, self.profile)
        subject = Subject(resolved.chart, self.chart, values, self._warnings(resolved))
        return trace_jobs(contexts, self._traced, surroundings, subject)


def compile_chart(
    chart: Chart,
    helm: str | Profile = NEWEST,
    *,
    cache: CodeCache | None = None,
    reuse_after: int | None = REUSE_AFTER,
) -> CompiledChart:
    """A chart ready to be rendered any number of times.

    Args:
        chart: what `load_chart` gave.
        helm: whose behaviour: `4.3` (default), `4.2`, `4.1`, `3.17`, or `4` and `3` for the newest of each.
        cache: where code for the chart is kept between runs; it must be the one that the chart was loaded with.
        reuse_after: after how many renders the text of a template is used again while the values that it reads are
            unchanged; `None` for never.

    Raises:
        KeyError: no such Helm is known.
    """
    profile = PROFILES[helm] if isinstance(helm, str) else helm
    if chart.profile is not profile:
        # The files are read anew: releases differ in how they read values.yaml and check Chart.yaml.
        from chartkit.chart.loader import chart_from_files

        folder = dirname(chart.values_source.name) if chart.values_source else ""
        chart = chart_from_files(chart.raw, profile=profile, shown_as=folder)
    return CompiledChart(chart, profile, cache=cache, reuse_after=reuse_after)


@lru_cache(maxsize=8)
def _usual_capabilities(profile: Profile) -> Capabilities:
    """The cluster that Helm takes for granted; nothing in it can be changed by a template."""
    return Capabilities(profile=profile)


def _check_kube_version(chart: Chart, capabilities: Capabilities) -> None:
    """Refuse a chart that its own kubeVersion keeps off the cluster."""
    wanted = chart.metadata.kube_version
    if not wanted:
        return
    from chartkit.constraint import is_compatible

    version = capabilities.KubeVersion
    if not is_compatible(wanted, version.normalized, capabilities.profile.semver_generation):
        raise ChartError(
            f"chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version.Version}"
        )
