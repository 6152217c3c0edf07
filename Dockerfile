# The bot as an image: everything from the hash-checked lock, on the Python and Debian that CI tests run on.
FROM python:3.11-slim-bookworm AS build
RUN python -m venv /opt/skolebud
WORKDIR /src
COPY requirements.lock ./
RUN /opt/skolebud/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY docs/example docs/example
COPY bot bot
COPY handlers handlers
COPY locales locales
COPY storage storage
RUN /opt/skolebud/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
ENV PATH=/opt/skolebud/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --home-dir /data --create-home skolebud
COPY --from=build /opt/skolebud /opt/skolebud
USER skolebud
# A SQLite file, when that is the database, belongs on a volume here: SKOLEBUD_DATABASE=sqlite:////data/skolebud.db
WORKDIR /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('SKOLEBUD_LISTEN_PORT', '8080') + '/healthz', timeout=5)"]
ENTRYPOINT ["skolebud"]
CMD ["run"]
