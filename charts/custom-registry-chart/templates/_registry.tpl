{{/* The registry's URL. */}}
{{- define "custom-registry.url" -}}
{{- required "global.custom_registry_url must be the registry, as host[:port]/path" .Values.global.custom_registry_url -}}
{{- end -}}

{{/* The four digits by which the workflow extensions find the secret. */}}
{{- define "custom-registry.digits" -}}
{{- include "custom-registry.url" . | sha256sum | trunc 4 -}}
{{- end -}}

{{/* The docker configuration with the one registry. */}}
{{- define "custom-registry.dockerConfig" -}}
{{- $global := .Values.global -}}
{{- $login := printf "%s:%s" $global.credentials_custom_registry_username $global.credentials_custom_registry_password -}}
{{- $server := printf "https://%s" (include "custom-registry.url" .) -}}
{{- printf "{\"auths\": {%s: {\"auth\": %s}}}" (toJson $server) (b64enc $login | toJson) -}}
{{- end -}}
