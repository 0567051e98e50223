# syntax=docker/dockerfile:1
# Written by Jarvis from what it found in the project.
# A Dockerfile of your own in the project is used instead of this one.

FROM node:24-bookworm AS build
WORKDIR /app
ENV COREPACK_HOME=/opt/corepack
ENV COREPACK_ENABLE_DOWNLOAD_PROMPT=0
ENV PATH=/app/node_modules/.bin:$PATH
RUN corepack enable
# Fetched again only when these files change.
COPY package.json pnpm-lock.yaml* pnpm-workspace.yaml* .npmrc* ./
RUN --mount=type=cache,sharing=locked,target=/root/.local/share/pnpm/store \
    pnpm install --frozen-lockfile
COPY . .
RUN --mount=type=cache,sharing=locked,target=/root/.local/share/pnpm/store \
    pnpm run build

FROM node:24-bookworm-slim AS run
RUN corepack enable
# The program runs as a user that is nobody on the machine.
RUN echo "app:x:10001:" >> /etc/group \
    && echo "app:x:10001:10001::/home/app:/bin/sh" >> /etc/passwd \
    && mkdir -p /home/app /app \
    && chown 10001:10001 /home/app /app
ENV NODE_ENV=production
ENV COREPACK_HOME=/opt/corepack
ENV COREPACK_ENABLE_DOWNLOAD_PROMPT=0
ENV PATH=/app/node_modules/.bin:$PATH
ENV PORT=8080
WORKDIR /app
COPY --from=build --chown=10001:10001 /app ./
COPY --from=build --chown=10001:10001 /opt/corepack /opt/corepack
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "-e", "require('net').connect(process.env.PORT, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))"]
ENTRYPOINT []
CMD ["pnpm", "run", "start"]
