{{- define "distillation-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "distillation-operator.selectorLabels" -}}
app.kubernetes.io/name: distillation-operator
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "distillation-operator.labels" -}}
{{ include "distillation-operator.selectorLabels" . }}
app.kubernetes.io/part-of: distillation
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- end -}}

{{- define "distillation-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.name -}}
{{- .Values.serviceAccount.name -}}
{{- else if .Values.serviceAccount.create -}}
{{- include "distillation-operator.fullname" . -}}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{- define "distillation-operator.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* What values.schema.json cannot say: rules between values. */}}
{{- define "distillation-operator.validate" -}}
{{- if and (not .Values.leaderElection.enabled) (gt (int .Values.replicas) 1) }}
{{- fail "leaderElection.enabled is false, which takes replicas: 1: two operators must not lead at once" }}
{{- end }}
{{- with .Values.leaderElection }}
{{- if and .enabled (not (and (lt (int .retryPeriodSeconds) (int .renewDeadlineSeconds)) (lt (int .renewDeadlineSeconds) (int .leaseDurationSeconds)))) }}
{{- fail (printf "leaderElection.retryPeriodSeconds (%v) must be less than renewDeadlineSeconds (%v), and that less than leaseDurationSeconds (%v): a leader must have given up before another one may take over" .retryPeriodSeconds .renewDeadlineSeconds .leaseDurationSeconds) }}
{{- end }}
{{- end }}
{{- if eq (int .Values.metrics.port) 8081 }}
{{- fail "metrics.port is 8081, where the operator serves /healthz and /readyz: choose another port" }}
{{- end }}
{{- if and .Values.metrics.podMonitor.enabled (eq (int .Values.metrics.port) 0) }}
{{- fail "metrics.podMonitor.enabled is true, but metrics.port is 0: there would be nothing to scrape" }}
{{- end }}
{{- range $key, $_ := include "distillation-operator.selectorLabels" . | fromYaml }}
{{- if hasKey $.Values.podLabels $key }}
{{- fail (printf "podLabels must not name %s: the operator's pods are found by that label" $key) }}
{{- end }}
{{- end }}
{{- end -}}
