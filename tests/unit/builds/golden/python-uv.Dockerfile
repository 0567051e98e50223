# syntax=docker/dockerfile:1
# Written by Jarvis from what it found in the project.
# A Dockerfile of your own in the project is used instead of this one.

FROM ghcr.io/astral-sh/uv:0.12.10 AS uv

FROM python:3.13-bookworm AS build
WORKDIR /app
COPY --from=uv /uv /usr/local/bin/uv
ENV VIRTUAL_ENV=/opt/venv
ENV UV_LINK_MODE=copy
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
ENV UV_PYTHON_DOWNLOADS=never
ENV PATH=/opt/venv/bin:$PATH
RUN uv venv /opt/venv
# Fetched again only when these files change.
COPY pyproject.toml* uv.lock* .python-version* ./
RUN --mount=type=cache,sharing=locked,target=/root/.cache/uv \
    uv sync --locked --no-install-project
COPY . .
RUN --mount=type=cache,sharing=locked,target=/root/.cache/uv \
    uv sync --locked
RUN --mount=type=cache,sharing=locked,target=/root/.cache/uv \
    --mount=type=secret,id=SECRET_KEY,env=SECRET_KEY \
    python manage.py collectstatic --noinput

FROM python:3.13-slim-bookworm AS run
# The program runs as a user that is nobody on the machine.
RUN echo "app:x:10001:" >> /etc/group \
    && echo "app:x:10001:10001::/home/app:/bin/sh" >> /etc/passwd \
    && mkdir -p /home/app /app \
    && chown 10001:10001 /home/app /app
ENV PYTHONUNBUFFERED=1
ENV PATH=/opt/venv/bin:$PATH
ENV PORT=8080
WORKDIR /app
COPY --from=build --chown=10001:10001 /app ./
COPY --from=build --chown=10001:10001 /opt/venv /opt/venv
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "import os, socket; socket.create_connection(('127.0.0.1', int(os.environ['PORT'])), 4)"]
ENTRYPOINT []
CMD ["gunicorn", "shop.wsgi"]
