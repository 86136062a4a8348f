from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.checks.coverage import Known
from chartkit.checks.expect_registry import Expectation, verify
from chartkit.checks.levels import Levels
from chartkit.checks.registry_pattern import read_pattern
from chartkit.checks.report import Report
from chartkit.checks.rules import check
from chartkit.checks.subject import make_subject
from chartkit.engine.unread import unread_keys
from chartkit.images.explain import explain, explain_scalar
from chartkit.images.find import find_images
from chartkit.report.build import Run, build
from chartkit.report.discretion import Discretion
from chartkit.report.model import Image, Page, Part, Render, Spot, Step, Verdict

MakePage = Callable[..., Page]

DEFAULTS = """\
global: {registry: "", password: pw-canary}
web: {registry: "", repository: acme/web, tag: 1.2.3}
job: {image: "quay.io/acme/job:7"}
"""
TEMPLATE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          image: "{{ with .Values.web.registry | default .Values.global.registry }}{{ . }}/{{ end -}}
            {{ .Values.web.repository }}:{{ .Values.web.tag }}"
---
apiVersion: batch/v1
kind: Job
metadata: {name: job, annotations: {helm.sh/hook: pre-install}}
spec: {template: {spec: {containers: [{name: job, image: {{ .Values.job.image }}}]}}}
"""


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., tuple[Run, Report]]:
    """Renders a small chart, and checks it."""

    def make(
        values: str = "", template: str = TEMPLATE, expect: str = "", allow: str = "", target: str = ""
    ) -> tuple[Run, Report]:
        folder = tmp_path / "app"
        (folder / "templates").mkdir(parents=True, exist_ok=True)
        (folder / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 0.1.0\n")
        (folder / "values.yaml").write_text(DEFAULTS)
        (folder / "templates/a.yaml").write_text(template)
        given = tmp_path / f"user{target}.yaml"
        given.write_text(values)
        chart = load_chart(folder)
        read = read_values(chart, files=[str(given)] if values else [])
        trace = compile_chart(chart).trace(read, Release("r"))
        subject = make_subject(
            chart,
            read,
            trace,
            find_images(trace),
            explain=explain,
            origin=lambda manifest, steps: explain_scalar(trace, manifest, steps),
            unread=lambda: unread_keys(trace),
            path=str(folder),
            base=str(tmp_path),
            target=target,
        )
        patterns = [tuple(map(read_pattern, text.split(","))) if text else () for text in (expect, allow)]
        expectation = Expectation(*patterns)
        levels = Levels()
        verified = verify(subject, expectation, levels)
        report = Report((*verified.findings, *check([subject], levels)), verified.outcomes)

        def shown(name: str) -> str:
            return name.removeprefix(f"{tmp_path}/")

        return Run(about(target), subject, expectation, Known(), verified.summary[0], shown=shown), report

    return make


@pytest.fixture
def make_page(make_run: Callable[..., tuple[Run, Report]]) -> MakePage:
    """The report on such a chart."""

    def make(*arguments: str, discretion: Discretion | None = None, **more: str) -> Page:
        run, report = make_run(*arguments, **more)
        return build([run], report, discretion or Discretion(), helm="v4.3.1")

    return make


def about(target: str = "", **more: str) -> Render:
    """What is said of a render before anything else."""
    empty = dict.fromkeys(("chart", "version", "app_version", "subject", "release", "namespace", "outcome"), "")
    return Render(target=target, values=(), flags=(), expect=(), allow=(), **{**empty, "chart": "app", **more})


def page_of(*images: Image, **more: object) -> Page:
    """A report on some images and nothing else."""
    empty = {
        "chartkit": "0.0",
        "helm": "v4",
        "made": "",
        "verdict": Verdict("passed", "Ready to sign off", 0, 0, 0, "error"),
        "renders": (about(),),
        "findings": (),
        "pulls": (),
        "registries": (),
    }
    return Page(images=images, **{**empty, **more})


def image_of(text: str, number: int = 1, **more: object) -> Image:
    """An image with one key behind it."""
    plain = dict.fromkeys(("target", "name", "registry", "tag", "digest", "namespace", "container", "fault"), "")
    rest = {
        "repository": text,
        "workload": "Pod/p",
        "place": "pod",
        "field": "image",
        "events": (),
        "certainty": "certain",
        "standing": "any",
        "spot": Spot("app/templates/a.yaml", 3, 5),
        "is_rendered": True,
        "parts": (Part("repository", text, (Step("web.image", "won", text, "-f v.yaml", Spot("v.yaml", 1, 2)),)),),
    }
    return Image(number=number, text=text, **{**plain, **rest, **more})


@pytest.fixture
def page_with() -> Callable[..., Page]:
    """Makes a report by hand: `page_with(image, ...)`."""
    return page_of


@pytest.fixture
def image_with() -> Callable[..., Image]:
    """Makes an image by hand."""
    return image_of
