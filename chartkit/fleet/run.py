"""What is asked for and what comes back: both plain data, so that they can go to another process and return."""

from __future__ import annotations

from chartkit.checks.expect_registry import Expectation
from chartkit.checks.finding import Finding
from chartkit.checks.levels import Levels
from chartkit.checks.report import Report
from chartkit.engine.release import Release
from chartkit.profile import NEWEST
from chartkit.record import dataclass, field, replace
from chartkit.source import FixedPosition
from chartkit.values.inputs import Given


@dataclass(frozen=True, slots=True)
class Run:
    """One render, and what is expected of its images.

    Attributes:
        chart: the path of the chart's folder or archive, which workers must be able to read.
        name: what the run is called in reports.
        given: values files and flags, as for `read_values`.
        stdin: the text that the file name `-` stands for.
        release: the release.
        helm: the name of the Helm to reproduce.
        kube_version: the Kubernetes to render for.
        api_versions: further API versions of the cluster.
        seed: makes random values repeatable and lets the clock stand still, at `moment`.
        moment: nanoseconds since 1970.
        skip_schema: whether values.schema.json is left aside.
        lenient: whether the render goes on where the chart refuses its values.
        expectation: what is expected of the images.
        levels: how bad findings are.
        base: the folder that paths are shown relative to.
        digest: the chart's digest as the caller read it; a worker that finds another one says so.
    """

    chart: str
    name: str = ""
    given: Given = field(default_factory=Given)
    stdin: str | None = None
    release: Release = field(default_factory=lambda: Release("release-name"))
    helm: str = NEWEST.name
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    seed: int | None = None
    moment: int = 0
    skip_schema: bool = False
    lenient: bool = False
    expectation: Expectation = Expectation()
    levels: Levels = Levels()
    base: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a run.

    Attributes:
        name: the run's name.
        report: what was found; its positions know line and column, and no text.
        failure: why it was not rendered; empty if it was.
        warnings: what Helm would say on stderr.
    """

    name: str
    report: Report
    failure: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether nothing makes the run fail."""
        return self.report.exit_code == 0


def settled(report: Report) -> Report:
    """A report whose positions hold on to no source text, so that thousands of them fit in memory."""
    return replace(report, findings=tuple(map(_settled, report.findings)))


def _settled(finding: Finding) -> Finding:
    position = finding.position
    return finding if position is None else replace(finding, position=FixedPosition.of(position))
