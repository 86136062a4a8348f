{{/* Variables of a component out of the blocks of the values. Takes root and component; gives a YAML list, or nothing. */}}
{{- define "orkes-conductor.env.blocks" -}}
{{- if eq .component "server" }}
{{- with .root.Values.global.postgres }}{{ if .enabled }}
{{- include "orkes-conductor.env.postgres" (dict "root" $.root "postgres" .) }}
{{- end }}{{ end }}
{{- with .root.Values.global.redis }}{{ if .enabled }}
{{- include "orkes-conductor.env.redis" (dict "root" $.root "redis" .) }}
{{- end }}{{ end }}
{{- with .root.Values.security }}{{ if .enabled }}
{{- include "orkes-conductor.env.security" . }}
{{- end }}{{ end }}
{{- else }}
- name: CONDUCTOR_SERVER_URL
  value: {{ include "orkes-conductor.serverUrl" .root | quote }}
{{- end }}
{{- if (.root.Values.trustStore).enabled }}
{{- include "orkes-conductor.env.trustStore" .root }}
{{- end }}
{{- end -}}

{{/* Where the workers reach the API: what the values say, else the server's Service. */}}
{{- define "orkes-conductor.serverUrl" -}}
{{- $service := include "orkes-conductor.componentName" (dict "root" . "component" "server") -}}
{{- .Values.workers.serverUrl | default (printf "http://%s:%d/api" $service (int .Values.server.service.port)) -}}
{{- end -}}

{{/* Host of a service: what the values say, else the Service that the same release has in its namespace. */}}
{{- define "orkes-conductor.host" -}}
{{- $inside := ternary "" (printf "%s-%s" .root.Release.Name .service) .block.external -}}
{{- .block.host | default $inside | required (printf "%s.host must be set when %s.external is true" .key .key) -}}
{{- end -}}

{{- define "orkes-conductor.env.postgres" -}}
{{- $where := dict "root" .root "block" .postgres "service" "postgresql" "key" "global.postgres" -}}
{{- $host := include "orkes-conductor.host" $where -}}
{{- $address := printf "%s:%d/%s" $host (int .postgres.port) .postgres.database }}
- name: POSTGRES_HOST
  value: {{ $host | quote }}
- name: POSTGRES_PORT
  value: {{ int .postgres.port | quote }}
- name: POSTGRES_DATABASE
  value: {{ .postgres.database | quote }}
{{- if .postgres.ssl.enabled }}
- name: POSTGRES_SSL_MODE
  value: {{ .postgres.ssl.mode | quote }}
{{- end }}
{{- if and .postgres.auth.existingSecret .postgres.auth.existingSecretUsernameKey }}
- name: POSTGRES_USERNAME
  valueFrom:
    secretKeyRef:
      name: {{ .postgres.auth.existingSecret | quote }}
      key: {{ .postgres.auth.existingSecretUsernameKey | quote }}
{{- else if .postgres.auth.username }}
- name: POSTGRES_USERNAME
  value: {{ .postgres.auth.username | quote }}
{{- end }}
{{- with .postgres.auth.existingSecret }}
- name: POSTGRES_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ . | quote }}
      key: {{ $.postgres.auth.existingSecretPasswordKey | quote }}
{{- end }}
- name: SPRING_DATASOURCE_URL
  value: {{ printf "jdbc:postgresql://%s%s" $address (ternary (printf "?sslmode=%s" .postgres.ssl.mode) "" .postgres.ssl.enabled) | quote }}
{{- end -}}

{{- define "orkes-conductor.env.redis" -}}
{{- $where := dict "root" .root "block" .redis "service" "redis-master" "key" "global.redis" }}
- name: REDIS_HOST
  value: {{ include "orkes-conductor.host" $where | quote }}
- name: REDIS_PORT
  value: {{ int .redis.port | quote }}
- name: REDIS_SSL
  value: {{ .redis.ssl | quote }}
{{- if .redis.auth.existingSecret }}
{{- range list "REDIS_PASSWORD" "REDIS_LOCK_SERVER_PASSWORD" }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $.redis.auth.existingSecret | quote }}
      key: {{ $.redis.auth.existingSecretPasswordKey | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "orkes-conductor.env.security" }}
- name: CONDUCTOR_SECURITY_ENABLED
  value: "true"
{{- with .defaultUserEmail }}
- name: CONDUCTOR_SECURITY_DEFAULT_USER_EMAIL
  value: {{ . | quote }}
{{- end }}
{{- with .defaultUserName }}
- name: CONDUCTOR_SECURITY_DEFAULT_USER_NAME
  value: {{ . | quote }}
{{- end }}
{{- with .jwt }}{{ if .existingSecret }}
- name: JWT_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret | quote }}
      key: {{ .existingSecretKey | quote }}
{{- end }}{{ end }}
{{- end -}}

{{- define "orkes-conductor.env.trustStore" }}
{{- $options := printf "-Djavax.net.ssl.trustStore=%s/%s" .Values.trustStore.mountPath .Values.trustStore.jksFileName }}
{{- if .Values.trustStore.jksFilePassword }}
{{- $options = printf "%s -Djavax.net.ssl.trustStorePassword=$(TRUST_STORE_PASSWORD)" $options }}
- name: TRUST_STORE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "orkes-conductor.trustStore.passwordSecret" . }}
      key: password
{{- end }}
- name: JAVA_TOOL_OPTIONS
  value: {{ $options | quote }}
{{- end -}}

{{- define "orkes-conductor.trustStore.passwordSecret" -}}
{{- include "orkes-conductor.fullname" . }}-jks-pass
{{- end -}}

{{/*
All variables of a component's container as a YAML list, or nothing. Takes root and component.
Vault replaces a variable of the blocks, and the component's own `env` replaces both.
*/}}
{{- define "orkes-conductor.env" -}}
{{- $own := index .root.Values .component "env" | default list -}}
{{- $taken := dict -}}
{{- range $own -}}
{{- $_ := set $taken .name true -}}
{{- end -}}
{{- $fromVault := list -}}
{{- $vault := .root.Values.global.vault | default dict -}}
{{- $role := index $vault .component -}}
{{- if and $vault.enabled $role.enabled -}}
{{- range $name, $path := $role.envSecrets -}}
{{- if not (hasKey $taken $name) -}}
{{- $fromVault = append $fromVault (dict "name" $name "value" (printf "vault:%s" $path)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $fromVault -}}
{{- $_ := set $taken .name true -}}
{{- end -}}
{{- $all := list -}}
{{- range include "orkes-conductor.env.blocks" . | fromYamlArray -}}
{{- if not (hasKey $taken .name) -}}
{{- $all = append $all . -}}
{{- end -}}
{{- end -}}
{{- with concat $all $fromVault $own -}}
{{- toYaml . -}}
{{- end -}}
{{- end -}}
