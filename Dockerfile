# One image for every process: `docker run client-portal serve billing web`.
# For a build that can be repeated, name the base by its digest; docs/operations.md has platforms and signing as well:
#   docker buildx build --build-arg PYTHON=python:3.13-slim-bookworm@sha256:… .

ARG PYTHON=python:3.13-slim-bookworm
FROM ${PYTHON} AS build
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_PREVIEW_FEATURES=sbom-export
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.9
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --extra compression --no-install-project
COPY README.md ./
COPY chassis chassis
COPY services services
COPY gateway gateway
COPY payment_sandbox payment_sandbox
COPY portal_cli portal_cli
RUN uv sync --locked --no-dev --extra compression --no-editable \
    && uv export --locked --no-dev --extra compression --no-emit-project --format cyclonedx1.5 --output-file sbom.cdx.json

FROM ${PYTHON}
LABEL org.opencontainers.image.title=client-portal
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin portal \
    && install --directory --owner=portal --group=portal /data
COPY --from=build /app/.venv /app/.venv
COPY --from=build /app/sbom.cdx.json /app/sbom.cdx.json
COPY portal_ui/dist /app/portal_ui/dist
COPY portal_ui/persisted-documents.json /app/portal_ui/persisted-documents.json
ENV PATH=/app/.venv/bin:$PATH PYTHONTZPATH= PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_INTERFACE_FOLDER=/app/portal_ui/dist PORTAL_INTERFACE_PERSISTED=true \
    PORTAL_PERSISTED_DOCUMENTS=/app/portal_ui/persisted-documents.json
USER 10001:10001
WORKDIR /app
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
ENTRYPOINT ["portal"]
CMD ["--help"]
