"""What each template file of a chart runs in: the `.` of its chart, and its own name."""

from __future__ import annotations

from typing import Any

from chartkit.chart.chart import Chart
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.files import Files, file_contents
from chartkit.engine.jobs import Job
from chartkit.engine.metadata import chart_context
from chartkit.engine.methods import VALUES_METHODS
from chartkit.engine.release import Release
from chartkit.gotypes import Values
from chartkit.profile import Profile
from chartkit.record import dataclass, field

Values.go_methods = VALUES_METHODS


@dataclass(slots=True)
class Contexts:
    """The contexts of one render.

    Attributes:
        profile: the Helm that is reproduced.
        capabilities: what templates see as `.Capabilities`.
        release: what templates see as `.Release`.
        jobs: every template file, in the order in which Helm parses and runs them.
        charts: each chart's path from the root, by the keys of its values, with its context.
    """

    profile: Profile
    capabilities: Capabilities
    release: dict[str, Any]
    jobs: list[Job] = field(default_factory=list)
    charts: list[tuple[tuple[str, ...], Values]] = field(default_factory=list)

    def collect(self, chart: Chart, values: Values, path: tuple[str, ...] = ()) -> Values:
        """Make the context of a chart and, below it, of its subcharts."""
        context = self._context(chart, values)
        self.charts.append((path, context))
        for child in chart.dependencies:
            typed = _typed(_table(values, child.name), self.profile)
            context["Subcharts"][child.name] = self.collect(child, typed, (*path, child.name))
        base_path = f"{chart.full_path}/templates"
        for file in chart.active_templates:
            self.jobs.append(Job(f"{chart.full_path}/{file.name}", file, context, base_path))
        return context

    def _context(self, chart: Chart, values: Values) -> Values:
        return Values(
            {
                "Chart": chart_context(chart.metadata, self.profile, is_root=chart.is_root),
                "Files": Files(file_contents(chart.files), self.profile),
                "Release": self.release,
                "Capabilities": self.capabilities,
                "Values": values,
                "Subcharts": {},
            },
            go_name=self.profile.values_type,
        )


def contexts_of(
    chart: Chart, values: dict[str, Any], release: Release, capabilities: Capabilities, profile: Profile
) -> Contexts:
    """The contexts of a chart tree, with the values of the root chart."""
    contexts = Contexts(profile, capabilities, release.context())
    contexts.collect(chart, Values(values, go_name=profile.values_type))
    contexts.jobs.sort(key=lambda job: (job.name.count("/"), job.name), reverse=True)
    return contexts


def _table(values: dict[str, Any], name: str) -> dict[str, Any]:
    """A subchart's values in its parent's; Helm takes dots in its name for a path, and no table for an empty one."""
    for part in name.split("."):
        found = values.get(part)
        if not isinstance(found, dict):
            return {}
        values = found
    return values


def _typed(values: dict[str, Any], profile: Profile) -> Values:
    """A subchart's values typed as Helm types `.Values`."""
    return values if isinstance(values, Values) else Values(values, go_name=profile.values_type)
