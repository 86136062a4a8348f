"""What the charts of all styles have in common."""

from __future__ import annotations

from collections.abc import Sequence

Files = dict[str, str]
"""The files of a chart, by path."""


def chart_yaml(name: str, *, kind: str = "application", dependencies: Sequence[str] = ()) -> str:
    """A Chart.yaml."""
    text = f"apiVersion: v2\nname: {name}\nversion: 1.2.3\nappVersion: 4.5.6\ntype: {kind}\n"
    text += "description: Written for measuring.\n"
    if dependencies:
        text += "dependencies:\n"
    for each in dependencies:
        text += f"  - name: {each}\n    version: 1.2.3\n    repository: file://charts/{each}\n"
        text += "" if each == "common" else f"    condition: {each}.enabled\n"
    return text


def image_values(name: str) -> str:
    """The values of an image."""
    lines = ["image:", "  registry: registry.example.com", f"  repository: team/{name}", '  tag: "4.5.6"']
    lines += ['  digest: ""', "  pullPolicy: IfNotPresent", "  pullSecrets: []"]
    return "\n".join(lines)


def names(prefix: str) -> str:
    """The templates for names and labels that nearly every chart has."""
    return _NAMES.replace("PREFIX", prefix)


def workload(kind: str, prefix: str, *, blocks: bool = False) -> str:
    """A Deployment or the like; with `blocks` its parts come from a library."""
    text = _WORKLOAD.replace("AFFINITY", _BLOCK_AFFINITY if blocks else "").replace("KIND", kind)
    text = text.replace("IMAGE", _BLOCK_IMAGE if blocks else _PLAIN_IMAGE)
    return text.replace("RESOURCES", _BLOCK_RESOURCES if blocks else _PLAIN_RESOURCES).replace("PREFIX", prefix)


_NAMES = """\
{{- define "PREFIX.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "PREFIX.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "PREFIX.name" . -}}
{{- if contains $name .Release.Name }}{{ .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "PREFIX.selector" -}}
app.kubernetes.io/name: {{ include "PREFIX.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "PREFIX.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "PREFIX.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
"""
_PLAIN_IMAGE = '{{ printf "%s/%s:%s" .Values.image.registry .Values.image.repository .Values.image.tag | quote }}'
_BLOCK_IMAGE = '{{ include "common.image" (dict "image" .Values.image "global" .Values.global) }}'
_PLAIN_RESOURCES = "{{- toYaml .Values.resources | nindent 12 }}"
_BLOCK_RESOURCES = '{{- include "common.resources" (dict "size" .Values.size) | nindent 12 }}'
_BLOCK_AFFINITY = """
      {{- include "common.pullSecrets" (dict "images" (list .Values.image) "global" .Values.global) | nindent 6 }}
      affinity:
        podAntiAffinity: {{- include "common.affinity" (dict "type" .Values.affinity "context" $) | nindent 10 }}"""
_WORKLOAD = """\
apiVersion: apps/v1
kind: KIND
metadata:
  name: {{ include "PREFIX.fullname" . }}
  labels: {{- include "PREFIX.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {{- include "PREFIX.selector" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "PREFIX.labels" . | nindent 8 }}
      {{- with .Values.podAnnotations }}
      annotations: {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "PREFIX.fullname" . }}AFFINITY
      containers:
        - name: {{ .Chart.Name }}
          image: IMAGE
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          ports:
            - name: http
              containerPort: {{ .Values.service.port }}
          env:
            {{- range $key, $value := .Values.environment }}
            - name: {{ $key }}
              value: {{ $value | quote }}
            {{- end }}
          resources: RESOURCES
          {{- with .Values.livenessProbe }}
          livenessProbe: {{- toYaml . | nindent 12 }}
          {{- end }}
      {{- with .Values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.extraVolumes }}
      volumes: {{- toYaml . | nindent 8 }}
      {{- end }}
"""
