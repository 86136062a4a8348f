"""Makes the report of what was rendered and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from chartkit.checks.coverage import Coverage, Known, Verdict, coverages
from chartkit.checks.expect_registry import Expectation, standing
from chartkit.checks.finding import Severity
from chartkit.checks.report import Report
from chartkit.checks.subject import Subject
from chartkit.images.use import ImageUse
from chartkit.report import model
from chartkit.report.chains import Chains, Shown
from chartkit.report.compare import Other, compared
from chartkit.report.discretion import Discretion
from chartkit.report.findings import joined, told_of, workload
from chartkit.report.registries import by_registry
from chartkit.version import __version__

_TONES: Final[dict[Verdict, model.Tone]] = {
    Verdict.COVERED: "good",
    Verdict.EXTERNAL: "watch",
    Verdict.UNCOVERED: "bad",
    Verdict.INVALID: "bad",
    Verdict.LOCAL: "plain",
    Verdict.NODE: "good",
    Verdict.PUBLIC: "good",
    Verdict.ANONYMOUS: "watch",
    Verdict.UNKNOWN: "watch",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One render, and what is known of it.

    Attributes:
        about: what the report says of it; `outcome` and `failure` are filled in.
        subject: what was checked; `None` if not even its values could be read.
        expectation: what is expected of its images, and which texts count as images.
        known: what is known of the cluster.
        outcome: what the checks say in a line.
        failure: why it was not rendered.
        shown: a file as the reader would write it.
    """

    about: model.Render
    subject: Subject | None
    expectation: Expectation
    known: Known
    outcome: str = ""
    failure: str = ""
    shown: Shown = str


def build(
    runs: Sequence[Run],
    report: Report,
    discretion: Discretion,
    *,
    helm: str,
    made: str = "",
    other: Other | None = None,
) -> model.Page:
    """The report.

    Args:
        runs: what was rendered.
        report: what is wrong with it.
        discretion: what must not be shown.
        helm: the Helm that was reproduced.
        made: the time to print, if any.
        other: another render to compare with; there is one run then.
    """
    builders = [_Builder(run, discretion) for run in runs]
    images = _numbered(image for builder in builders for image in builder.images())
    told, images = joined(told_of(report, discretion), images)
    return model.Page(
        chartkit=__version__,
        helm=helm,
        made=made,
        verdict=_verdict(report, runs),
        renders=tuple(builder.render() for builder in builders),
        images=images,
        findings=told,
        pulls=tuple(pull for builder in builders for pull in builder.pulls()),
        registries=by_registry(images),
        comparison=compared(builders[0].chains, builders[0].uses, other) if other and builders[0].chains else None,
    )


class _Builder:
    """Makes the part of the report that is about one render."""

    def __init__(self, run: Run, discretion: Discretion) -> None:
        self._run = run
        self._discretion = discretion
        self.chains = Chains(run.subject, discretion, run.shown) if run.subject else None
        least = run.expectation.fail_on
        self.uses = tuple(use for use in run.subject.images if use.certainty >= least) if run.subject else ()

    def render(self) -> model.Render:
        run = self._run
        outcome = self._discretion.free(run.outcome)
        return replace(run.about, outcome=outcome, failure=self._discretion.failure(run.failure))

    def images(self) -> Iterator[model.Image]:
        if self.chains is not None:
            for use in self.uses:
                yield self._image(use, self.chains)

    def pulls(self) -> Iterator[model.Pull]:
        subject = self._run.subject
        if subject is not None and subject.rendering is not None:
            for each in coverages(subject, self._run.known):
                yield _pull(self._run.about.target, each)

    def _image(self, use: ImageUse, chains: Chains) -> model.Image:
        reference, resource = use.reference, use.resource
        steps = use.levels[-1].steps if use.levels else ()
        return model.Image(
            number=0,
            target=self._run.about.target,
            text=use.text,
            name=reference.name if reference else "",
            registry=reference.registry if reference else "",
            repository=reference.repository if reference else use.text,
            tag=reference.tag if reference else "",
            digest=reference.digest if reference else "",
            workload=workload(resource.kind, resource.name),
            namespace=resource.namespace,
            container=use.container,
            place=use.place,
            field=next((step for step in reversed(steps) if isinstance(step, str)), ""),
            events=use.events,
            certainty=str(use.certainty),
            standing=standing(use, self._run.expectation),
            fault=self._discretion.free(use.fault),
            spot=_image_spot(use),
            is_rendered=self._is_chart() and use.place != "chart annotation",
            parts=chains.parts(use),
        )

    def _is_chart(self) -> bool:
        return self._run.subject is not None and self._run.subject.rendering is not None


def _image_spot(use: ImageUse) -> model.Spot:
    """Where an image stands: rendered files have Helm's names, as their lines are not those of the templates."""
    position = use.position
    if position is None:
        return model.Spot(use.manifest.file)
    return model.Spot(position.source.name, position.line, position.column)


def _numbered(images: Iterable[model.Image]) -> tuple[model.Image, ...]:
    return tuple(replace(image, number=number) for number, image in enumerate(images, 1))


def _pull(target: str, each: Coverage) -> model.Pull:
    return model.Pull(
        target=target,
        workload=workload(each.use.resource.kind, each.use.resource.name),
        namespace=each.names.namespace,
        container=each.use.container,
        image=each.use.text,
        verdict=str(each.verdict),
        said=each.verdict.said,
        tone=_TONES[each.verdict],
        secrets=each.secrets,
        account=each.names.account,
        reason=each.reason,
    )


def _verdict(report: Report, runs: Sequence[Run]) -> model.Verdict:
    broken = sum(bool(run.failure) for run in runs)
    failing = sum(report.fails(finding) for finding in report.findings)
    if broken:
        state = "broken"
        some = f"{broken} of {len(runs)} renders" if len(runs) > 1 else "the chart"
        headline = f"Cannot be judged: {some} could not be rendered"
    elif failing:
        state, headline = "failed", f"Not ready to sign off: {report.counts}"
    else:
        state = "passed"
        headline = f"Ready to sign off{f', with {report.counts}' if report.findings else ''}"
    return model.Verdict(
        state=state,
        headline=headline,
        errors=report.count(Severity.ERROR),
        warnings=report.count(Severity.WARNING),
        infos=report.count(Severity.INFO),
        fail_on=str(report.fail_level),
        cautions=tuple(_cautions(runs)),
    )


def _cautions(runs: Sequence[Run]) -> Iterator[str]:
    if any(not run.expectation.registries for run in runs):
        yield "No registry is expected (--expect), so that images may come from anywhere."
    if any(run.expectation.fail_on > 1 for run in runs):
        yield "Texts that are only possibly images are left out; --certainty possible shows them."
