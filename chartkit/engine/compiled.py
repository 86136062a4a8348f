"""A chart whose templates are parsed once and rendered many times."""

from __future__ import annotations

from collections.abc import Mapping
from os.path import dirname
from typing import Any, Final

from chartkit.ambient import Ambient
from chartkit.chart.chart import Chart
from chartkit.chart.dependency import check_installable, missing_dependencies
from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files
from chartkit.constraint import is_compatible
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.deep_stack import with_deep_stack
from chartkit.engine.failures import exec_error, parse_error
from chartkit.engine.files import Files, file_contents
from chartkit.engine.function_table import functions
from chartkit.engine.metadata import chart_context
from chartkit.engine.methods import VALUES_METHODS
from chartkit.engine.release import Release
from chartkit.engine.render import Rendering
from chartkit.errors import ChartError, ParseError
from chartkit.gotemplate.compiler import Compiler
from chartkit.gotemplate.nodes import Tree
from chartkit.gotemplate.parser import parse
from chartkit.gotemplate.runtime import ExecFailure, Run, Template, strip_no_value
from chartkit.gotypes import Values
from chartkit.profile import NEWEST, PROFILES, Profile
from chartkit.source import Source
from chartkit.values.inputs import ValuesInput
from chartkit.values.resolve import Resolved, resolve_values

_KEPT_TEXTS: Final = 4096


Values.go_methods = VALUES_METHODS


class _Job:
    """A template file that takes part in a render: its full name, its text, and the context it runs in."""

    __slots__ = ("base_path", "context", "file", "name")

    def __init__(self, name: str, file: File, context: Values, base_path: str) -> None:
        self.name = name
        self.file = file
        self.context = context
        self.base_path = base_path


class CompiledChart:
    """A chart with its templates, parsed as they are needed and kept for later renders."""

    def __init__(self, chart: Chart, profile: Profile = NEWEST) -> None:
        self.chart = chart
        self.profile = profile
        self._compiler = Compiler(functions(profile), ranges_integers=profile.ranges_integers)
        self._parsed: dict[tuple[str, File], Mapping[str, tuple[Tree, Template]]] = {}
        self._sets: dict[tuple[str, ...], Mapping[str, Template]] = {}
        self._texts: dict[str, Mapping[str, Template]] = {}

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
        if installing:
            check_installable(self.chart)
            release.check(self.profile)

        def attempt() -> Rendering:
            resolved = resolve_values(self.chart, values, profile=self.profile, skip_schema=skip_schema)
            if installing:
                _check_kube_version(resolved.chart, known)
            return self._render(resolved, release, known, surroundings)

        return with_deep_stack(attempt, surroundings)

    def _render(
        self, resolved: Resolved, release: Release, capabilities: Capabilities, surroundings: Ambient
    ) -> Rendering:
        """Render values that are already coalesced; templates may change them."""
        chart, values_type = resolved.chart, self.profile.values_type
        jobs: list[_Job] = []
        root = self._context(chart, Values(resolved.values, go_name=values_type), release.context(), capabilities)
        self._collect(chart, root, jobs)
        jobs.sort(key=lambda job: (job.name.count("/"), job.name), reverse=True)
        templates = self._template_set(jobs)
        if len(self._texts) > _KEPT_TEXTS:
            self._texts.clear()
        files = self._run(jobs, templates, Run(surroundings, self._compiler, self._texts))
        absent = (f"{name}: declared in Chart.yaml, missing in charts/" for name in missing_dependencies(self.chart))
        return Rendering(files, chart, self.profile, (*resolved.warnings, *absent))

    def _context(self, chart: Chart, values: Values, release: dict[str, Any], capabilities: Capabilities) -> Values:
        """What the templates of one chart see as `.`."""
        return Values(
            {
                "Chart": chart_context(chart.metadata, self.profile, is_root=chart.is_root),
                "Files": Files(file_contents(chart.files), self.profile),
                "Release": release,
                "Capabilities": capabilities,
                "Values": values,
                "Subcharts": {},
            },
            go_name=self.profile.values_type,
        )

    def _collect(self, chart: Chart, context: Values, jobs: list[_Job]) -> None:
        """The template files of a chart and its subcharts, each with its context."""
        for child in chart.dependencies:
            typed = _typed_values(_table(context["Values"], child.name), self.profile)
            inner = self._context(child, typed, context["Release"], context["Capabilities"])
            context["Subcharts"][child.name] = inner
            self._collect(child, inner, jobs)
        base_path = f"{chart.full_path}/templates"
        for file in chart.active_templates:
            jobs.append(_Job(f"{chart.full_path}/{file.name}", file, context, base_path))

    def _template_set(self, jobs: list[_Job]) -> Mapping[str, Template]:
        """All named templates of a render; of two with one name the later parsed wins, unless it is empty."""
        key = tuple(job.name for job in jobs)
        known = self._sets.get(key)
        if known is None:
            known = self._sets[key] = self._merged(jobs)
        return known

    def _merged(self, jobs: list[_Job]) -> Mapping[str, Template]:
        found: dict[str, Template] = {}
        for job in jobs:
            for name, (tree, template) in self._templates_of(job).items():
                if not (tree.empty and name in found):
                    found[name] = template
        return found

    def _templates_of(self, job: _Job) -> Mapping[str, tuple[Tree, Template]]:
        key = (job.name, job.file)
        known = self._parsed.get(key)
        if known is None:
            try:
                trees = parse(Source(job.name, job.file.text), self._compiler.functions)
            except ParseError as error:
                raise parse_error(error) from None
            known = {name: (tree, self._compiler.template(tree)) for name, tree in trees.items()}
            self._parsed[key] = known
        return known

    def _run(self, jobs: list[_Job], templates: Mapping[str, Template], run: Run) -> dict[str, str]:
        """Execute every file that is no partial."""
        files: dict[str, str] = {}
        for job in jobs:
            if job.file.is_partial:
                continue
            job.context["Template"] = Values(
                {"Name": job.name, "BasePath": job.base_path}, go_name=self.profile.values_type
            )
            try:
                text = run.execute(templates, templates[job.name], job.context)
            except ExecFailure as failure:
                raise exec_error(failure, self.profile) from None
            files[job.name] = strip_no_value(text)
        return files


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


def _table(values: dict[str, Any], name: str) -> dict[str, Any]:
    """A subchart's values in its parent's; Helm takes dots in its name for a path, and no table for an empty one."""
    for part in name.split("."):
        found = values.get(part)
        if not isinstance(found, dict):
            return {}
        values = found
    return values


def _typed_values(values: dict[str, Any], profile: Profile) -> Values:
    """A subchart's values typed as Helm types `.Values`."""
    return values if isinstance(values, Values) else Values(values, go_name=profile.values_type)
