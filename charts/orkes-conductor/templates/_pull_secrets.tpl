{{/* Name of the pull secret that comes on top of the lists in the values, or nothing. Only one method is active. */}}
{{- define "orkes-conductor.pullSecrets.managed" -}}
{{- if .Values.existingImagePullSecret -}}
{{- .Values.existingImagePullSecret -}}
{{- else if (.Values.customImagePullSecrets).enabled -}}
{{- required "customImagePullSecrets.name must not be empty" .Values.customImagePullSecrets.name -}}
{{- else -}}
{{- with .Values.imageCredentials }}{{ if and .enabled .username .password -}}
orkesregistry
{{- end }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* The field imagePullSecrets of a pod, or nothing if no secret is named. Takes root and component. */}}
{{- define "orkes-conductor.pullSecrets" -}}
{{- $own := index .root.Values .component "image" -}}
{{- $names := list -}}
{{- range concat (.root.Values.global.image.pullSecrets | default list) ($own.pullSecrets | default list) -}}
{{- if kindIs "string" . -}}
{{- $names = append $names . -}}
{{- else -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- end -}}
{{- with include "orkes-conductor.pullSecrets.managed" .root -}}
{{- $names = append $names . -}}
{{- end -}}
{{- with uniq $names -}}
imagePullSecrets:
{{- range . }}
  - name: {{ toYaml . }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* Credentials of one registry as JSON, with the fields in the order kubectl writes them. */}}
{{- define "orkes-conductor.pullSecrets.credentials" -}}
{"username":{{ toJson .username }},"password":{{ toJson .password }},
{{- with .email }}"email":{{ toJson . }},{{ end -}}
"auth":{{ printf "%s:%s" .username .password | b64enc | toJson }}}
{{- end -}}

{{/* Content of the Secret with one registry: .dockerconfigjson before base64. */}}
{{- define "orkes-conductor.pullSecrets.single" -}}
{{- with .Values.imageCredentials -}}
{"auths":{ {{- toJson (.registry | default "https://index.docker.io/v1/") }}:{{ include "orkes-conductor.pullSecrets.credentials" . -}} }}
{{- end -}}
{{- end -}}

{{/* The same for several registries. A registry that is named twice keeps its last credentials. */}}
{{- define "orkes-conductor.pullSecrets.several" -}}
{{- $auths := dict -}}
{{- range $i, $entry := .Values.customImagePullSecrets.registries -}}
{{- range list "registry" "username" "password" -}}
{{- $_ := required (printf "customImagePullSecrets.registries[%d].%s must not be empty" $i .) (get $entry .) -}}
{{- end -}}
{{- $_ := set $auths $entry.registry (include "orkes-conductor.pullSecrets.credentials" $entry) -}}
{{- end -}}
{{- $members := list -}}
{{- range $registry, $credentials := $auths -}}
{{- $members = append $members (printf "%s:%s" (toJson $registry) $credentials) -}}
{{- end -}}
{"auths":{ {{- join "," $members -}} }}
{{- end -}}
