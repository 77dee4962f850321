# The image runs the server against a PostGIS database of its own choosing (DATABASE_URL); it holds no database.
# The steps are those of ./dev (hashed lock, npm ci, static files); docs/how-to/run.md says how to use it.

# --- What both building and serving need ----------------------------------------
FROM debian:12-slim AS base
ENV LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DEBIAN_FRONTEND=noninteractive
# GeoDjango loads GDAL, GEOS and PROJ from Debian: the same versions as on a Debian 12 server; WeasyPrint loads Pango.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libgdal32 libgeos-c1v5 \
        libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 python3 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app

# --- Packages, front-end files, static files ------------------------------------
FROM base AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gettext python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.lock .dev.d/node.lock ./
RUN python3 -m venv /app/.venv \
    && /app/.venv/bin/python -m pip install --no-cache-dir --require-hashes --no-deps --only-binary=:all: -r requirements.lock
RUN python3 -m venv /opt/node \
    && /opt/node/bin/python -m pip install --no-cache-dir --require-hashes --no-deps --only-binary=:all: -r node.lock
COPY layers/web/package.json layers/web/package-lock.json layers/web/
RUN PATH=/opt/node/bin:$PATH npm --prefix layers/web ci --ignore-scripts --no-audit --no-fund --omit=dev
COPY geo_accmr geo_accmr
COPY layers layers
COPY fixtures fixtures
COPY manage.py pyproject.toml ./
# Nothing is asked of a database here; the settings only want to see that there is one.
RUN export DATABASE_URL=postgres://build@localhost/build SECRET_KEY=only-while-the-image-is-built-never-served STATIC_ROOT=/app/static \
    && if ls layers/web/locale/*/LC_MESSAGES/*.po >/dev/null 2>&1; then (cd layers/web && /app/.venv/bin/python ../../manage.py compilemessages); fi \
    && /app/.venv/bin/python manage.py collectstatic --no-input \
    && /app/.venv/bin/python -m pip uninstall -y setuptools pip

# --- What is served -------------------------------------------------------------
FROM base AS serve
RUN useradd --no-create-home --uid 10001 geoaccmr
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH STATIC_ROOT=/app/static PORT=8000 WEB_CONCURRENCY=2
USER geoaccmr
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
# Long analyses and the night's are answered by a second container of this image, with the same settings:
#   docker run --no-healthcheck … IMAGE python manage.py work
# No access log: the query of a nearest request is the place of the person who asks.
CMD ["sh", "-c", "exec python -m gunicorn geo_accmr.wsgi:application --bind 0.0.0.0:$PORT --workers $WEB_CONCURRENCY --worker-class geo_accmr.worker.Worker --threads 4 --timeout 60 --graceful-timeout 5 --worker-tmp-dir /dev/shm --no-control-socket --limit-request-line 8190 --log-level error"]
