#!/usr/bin/env bash
# Guess: the traceparent of a sampled root span made by the Python SDK ends in "-01", as in every example of the specification.
# So: it ends in "-03": the SDK sets the random flag of Trace Context level 2, and a child of a remote "-01" parent keeps "-01".
# Source: opentelemetry-sdk 1.45.2 (PyPI), W3C Trace Context level 2, section "random trace id flag".
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet opentelemetry-sdk==1.45.2
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

propagator, tracer = TraceContextTextMapPropagator(), TracerProvider().get_tracer("finding")


def flags(parent=None):
    carrier = {}
    context = propagator.extract({"traceparent": parent}) if parent else None
    with tracer.start_as_current_span("work", context) as span:
        propagator.inject(carrier, set_span_in_context(span))
    return carrier["traceparent"][-2:]


seen = flags(), flags("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
print("opentelemetry-sdk", version("opentelemetry-sdk"), "root:", seen[0], "child of a remote 01:", seen[1])
raise SystemExit(seen != ("03", "01"))
PY
