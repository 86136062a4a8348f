"""What `pull-secret verify` finds: the findings of each verdict, their order, and the summary."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chartkit.checks.coverage import Known, Verdict
from chartkit.checks.levels import Levels
from chartkit.checks.pull_answers import Asked
from chartkit.checks.subject import Subject
from chartkit.checks.verify_pull_secrets import Verification, judge, verify
from chartkit.configtypes import RuleSetting
from chartkit.errors import Unreachable
from chartkit.oci.failures import UnknownManifest
from chartkit.oci.probe import Answer, Outcome, answer_of
from chartkit.reference import ImageReference

Build = Callable[..., Subject]

VALUES = "image:\n  registry: r.example.com\n  tag: '2'\npullSecrets: [{name: regcred}, {name: other}]\n"
PRIVATE = "image:\n  registry: r.example.com\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: '%s'}]}\n"


def verified(subject: Subject, *answers: object, levels: Levels | None = None, **more: bool) -> Verification:
    """The verification, where registries gave the answers for the images in turn."""
    found = judge(subject, Known())
    asked = []
    for each, failure in zip(found, answers, strict=False):
        answer = Answer.FOUND if failure is None else answer_of(failure)
        asked.append(Asked(each, Outcome(ImageReference.parse(each.use.text), answer, failure=failure)))
    return verify(subject, found, levels or Levels(), asked=asked, **more)


def said(verification: Verification) -> list[tuple[str, str]]:
    return [(finding.rule, finding.message) for finding in verification.report.findings]


def summary(verification: Verification) -> str:
    (outcome,) = verification.report.outcomes
    return outcome.text


def test_secret_that_is_elsewhere_is_a_finding_only_when_asked_for(build: Build) -> None:
    subject = build(VALUES)
    assert said(verified(subject)) == []
    strict = verified(subject, external_fails=True)
    message = "r.example.com/acme/app:2 needs regcred, other, which is neither rendered nor given"
    assert said(strict) == [("CK120", message)]
    (finding,) = strict.report.findings
    assert (finding.location, finding.key) == ("user.yaml:2:13", "image.registry")
    assert finding.fix == "Give it with --secret FILE."
    assert [each.verdict for each in strict.coverages] == [Verdict.EXTERNAL]
    assert summary(strict) == "1 image in pods: 1 external"


def test_image_without_credentials_is_a_finding(build: Build) -> None:
    message = "r.example.com/acme/app:1.2.3 needs credentials, and its pod names no pull secret"
    assert said(verified(build(PRIVATE))) == [
        ("CK120", f"{message}, and neither does its service account default"),
    ]


def test_text_that_is_no_reference_is_a_finding_at_its_value(build: Build) -> None:
    ((rule, message),) = said(verified(build("image:\n  repository: acme/App\n")))
    assert rule == "CK003"
    assert message.startswith("acme/App:1.2.3 is no image reference: ")


def test_rule_that_is_switched_off_says_nothing(build: Build) -> None:
    assert said(verified(build(PRIVATE), levels=Levels(settings={"CK120": RuleSetting(level="off")}))) == []


def test_summary_counts_images_by_verdict_and_answers(build: Build) -> None:
    subject = build(PRIVATE, {"pod.yaml": POD % "registry.k8s.io/pause:1"})
    assert summary(verified(subject)) == "2 images in pods: 1 uncovered, 1 public"
    some = verified(subject, None, UnknownManifest("no"))
    assert summary(some) == "2 images in pods: 1 uncovered, 1 public; 1/2 found in their registries"
    assert some.report.is_unanswered is False
    assert len(some.asked) == 2


def test_summary_of_nothing_has_no_list(build: Build) -> None:
    subject = build(templates={"deployment.yaml": ""})
    assert summary(verified(subject)) == "0 images in pods"


@pytest.mark.parametrize(
    ("failure", "rule", "unanswered"), [(Unreachable, "CK134", True), (UnknownManifest, "CK133", False)]
)
def test_answers_of_registries_are_findings(build: Build, failure: type, rule: str, unanswered: bool) -> None:
    verification = verified(build("image: {registry: registry.k8s.io}\n"), failure("no"))
    assert [found for found, _ in said(verification)] == [rule]
    assert verification.report.is_unanswered is unanswered
