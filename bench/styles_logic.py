"""Charts whose templates work hard: texts that are templates, loops, schemas, merging, long conditions."""

from __future__ import annotations

import json

from styles_parts import Files, chart_yaml, image_values, names, workload


def tpl(extras: int = 25) -> Files:
    """A chart whose values are templates themselves."""
    objects = "".join(_EXTRA_OBJECT.replace("INDEX", str(index)) for index in range(extras))
    snippets = "".join(f'  setting{index}: "{{{{ .Release.Name }}}}-{index}"\n' for index in range(40))
    return {
        "Chart.yaml": chart_yaml("tpl"),
        "values.yaml": f"{image_values('tpl')}\n{_BASE_VALUES}snippets:\n{snippets}extraObjects:\n{objects}",
        "templates/_names.tpl": names("tpl"),
        "templates/deployment.yaml": workload("Deployment", "tpl"),
        "templates/extra.yaml": "{{- range .Values.extraObjects }}\n---\n{{ tpl (toYaml .) $ }}\n{{- end }}\n",
        "templates/settings.yaml": _TPL_SETTINGS,
    }


def lists(services: int = 25) -> Files:
    """A chart that makes its objects in nested loops over lists."""
    values = [
        {"name": f"service-{index}", "ports": [{"name": f"p{port}", "port": 8000 + port} for port in range(6)],
         "env": {f"VARIABLE_{number}": f"value {number}" for number in range(12)}, "public": index % 3 == 0}
        for index in range(services)
    ]  # fmt: skip
    return {
        "Chart.yaml": chart_yaml("lists"),
        "values.yaml": f"{image_values('lists')}\n{_BASE_VALUES}services: {json.dumps(values)}\n",
        "templates/_names.tpl": names("lists"),
        "templates/deployment.yaml": workload("Deployment", "lists"),
        "templates/services.yaml": _LIST_SERVICES,
        "templates/configs.yaml": _LIST_CONFIGS,
    }


def schema(groups: int = 20) -> Files:
    """A chart with a long values.schema.json."""
    group = {
        "type": "object",
        "additionalProperties": False,
        "required": ["enabled", "port"],
        "properties": {
            "enabled": {"type": "boolean"},
            "port": {"type": "integer", "minimum": 1, "maximum": 65535},
            "host": {"type": "string", "pattern": "^[a-z0-9.-]+$"},
            "mode": {"enum": ["fast", "safe", "off"]},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "items": {"type": "array", "maxItems": 20, "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
        },
    }
    described = {
        "$schema": "https://json-schema.org/draft-07/schema#",
        "type": "object",
        "definitions": {"group": group},
        "properties": {f"group{index}": {"$ref": "#/definitions/group"} for index in range(groups)},
    }
    values = "".join(_SCHEMA_GROUP.replace("INDEX", str(index)) for index in range(groups))
    return {
        "Chart.yaml": chart_yaml("schema"),
        "values.schema.json": json.dumps(described, indent=2),
        "values.yaml": f"{image_values('schema')}\n{_BASE_VALUES}{values}",
        "templates/_names.tpl": names("schema"),
        "templates/deployment.yaml": workload("Deployment", "schema"),
        "templates/groups.yaml": _SCHEMA_TEMPLATE,
    }


def merged(controllers: int = 8) -> Files:
    """A chart that merges settings in dictionaries and reads its own output back, as generic charts do."""
    values = "".join(_MERGED_CONTROLLER.replace("INDEX", str(index)) for index in range(controllers))
    return {
        "Chart.yaml": chart_yaml("merged"),
        "values.yaml": f"{image_values('merged')}\n{_BASE_VALUES}{_MERGED_DEFAULTS}controllers:\n{values}",
        "templates/_names.tpl": names("merged"),
        "templates/_controller.tpl": _MERGED_PARTS,
        "templates/controllers.yaml": _MERGED_TEMPLATE,
    }


def operator(rules: int = 15) -> Files:
    """A chart of an operator: roles, webhooks, long conditions and long notes."""
    files = {
        "Chart.yaml": chart_yaml("operator"),
        "values.yaml": f"{image_values('operator')}\n{_BASE_VALUES}{_OPERATOR_VALUES}",
        "templates/_names.tpl": names("operator"),
        "templates/deployment.yaml": workload("Deployment", "operator"),
        "templates/webhook.yaml": _OPERATOR_WEBHOOK,
        "templates/NOTES.txt": _OPERATOR_NOTES * 10,
    }
    for index in range(rules):
        files[f"templates/rbac/role{index}.yaml"] = _OPERATOR_ROLE.replace("INDEX", str(index))
    return files


_BASE_VALUES = """\
replicas: 1
service:
  type: ClusterIP
  port: 8080
environment:
  LOG_LEVEL: info
resources:
  requests:
    cpu: 100m
    memory: 128Mi
"""
_EXTRA_OBJECT = """\
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: '{{ include "tpl.fullname" . }}-INDEX'
      labels:
        release: "{{ .Release.Name }}"
    data:
      text: 'port {{ .Values.service.port }} of {{ .Values.image.repository | quote }}'
"""
_TPL_SETTINGS = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "tpl.fullname" . }}-settings
data:
  {{- range $key, $text := .Values.snippets }}
  {{ $key }}: {{ tpl $text $ | quote }}
  {{- end }}
