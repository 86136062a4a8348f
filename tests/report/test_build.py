from __future__ import annotations

from dataclasses import replace

import pytest

from chartkit.report.build import build
from chartkit.report.chains import Chains
from chartkit.report.compare import Other
from chartkit.report.discretion import Discretion
from chartkit.report.model import Registry, Spot


def _steps(page, image, part):
    found = next(each for each in page.images[image].parts if each.name == part)
    return [(step.path, step.outcome, step.shown) for step in found.steps]


def test_build_tells_every_image_in_order_with_its_parts(make_page) -> None:
    page = make_page()
    assert [(each.number, each.text, each.workload, each.container) for each in page.images] == [
        (1, "acme/web:1.2.3", "Deployment/web", "web"),
        (2, "quay.io/acme/job:7", "Job/job", "job"),
    ]
    first, second = page.images
    assert (first.registry, first.repository, first.tag, first.digest) == ("docker.io", "acme/web", "1.2.3", "")
    assert (second.events, second.field, second.certainty) == (("pre-install",), "image", "certain")
    assert [part.name for part in first.parts] == ["registry", "repository", "tag"]


def test_chain_tells_what_was_consulted_and_what_won(make_page) -> None:
    page = make_page("global: {registry: r.example.com}\n")
    assert _steps(page, 0, "registry") == [
        ("web.registry", "empty", ""),
        ("global.registry", "won", "r.example.com"),
    ]
    registry = page.images[0].parts[0]
    assert [str(step.spot) for step in registry.steps] == ["app/values.yaml:2:17", "user.yaml:1:20"]
    assert [step.layer for step in registry.steps][0] == "chart default"
    assert registry.written[0].spot.file.endswith("templates/a.yaml")
    assert registry.written[0].spot.line == 9


def test_chain_tells_of_text_that_the_template_wrote(make_page) -> None:
    page = make_page(template="kind: Pod\nspec: {containers: [{name: a, image: nginx:1}]}\n")
    assert _steps(page, 0, "repository") == [("", "template", "nginx")]


def test_image_stands_where_it_was_rendered(make_page) -> None:
    assert make_page().images[0].spot == Spot("app/templates/a.yaml", 9, 19)


@pytest.mark.parametrize(
    ("expect", "allow", "standings"),
    [
        ("", "", ["any", "any"]),
        ("quay.io", "", ["elsewhere", "expected"]),
        ("quay.io", "docker.io/acme", ["allowed", "expected"]),
    ],
)
def test_images_stand_as_they_are_expected(make_page, expect, allow, standings) -> None:
    page = make_page(expect=expect, allow=allow)
    assert [each.standing for each in page.images] == standings


def test_verdict_fails_on_an_image_from_elsewhere(make_page) -> None:
    page = make_page(expect="quay.io")
    assert page.verdict.state == "failed"
    assert page.verdict.headline.startswith("Not ready to sign off: 1 error")
    told = page.findings[0]
    assert (told.rule, told.fails, told.images) == ("CK001", True, (1,))
    assert page.images[0].findings[0] == 1
    assert 1 not in page.images[1].findings


def test_verdict_passes_and_says_what_it_did_not_look_at(make_page) -> None:
    page = make_page()
    assert page.verdict.state == "passed"
    assert page.verdict.headline.startswith("Ready to sign off")
    assert any("No registry is expected" in caution for caution in page.verdict.cautions)


def test_verdict_is_open_where_a_render_failed(make_run) -> None:
    run, report = make_run()
    failed = replace(run, failure='no "pw-canary"', subject=None)
    page = build([run, failed], report, Discretion(frozenset(["pw-canary"])), helm="v4")
    assert page.verdict.state == "broken"
    assert page.verdict.headline == "Cannot be judged: 1 of 2 renders could not be rendered"
    assert "pw-canary" not in page.renders[1].failure


def test_finding_in_a_shared_line_is_about_the_images_of_all_targets(make_run) -> None:
    first, report = make_run(target="a")
    second, _ = make_run(target="b")
    key = next(each for each in report.findings if each.rule == "CK127")
    page = build(
        [first, second], replace_findings(report, [replace(key, image="acme/web:1.2.3")]), Discretion(), helm="v"
    )
    assert page.findings[0].images == (1, 3)


def replace_findings(report, findings):
    return replace(report, findings=tuple(findings))


def test_findings_that_differ_in_their_place_alone_are_told_once(make_page) -> None:
    pod = "kind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: a, image: {{ .Values.job.image }}}]}\n"
    page = make_page(template=f"{pod % 'p'}---\n{pod % 'q'}", expect="r.io")
    (told,) = [each for each in page.findings if each.rule == "CK001"]
    assert told.where == ("Pod/p, container a", "Pod/q, container a")
    assert told.images == (1, 2)
    assert [1 in each.findings for each in page.images] == [True, True]
    assert page.verdict.errors == 2


def test_registries_count_different_images_and_places(make_page) -> None:
    pod = (
        "kind: Pod\nspec: {containers: [{name: a, image: q.io/x:1}, {name: b, image: q.io/x:1}, {name: c, image: z}]}\n"
    )
    page = make_page(template=pod, expect="q.io")
    assert page.registries == (Registry("q.io", 1, 2, "expected"), Registry("docker.io", 1, 1, "elsewhere"))


def test_pulls_tell_how_each_image_of_a_pod_is_pulled(make_page) -> None:
    page = make_page("global: {registry: r.example.com}\n")
    assert [(each.workload, each.verdict, each.tone) for each in page.pulls] == [
        ("Deployment/web", "uncovered", "bad"),
        ("Job/job", "anonymous", "watch"),
    ]
    assert "names no pull secret" in page.pulls[0].reason


def test_comparison_names_the_keys_of_both_sides(make_run) -> None:
    run, report = make_run("web: {tag: '2'}\n", target="new")
    old, _ = make_run("web: {tag: '1'}\njob: {image: 'quay.io/other:1'}\n", target="old")
    chains = Chains(old.subject, Discretion(), old.shown)
    other = Other("old.yaml", "new.yaml", chains, old.subject.images)
    both = build([run], report, Discretion(), helm="v", other=other).comparison
    assert (both.before, both.after, both.same) == ("old.yaml", "new.yaml", 0)
    assert [(each.kind, each.before, each.after) for each in both.changes] == [
        ("retagged", "docker.io/acme/web:1", "docker.io/acme/web:2"),
        ("removed", "quay.io/other:1", ""),
        ("added", "", "quay.io/acme/job:7"),
    ]
    tag = both.changes[0]
    assert [(each.part, each.text, each.key, str(each.spot)) for each in (*tag.before_by, *tag.after_by)] == [
        ("tag", "1", "web.tag", "userold.yaml:1:12"),
        ("tag", "2", "web.tag", "usernew.yaml:1:12"),
    ]
    assert {each.part for each in both.changes[2].after_by} == {"registry", "repository", "tag"}


def test_build_gives_the_same_twice(make_page) -> None:
    assert make_page(expect="quay.io") == make_page(expect="quay.io")
