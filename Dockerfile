# One image for all of Gridward's services; the command says which. See docker-compose.yml.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /app
COPY pyproject.toml requirements.lock deploy/runtime_lock.py ./
RUN python runtime_lock.py >runtime.lock \
    && python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r runtime.lock \
    && rm runtime_lock.py runtime.lock
COPY README.md LICENSE gridward.py ./
COPY dashboard dashboard
COPY db db
COPY ingest ingest
COPY simulators simulators
COPY up up
COPY words words
RUN /venv/bin/pip install --no-cache-dir --no-index --no-deps --no-build-isolation --editable . \
    && /venv/bin/python -m compileall -q .

FROM python:3.11.14-slim-bookworm
# Volumes take over who owns these directories when they are first used.
RUN groupadd --system --gid 10001 gridward \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /tmp gridward \
    && install -d -o gridward -m 0700 /data /worlds /data/authority \
    && install -d -o gridward -g gridward -m 0750 /data/broker
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
USER 10001
CMD ["gridward", "--help"]
