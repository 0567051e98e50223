# syntax=docker/dockerfile:1
# Written by Jarvis from what it found in the project.
# A Dockerfile of your own in the project is used instead of this one.

FROM node:24-bookworm AS build
WORKDIR /app
ENV PATH=/app/node_modules/.bin:$PATH
# Fetched again only when these files change.
COPY package.json package-lock.json* npm-shrinkwrap.json* .npmrc* ./
RUN --mount=type=cache,sharing=locked,target=/root/.npm \
    --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN \
    npm ci
COPY . .
ARG VITE_API_URL
RUN --mount=type=cache,sharing=locked,target=/root/.npm \
    --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN \
    --mount=type=secret,id=VITE_SECRET_TOKEN,env=VITE_SECRET_TOKEN \
    npm run build

FROM caddy:2.11-alpine AS run
# A copy has lost the right to low ports, with which it could not start without privileges.
RUN cp /usr/bin/caddy /tmp/caddy && mv /tmp/caddy /usr/bin/caddy
RUN mkdir -p /etc/caddy && printf '%s\n' \
    '{' \
    'admin off' \
    'auto_https off' \
    'persist_config off' \
    '}' \
    ':{$PORT:8080} {' \
    'root * /srv' \
    '@hidden {' \
    'path */.*' \
    'not path_regexp ^/\.well-known(/[^/.][^/]*)*/?$' \
    '}' \
    'respond @hidden 404' \
    'encode zstd gzip' \
    'try_files {path} {path}/index.html /index.html' \
    'file_server' \
    '}' \
    > /etc/caddy/Caddyfile
ENV PORT=8080
ENV XDG_CONFIG_HOME=/tmp
ENV XDG_DATA_HOME=/tmp
COPY --from=build /app/dist/ /srv/
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/bin/sh", "-c", "nc -z 127.0.0.1 \"$PORT\""]
ENTRYPOINT []
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
