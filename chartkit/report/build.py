"""Makes the report of what was rendered and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from os.path import normpath
from typing import Final

from chartkit.checks.coverage import Coverage, Known, Verdict, coverages
from chartkit.checks.expect_registry import BROKEN, Expectation, standing
from chartkit.checks.finding import Finding, Severity
from chartkit.checks.report import Report
from chartkit.checks.rules import RULES
from chartkit.checks.subject import Subject
from chartkit.images.use import ImageUse
from chartkit.report import model
from chartkit.report.chains import Chains, Shown
from chartkit.report.compare import Other, compared
from chartkit.report.discretion import Discretion
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
    told = tuple(_told(number, each, report, discretion) for number, each in enumerate(report.findings, 1))
    told, images = _joined(report.findings, told, images)
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
            workload=_workload(resource.kind, resource.name),
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


def _workload(kind: str, name: str) -> str:
    return f"{kind}/{name}".strip("/")


def _numbered(images: Iterable[model.Image]) -> tuple[model.Image, ...]:
    return tuple(replace(image, number=number) for number, image in enumerate(images, 1))


def _pull(target: str, each: Coverage) -> model.Pull:
    return model.Pull(
        target=target,
        workload=_workload(each.use.resource.kind, each.use.resource.name),
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


def _told(number: int, finding: Finding, report: Report, discretion: Discretion) -> model.Told:
    rule = RULES.get(finding.rule)
    hide = discretion.failure if finding.rule == BROKEN.id else discretion.free
    return model.Told(
        number=number,
        rule=finding.rule,
        title=rule.title if rule else "",
        severity=str(finding.severity),
        message=hide(finding.message),
        where=finding.where,
        spot=_finding_spot(finding, discretion),
        key=finding.key,
        fix=hide(finding.fix),
        target=finding.target,
        fails=report.fails(finding),
    )


def _finding_spot(finding: Finding, discretion: Discretion) -> str:
    if finding.position is not None and finding.is_in_flag:
        return f"{finding.position.source.name} {discretion.assignment(finding.position.source.text)}"
    return finding.location


def _joined(
    findings: Sequence[Finding], told: tuple[model.Told, ...], images: tuple[model.Image, ...]
) -> tuple[tuple[model.Told, ...], tuple[model.Image, ...]]:
    """Findings and images that know of each other.

    One fault of a values file is told once, however many images it shows in: it is about all of them, unless the rule
    tells of them one by one.
    """
    exact = {
        (number, image.number) for number, each in enumerate(findings, 1) for image in images if _is_at(each, image)
    }
    told_of = {(findings[number - 1].rule, image) for number, image in exact}
    shared = {
        (number, image.number)
        for number, each in enumerate(findings, 1)
        for image in images
        if (each.rule, image.number) not in told_of and _shares(each, image)
    }
    pairs = sorted(exact | shared)
    return (
        tuple(replace(each, images=tuple(b for a, b in pairs if a == each.number)) for each in told),
        tuple(replace(each, findings=tuple(a for a, b in pairs if b == each.number)) for each in images),
    )


def _is_at(finding: Finding, image: model.Image) -> bool:
    """Whether a finding is about the image in just this place."""
    place = _workload(finding.resource.kind, finding.resource.name), finding.container
    return (finding.target, finding.image, *place) == (image.target, image.text, image.workload, image.container)


def _shares(finding: Finding, image: model.Image) -> bool:
    """Whether a finding that was made elsewhere, or in the values, is about an image too."""
    steps = [step for part in image.parts for step in part.steps if finding.key and step.path == finding.key]
    if finding.target != image.target:
        # What is wrong in a line that several targets share is told of the first one.
        here = finding.line is not None and normpath(finding.location)
        steps = [step for step in steps if normpath(str(step.spot)) == here]
        return bool(steps) and finding.image in ("", image.text)
    if not finding.image:
        return any(step.outcome == "won" for step in steps)
    # Some rules name all their images in one sentence.
    return (finding.image == image.text and bool(steps)) or image.text in finding.message.split(": ")[-1].split(", ")


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