"""
_LIST_SERVICES = """\
{{- range $index, $service := .Values.services }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ printf "%s-%s" (include "lists.fullname" $) $service.name | trunc 63 }}
  labels: {{- include "lists.labels" $ | nindent 4 }}
    index: {{ $index | quote }}
spec:
  {{- if $service.public }}
  type: LoadBalancer
  {{- else }}
  type: {{ $.Values.service.type }}
  {{- end }}
  ports:
    {{- range $service.ports }}
    - name: {{ .name }}
      port: {{ .port }}
      targetPort: {{ default .port .target }}
    {{- end }}
  selector: {{- include "lists.selector" $ | nindent 4 }}
{{- end }}
"""
_LIST_CONFIGS = """\
{{- range $service := .Values.services }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $service.name }}
data:
  {{- range $key, $value := $service.env }}
  {{ $key | lower | replace "_" "." }}: {{ $value | quote }}
  {{- end }}
  ports: {{ range $position, $port := $service.ports }}{{ if $position }},{{ end }}{{ $port.port }}{{ end }}
  addresses: |
    {{- range $service.ports }}
    {{ printf "http://%s:%d/%s" $service.name (int .port) .name }}
    {{- end }}
{{- end }}
"""
_SCHEMA_GROUP = """\
groupINDEX:
  enabled: true
  port: 80INDEX
  host: hostINDEX.example.com
  mode: fast
  labels: {a: b, c: d}
  items: [one, 2, three]
