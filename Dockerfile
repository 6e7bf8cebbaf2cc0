# syntax=docker/dockerfile:1
# The service in a container: two stages, so that neither pip nor the build backend reach the image that runs.
# Pin the base by digest where an image is released:
#   docker build --build-arg BASE=python:3.13-slim@sha256:… --tag dehusk .
ARG BASE=python:3.13-slim

# ---- stage one: locked packages and the project, into a virtual environment
FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
# The build backend stands beside the environment, not in it.
RUN python3 -m venv /opt/dehusk && python3 -m venv /opt/build
COPY requirements/build.txt requirements/server.txt requirements/
RUN /opt/build/bin/python -m pip install --require-hashes --no-deps -r requirements/build.txt \
 && /opt/dehusk/bin/python -m pip install --require-hashes --no-deps --only-binary :all: -r requirements/server.txt
COPY pyproject.toml README.md LICENSE ./
COPY client client
COPY server server
# Tests of packages are a fifth of the size, and nothing that runs needs pip.
RUN /opt/build/bin/python -m pip wheel --no-build-isolation --no-deps --no-index --wheel-dir /dist . \
 && /opt/dehusk/bin/python -m pip install --no-deps --no-index /dist/dehusk-*.whl \
 && /opt/dehusk/bin/python -m pip uninstall --yes pip setuptools \
 && find /opt/dehusk -depth -type d -name tests -exec rm -r {} + \
 && /opt/dehusk/bin/python -m compileall -q /opt/dehusk/lib

# ---- stage two: what runs; nothing is run to make it, so it needs no shell
FROM ${BASE}
ARG VERSION=unknown
LABEL org.opencontainers.image.title="dehusk" \
      org.opencontainers.image.description="Takes the husk off scraped pages" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/dehusk /opt/dehusk
ENV PATH=/opt/dehusk/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    DEHUSK_HOST=0.0.0.0 DEHUSK_HTTP_HOST=0.0.0.0 DEHUSK_LOG_FORMAT=json
# A fixed number, so that an orchestrator can check runAsNonRoot without a name. Nothing is ever written: the root may
# be read-only.
USER 10001:10001
EXPOSE 50051 8080
# SIGTERM drains: health turns to NOT_SERVING, running calls end, then the process does.
STOPSIGNAL SIGTERM
# Where the service speaks TLS: DEHUSK_TLS_ROOTS, DEHUSK_TLS_NAME and their like say how it is asked.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["dehusk", "health"]
# The supervisor is the first process of the container: signals arrive where they are handled, and it buries its workers.
ENTRYPOINT ["dehusk"]
CMD ["serve"]
