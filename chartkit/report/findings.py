"""What is wrong, and the images that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from os.path import normpath

from chartkit.checks.expect_registry import BROKEN
from chartkit.checks.finding import Finding
from chartkit.checks.report import Report
from chartkit.checks.rules import RULES
from chartkit.report.discretion import Discretion
from chartkit.report.model import Image, Told

Group = tuple[Told, Sequence[Finding]]
"""What is told once, and the findings that say it, which differ in where they were made."""


def workload(kind: str, name: str) -> str:
    """An object for people."""
    return f"{kind}/{name}".strip("/")


def told_of(report: Report, discretion: Discretion) -> list[Group]:
    """The findings; those that differ in nothing but the workload are told together."""
    groups: dict[Told, list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(_told(finding, report, discretion), []).append(finding)
    return [
        (replace(told, number=number, where=tuple(dict.fromkeys(each.where for each in group if each.where))), group)
        for number, (told, group) in enumerate(groups.items(), 1)
    ]


def _told(finding: Finding, report: Report, discretion: Discretion) -> Told:
    rule = RULES.get(finding.rule)
    hide = discretion.failure if finding.rule == BROKEN.id else discretion.free
    return Told(
        number=0,
        rule=finding.rule,
        title=rule.title if rule else "",
        severity=str(finding.severity),
        message=hide(finding.message),
        where=(),
        spot=_spot(finding, discretion),
        key=finding.key,
        fix=hide(finding.fix),
        target=finding.target,
        fails=report.fails(finding),
    )


def _spot(finding: Finding, discretion: Discretion) -> str:
    if finding.position is not None and finding.is_in_flag:
        return f"{finding.position.source.name} {discretion.assignment(finding.position.source.text)}"
    return finding.location


def joined(groups: Sequence[Group], images: Sequence[Image]) -> tuple[tuple[Told, ...], tuple[Image, ...]]:
    """Findings and images that know of each other.

    One fault of a values file is told once, however many images it shows in: it is about all of them, unless the rule
    tells of them one by one.
    """
    exact = {(told.number, image.number) for told, group in groups for image in images if _is_at(group, image)}
    rules = {told.number: told.rule for told, _ in groups}
    of_rule = {(rules[number], image) for number, image in exact}
    shared = {
        (told.number, image.number)
        for told, group in groups
        for image in images
        if (told.rule, image.number) not in of_rule and _shares(group[0], image)
    }
    pairs = sorted(exact | shared)
    return (
        tuple(replace(told, images=tuple(b for a, b in pairs if a == told.number)) for told, _ in groups),
        tuple(replace(each, findings=tuple(a for a, b in pairs if b == each.number)) for each in images),
    )


def _is_at(group: Sequence[Finding], image: Image) -> bool:
    """Whether one of some findings is about the image in just this place."""
    here = image.target, image.text, image.workload, image.container
    return any(
        (each.target, each.image, workload(each.resource.kind, each.resource.name), each.container) == here
        for each in group
    )


def _shares(finding: Finding, image: Image) -> bool:
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
