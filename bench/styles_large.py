"""Charts that are large in one way: many subcharts, many templates, much text, many files."""

from __future__ import annotations

import json

from styles_parts import Files, chart_yaml, image_values, names, workload


def umbrella(subcharts: int = 8) -> Files:
    """A chart of subcharts, which are switched by conditions and share globals."""
    children = [f"part{index}" for index in range(subcharts)]
    values = "global:\n  domain: example.com\n  tier: gold\n"
    files = {"Chart.yaml": chart_yaml("umbrella", dependencies=children)}
    for index, child in enumerate(children):
        values += f"{child}:\n  enabled: {str(index % 4 != 3).lower()}\n  replicas: {index + 1}\n"
        files |= {f"charts/{child}/{name}": text for name, text in _part(child).items()}
    files["values.yaml"] = values
    files["templates/_names.tpl"] = names("umbrella")
    files["templates/overview.yaml"] = _OVERVIEW
    return files


def _part(name: str) -> Files:
    """A usual small chart, as `helm create` makes one."""
    files = {
        "Chart.yaml": chart_yaml(name),
        "values.yaml": f"enabled: true\nnameOverride: ''\n{image_values(name)}\n{_PART_VALUES}",
        "templates/_names.tpl": names(name),
        "templates/deployment.yaml": workload("Deployment", name),
        "templates/service.yaml": _SERVICE.replace("PREFIX", name),
        "templates/account.yaml": _ACCOUNT.replace("PREFIX", name),
        "templates/configuration.yaml": _CONFIGURATION.replace("PREFIX", name),
    }
    for index in range(3):
        files[f"templates/route{index}.yaml"] = _ROUTE.replace("PREFIX", name).replace("INDEX", str(index))
    return files


def many(templates: int = 120, keys: int = 40) -> Files:
    """A chart of many small templates; the number of templates and of values can be chosen, to see how cost grows."""
    settings = "".join(f"  key{index}: value-{index}\n" for index in range(keys))
    files = {
        "Chart.yaml": chart_yaml("many"),
        "values.yaml": f"{image_values('many')}\n{_PART_VALUES}settings:\n{settings}",
        "templates/_names.tpl": names("many"),
        "templates/deployment.yaml": workload("Deployment", "many"),
    }
    for index in range(templates):
        body = _SMALL.replace("INDEX", str(index)).replace("KEY", f"key{index % keys}")
        files[f"templates/small{index:04}.yaml"] = body
    return files


def crds(definitions: int = 24) -> Files:
    """A chart of long definitions that stand in its templates, with few actions in them."""
    files = {
        "Chart.yaml": chart_yaml("crds"),
        "values.yaml": f"{image_values('crds')}\n{_PART_VALUES}definitions:\n  enabled: true\n  annotations: {{}}\n",
        "templates/_names.tpl": names("crds"),
        "templates/deployment.yaml": workload("Deployment", "crds"),
    }
    for index in range(definitions):
        text = _DEFINITION.replace("INDEX", str(index)) + _properties(index)
        files[f"templates/definition{index}.yaml"] = f"{text}{{{{- end }}}}\n"
        files[f"crds/extra{index}.yaml"] = _EXTRA.replace("INDEX", str(index)) + _properties(index)
    return files


def _properties(index: int) -> str:
    lines = []
    for number in range(240):
        lines.append(f"                field{number}:")
        lines.append(f"                  description: Field {number} of kind {index}, of which much could be said.")
        lines.append(f"                  type: {('string', 'integer', 'boolean')[number % 3]}")
    return "\n".join(lines) + "\n"


def dashboards(files: int = 30) -> Files:
    """A chart that puts files of its folder into ConfigMaps, as they are or read and changed."""
    found = {
        "Chart.yaml": chart_yaml("dashboards"),
        "values.yaml": f"{image_values('dashboards')}\n{_PART_VALUES}folder: boards\n",
        "templates/_names.tpl": names("dashboards"),
        "templates/deployment.yaml": workload("Deployment", "dashboards"),
        "templates/boards.yaml": _BOARDS,
        "templates/all.yaml": _ALL_BOARDS,
    }
    for index in range(files):
        panels = [{"id": panel, "title": f"Panel {panel}", "targets": [{"expr": f"sum(rate(m{panel}[5m]))"}]}
                  for panel in range(20)]  # fmt: skip
        board = {"title": f"Board {index}", "panels": panels, "refresh": "30s"}
        found[f"boards/board{index}.json"] = json.dumps(board, indent=2) + "\n"
    return found


