from __future__ import annotations

from collections.abc import Callable

import pytest

from chartkit.checks.expect_registry import Expectation, verify
from chartkit.checks.levels import Levels
from chartkit.checks.registry_pattern import read_pattern
from chartkit.checks.report import Report
from chartkit.checks.subject import Subject
from chartkit.images.use import Certainty

Build = Callable[..., Subject]

OTHERS = """\
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {helm.sh/hook: pre-install}}
spec:
  template:
    spec:
      initContainers: [{name: wait, image: busybox}]
      containers: [{name: run, image: r.example.com/team/run:1, args: [--side-image=quay.io/org/side:1.0]}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {image: maybe}
"""


def checked(subject: Subject, *expect: str, allow: tuple[str, ...] = (), **more: object) -> Report:
    expectation = Expectation(
        tuple(map(read_pattern, expect)),
        tuple(map(read_pattern, allow)),
        **more,  # type: ignore[arg-type]
    )
    return verify(subject, expectation, Levels())


def test_images_as_expected_are_counted(build: Build) -> None:
    report = checked(build("image: {registry: r.example.com}"), "r.example.com")
    assert (report.exit_code, report.summary, report.findings) == (0, ("1/1 images match",), ())


def test_all_kinds_of_containers_hooks_and_arguments_are_looked_at(build: Build) -> None:
    report = checked(build("image: {registry: r.example.com}", {"job.yaml": OTHERS}), "r.example.com")
    assert report.exit_code == 1
    assert report.summary == ("2/4 images match",)
    assert [(each.rule, each.image, each.container) for each in report.findings] == [
        ("CK001", "busybox", "wait"),
        ("CK001", "quay.io/org/side:1.0", "run"),
    ]
    assert report.findings[0].message == "busybox is from docker.io, expected is r.example.com"
    assert report.findings[0].where == "Job/migrate, container wait"
    assert [each.location for each in report.findings] == ["app/templates/job.yaml:7:44", "app/templates/job.yaml:8:85"]


@pytest.mark.parametrize(
    ("fail_on", "checked_images"), [(Certainty.CERTAIN, 3), (Certainty.LIKELY, 4), (Certainty.POSSIBLE, 5)]
)
def test_fail_on_says_how_sure_it_must_be(build: Build, fail_on: Certainty, checked_images: int) -> None:
    subject = build("image: {registry: r.example.com}", {"job.yaml": OTHERS})
    assert checked(subject, "r.example.com", fail_on=fail_on).summary == (f"2/{checked_images} images match",)


def test_what_is_allowed_matches_too(build: Build) -> None:
    subject = build("image: {registry: r.example.com}", {"job.yaml": OTHERS})
    report = checked(subject, "r.example.com", allow=("busybox", "quay.io/org/*"))
    assert (report.exit_code, report.summary) == (0, ("4/4 images match (2 allowed)",))


def test_a_finding_names_the_key_to_change(build: Build) -> None:
    (finding,) = checked(build("image:\n  registry: quay.io\n"), "r.example.com").findings
    assert (finding.key, finding.location) == ("image.registry", "user.yaml:2:13")
    assert finding.fix == "Set image.registry, or allow it with --allow quay.io/acme/app."


def test_a_finding_names_the_key_that_could_be_set(build: Build) -> None:
    (finding,) = checked(build("image:\n  repository: acme/app\n"), "r.example.com").findings
    assert (finding.key, finding.location) == ("image.registry", "user.yaml:2:15")


def test_the_path_is_told_where_the_registry_is_right(build: Build) -> None:
    (finding,) = checked(build("image: {registry: gcr.io/my-project2}"), "gcr.io/my-project").findings
    assert "is from gcr.io/my-project2/acme, expected is gcr.io/my-project" in finding.message


def test_what_is_no_reference_is_from_nowhere(build: Build) -> None:
    (finding,) = checked(build("image: {registry: 'https://r.example.com'}"), "r.example.com").findings
    assert finding.rule == "CK003"


def test_what_is_no_reference_can_be_allowed_as_it_is_written(build: Build) -> None:
    report = checked(build("image: {tag: 'a b'}"), "r.example.com", allow=("acme/app:*",))
    assert report.summary == ("1/1 images match (1 allowed)",)


NO_IMAGE = {"deployment.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"}


@pytest.mark.parametrize(("count", "code"), [(None, 1), (0, 0), (1, 1)])
def test_no_image_at_all_is_a_finding_unless_it_is_meant(build: Build, count: int | None, code: int) -> None:
    report = checked(build("a: 1", NO_IMAGE), "r.example.com", count=count)
    assert report.exit_code == code
    assert [each.rule for each in report.findings] == ["CK002"] * code


@pytest.mark.parametrize(("count", "code"), [(2, 0), (3, 1)])
def test_the_count_is_of_what_comes_from_the_registry(build: Build, count: int, code: int) -> None:
    subject = build("image: {registry: r.example.com}", {"job.yaml": OTHERS})
    assert checked(subject, "r.example.com", allow=("busybox", "quay.io"), count=count).exit_code == code


def test_refusals_are_findings(build: Build) -> None:
    subject = build("image: {registry: r.example.com}")
    report = verify(subject, Expectation((read_pattern("r.example.com"),)), Levels(), ("host is needed",))
    assert (report.exit_code, [each.message for each in report.findings]) == (
        1,
        ["the chart refuses its values: host is needed"],
    )
