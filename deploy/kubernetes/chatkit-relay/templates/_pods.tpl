{{/* What the pods of a role have in common: dict "root" . "role" "api" "values" .Values.api */}}
{{- define "relay.podMetadata" -}}
labels:
  {{- include "relay.labels" . | nindent 2 }}
{{- $annotations := dict }}
{{- if .root.Values.config.file }}
{{- $_ := set $annotations "checksum/config" (sha256sum .root.Values.config.file) }}
{{- end }}
{{- $_ := set $annotations "prometheus.io/scrape" "true" }}
{{- $_ := set $annotations "prometheus.io/port" (toString (get .root.Values.metrics (printf "%sPort" .role) | int)) }}
annotations:
  {{- merge .values.podAnnotations $annotations | toYaml | nindent 2 }}
{{- end -}}

{{- define "relay.podSpec" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml .root.Values.podSecurityContext | nindent 2 }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
# Pods of a role on different machines, where that is possible.
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "relay.selector" . | nindent 8 }}
volumes:
  - name: tmp
    emptyDir: {}
  {{- with include "relay.configMap" .root }}
  - name: config
    configMap: { name: {{ . }} }
  {{- end }}
  {{- if eq .root.Values.uploads.where "claim" }}
  - name: uploads
    persistentVolumeClaim: { claimName: {{ required "uploads.existingClaim names the volume (ReadWriteMany) of uploads" .root.Values.uploads.existingClaim }} }
  {{- end }}
{{- end -}}

{{- define "relay.container" -}}
image: {{ printf "%s:%s" .root.Values.image.repository (.root.Values.image.tag | default .root.Chart.AppVersion) }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{ include "relay.containerSecurity" . }}
resources:
  {{- toYaml .values.resources | nindent 2 }}
envFrom:
  - secretRef: { name: {{ required "existingSecret names the Secret with DATABASE_URL and REDIS_URL" .root.Values.existingSecret }} }
volumeMounts:
  - { name: tmp, mountPath: /tmp }
  {{- if include "relay.configMap" .root }}
  - { name: config, mountPath: /app/config, readOnly: true }
  {{- end }}
  {{- if eq .root.Values.uploads.where "claim" }}
  - { name: uploads, mountPath: /app/data }
  {{- end }}
{{- end -}}

{{- define "relay.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}

{{/* The variables of a role. Those that are set for it come before those of both roles, and before what the chart says. */}}
{{- define "relay.env" -}}
{{- $env := dict "AUTH_MODE" .root.Values.auth.mode "SHUTDOWN_GRACE_SECONDS" (toString (int .values.graceSeconds)) }}
{{- if include "relay.configMap" .root }}
{{- $_ := set $env "CHATKIT_CONFIG" "/app/config/chatkit.config.yaml" }}
{{- end }}
{{- range $name, $value := merge (dict) .values.env .root.Values.env .own $env }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end -}}
