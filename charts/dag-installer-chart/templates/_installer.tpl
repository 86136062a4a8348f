{{/* The name of the installer's image, which names the objects too. */}}
{{- define "dag-installer.name" -}}
{{- required "global.image must name the image of the DAG installer, such as dag-otsus-method" .Values.global.image -}}
{{- end -}}

{{/* The installer's image: the custom registry, or else the platform's; the tag is this chart's version. */}}
{{- define "dag-installer.image" -}}
{{- $registry := .Values.global.custom_registry_url | default .Values.global.registry_url -}}
{{- printf "%s/%s:%s" $registry (include "dag-installer.name" .) .Chart.Version -}}
{{- end -}}

{{/* The pull secrets: the platform's own, and the one that the New Registry extension made for the custom registry. */}}
{{- define "dag-installer.pullSecrets" -}}
- name: registry-secret
{{- with .Values.global.custom_registry_url }}
- name: registry-secret-{{ sha256sum . | trunc 4 }}
{{- end }}
{{- end -}}

{{/* The init container, which comes from the platform's registry whatever the custom one is. */}}
{{- define "dag-installer.serviceChecker" -}}
- name: wait-for-services
  image: "{{ .Values.global.registry_url }}/service-checker:{{ .Values.global.kaapana_build_version }}"
  imagePullPolicy: {{ .Values.global.pull_policy_images }}
  {{- with .Values.serviceChecker.env }}
  env:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* The container that does the action it is given: a map with "action" and the root as "root". */}}
{{- define "dag-installer.container" -}}
{{- $global := .root.Values.global -}}
- name: {{ include "dag-installer.name" .root }}
  image: {{ include "dag-installer.image" .root | quote }}
  imagePullPolicy: {{ $global.pull_policy_images }}
  env:
    - name: ACTION
      value: {{ .action | quote }}
    - name: ADMIN_NAMESPACE
      value: {{ $global.admin_namespace | quote }}
    - name: SERVICES_NAMESPACE
      value: {{ $global.services_namespace | quote }}
    - name: KAAPANA_BUILD_VERSION
      value: {{ $global.kaapana_build_version | quote }}
    - name: KAAPANA_DEFAULT_REGISTRY
      value: {{ $global.registry_url | quote }}
    - name: DOCKER_VERSION
      value: {{ .root.Chart.Version | quote }}
  {{- if .root.Values.workflows.claim }}
  volumeMounts:
    - name: workflows
      mountPath: {{ .root.Values.workflows.mountPath }}
  {{- end }}
{{- end -}}

{{/* What goes with that mount. */}}
{{- define "dag-installer.volumes" -}}
{{- with .Values.workflows.claim }}
volumes:
  - name: workflows
    persistentVolumeClaim:
      claimName: {{ . }}
{{- end }}
{{- end -}}

{{/* The whole pod specification, for the same map. */}}
{{- define "dag-installer.pod" -}}
initContainers:
  {{- include "dag-installer.serviceChecker" .root | nindent 2 }}
containers:
  {{- include "dag-installer.container" . | nindent 2 }}
imagePullSecrets:
  {{- include "dag-installer.pullSecrets" .root | nindent 2 }}
{{- with include "dag-installer.volumes" .root }}
{{- . }}
{{- end }}
{{- end -}}
