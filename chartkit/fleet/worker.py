"""What a worker does: renders the runs of a batch, all of one chart, and checks each."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from chartkit.ambient import Ambient
from chartkit.chart.loader import load_chart
from chartkit.checks.expect_registry import BROKEN, verify
from chartkit.checks.finding import Finding, Severity
from chartkit.checks.report import Outcome, Report
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.compiled import CompiledChart, compile_chart
from chartkit.errors import ChartkitError, LoadError
from chartkit.fleet.attempt import Request, attempt
from chartkit.fleet.run import Checked, Run, settled
from chartkit.profile import PROFILES
from chartkit.values.inputs import read_values

_KEPT_CHARTS: Final = 4

_programs: OrderedDict[tuple[str, str, str], CompiledChart] = OrderedDict()


def check_batch(runs: Sequence[Run]) -> list[Checked]:
    """The outcome of each run; one that fails does not keep the next from its turn."""
    return [check(run) for run in runs]


def check(run: Run) -> Checked:
    """The outcome of a run."""
    try:
        program = _program(run)
        request = _request(run, program)
    except ChartkitError as failure:
        return broken(run, failure)
    tried = attempt(request)
    if tried.failure is not None or tried.subject is None:
        return broken(run, tried.failure, tried.subject.shown_file if tried.subject else None)
    report = verify(tried.subject, run.expectation, run.levels, tried.refusals)
    return Checked(run.name, settled(report), warnings=tried.warnings)


def broken(run: Run, failure: ChartkitError | None, shown: Callable[[str], str] | None = None) -> Checked:
    """What is reported of a run that could not be rendered."""
    position = failure.position if failure else None
    name = position.source.name if position else ""
    finding = Finding(
        rule=BROKEN.id,
        severity=Severity.ERROR,
        message=str(failure),
        file=(shown(name) if shown and name else name) or run.chart,
        position=position,
        fix=(failure.hint if failure else "") or BROKEN.fix,
        target=run.name,
    )
    report = Report((finding,), (Outcome(run.name, "not rendered"),), is_broken=True)
    return Checked(run.name, settled(report), failure=str(failure))


def _program(run: Run) -> CompiledChart:
    """The chart, compiled the first time it is asked for; the oldest of a few is forgotten."""
    key = (os.path.abspath(run.chart), run.helm, run.digest)
    program = _programs.pop(key, None)
    if program is None:
        chart = load_chart(run.chart, profile=PROFILES[run.helm])
        if run.digest and chart.digest != run.digest:
            raise LoadError(
                f"{run.chart} is not the chart that the run began with", hint="it changed on the way: run it again"
            )
        program = compile_chart(chart, PROFILES[run.helm])
        if len(_programs) >= _KEPT_CHARTS:
            _programs.popitem(last=False)
    _programs[key] = program
    return program


def _request(run: Run, program: CompiledChart) -> Request:
    profile = program.profile
    values = read_values(stdin=run.stdin, profile=profile, **run.given)

    def surroundings() -> Ambient:
        if run.seed is None:
            return Ambient(profile)
        return Ambient(profile, lambda: run.moment, random=Random(run.seed))

    return Request(
        program,
        values,
        run.release,
        Capabilities(run.kube_version, run.api_versions, profile),
        surroundings,
        skip_schema=run.skip_schema,
        lenient=run.lenient,
        path=os.path.abspath(run.chart),
        base=run.base,
        target=run.name,
    )
