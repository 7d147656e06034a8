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
