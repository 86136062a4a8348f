{{/*
The settings of the registry, out of whichever keys are used, as JSON:
{generation, location, fields: {hostname, organization, ...}}.
*/}}
{{- define "drycc.registry" -}}
{{- $refresher := index .Values "registry-token-refresher" -}}
{{- $location := .Values.global.registryLocation | default .Values.global.registry_location -}}
{{- $generation := "B" -}}
{{- $fields := dict -}}
{{- $today := dict
      "hostname" .Values.builder.registryHost
      "organization" .Values.builder.registryOrganization
      "username" .Values.builder.registryUsername
      "password" .Values.builder.registryPassword -}}
{{- $controller := pick .Values.controller "registryHost" "registryUsername" "registryPassword" -}}
{{- $topLevel := pick .Values.registry "hostname" "organization" "username" "password" -}}
{{- if or (not .Values.registry.enabled) (include "drycc.says" $today) (include "drycc.says" $controller) -}}
  {{- $generation = "C" -}}
  {{- $location = ternary "on-cluster" "off-cluster" .Values.registry.enabled -}}
  {{- $fields = $today -}}
{{- else if $location -}}
  {{- if eq $location "off-cluster" -}}
    {{- range list $refresher.off_cluster_registry $refresher.registry $topLevel -}}
      {{- if include "drycc.says" . -}}
        {{- $fields = . -}}
      {{- end -}}
    {{- end -}}
  {{- else if has $location (list "ecr" "gcr") -}}
    {{- $fields = get $refresher $location -}}
  {{- end -}}
{{- else -}}
  {{- $location = "on-cluster" -}}
  {{- if not (include "drycc.says" $topLevel) -}}
    {{- $generation = "C" -}}
  {{- end -}}
{{- end -}}
{{- dict "generation" $generation "location" $location "fields" $fields | toJson -}}
{{- end -}}

{{/* Not empty if one of a map's values is not. */}}
{{- define "drycc.says" -}}
{{- range . }}{{ if . }}yes{{ end }}{{ end -}}
{{- end -}}

{{/* Refuses settings that no component could work with. */}}
{{- define "drycc.checkRegistry" -}}
{{- $registry := include "drycc.registry" . | fromJson -}}
{{- $fields := $registry.fields -}}
{{- if eq $registry.location "off-cluster" -}}
  {{- range $name := list "organization" "username" "password" -}}
    {{- $_ := required (printf "a registry off the cluster needs its %s" $name) (get $fields $name) -}}
  {{- end -}}
  {{- if eq $registry.generation "C" -}}
    {{- $_ := required "builder.registryHost must be set when registry.enabled is false" $fields.hostname -}}
  {{- end -}}
  {{- if contains "://" ($fields.hostname | default "") -}}
    {{- fail (printf "the host of the registry has no scheme: %s" $fields.hostname) -}}
  {{- end -}}
{{- else if eq $registry.location "ecr" -}}
  {{- $_ := required "registry-token-refresher.ecr.region must be set" $fields.region -}}
  {{- if ne (empty $fields.accesskey) (empty $fields.secretkey) -}}
    {{- fail "registry-token-refresher.ecr: set accesskey and secretkey, or neither for the role of the machine" -}}
  {{- end -}}
{{- else if eq $registry.location "gcr" -}}
  {{- $key := required "registry-token-refresher.gcr.key_json must be set" $fields.key_json -}}
  {{- if not (get (b64dec (nospace $key) | fromJson) "project_id") -}}
    {{- fail "registry-token-refresher.gcr.key_json must be the key of a service account in base64" -}}
  {{- end -}}
{{- else if ne $registry.location "on-cluster" -}}
  {{- fail (printf "global.registry_location is %q: must be on-cluster, off-cluster, ecr or gcr" $registry.location) -}}
{{- end -}}
{{- end -}}
