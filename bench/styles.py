"""Ten charts written for measuring, each in another style that public charts have, and of their size.

A style is a function that gives the files of a chart, by path. Nothing in them is random, so that two runs measure the
same charts. `image`, `replicas` and the like have the same names in all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from styles_large import crds, dashboards, many, umbrella
from styles_logic import lists, merged, operator, schema, tpl
from styles_parts import Files, chart_yaml, image_values, names, workload

SUBCHART = "charts/common"


def library() -> Files:
    """A chart whose templates do little but call those of a library chart."""
    files = {
        "Chart.yaml": chart_yaml("library", dependencies=["common"]),
        "values.yaml": _LIBRARY_VALUES,
        f"{SUBCHART}/Chart.yaml": chart_yaml("common", kind="library"),
        f"{SUBCHART}/values.yaml": "exampleValue: common\n",
        f"{SUBCHART}/templates/_names.tpl": names("common"),
        f"{SUBCHART}/templates/_images.tpl": _LIBRARY_IMAGES,
        f"{SUBCHART}/templates/_blocks.tpl": _LIBRARY_BLOCKS,
        "templates/deployment.yaml": workload("Deployment", "common", blocks=True),
        "templates/statefulset.yaml": workload("StatefulSet", "common", blocks=True),
        "templates/NOTES.txt": 'Reach it at {{ include "common.fullname" . }}:{{ .Values.service.port }}\n',
    }
    for kind, body in _LIBRARY_OBJECTS.items():
        files[f"templates/{kind.lower()}.yaml"] = _LIBRARY_OBJECT % (kind.lower(), kind, body)
    return files


STYLES: dict[str, Callable[[], Files]] = {
    each.__name__: each for each in (library, umbrella, many, crds, tpl, lists, schema, dashboards, merged, operator)
}
"""The styles by their names."""


def write_chart(files: Files, folder: Path) -> Path:
    """Write a chart's files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def write_styles(folder: Path) -> list[Path]:
    """Write all ten charts below a folder."""
    return [write_chart(style(), folder / name) for name, style in STYLES.items()]


