{{/* The image of a component: a list of its values and its name. */}}
{{- define "drycc.image" -}}
{{- $values := index . 0 -}}
{{- printf "%s/%s/%s:%s" $values.imageRegistry $values.imageOrg (index . 1) $values.imageTag -}}
{{- end -}}

{{/* What a component is told of the registry: a map with the root as "root", its name, and the keys of its secret. */}}
{{- define "drycc.registryEnvironment" -}}
{{- $registry := include "drycc.registry" .root | fromJson -}}
{{- $values := .root.Values -}}
- name: DRYCC_REGISTRY_LOCATION
  value: {{ $registry.location | quote }}
{{- if ne $registry.generation "C" }}
{{- if eq .name "controller" }}
- name: DRYCC_REGISTRY_SECRET_PREFIX
  value: {{ $values.global.secret_prefix | quote }}
{{- end }}
{{- else if $registry.fields.hostname }}
{{- $secret := .secret }}
{{- range .keys }}
- name: DRYCC_REGISTRY_{{ upper . }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: registry-{{ . }}
{{- end }}
{{- else if $values.registry.enabled }}
- name: DRYCC_REGISTRY_HOST
  value: {{ $values.registry.service | quote }}
- name: DRYCC_REGISTRY_PROXY_HOST
  value: {{ $values.registry.proxy | quote }}
{{- range list "username" "password" }}
- name: DRYCC_REGISTRY_{{ upper . }}
  valueFrom:
    secretKeyRef:
      name: registry-secret
      key: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Whether the registry secret is mounted as files: the generations before today's read it so. */}}
{{- define "drycc.readsFiles" -}}
{{- $registry := include "drycc.registry" . | fromJson -}}
{{- if and (ne $registry.generation "C") (ne $registry.location "on-cluster") }}yes{{ end -}}
{{- end -}}

{{/* A whole Deployment, for the same map with the component's values too. */}}
{{- define "drycc.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: drycc-{{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    heritage: drycc
    app: drycc-{{ .name }}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: drycc-{{ .name }}
  template:
    metadata:
      labels:
        heritage: drycc
        app: drycc-{{ .name }}
    spec:
      containers:
        - name: drycc-{{ .name }}
          image: {{ include "drycc.image" (list .values .name) | quote }}
          imagePullPolicy: {{ .values.imagePullPolicy }}
          env:
            {{- .environment | nindent 12 }}
          {{- if include "drycc.readsFiles" .root }}
          volumeMounts:
            - name: registry-creds
              mountPath: /var/run/secrets/drycc/registry/creds
              readOnly: true
      volumes:
        - name: registry-creds
          secret:
            secretName: registry-secret
          {{- end }}
{{- end -}}
