"""Whether every pod of a render can pull its images: what `pull-secret verify` asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chartkit.checks import docker_config, pull_secrets, secret_shapes
from chartkit.checks.blame import place_of
from chartkit.checks.coverage import Coverage, Known, Verdict, coverages
from chartkit.checks.levels import Levels, finding_of
from chartkit.checks.pull_answers import Asked, remark_on
from chartkit.checks.report import Outcome, Report
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.rules import RULES, check
from chartkit.checks.subject import Subject

_UNCOVERED: Final = RULES["CK120"]
_INVALID: Final = RULES["CK003"]
# CK120 is told of each image here, whatever the chart makes likely.
_WITH: Final = tuple(
    rule
    for rule in (*pull_secrets.RULES, *docker_config.RULES, *secret_shapes.RULES)
    if rule is not _UNCOVERED and rule.id != "CK125"
)


@dataclass(frozen=True, slots=True)
class Verification:
    """How the images of a render are pulled, and what is wrong with that.

    Attributes:
        report: what is wrong.
        coverages: every image in a pod.
        asked: what registries say of some of them.
    """

    report: Report
    coverages: tuple[Coverage, ...]
    asked: tuple[Asked, ...] = ()


def judge(subject: Subject, known: Known) -> tuple[Coverage, ...]:
    """Every image in a pod, and how it is pulled."""
    return coverages(subject, known)


def verify(
    subject: Subject,
    found: Sequence[Coverage],
    levels: Levels,
    *,
    asked: Iterable[Asked] = (),
    external_fails: bool = False,
) -> Verification:
    """Whether the pods of a render can pull their images.

    Args:
        subject: what is checked; it must have been rendered.
        found: its images, as `judge` gives them.
        levels: how bad findings are.
        asked: what registries say of them, if they were asked.
        external_fails: whether secrets that are not known are findings.
    """
    answers = tuple(asked)
    remarks = [*_remarks(subject, found, external_fails=external_fails)]
    remarks += filter(None, (remark_on(subject, each) for each in answers))
    told = (finding_of(rule, remark, subject, levels) for rule, remark in remarks)
    findings = (*(each for each in told if not levels.skips(each)), *check([subject], levels, _WITH))
    report = Report(
        tuple(sorted(findings, key=lambda each: (each.file, each.line or 0, each.rule))),
        (Outcome(subject.target, _summary(found, answers)),),
        is_unanswered=any(each.is_unanswered for each in answers),
    )
    return Verification(report, tuple(found), answers)


def _remarks(subject: Subject, found: Iterable[Coverage], *, external_fails: bool) -> Iterator[tuple[Rule, Remark]]:
    for each in found:
        if each.verdict is Verdict.UNCOVERED and not each.is_broken:
            yield _UNCOVERED, pull_secrets.uncovered(subject, each)
        elif each.verdict is Verdict.EXTERNAL and external_fails:
            place = place_of(subject, each.use, "registry", "repository")
            message = f"{each.use.text} needs {', '.join(each.secrets)}, which is neither rendered nor given"
            yield _UNCOVERED, Remark(message, place.position, place.key, each.use, "Give it with --secret FILE.")
        elif each.verdict is Verdict.INVALID:
            place = place_of(subject, each.use, "repository", "registry", "tag")
            message = f"{each.use.text} is no image reference: {each.reason}"
            yield _INVALID, Remark(message, place.position, place.key, each.use)


def _summary(found: Sequence[Coverage], asked: Sequence[Asked]) -> str:
    counts = Counter(each.verdict for each in found)
    parts = [f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict]]
    noun = "image" if len(found) == 1 else "images"
    text = f"{len(found)} {noun} in pods{': ' if parts else ''}{', '.join(parts)}"
    there = sum(each.outcome.answer == "found" for each in asked)
    return f"{text}; {there}/{len(asked)} found in their registries" if asked else text
