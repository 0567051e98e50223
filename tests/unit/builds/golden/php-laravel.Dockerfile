# syntax=docker/dockerfile:1
# Written by Jarvis from what it found in the project.
# A Dockerfile of your own in the project is used instead of this one.

FROM composer:2.10 AS composer

FROM node:24-bookworm-slim AS node

FROM dunglas/frankenphp:1-php8.4-bookworm AS base
RUN install-php-extensions bcmath exif gd intl mysqli opcache pcntl pdo_mysql zip
RUN cp /usr/local/bin/frankenphp /tmp/frankenphp && mv /tmp/frankenphp /usr/local/bin/frankenphp

FROM base AS build
WORKDIR /app
RUN apt-get update \
    && apt-get install -y --no-install-recommends git unzip \
    && rm -rf /var/lib/apt/lists/*
COPY --from=composer /usr/bin/composer /usr/local/bin/composer
COPY --from=node /usr/local/bin/ /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules/ /usr/local/lib/node_modules/
ENV COMPOSER_ALLOW_SUPERUSER=1
ENV COMPOSER_CACHE_DIR=/root/.composer/cache
# Fetched again only when these files change.
COPY composer.json composer.lock* ./
RUN --mount=type=cache,sharing=locked,target=/root/.composer/cache \
    composer install --no-dev --optimize-autoloader --no-scripts --no-autoloader
COPY . .
RUN --mount=type=cache,sharing=locked,target=/root/.composer/cache \
    composer install --no-dev --optimize-autoloader
RUN --mount=type=cache,sharing=locked,target=/root/.composer/cache \
    npm ci && npm run build

FROM base AS run
# The program runs as a user that is nobody on the machine.
RUN echo "app:x:10001:" >> /etc/group \
    && echo "app:x:10001:10001::/home/app:/bin/sh" >> /etc/passwd \
    && mkdir -p /home/app /app \
    && chown 10001:10001 /home/app /app
RUN mkdir -p /etc/frankenphp && printf '%s\n' \
    '{' \
    'admin off' \
    'auto_https off' \
    'persist_config off' \
    '}' \
    ':{$PORT:8080} {' \
    'root * {$DOCUMENT_ROOT}' \
    '@hidden {' \
    'path */.*' \
    'not path_regexp ^/\.well-known(/[^/.][^/]*)*/?$' \
    '}' \
    'respond @hidden 404' \
    'encode zstd gzip' \
    'php_server' \
    '}' \
    > /etc/frankenphp/Caddyfile
ENV DOCUMENT_ROOT=/app/public
ENV XDG_CONFIG_HOME=/tmp
ENV XDG_DATA_HOME=/tmp
ENV PORT=8080
WORKDIR /app
COPY --from=build --chown=10001:10001 /app ./
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/bin/bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/$PORT\""]
ENTRYPOINT []
CMD ["frankenphp", "run", "--config", "/etc/frankenphp/Caddyfile", "--adapter", "caddyfile"]
