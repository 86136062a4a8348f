"""A chart whose templates are parsed once and rendered many times."""

from __future__ import annotations

from collections.abc import Callable
from os.path import dirname
from typing import TYPE_CHECKING, Final, TypeVar

from chartkit.ambient import Ambient
from chartkit.chart.chart import Chart
from chartkit.chart.dependency import check_installable, missing_dependencies
from chartkit.chart.loader import chart_from_files
from chartkit.constraint import is_compatible
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.contexts import contexts_of
from chartkit.engine.deep_stack import with_deep_stack
from chartkit.engine.function_table import functions
from chartkit.engine.library import Library, Trees, run_jobs
from chartkit.engine.release import Release
from chartkit.engine.render import Rendering
from chartkit.errors import ChartError
from chartkit.gotemplate.compiler import Compiler
from chartkit.gotemplate.runtime import Run, strip_no_value
from chartkit.profile import NEWEST, PROFILES, Profile
from chartkit.values.inputs import ValuesInput
from chartkit.values.resolve import Resolved, resolve_values

if TYPE_CHECKING:
    from chartkit.engine.trace import Trace

_KEPT_TEXTS: Final = 4096
_Outcome = TypeVar("_Outcome", bound=Rendering)


class CompiledChart:
    """A chart with its templates, parsed as they are needed and kept for later renders."""

    def __init__(self, chart: Chart, profile: Profile = NEWEST) -> None:
        self.chart = chart
        self.profile = profile
        self._trees: Trees = {}
        self._plain = Library(Compiler(functions(profile), ranges_integers=profile.ranges_integers), self._trees)
        self._traced: Library | None = None

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
        known = capabilities or Capabilities(profile=self.profile)
        surroundings = ambient or Ambient(profile=self.profile)

        def job(resolved: Resolved, warnings: tuple[str, ...]) -> Rendering:
            return self._render(resolved, warnings, release, known, surroundings)

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

        def job(resolved: Resolved, warnings: tuple[str, ...]) -> Trace:
            return self._trace(resolved, warnings, values, release, known, surroundings)

        return self._attempt(job, values, release, known, surroundings, skip_schema=skip_schema, installing=installing)

    def _attempt(
        self,
        job: Callable[[Resolved, tuple[str, ...]], _Outcome],
        values: ValuesInput,
        release: Release,
        capabilities: Capabilities,
        surroundings: Ambient,
        *,
        skip_schema: bool,
        installing: bool,
    ) -> _Outcome:
        """Resolve the values and run a job with them, on a deeper stack if need be."""
        if installing:
            check_installable(self.chart)
            release.check(self.profile)
        absent = tuple(
            f"{name}: declared in Chart.yaml, missing in charts/" for name in missing_dependencies(self.chart)
        )

        def attempt() -> _Outcome:
            resolved = resolve_values(self.chart, values, profile=self.profile, skip_schema=skip_schema)
            if installing:
                _check_kube_version(resolved.chart, capabilities)
            return job(resolved, (*resolved.warnings, *absent))

        return with_deep_stack(attempt, surroundings)

    def _render(
        self,
        resolved: Resolved,
        warnings: tuple[str, ...],
        release: Release,
        capabilities: Capabilities,
        surroundings: Ambient,
    ) -> Rendering:
        contexts = contexts_of(resolved.chart, resolved.values, release, capabilities, self.profile)
        library = self._plain
        if len(library.texts) > _KEPT_TEXTS:
            library.texts.clear()
        run = Run(surroundings, library.compiler, library.texts)
        files = {job.name: strip_no_value(text) for job, text in run_jobs(contexts.jobs, library, run, self.profile)}
        return Rendering(files, resolved.chart, self.profile, warnings)

    def _trace(
        self,
        resolved: Resolved,
        warnings: tuple[str, ...],
        values: ValuesInput,
        release: Release,
        capabilities: Capabilities,
        surroundings: Ambient,
    ) -> Trace:
        # Imported here: a plain render has no need of the second compiler.
        from chartkit.engine.trace import Subject, trace_jobs, tracing_library

        if self._traced is None:
            self._traced = tracing_library(self.profile, self._trees)
        contexts = contexts_of(resolved.chart, resolved.values, release, capabilities, self.profile)
        return trace_jobs(contexts, self._traced, surroundings, Subject(resolved.chart, self.chart, values, warnings))


def compile_chart(chart: Chart, helm: str | Profile = NEWEST) -> CompiledChart:
    """A chart ready to be rendered any number of times.

    Args:
        chart: what `load_chart` gave.
        helm: whose behaviour: `4.3` (default), `4.2`, `4.1`, `3.17`, or `4` and `3` for the newest of each.

    Raises:
        KeyError: no such Helm is known.
    """
    profile = PROFILES[helm] if isinstance(helm, str) else helm
    if chart.profile is not profile:
        # The files are read anew: releases differ in how they read values.yaml and check Chart.yaml.
        folder = dirname(chart.values_source.name) if chart.values_source else ""
        chart = chart_from_files(chart.raw, profile=profile, shown_as=folder)
    return CompiledChart(chart, profile)


def _check_kube_version(chart: Chart, capabilities: Capabilities) -> None:
    """Refuse a chart that its own kubeVersion keeps off the cluster."""
    wanted = chart.metadata.kube_version
    if not wanted:
        return
    version = capabilities.KubeVersion
    if not is_compatible(wanted, version.normalized, capabilities.profile.semver_generation):
        raise ChartError(
            f"chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version.Version}"
        )