_LIBRARY_IMAGES = """\
{{- define "common.image" -}}
{{- $registry := default .image.registry (dig "imageRegistry" "" (default (dict) .global)) -}}
{{- $separator := ternary "@" ":" (not (empty .image.digest)) -}}
{{- $end := default .image.tag .image.digest | toString -}}
{{- if $registry }}{{ printf "%s/%s%s%s" $registry .image.repository $separator $end }}
{{- else }}{{ printf "%s%s%s" .image.repository $separator $end }}{{ end -}}
{{- end -}}

{{- define "common.pullSecrets" -}}
{{- $names := list -}}
{{- range (dig "imagePullSecrets" (list) (default (dict) .global)) }}{{ $names = append $names . }}{{ end -}}
{{- range .images }}{{ range .pullSecrets }}{{ $names = append $names . }}{{ end }}{{ end -}}
{{- if $names }}
imagePullSecrets:
{{- range $names | uniq }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}
"""
_LIBRARY_BLOCKS = """\
{{- define "common.rendered" -}}
{{- $text := ternary .value (.value | toYaml) (kindIs "string" .value) -}}
{{- if contains "{{" $text }}{{ tpl $text .context }}{{ else }}{{ $text }}{{ end -}}
{{- end -}}

{{- define "common.affinity" -}}
{{- if eq .type "soft" }}
preferredDuringSchedulingIgnoredDuringExecution:
  - weight: 1
    podAffinityTerm:
      topologyKey: kubernetes.io/hostname
      labelSelector:
        matchLabels: {{- include "common.selector" .context | nindent 10 }}
{{- else if eq .type "hard" }}
requiredDuringSchedulingIgnoredDuringExecution:
  - topologyKey: kubernetes.io/hostname
    labelSelector:
      matchLabels: {{- include "common.selector" .context | nindent 8 }}
{{- end }}
{{- end -}}

{{- define "common.resources" -}}
{{- $sizes := dict
  "small" (dict "requests" (dict "cpu" "100m" "memory" "128Mi") "limits" (dict "cpu" "150m" "memory" "192Mi"))
  "large" (dict "requests" (dict "cpu" "1" "memory" "2Gi") "limits" (dict "cpu" "1.5" "memory" "3Gi")) -}}
{{- if not (hasKey $sizes .size) }}{{ fail (printf "unknown size %s" .size) }}{{ end -}}
{{- index $sizes .size | toYaml -}}
{{- end -}}

{{- define "common.apiVersion" -}}
{{- ternary "autoscaling/v2" "autoscaling/v2beta2" (semverCompare ">=1.23-0" .Capabilities.KubeVersion.Version) -}}
{{- end -}}
"""
_LIBRARY_OBJECT = """\
{{- if .Values.%s.enabled }}
apiVersion: v1
kind: %s
metadata:
  name: {{ include "common.fullname" . }}
  namespace: {{ .Release.Namespace | quote }}
  labels: {{- include "common.labels" . | nindent 4 }}
  {{- if .Values.commonAnnotations }}
  annotations: {{- include "common.rendered" (dict "value" .Values.commonAnnotations "context" $) | nindent 4 }}
  {{- end }}
%s
{{- end }}
"""
_LIBRARY_OBJECTS = {
    "Service": """\
spec:
  type: {{ .Values.service.type }}
  ports:
    - name: http
      port: {{ .Values.service.port }}
      targetPort: http
  selector: {{- include "common.selector" . | nindent 4 }}""",
    "ServiceAccount": "automountServiceAccountToken: {{ .Values.serviceaccount.token }}",
    "ConfigMap": """\
data:
  {{- range $name, $text := .Values.configmap.files }}
  {{ $name }}: |- {{- include "common.rendered" (dict "value" $text "context" $) | nindent 4 }}
  {{- end }}""",
    "Secret": """\
data:
  {{- range $name, $text := .Values.secret.entries }}
  {{ $name }}: {{ $text | b64enc | quote }}
  {{- end }}""",
    "NetworkPolicy": """\
spec:
  podSelector:
    matchLabels: {{- include "common.selector" . | nindent 6 }}
  ingress:
    - ports:
        - port: {{ .Values.service.port }}
      {{- if not .Values.networkpolicy.external }}
      from:
        - podSelector:
            matchLabels: {{- include "common.selector" . | nindent 14 }}
      {{- end }}""",
    "HorizontalPodAutoscaler": """\
spec:
  minReplicas: {{ .Values.replicas }}
  maxReplicas: {{ mul .Values.replicas 4 }}
  version: {{ include "common.apiVersion" . }}""",
    "PodDisruptionBudget": """\
spec:
  maxUnavailable: {{ default 1 .Values.poddisruptionbudget.maxUnavailable }}
  selector:
    matchLabels: {{- include "common.selector" . | nindent 6 }}""",
    "Ingress": """\
spec:
  {{- if .Values.ingress.className }}
  ingressClassName: {{ .Values.ingress.className | quote }}
  {{- end }}
  rules:
    {{- range .Values.ingress.hosts }}
    - host: {{ include "common.rendered" (dict "value" . "context" $) | quote }}
      http:
        paths:
          - path: {{ $.Values.ingress.path }}
            pathType: {{ $.Values.ingress.pathType }}
            backend:
              service:
                name: {{ include "common.fullname" $ }}
                port:
                  name: http
    {{- end }}""",
}
_LIBRARY_VALUES = f"""\
global:
  imageRegistry: ""
  imagePullSecrets: []
nameOverride: ""
fullnameOverride: ""
commonLabels: {{}}
commonAnnotations:
  owner: "{{{{ .Release.Name }}}}"
{image_values("library")}
replicas: 2
size: small
affinity: soft
service:
  enabled: true
  type: ClusterIP
  port: 8080
serviceaccount:
  enabled: true
  token: false
configmap:
  enabled: true
  files:
    server.conf: |
      listen = 8080
      name = {{{{ include "common.fullname" . }}}}
    plain.conf: |
      workers = 4
secret:
  enabled: true
  entries:
    user: admin
    password: not-a-secret
networkpolicy:
  enabled: true
  external: false
horizontalpodautoscaler:
  enabled: true
poddisruptionbudget:
  enabled: true
  maxUnavailable: ""
ingress:
  enabled: true
  className: nginx
  path: /
  pathType: Prefix
  hosts:
    - "{{{{ .Release.Name }}}}.example.com"
    - www.example.com
environment:
  LOG_LEVEL: info
  REGION: eu
podAnnotations: {{}}
nodeSelector: {{}}
tolerations: []
extraVolumes: []
"""
