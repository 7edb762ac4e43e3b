# syntax=docker/dockerfile:1
# The image of production: the same lock and the same front-end build as ./lift, without the embedded servers
# and the developers' tools. One image serves as web, worker, beat and migration (see docker-compose.yml).

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 UV_LINK_MODE=copy PYTHONDONTWRITEBYTECODE=1
RUN python3 -m pip install --quiet uv
WORKDIR /src

# The whole lock first: it brings the Node that bundles the pages, and changes seldom.
COPY requirements.lock pyproject.toml README.md ./
RUN --mount=type=cache,target=/root/.cache/uv \
    uv venv --quiet .lift/venv \
    && VIRTUAL_ENV=.lift/venv uv pip sync --quiet --require-hashes requirements.lock
# The image's own lock: the same versions and hashes, less the groups embedded and dev.
RUN --mount=type=cache,target=/root/.cache/uv \
    cp requirements.lock image.lock \
    && uv pip compile --quiet --generate-hashes --no-header --no-annotate \
        --group models --output-file image.lock pyproject.toml \
    && uv venv --quiet /opt/lift \
    && VIRTUAL_ENV=/opt/lift uv pip sync --quiet --require-hashes image.lock

COPY package.json package-lock.json ./
COPY platform platform
COPY billing billing
COPY workers workers
COPY migrations migrations
RUN --mount=type=cache,target=/root/.cache/uv --mount=type=cache,target=/root/.npm \
    VIRTUAL_ENV=.lift/venv uv pip install --quiet --no-deps --editable . \
    && .lift/venv/bin/python -m lift.web.build \
    && uv build --quiet --wheel --out-dir /src/dist \
    && VIRTUAL_ENV=/opt/lift uv pip install --quiet --no-deps --compile-bytecode /src/dist/*.whl

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --home-dir /var/lib/lift lift \
    && install --directory --owner=lift --group=lift --mode=0700 /var/lib/lift
COPY --from=build /opt/lift /opt/lift
ENV PATH=/opt/lift/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HF_HUB_OFFLINE=1 \
    MALLOC_ARENA_MAX=2 \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1 \
    LIFT_ENVIRONMENT=production \
    LIFT_HOME=/var/lib/lift
USER lift
WORKDIR /var/lib/lift
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["lift", "serve", "--host", "0.0.0.0", "--port", "8000"]
