# syntax=docker/dockerfile:1
# Written by Jarvis from what it found in the project.
# A Dockerfile of your own in the project is used instead of this one.

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
    'file_server' \
    'handle_errors 404 {' \
    'rewrite * /404.html' \
    'file_server' \
    '}' \
    '}' \
    > /etc/caddy/Caddyfile
ENV PORT=8080
ENV XDG_CONFIG_HOME=/tmp
ENV XDG_DATA_HOME=/tmp
COPY . /srv/
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/bin/sh", "-c", "nc -z 127.0.0.1 \"$PORT\""]
ENTRYPOINT []
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
