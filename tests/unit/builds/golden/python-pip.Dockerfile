# syntax=docker/dockerfile:1
# Written by Jarvis from what it found in the project.
# A Dockerfile of your own in the project is used instead of this one.

FROM python:3.12-bookworm AS build
WORKDIR /app
ENV VIRTUAL_ENV=/opt/venv
ENV PATH=/opt/venv/bin:$PATH
RUN python -m venv /opt/venv
# Fetched again only when these files change.
COPY requirements.txt requirements*.txt constraints*.txt ./
RUN --mount=type=cache,sharing=locked,target=/root/.cache/pip \
    pip install -r requirements.txt
COPY . .

FROM python:3.12-slim-bookworm AS run
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-0 \
    && rm -rf /var/lib/apt/lists/*
# The program runs as a user that is nobody on the machine.
RUN echo "app:x:10001:" >> /etc/group \
    && echo "app:x:10001:10001::/home/app:/bin/sh" >> /etc/passwd \
    && mkdir -p /home/app /app /data \
    && chown 10001:10001 /home/app /app /data
ENV PYTHONUNBUFFERED=1
ENV PATH=/opt/venv/bin:$PATH
ENV PORT=8000
ENV FLASK_RUN_HOST=0.0.0.0
ENV FLASK_RUN_PORT=8000
WORKDIR /app
COPY --from=build --chown=10001:10001 /app ./
COPY --from=build --chown=10001:10001 /opt/venv /opt/venv
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "import os, socket; socket.create_connection(('127.0.0.1', int(os.environ['PORT'])), 4)"]
ENTRYPOINT []
CMD ["gunicorn", "app:app"]
