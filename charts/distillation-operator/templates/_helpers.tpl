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

{{/* What tells the operator's parts apart wins over commonLabels. */}}
{{- define "distillation-operator.labels" -}}
{{- $own := include "distillation-operator.selectorLabels" . | fromYaml }}
{{- $_ := set $own "app.kubernetes.io/part-of" "distillation" }}
{{- $_ := set $own "app.kubernetes.io/version" .Chart.AppVersion }}
{{- $_ := set $own "app.kubernetes.io/managed-by" .Release.Service }}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_")) }}
{{- merge $own .Values.commonLabels | toYaml }}
{{- end -}}

{{/* The line and map of annotations, or nothing; `of` are those of the object, which win over commonAnnotations. */}}
{{- define "distillation-operator.annotations" -}}
{{- with merge (dict) (default dict .of) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Metadata after name and namespace: labels (`labels` are more of them) and annotations. */}}
{{- define "distillation-operator.metadata" -}}
labels:
  {{- merge (include "distillation-operator.labels" .root | fromYaml) (default dict .labels) | toYaml | nindent 2 }}
{{- include "distillation-operator.annotations" (dict "root" .root "of" .of) }}
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

{{/* A user or group id of jobs' pods. Large numbers are floats to Helm. */}}
{{- define "distillation-operator.id" -}}
{{- if or (kindIs "invalid" .of) (eq (toString .of) "none") -}}none{{- else -}}{{ int64 .of }}{{- end -}}
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
{{- if and .Values.metrics.serviceMonitor.enabled (eq (int .Values.metrics.port) 0) }}
{{- fail "metrics.serviceMonitor.enabled is true, but metrics.port is 0: there would be nothing to scrape" }}
{{- end }}
{{- range $key, $_ := include "distillation-operator.selectorLabels" . | fromYaml }}
{{- if hasKey $.Values.podLabels $key }}
{{- fail (printf "podLabels must not name %s: the operator's pods are found by that label" $key) }}
{{- end }}
{{- if hasKey $.Values.commonLabels $key }}
{{- fail (printf "commonLabels must not name %s: the operator's pods are found by that label" $key) }}
{{- end }}
{{- end }}
{{- if and .Values.admissionPolicy.namespaceLabels (not .Values.admissionPolicy.enabled) }}
{{- fail "admissionPolicy.namespaceLabels is given, but admissionPolicy.enabled is false: nothing would hold the operator to them" }}
{{- end }}
{{- if and .Values.quickstart.enabled .Values.watch.namespaces (not (has .Release.Namespace .Values.watch.namespaces)) }}
{{- fail (printf "quickstart.enabled is true, but watch.namespaces (%s) lacks %s, where its job is made: nobody would run it" (join ", " .Values.watch.namespaces) .Release.Namespace) }}
{{- end }}
{{- with .Values.networkPolicy }}
{{- if and .restrictMetrics (not .enabled) }}
{{- fail "networkPolicy.restrictMetrics is true, but networkPolicy.enabled is false: there would be no policy of the operator" }}
{{- end }}
{{- if and .jobs.enabled (empty .jobs.namespaces) (empty $.Values.watch.namespaces) }}
{{- fail "networkPolicy.jobs.enabled is true, but neither networkPolicy.jobs.namespaces nor watch.namespaces names a namespace: a policy is of one namespace, so name those in which jobs run" }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Paths of fields of an object (`of`, at `path`) that its schema does not know, by commas. */}}
{{- define "distillation-operator.unknownFields" -}}
{{- range $name, $value := .of }}
{{- $path := printf "%s.%s" $.path $name }}
{{- $schema := get (default dict $.schema.properties) $name }}
{{- if not $schema }}{{ $path }},{{ else if and (kindIs "map" $value) $schema.properties }}
{{- include "distillation-operator.unknownFields" (dict "of" $value "schema" $schema "path" $path) }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The first job is made last, so a definition that is not the release's and lacks something (`job` is the manifest) is refused before anything is made. */}}
{{- define "distillation-operator.validateDefinition" -}}
{{- $values := .root.Values }}
{{- if not $values.crds.install }}
{{- if not (.root.Capabilities.APIVersions.Has "distillation.dev/v1alpha1/DistillationJob") }}
{{- fail "quickstart.enabled is true and crds.install is false, but the cluster has no DistillationJobs: have the definition installed first (kubectl apply -k crds). Without a cluster, as with helm template, add --api-versions distillation.dev/v1alpha1/DistillationJob" }}
{{- end }}
{{- /* Who may make ClusterRoles may read the definition; others may not, and for them a lookup would be an error. */}}
{{- if and $values.rbac.create (or $values.rbac.aggregate (empty $values.watch.namespaces)) }}
{{- with lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" "distillationjobs.distillation.dev" }}
{{- $schema := (index .spec.versions 0).schema.openAPIV3Schema.properties.spec }}
{{- with include "distillation-operator.unknownFields" (dict "of" $.job.spec "schema" $schema "path" "spec") }}
{{- fail (printf "quickstart.enabled is true and crds.install is false, but the definition in the cluster is older than this chart and does not know %s: have it upgraded first (kubectl apply -k crds)" (. | trimSuffix "," | replace "," ", ")) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Class and mode of a claim cannot be changed. `claim` is its name. */}}
{{- define "distillation-operator.validateClaim" -}}
{{- $root := .root }}
{{- $claim := .claim }}
{{- $wanted := $root.Values.quickstart }}
{{- with lookup "v1" "PersistentVolumeClaim" $root.Release.Namespace $claim }}
{{- $differs := "" }}
{{- if and $wanted.storageClassName (ne $wanted.storageClassName (default "" .spec.storageClassName)) }}
{{- $differs = printf "quickstart.storageClassName is %s, but the claim %s is there with %s" $wanted.storageClassName $claim (default "none" .spec.storageClassName) }}
{{- else if not (has $wanted.accessMode .spec.accessModes) }}
{{- $differs = printf "quickstart.accessMode is %s, but the claim %s is there with %s" $wanted.accessMode $claim (join ", " .spec.accessModes) }}
{{- end }}
{{- if $differs }}
{{- fail (printf "%s, which cannot be changed: give the same value, or delete the first job with its claim and what is on it, and run this again: kubectl -n %s delete dj,job,pvc -l app.kubernetes.io/instance=%s" $differs $root.Release.Namespace $root.Release.Name) }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Template of the pod that lays the samples onto `claim`; what pods of jobs get by default it gets too. */}}
{{- define "distillation-operator.samplesPod" -}}
{{- $own := dict "app.kubernetes.io/name" "distillation-samples" "app.kubernetes.io/part-of" "distillation" -}}
{{- $defaults := .root.Values.jobs.defaults -}}
metadata:
  labels:
    {{- merge $own (default dict $defaults.labels) .root.Values.commonLabels | toYaml | nindent 4 }}
  {{- include "distillation-operator.annotations" (dict "root" .root "of" $defaults.annotations) | nindent 2 }}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- range $key := list "serviceAccountName" "nodeSelector" "tolerations" "affinity" "priorityClassName" "schedulerName" "runtimeClassName" }}
  {{- with get $defaults $key }}
  {{- dict $key . | toYaml | nindent 2 }}
  {{- end }}
  {{- end }}
  {{- with $defaults.imagePullSecrets | default .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    {{- $user := include "distillation-operator.id" (dict "of" .root.Values.worker.runAsUser) }}
    {{- if ne $user "none" }}
    runAsUser: {{ $user }}
    runAsGroup: {{ $user }}
    {{- end }}
    {{- $group := include "distillation-operator.id" (dict "of" .root.Values.worker.fsGroup) }}
    {{- if ne $group "none" }}
    fsGroup: {{ $group }}
    fsGroupChangePolicy: OnRootMismatch
    {{- end }}
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: samples
      image: {{ .root.Values.worker.image | quote }}
      imagePullPolicy: {{ .root.Values.worker.imagePullPolicy }}
      args:
        - samples
        - --volume=/volumes/work
        {{- with .root.Values.quickstart.registry }}
        - {{ printf "--registry=%s" . | quote }}
        {{- end }}
      env:
        {{- $env := $defaults.env | default list }}
        {{- $given := dict }}
        {{- range $env }}
        {{- $_ := set $given .name true }}
        {{- end }}
        {{- if not (hasKey $given "NODE_USE_ENV_PROXY") }}
        - name: NODE_USE_ENV_PROXY
          value: '1'
        {{- end }}
        {{- with $env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      resources:
        requests:
          cpu: 250m
          memory: 512Mi
        limits:
          memory: 1Gi
      terminationMessagePolicy: FallbackToLogsOnError
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: work
          mountPath: /volumes/work
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: work
      persistentVolumeClaim:
        claimName: {{ .claim }}
    - name: tmp
      emptyDir: {}
{{- end -}}
