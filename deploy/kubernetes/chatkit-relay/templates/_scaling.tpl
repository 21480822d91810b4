{{- define "relay.cpuScaling" -}}
scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ .name }} }
minReplicas: {{ .values.autoscaling.minReplicas }}
maxReplicas: {{ .values.autoscaling.maxReplicas }}
metrics:
  - type: Resource
    resource:
      name: cpu
      target: { type: Utilization, averageUtilization: {{ .values.autoscaling.cpuPercent }} }
behavior:
  # A pod that leaves takes minutes to finish its streams: not for every lull.
  scaleDown:
    stabilizationWindowSeconds: 300
{{- end -}}
