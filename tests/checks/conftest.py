from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit import Release, compile_chart, load_chart, read_values
from chartkit.checks.finding import Finding
from chartkit.checks.levels import Levels
from chartkit.checks.rules import check
from chartkit.checks.subject import Subject, make_subject
from chartkit.engine.unread import unread_keys
from chartkit.images.explain import explain, explain_scalar
from chartkit.images.find import find_images

Build = Callable[..., Subject]
Ids = Callable[..., list[str]]

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: server}
spec:
  template:
    spec:
      {{- with .Values.pullSecrets }}
      imagePullSecrets: {{ toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: server
          image: {{ include "image" .Values.image | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy | default (.Values.global.image).pullPolicy | quote }}
"""
HELPERS = """\
{{- define "image" -}}
{{ with .registry }}{{ . }}/{{ end }}{{ .repository }}{{ with .tag }}:{{ . }}{{ end }}
{{- end -}}
"""
DEFAULTS = """\
global:
  image: {pullPolicy: "", registry: ""}
image: {registry: "", repository: acme/app, tag: 1.2.3, pullPolicy: IfNotPresent}
pullSecrets: []
"""


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Makes a subject of a small chart: values of the user, more templates, other defaults."""

    def subject(
        values: str = "",
        templates: dict[str, str] | None = None,
        defaults: str = DEFAULTS,
        flags: tuple[str, ...] = (),
        target: str = "",
        traced: bool = True,
    ) -> Subject:
        folder = tmp_path / "app"
        files = {"deployment.yaml": DEPLOYMENT, "_h.tpl": HELPERS, **(templates or {})}
        (folder / "templates").mkdir(parents=True, exist_ok=True)
        (folder / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 0.1.0\n", encoding="utf-8")
        (folder / "values.yaml").write_text(defaults, encoding="utf-8")
        for name, text in files.items():
            (folder / "templates" / name).write_text(text, encoding="utf-8")
        given = tmp_path / "user.yaml"
        given.write_text(values, encoding="utf-8")
        chart = load_chart(folder)
        read = read_values(chart, files=[str(given)] if values else [], set=list(flags))
        trace = compile_chart(chart).trace(read, Release("r"))
        return make_subject(
            chart,
            read,
            trace,
            find_images(trace),
            explain=explain,
            origin=lambda manifest, steps: explain_scalar(trace, manifest, steps),
            unread=(lambda: unread_keys(trace)) if traced else None,
            path=str(folder),
            base=str(tmp_path),
            target=target,
        )

    return subject


@pytest.fixture
def lint(build: Build) -> Callable[..., tuple[Finding, ...]]:
    """What all rules find in such a chart."""

    def findings(*arguments: object, levels: Levels | None = None, **more: object) -> tuple[Finding, ...]:
        return check([build(*arguments, **more)], levels or Levels())

    return findings


@pytest.fixture
def ids(lint: Callable[..., tuple[Finding, ...]]) -> Ids:
    """The ids of what the rules find."""

    def found(*arguments: object, **more: object) -> list[str]:
        return [finding.rule for finding in lint(*arguments, **more)]

    return found
