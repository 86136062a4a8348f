{{/* The parts of an image. Each takes root and component (`server` or `workers`). */}}

{{/* Name of the older values block that belongs to a component. */}}
{{- define "orkes-conductor.image.legacyBlock" -}}
{{- ternary "image" "workerImage" (eq .component "server") -}}
{{- end -}}

{{- define "orkes-conductor.image.registry" -}}
{{- $own := index .root.Values .component "image" -}}
{{- $own.registry | default .root.Values.global.image.registry -}}
{{- end -}}

{{- define "orkes-conductor.image.repository" -}}
{{- $own := index .root.Values .component "image" -}}
{{- $legacy := index .root.Values (include "orkes-conductor.image.legacyBlock" .) -}}
{{- $own.repository | default $legacy.repository -}}
{{- end -}}

{{/* A tag written as a whole number (20250131) keeps its digits: numbers of a values file arrive as floating point. */}}
{{- define "orkes-conductor.image.tag" -}}
{{- $own := index .root.Values .component "image" -}}
{{- $tag := $own.tag | default .root.Values.global.image.tag | default .root.Chart.AppVersion -}}
{{- if and (kindIs "float64" $tag) (eq (toString (floor $tag)) (toString $tag)) -}}
{{- int64 $tag -}}
{{- else -}}
{{- $tag -}}
{{- end -}}
{{- end -}}

{{- define "orkes-conductor.image.pullPolicy" -}}
{{- $own := index .root.Values .component "image" -}}
{{- $legacy := index .root.Values (include "orkes-conductor.image.legacyBlock" .) -}}
{{- $own.pullPolicy | default .root.Values.global.image.pullPolicy | default $legacy.pullPolicy | default "IfNotPresent" -}}
{{- end -}}

{{/* The whole image: registry/repository:tag, or repository:tag without a registry. */}}
{{- define "orkes-conductor.image" -}}
{{- with include "orkes-conductor.image.registry" . }}{{ . }}/{{ end -}}
{{- include "orkes-conductor.image.repository" . }}:{{ include "orkes-conductor.image.tag" . -}}
{{- end -}}
