"""A render that knows where its characters came from."""

from __future__ import annotations

from collections.abc import Mapping

from chartkit.ambient import Ambient
from chartkit.chart.chart import Chart
from chartkit.engine.contexts import Contexts
from chartkit.engine.function_table import functions
from chartkit.engine.library import Library, Trees, run_jobs
from chartkit.engine.render import Rendering
from chartkit.engine.trace_rules import BEFORE, RULES
from chartkit.gotemplate.origins import OriginTable
from chartkit.gotemplate.runtime import strip_no_value
from chartkit.gotemplate.traced import TracedRun, strip_no_value_spans
from chartkit.gotemplate.tracer import TracingCompiler
from chartkit.origin import Lookup, Span, pieces
from chartkit.profile import Profile
from chartkit.record import dataclass, field
from chartkit.values.inputs import ValuesInput


@dataclass(frozen=True)
class Trace(Rendering):
    """The texts of one render, with the origin of their characters.

    Attributes:
        spans: by template path, the spans of its text in order.
        reads: every key that some template read, and what it held.
        given: the values that the user gave.
        whole_chart: the chart as it was loaded, disabled subcharts included.
    """

    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    reads: tuple[Lookup, ...] = ()
    given: ValuesInput = field(default_factory=ValuesInput)
    whole_chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is traced: the chart as rendered and as loaded, the values given, and the warnings so far."""

    chart: Chart
    whole_chart: Chart
    given: ValuesInput
    warnings: tuple[str, ...]


def tracing_library(profile: Profile, trees: Trees) -> Library:
    """The second program over the trees of a chart."""
    compiler = TracingCompiler(functions(profile), ranges_integers=profile.ranges_integers, rules=RULES, before=BEFORE)
    return Library(compiler, trees)


def trace_jobs(contexts: Contexts, library: Library, ambient: Ambient, subject: Subject) -> Trace:
    """Run every template file and keep track.

    Raises:
        ParseError: a file is no valid template.
        ExecError: a template failed.
    """
    run = TracedRun(ambient, library.compiler, library.texts, table=origin_table(contexts))
    files: dict[str, str] = {}
    spans: dict[str, tuple[Span, ...]] = {}
    for job, text in run_jobs(contexts.jobs, library, run, contexts.profile):
        files[job.name] = strip_no_value(text)
        spans[job.name] = pieces(strip_no_value_spans(text, run.result), files[job.name])
    return Trace(
        files,
        subject.chart,
        contexts.profile,
        subject.warnings,
        spans=spans,
        reads=tuple(run.table.reads.values()),
        given=subject.given,
        whole_chart=subject.whole_chart,
    )


def origin_table(contexts: Contexts) -> OriginTable:
    """The table that knows the values, Chart.yaml and the release of every chart of a render.

    Every subchart has a copy of the root's globals; a user sets them at the root, so that is where they are found.
    """
    table = OriginTable()
    root = contexts.charts[0][1]["Values"]
    for path, context in contexts.charts:
        values = context["Values"]
        shared = values.get("global")
        if isinstance(shared, dict):
            table.register(shared, "values", ("global",))
            if path:
                table.also(shared, (*path, "global"), root.get("global"))
        table.register(values, "values", path)
        if isinstance(context["Chart"], dict):
            table.register(context["Chart"], "chart_metadata", (*path, "Chart"))
    table.register(contexts.release, "release", ("Release",))
    return table
