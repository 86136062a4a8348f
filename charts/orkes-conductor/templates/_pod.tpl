{{/* The Deployment of a component. Takes root and component (`server` or `workers`). */}}
{{- define "orkes-conductor.deployment" -}}
{{- $values := index .root.Values .component -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "orkes-conductor.componentName" . }}
  labels:
    {{- include "orkes-conductor.labels" . | nindent 4 }}
spec:
  replicas: {{ int $values.replicas }}
  {{- with $values.strategy }}
  strategy:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "orkes-conductor.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "orkes-conductor.labels" . | nindent 8 }}
        {{- with $values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with include "orkes-conductor.podAnnotations" . }}
      annotations:
        {{- . | nindent 8 }}
      {{- end }}
    spec:
      {{- include "orkes-conductor.podSpec" . | nindent 6 }}
{{- end -}}

{{/* The annotations of a component's pods: its own, and those that tell the Vault webhook what to do. */}}
{{- define "orkes-conductor.podAnnotations" -}}
{{- $all := dict -}}
{{- $vault := .root.Values.global.vault | default dict -}}
{{- $role := index $vault .component -}}
{{- if and $vault.enabled $role.enabled -}}
{{- $missing := printf "global.vault.%s.role must be set when Vault is enabled for it" .component -}}
{{- $_ := set $all (printf "%s/vault-role" $vault.annotationPrefix) (required $missing $role.role) -}}
{{- with $vault.address -}}
{{- $_ := set $all (printf "%s/vault-addr" $vault.annotationPrefix) . -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := index .root.Values .component "podAnnotations" -}}
{{- $_ := set $all $key $value -}}
{{- end -}}
{{- with $all -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{- define "orkes-conductor.podSpec" -}}
{{- $values := index .root.Values .component -}}
serviceAccountName: {{ include "orkes-conductor.serviceAccountName" .root }}
{{- with include "orkes-conductor.pullSecrets" . }}
{{ . }}
{{- end }}
{{- with $values.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
terminationGracePeriodSeconds: {{ int $values.terminationGracePeriodSeconds }}
containers:
  - name: {{ .component }}
    {{- include "orkes-conductor.container" . | nindent 4 }}
{{- with include "orkes-conductor.volumes" . }}
volumes:
  {{- . | nindent 2 }}
{{- end }}
{{- include "orkes-conductor.fields" (dict "values" $values "names" (list "nodeSelector" "affinity" "tolerations" "topologySpreadConstraints")) }}
{{- end -}}

{{/* Fields that go from the values into the manifest as they are, each left out when empty. Takes values and names. */}}
{{- define "orkes-conductor.fields" -}}
{{- range $name := .names }}
{{- with get $.values $name }}
{{ $name }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "orkes-conductor.container" -}}
{{- $values := index .root.Values .component -}}
image: {{ include "orkes-conductor.image" . | quote }}
imagePullPolicy: {{ include "orkes-conductor.image.pullPolicy" . }}
{{- include "orkes-conductor.fields" (dict "values" $values "names" (list "command" "args")) }}
ports:
  - name: http
    containerPort: {{ int $values.port }}
    protocol: TCP
{{- with include "orkes-conductor.env" . }}
env:
  {{- . | nindent 2 }}
{{- end }}
{{- include "orkes-conductor.fields" (dict "values" $values "names" (list "envFrom" "startupProbe" "livenessProbe" "readinessProbe" "resources" "securityContext")) }}
{{- with include "orkes-conductor.volumeMounts" . }}
volumeMounts:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The volumes of a component's pod as a YAML list, or nothing: the trust store and those of the values. */}}
{{- define "orkes-conductor.volumes" -}}
{{- $volumes := list -}}
{{- with .root.Values.trustStore }}{{ if .enabled -}}
{{- $name := .existingSecret | default (printf "%s-truststore" (include "orkes-conductor.fullname" $.root)) -}}
{{- $volumes = append $volumes (dict "name" "truststore" "secret" (dict "secretName" $name)) -}}
{{- end }}{{ end -}}
{{- with concat $volumes (index .root.Values .component "extraVolumes" | default list) -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}

{{- define "orkes-conductor.volumeMounts" -}}
{{- $mounts := list -}}
{{- with .root.Values.trustStore }}{{ if .enabled -}}
{{- $mounts = append $mounts (dict "name" "truststore" "mountPath" .mountPath "readOnly" true) -}}
{{- end }}{{ end -}}
{{- with concat $mounts (index .root.Values .component "extraVolumeMounts" | default list) -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}
