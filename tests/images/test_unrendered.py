"""Images that other values would bring."""

from __future__ import annotations

import pytest

from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files
from chartkit.engine.compiled import compile_chart
from chartkit.engine.release import Release
from chartkit.errors import FailError
from chartkit.images.unrendered import find_unrendered
from chartkit.images.use import Certainty
from chartkit.values.inputs import read_values

VALUES = """\
image: {repository: demo/web, tag: "1"}
metrics:
  enabled: false
  image: {registry: quay.io, repository: demo/metrics, tag: "2"}
backup:
  enabled: false
  upload:
    enabled: false
    image: demo/upload:3
job:
  create: false
never:
  image: {repository: demo/never}
tls: {enabled: false}
"""
TEMPLATE = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - {name: web, image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"}
  {{- with .Values.metrics }}{{ if .enabled }}
  - {name: metrics, image: "{{ .image.registry }}/{{ .image.repository }}:{{ .image.tag }}"}
  {{- end }}{{ end }}
  {{- if and .Values.backup.enabled .Values.backup.upload.enabled }}
  - {name: upload, image: "{{ .Values.backup.upload.image }}"}
  {{- end }}
  {{- if .Values.job.create }}
  - {name: job, image: demo/job:4}
  {{- end }}
  {{- if .Values.tls.enabled }}{{ fail "tls needs a certificate" }}{{ end }}
"""


def search(program, **options):
    return find_unrendered(program, read_values(program.chart, set=options.pop("set", [])), Release("rel"), **options)


@pytest.fixture
def program(compiled):
    return compiled({"templates/pod.yaml": TEMPLATE, "values.yaml": VALUES})


def test_switched_images_are_likely_and_described_ones_possible(program):
    found = search(program)
    assert [(each.text, each.certainty, each.switches, each.described) for each in found.images] == [
        ("quay.io/demo/metrics:2", Certainty.LIKELY, ("metrics.enabled",), ""),
        ("demo/upload:3", Certainty.LIKELY, ("backup.enabled", "backup.upload.enabled"), ""),
        ("demo/job:4", Certainty.LIKELY, ("job.create",), ""),
        ("demo/never:2.3.4", Certainty.POSSIBLE, (), "never.image"),
    ]
    assert found.images[0].uses[0].container == "metrics"
    assert found.untried == ()


def test_an_image_says_what_brings_it(program):
    images = search(program).images
    assert str(images[1]) == "demo/upload:3 if backup.enabled and backup.upload.enabled is set"
    assert str(images[3]) == "demo/never:2.3.4, described by never.image"


def test_a_switch_that_the_chart_refuses_is_told_with_its_reason(program):
    ((switches, reason),) = search(program).failed
    assert switches == ("tls.enabled",)
    assert "tls needs a certificate" in reason


def test_what_is_rendered_already_is_not_told(program):
    images = search(program, set=["metrics.enabled=true", "job.create=true"]).images
    assert [each.text for each in images] == ["demo/upload:3", "demo/never:2.3.4"]


def test_renders_are_bounded_and_the_rest_is_told(program):
    found = search(program, limit=1)
    assert [each.text for each in found.images if each.certainty is Certainty.LIKELY] == ["quay.io/demo/metrics:2"]
    assert ("job.create",) in found.untried


def test_subcharts_are_switched_on_by_their_conditions():
    files = {
        "Chart.yaml": (
            "apiVersion: v2\nname: top\nversion: 1.0.0\ndependencies:\n"
            "- {name: db, alias: store, version: 1.0.0, condition: store.enabled}\n"
        ),
        "values.yaml": "store: {enabled: false}\n",
        "charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\nappVersion: 9.9.9\n",
        "charts/db/values.yaml": "image: {repository: demo/db}\nother: {image: {repository: demo/other}}\n",
        "charts/db/templates/p.yaml": (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: db}\n"
            'spec: {containers: [{name: db, image: "{{ .Values.image.repository }}:{{ .Chart.AppVersion }}"}]}\n'
        ),
    }
    program = compile_chart(chart_from_files([File(name, text.encode()) for name, text in files.items()]))
    assert [(each.text, each.switches, each.described) for each in search(program).images] == [
        ("demo/db:9.9.9", ("store.enabled",), ""),
        ("demo/other:9.9.9", (), "store.other.image"),
    ]


def test_a_chart_that_does_not_render_is_an_error(compiled):
    with pytest.raises(FailError):
        search(compiled({"templates/p.yaml": '{{ fail "no" }}'}))