"""
_SCHEMA_TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "schema.fullname" . }}
data:
  {{- range $name, $group := .Values }}
  {{- if and (hasPrefix "group" $name) $group.enabled }}
  {{ $name }}: {{ printf "%s:%v (%s)" $group.host $group.port $group.mode | quote }}
  {{- end }}
  {{- end }}
"""
_MERGED_DEFAULTS = """\
defaults:
  type: deployment
  replicas: 1
  labels: {managed: "yes"}
  container:
    image: {repository: registry.example.com/team/merged, tag: "4.5.6"}
    env: {LOG: info, ZONE: a}
    probes: {liveness: {enabled: true, path: /live}, readiness: {enabled: true, path: /ready}}
"""
_MERGED_CONTROLLER = """\
  worker-INDEX:
    labels: {number: "INDEX"}
    container:
      env: {NUMBER: "INDEX"}
      probes: {liveness: {path: "/live/INDEX"}}
"""
_MERGED_PARTS = """\
{{- define "merged.settings" -}}
{{- $own := get .root.Values.controllers .name -}}
{{- $all := mustMergeOverwrite (deepCopy .root.Values.defaults) (deepCopy $own) -}}
{{- $_ := set $all "fullname" (printf "%s-%s" (include "merged.fullname" .root) .name) -}}
{{- $all | toYaml -}}
{{- end -}}

{{- define "merged.probe" -}}
{{- if .probe.enabled }}
{{ .name }}Probe:
  httpGet:
    path: {{ .probe.path }}
    port: {{ .port }}
{{- end }}
{{- end -}}
"""
_MERGED_TEMPLATE = """\
{{- range $name := keys .Values.controllers | sortAlpha }}
{{- $all := include "merged.settings" (dict "root" $ "name" $name) | fromYaml }}
{{- $container := $all.container }}
---
apiVersion: apps/v1
kind: {{ title $all.type }}
metadata:
  name: {{ $all.fullname }}
  labels: {{- merge (dict "name" $name) $all.labels | toYaml | nindent 4 }}
spec:
  replicas: {{ $all.replicas }}
  selector:
    matchLabels: {{- include "merged.selector" $ | nindent 6 }}
  template:
    metadata:
      labels: {{- include "merged.labels" $ | nindent 8 }}
    spec:
      containers:
        - name: main
          image: {{ printf "%s:%s" $container.image.repository $container.image.tag }}
          env:
            {{- range $key := keys $container.env | sortAlpha }}
            - {name: {{ $key }}, value: {{ get $container.env $key | quote }}}
            {{- end }}
          {{- range $kind, $probe := $container.probes }}
          {{- include "merged.probe" (dict "name" $kind "probe" $probe "port" $.Values.service.port) | nindent 10 }}
          {{- end }}
{{- end }}
"""
_OPERATOR_VALUES = """\
webhook:
  enabled: true
  failurePolicy: Fail
  timeout: 10
scope: namespaced
watch: [default, team-a, team-b]
features: {metrics: true, tracing: false, audit: true}
"""
_OPERATOR_ROLE = """\
{{- if or (eq .Values.scope "cluster") .Values.features.audit }}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ include "operator.fullname" . }}-INDEX
  labels: {{- include "operator.labels" . | nindent 4 }}
rules:
  - apiGroups: ["", apps, batch]
    resources: [pods, deployments, jobs]
    verbs: [get, list, watch]
  {{- if and .Values.features.metrics (not .Values.features.tracing) }}
  - nonResourceURLs: [/metrics]
    verbs: [get]
  {{- end }}
{{- end }}
{{- range .Values.watch }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ include "operator.fullname" $ }}-INDEX
  namespace: {{ . }}
  labels: {{- include "operator.labels" $ | nindent 4 }}
rules:
  - apiGroups: [example.com]
    resources: [kindINDEX]
    verbs: ["*"]
{{- end }}
"""
_OPERATOR_WEBHOOK = """\
{{- if .Values.webhook.enabled }}
{{- if and (semverCompare ">=1.16-0" .Capabilities.KubeVersion.Version) (.Capabilities.APIVersions.Has "apps/v1") }}
apiVersion: admissionregistration.k8s.io/v1
{{- else }}
apiVersion: admissionregistration.k8s.io/v1beta1
{{- end }}
kind: ValidatingWebhookConfiguration
metadata:
  name: {{ include "operator.fullname" . }}
  labels: {{- include "operator.labels" . | nindent 4 }}
webhooks:
  {{- range $index, $namespace := .Values.watch }}
  - name: check{{ $index }}.example.com
    failurePolicy: {{ $.Values.webhook.failurePolicy }}
    timeoutSeconds: {{ $.Values.webhook.timeout }}
    sideEffects: None
    admissionReviewVersions: [v1]
    clientConfig:
      service:
        name: {{ include "operator.fullname" $ }}
        namespace: {{ $namespace }}
  {{- end }}
{{- end }}
"""
_OPERATOR_NOTES = """\
{{ .Chart.Name }} {{ .Chart.AppVersion }} runs as {{ .Release.Name }} in {{ .Release.Namespace }}.
{{- if .Values.webhook.enabled }}
It checks objects with policy {{ .Values.webhook.failurePolicy }}.
{{- end }}
{{- range $name, $on := .Values.features }}
{{ $name | title }} is {{ ternary "on" "off" $on }}.
{{- end }}
"""
