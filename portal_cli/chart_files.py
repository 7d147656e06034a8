"""The parts of the Helm chart that are written by hand."""

from collections.abc import Mapping
from typing import Any

import yaml

MIGRATION_HOOK = {
    "helm.sh/hook": "pre-install,pre-upgrade",
    "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
}

HELPERS = """\
{{/* The image: a registry and a digest; a tag only where somebody insists. */}}
{{- define "portal.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.registry }}/{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{- $tag := required "set image.digest, or image.tag" .Values.image.tag -}}
{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ $tag }}
{{- end -}}
{{- end }}

{{/* The settings: those that follow from the host, and the given ones, which win. */}}
{{- define "portal.settings" -}}
{{- $address := printf "https://%s" (required "set host" .Values.host) -}}
{{- $follow := dict "PORTAL_ISSUER" $address "PORTAL_PORTAL_URL" $address "PORTAL_FILES_URL" $address -}}
{{- $_ := set $follow "PORTAL_GRAPHQL_URL" (printf "%s/graphql" $address) -}}
{{- toYaml (mergeOverwrite $follow .Values.settings) -}}
{{- end }}

{{/* A hash of a secret as it is in the cluster now, so that an upgrade rolls the pods that read it. */}}
{{- define "portal.secretSum" -}}
{{- $secret := lookup "v1" "Secret" (index . 0).Release.Namespace (index . 1) -}}
{{- dig "data" dict ($secret | default dict) | toJson | sha256sum -}}
{{- end }}
"""

SETTINGS = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: portal-settings
  labels:
    app.kubernetes.io/part-of: client-portal
data:
  {{- range $name, $value := include "portal.settings" . | fromYaml }}
  {{ $name }}: {{ $value | quote }}
  {{- end }}
"""

_FROM_HOST = {"PORTAL_ISSUER", "PORTAL_PORTAL_URL", "PORTAL_FILES_URL", "PORTAL_GRAPHQL_URL"}
_IN_PRODUCTION = {"PORTAL_INTROSPECTION": "false", "PORTAL_GRAPHIQL": "false"}

_VALUES = """\

# Where clients open the portal, without https://.
host: portal.example.com

image:
  registry: registry.example.com
  repository: client-portal
  # sha256:… of the build that was tried; it wins over the tag.
  digest: ""
  tag: ""
  pullSecrets: []

# The certificate of the host.
tlsSecret: portal-tls

# The names of the secrets that are there already, one for each service: deploy/k8s/secrets.example.yaml says what is in
# them.
secrets:
  gateway: portal-gateway
  identity: portal-identity
  billing: portal-billing
  collaboration: portal-collaboration
  notifications: portal-notifications

# Where the neighbours are, for the network policies.
namespaces:
  stores: data
  monitoring: monitoring
  gateway: gateway-system
  ingress: ingress-nginx

# How it is reached: one of the two.
gatewayApi:
  enabled: true
  className: public
ingress:
  enabled: false
  className: nginx

# Workers by what waits for them; without KEDA by their CPU.
keda:
  enabled: false
  prometheus: http://prometheus.monitoring:9090

# ServiceMonitor, PodMonitor and PrometheusRule, for Prometheus' operator.
monitoring:
  enabled: false

# `portal migrate` before an installation and before an upgrade.
migrate:
  enabled: true

# `portal backup`, into a claim of its own.
backup:
  enabled: false
  schedule: 17 2 * * *
  storage: 100Gi
"""


def values_file(
    settings: Mapping[str, str], sizes: Mapping[str, Mapping[str, int]], resources: Mapping[str, Any]
) -> str:
    """Return `values.yaml`: what is written here, then what the base says."""
    given = {name: value for name, value in settings.items() if name not in _FROM_HOST} | _IN_PRODUCTION
    parts = (
        ("# The settings of all processes (`portal settings` says what there is).", {"settings": given}),
        ("# The fewest and the most pods.", {"replicas": dict(sizes)}),
        ("# Of each process.", {"resources": dict(resources)}),
    )
    told = [f"\n{comment}\n{yaml.safe_dump(value, sort_keys=True, width=120)}" for comment, value in parts]
    return _VALUES + "".join(told)