_PART_VALUES = """\
replicas: 1
service:
  type: ClusterIP
  port: 8080
environment:
  LOG_LEVEL: info
  WORKERS: 4
  DEBUG: false
resources:
  requests:
    cpu: 100m
    memory: 128Mi
  limits:
    memory: 256Mi
livenessProbe:
  httpGet:
    path: /healthz
    port: http
  periodSeconds: 10
podAnnotations:
  prometheus.io/scrape: "true"
nodeSelector: {}
tolerations: []
extraVolumes: []
routes:
  - /
  - /api
  - /metrics
"""
_SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {{ include "PREFIX.fullname" . }}
  labels: {{- include "PREFIX.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  ports:
    - port: {{ .Values.service.port }}
      targetPort: http
      name: http
  selector: {{- include "PREFIX.selector" . | nindent 4 }}
"""
_ACCOUNT = """\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "PREFIX.fullname" . }}
  labels: {{- include "PREFIX.labels" . | nindent 4 }}
"""
_CONFIGURATION = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "PREFIX.fullname" . }}
  annotations:
    checksum: {{ toJson .Values.environment | sha256sum }}
data:
  domain: {{ (default (dict) .Values.global).domain | default "localhost" | quote }}
  settings.yaml: |
    {{- toYaml .Values.environment | nindent 4 }}
"""
_ROUTE = """\
{{- $name := include "PREFIX.fullname" . }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ $name }}-INDEX
  labels: {{- include "PREFIX.labels" . | nindent 4 }}
spec:
  rules:
    - host: {{ $name }}.example.com
      http:
        paths:
          {{- range .Values.routes }}
          - path: {{ . }}
            pathType: Prefix
            backend:
              service:
                name: {{ $name }}
                port:
                  number: {{ $.Values.service.port }}
          {{- end }}
"""
_OVERVIEW = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "umbrella.fullname" . }}
  labels: {{- include "umbrella.labels" . | nindent 4 }}
data:
  {{- range $name, $part := omit .Values "global" }}
  {{ $name }}: {{ printf "%v" $part.enabled | quote }}
  {{- end }}
"""
_SMALL = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "many.fullname" . }}-INDEX
  labels: {{- include "many.labels" . | nindent 4 }}
data:
  key: {{ .Values.settings.KEY | quote }}
  {{- if .Values.podAnnotations }}
  note: {{ printf "%s of %s" .Values.settings.KEY .Release.Name | upper | quote }}
  {{- end }}
"""
_DEFINITION = """\
{{- if .Values.definitions.enabled }}
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: kindINDEX.example.com
  labels: {{- include "crds.labels" . | nindent 4 }}
  {{- with .Values.definitions.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  group: example.com
  names: {kind: KindINDEX, plural: kindINDEX}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
"""
_EXTRA = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: extraINDEX.example.com
spec:
  group: example.com
  names: {kind: ExtraINDEX, plural: extraINDEX}
  scope: Namespaced
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
"""
_BOARDS = """\
{{- $root := . }}
{{- range $path, $_ := .Files.Glob (printf "%s/*.json" .Values.folder) }}
{{- $board := $root.Files.Get $path | fromJson }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ base $path | trimSuffix ".json" }}
  labels: {{- include "dashboards.labels" $root | nindent 4 }}
  annotations:
    panels: {{ len $board.panels | quote }}
data:
  {{ base $path }}: |
{{ $root.Files.Get $path | indent 4 }}
  board.yaml: |
    {{- set $board "refresh" "1m" | toYaml | nindent 4 }}
{{- end }}
"""
_ALL_BOARDS = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "dashboards.fullname" . }}-all
data:
{{ (.Files.Glob "boards/board1*.json").AsConfig | indent 2 }}
"""
