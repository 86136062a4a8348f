"""Small charts in the styles of public ones, each with an image helper of its own kind."""

from __future__ import annotations

from typing import Final

_METADATA: Final = "apiVersion: v2\nname: demo\nversion: 1.0.0\nappVersion: 2.3.4\n"

_REGISTRY_OVER_GLOBAL: Final = {
    "values.yaml": (
        "global: {registry: mirror, pull: [first, second]}\n"
        "web: {registry: quay, repository: org/web, tag: stable, digest: ''}\n"
        "job: {registry: '', repository: org/job, tag: '', digest: sha256-abc}\n"
        "unused: {left: aside}\n"
    ),
    "templates/_image.tpl": (
        '{{ define "image" }}{{ $r := .part.registry }}{{ if .global }}{{ if .global.registry }}'
        "{{ $r = .global.registry }}{{ end }}{{ end }}"
        '{{ $s := ":" }}{{ $t := .part.tag | default .chart.AppVersion | toString }}'
        '{{ if .part.digest }}{{ $s = "@" }}{{ $t = .part.digest }}{{ end }}'
        '{{ if $r }}{{ printf "%s/%s%s%s" $r .part.repository $s $t }}'
        '{{ else }}{{ printf "%s%s%s" .part.repository $s $t }}{{ end }}{{ end }}\n'
        '{{ define "secrets" }}{{ $all := list }}{{ range .Values.global.pull }}{{ $all = append $all . }}{{ end }}'
        "{{ if $all }}secrets:{{ range $all | uniq }}\n- name: {{ . }}{{ end }}{{ end }}{{ end }}"
    ),
    "templates/a.yaml": (
        'web: {{ include "image" (dict "part" .Values.web "global" .Values.global "chart" .Chart) }}\n'
        'job: {{ include "image" (dict "part" .Values.job "global" .Values.global "chart" .Chart) | quote }}\n'
        '{{ include "secrets" . }}\n'
    ),
}
_BRANCHES_IN_PLACE: Final = {
    "values.yaml": (
        "global: {imageRegistry: ''}\n"
        "operator:\n"
        "  enabled: true\n"
        "  image: {registry: quay, repository: org/operator, tag: v-one, sha: ''}\n"
        "  flags: {level: info, format: text}\n"
        "  reloader: {registry: quay, repository: org/reloader, sha: feed}\n"
        "idle: {enabled: false, image: never}\n"
    ),
    "templates/a.yaml": (
        "{{- if .Values.operator.enabled }}\n"
        "{{- $registry := .Values.global.imageRegistry | default .Values.operator.image.registry -}}\n"
        "{{- if .Values.operator.image.sha }}\n"
        'image: "{{ $registry }}/{{ .Values.operator.image.repository }}@sha256:{{ .Values.operator.image.sha }}"\n'
        "{{- else }}\n"
        'image: "{{ $registry }}/{{ .Values.operator.image.repository }}:{{ .Values.operator.image.tag }}"\n'
        "{{- end }}\n"
        "args:\n{{- range $key, $value := .Values.operator.flags }}\n- --{{ $key }}={{ $value }}\n{{- end }}\n"
        "{{- with .Values.operator.reloader }}\n"
        '- --reloader={{ template "short" . }}\n'
        "{{- end }}\n"
        "{{- end }}\n"
        "{{- if .Values.idle.enabled }}\nnever: {{ .Values.idle.image }}\n{{- end }}\n"
        '{{ define "short" }}{{ .registry | trimSuffix "/" }}/{{ .repository }}@{{ .sha }}{{ end }}'
    ),
}
_REQUIRED_AND_DEFAULT: Final = {
    "values.yaml": (
        "global: {image: {registry: ~}}\n"
        "admission:\n"
        "  image: {registry: ghcr, defaultRegistry: fallback, repository: org/admission, tag: ~}\n"
        "  init: {image: {registry: ~, defaultRegistry: fallback, repository: org/init, tag: latest}}\n"
        "  resources: {limits: {memory: plenty}, requests: {}}\n"
        "  annotations: {}\n"
    ),
    "templates/a.yaml": (
        '{{- define "image" -}}\n'
        "{{- $tag := default .defaultTag .image.tag -}}\n"
        "{{- $registry := coalesce .global .image.registry .image.defaultRegistry -}}\n"
        '{{- if not (typeIs "string" $tag) }}{{ fail "tags are texts" }}{{ end -}}\n'
        "{{- if $registry -}}\n"
        '{{- print $registry "/" (required "a repository is needed" .image.repository) ":" $tag -}}\n'
        "{{- else -}}{{- print .image.repository `:` $tag -}}{{- end -}}\n"
        "{{- end -}}\n"
        "{{- $global := .Values.global.image.registry }}\n"
        '{{- $chart := .Chart.AppVersion }}{{ $one := dict "global" $global "defaultTag" $chart }}\n'
        'main: {{ include "image" (merge (dict "image" .Values.admission.image) $one) | quote }}\n'
        'init: {{ include "image" (merge (dict "image" .Values.admission.init.image) $one) | quote }}\n'
        "resources:\n{{ toYaml .Values.admission.resources | indent 2 }}\n"
        "{{- with .Values.admission.annotations }}\nannotations: {{ toYaml . | nindent 2 }}\n{{- end }}\n"
        "checksum: {{ toJson .Values.admission | sha256sum }}\n"
    ),
}
_TEXT_OF_TEXTS: Final = {
    "values.yaml": (
        "registry: docker\n"
        "write: {image: '{{ .Values.registry }}/org/write:{{ .Chart.AppVersion }}', port: 80}\n"
        "read: {image: plain/org/read}\n"
        "config: |\n  server:\n    level: {{ .Values.level }}\n  more: text\n"
        "level: debug\n"
        "sidecars:\n- {name: one, image: first/one}\n- {name: two, image: '{{ .Values.registry }}/two'}\n"
    ),
    "templates/a.yaml": (
        "write: {{ tpl .Values.write.image . }}:{{ .Values.write.port }}\n"
        "read: {{ tpl .Values.read.image $ | squote }}\n"
        "config: |\n{{ tpl .Values.config . | indent 2 }}\n"
        "sidecars:\n"
        "{{- range $index, $each := .Values.sidecars }}\n"
        "- {{ tpl (toYaml $each) $ | nindent 2 | trim }}\n  index: {{ $index }}\n"
        "{{- end }}\n"
        '{{- range .Values.sidecars }}{{ if eq .name "two" }}{{ continue }}{{ end }}\nonly: {{ .name }}\n{{- end }}\n'
    ),
}
_THROUGH_YAML: Final = {
    "values.yaml": (
        "global: {image: {registry: ''}}\n"
        "server:\n"
        "  image: {registry: docker, repository: org/server, tag: '', variant: scratch}\n"
        "  spec: {replicas: many, image: {tag: pinned}, drop: gone}\n"
        "agent: {image: {repository: org/agent, tag: fixed}, extraArgs: {format: json, level: info}}\n"
    ),
    "templates/a.yaml": (
        '{{- define "image" -}}\n'
        "{{- $image := deepCopy .image -}}\n"
        "{{- if empty $image.tag }}"
        '{{ $_ := set $image "tag" (printf "%s-%s" .context.Chart.AppVersion ($image.variant | default "full")) }}'
        "{{ end -}}\n"
        "{{- $registry := .context.Values.global.image.registry | default $image.registry | default `` -}}\n"
        "{{- if $registry }}{{ $registry }}/{{ end }}{{ $image.repository }}:{{ $image.tag }}\n"
        "{{- end -}}\n"
        '{{- define "server" -}}\n'
        "{{- $spec := deepCopy .Values.server.spec -}}\n"
        "{{- $merged := mergeOverwrite (deepCopy .Values.server.image) $spec.image -}}\n"
        '{{- $_ := set $spec "image" $merged -}}{{- $_ := unset $spec "drop" -}}\n'
        "{{- toYaml $spec -}}\n"
        "{{- end -}}\n"
        '{{- $spec := fromYaml (include "server" .) }}\n'
        "spec: {{ toYaml $spec | nindent 2 }}\n"
        'server: {{ include "image" (dict "image" $spec.image "context" .) }}\n'
        'agent: {{ include "image" (dict "image" .Values.agent.image "context" .) }}\n'
        "args:\n{{- range $k, $v := mergeOverwrite (dict `port` `http`) .Values.agent.extraArgs }}\n"
        "- {{ printf `-%s=%s` $k $v | quote }}\n{{- end }}\n"
    ),
}
_LOOPS_WITH_MAPS: Final = {
    "values.yaml": (
        "defaults: {image: {repository: org/default, pullPolicy: Always}}\n"
        "controllers:\n"
        "  main:\n"
        "    containers:\n"
        "      app: {image: {repository: org/app, tag: one}, env: {MODE: fast}}\n"
        "      proxy: {image: {tag: two}, dependsOn: app}\n"
        "  worker: {enabled: false, containers: {app: {image: {repository: org/worker, tag: three}}}}\n"
    ),
    "templates/a.yaml": (
        '{{- define "container" -}}\n'
        "{{- $root := .root -}}{{- $object := mustMergeOverwrite (deepCopy $root.Values.defaults) .object -}}\n"
        "name: {{ .id }}\n"
        'image: {{ printf "%s:%s" (dig "image" "repository" "none" $object) (get $object.image "tag") | quote }}\n'
        "pull: {{ $object.image.pullPolicy | lower }}\n"
        "{{- with $object.dependsOn }}\nafter: {{ . }}{{ end }}\n"
        "{{- if hasKey $object `env` }}\n"
        "env: {{ range $k, $v := $object.env }}\n- {{ $k }}={{ $v }}{{ end }}{{ end }}\n"
        "{{- end -}}\n"
        "{{- $enabled := dict -}}\n"
        "{{- range $name, $controller := .Values.controllers -}}\n"
        "{{- if ne (toString (default true (get $controller `enabled`))) `false` -}}\n"
        "{{- $_ := set $enabled $name $controller -}}{{- end -}}{{- end -}}\n"
        "{{- range $name := keys $enabled | sortAlpha }}\n"
        "{{ $name }}:\n"
        "{{- $containers := (get $enabled $name).containers }}\n"
        "{{- range $id, $object := $containers }}\n"
        '- {{ include "container" (dict "root" $ "object" $object "id" $id) | nindent 2 | trim }}\n'
        "{{- end }}\n"
        "{{- end }}\n"
    ),
}
_SUBCHARTS_BY_ALIAS: Final = {
    "Chart.yaml": _METADATA
    + "dependencies:\n- {name: part, version: 1.0.0, alias: left}\n- {name: part, version: 1.0.0, alias: right}\n",
    "values.yaml": (
        "global: {registry: shared, storage: fast}\n"
        "left: {image: {tag: l}}\nright: {image: {repository: other}}\nown: mine\n"
    ),
    "templates/a.yaml": "own: {{ .Values.own }}\nleft: {{ .Values.left.image.tag }}\n",
    "charts/part/Chart.yaml": "apiVersion: v2\nname: part\nversion: 1.0.0\nappVersion: 9.9.9\n",
    "charts/part/values.yaml": "global: {zone: near}\nimage: {repository: org/part, tag: ''}\nlist: [a1, b2, c3]\n",
    "charts/part/templates/a.yaml": (
        "image: {{ .Values.global.registry }}/{{ .Values.image.repository }}:"
        "{{ .Values.image.tag | default .Chart.AppVersion }}\nzone: {{ .Values.global.zone }}\n"
        "{{ range $i, $e := reverse .Values.list }}{{ if eq $i 2 }}{{ break }}{{ end }}- {{ $e }}\n{{ end }}"
        "rest: {{ rest .Values.list | join `,` }}\n"
    ),
}
CHARTS: Final[dict[str, dict[str, str]]] = {
    name: {"Chart.yaml": _METADATA, **files}
    for name, files in {
        "registry over global": _REGISTRY_OVER_GLOBAL,
        "branches in place": _BRANCHES_IN_PLACE,
        "required and default": _REQUIRED_AND_DEFAULT,
        "texts that are templates": _TEXT_OF_TEXTS,
        "through YAML": _THROUGH_YAML,
        "loops with maps": _LOOPS_WITH_MAPS,
        "subcharts by alias": _SUBCHARTS_BY_ALIAS,
    }.items()
}
"""The files of each chart, by its style."""
