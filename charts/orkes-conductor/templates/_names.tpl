{{/* The chart's name, in the length Kubernetes allows for a label. */}}
{{- define "orkes-conductor.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Name of the release's objects. Cut to 52 characters, so that the parts added to it fit into 63. */}}
{{- define "orkes-conductor.fullname" -}}
{{- $name := include "orkes-conductor.name" . -}}
{{- $both := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- .Values.fullnameOverride | default $both | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{/* Name of a component's objects. Takes root and component. */}}
{{- define "orkes-conductor.componentName" -}}
{{- $own := index .root.Values .component "name" -}}
{{- $own | default (printf "%s-%s" (include "orkes-conductor.fullname" .root) .component) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "orkes-conductor.serviceAccountName" -}}
{{- $made := include "orkes-conductor.fullname" . -}}
{{- .Values.serviceAccount.name | default (ternary $made "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{/* Labels that select a component's pods; they must never change. Takes root and component. */}}
{{- define "orkes-conductor.selectorLabels" -}}
app.kubernetes.io/name: {{ include "orkes-conductor.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* All labels of an object that belongs to no single component. */}}
{{- define "orkes-conductor.releaseLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: {{ include "orkes-conductor.name" . }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* All labels of a component's object. Takes root and component. */}}
{{- define "orkes-conductor.labels" -}}
{{ include "orkes-conductor.selectorLabels" . }}
{{ include "orkes-conductor.releaseLabels" .root }}
{{- end -}}
