# syntax=docker/dockerfile:1
# Written by Jarvis from what it found in the project.
# A Dockerfile of your own in the project is used instead of this one.

FROM node:24-bookworm AS build
WORKDIR /app
ENV PATH=/app/node_modules/.bin:$PATH
# Fetched again only when these files change.
COPY package.json package-lock.json* npm-shrinkwrap.json* .npmrc* ./
RUN --mount=type=cache,sharing=locked,target=/root/.npm \
    npm ci
COPY . .
RUN --mount=type=cache,sharing=locked,target=/root/.npm \
    --mount=type=secret,id=DATABASE_URL,env=DATABASE_URL \
    npm run build

FROM node:24-bookworm-slim AS run
# The program runs as a user that is nobody on the machine.
RUN echo "app:x:10001:" >> /etc/group \
    && echo "app:x:10001:10001::/home/app:/bin/sh" >> /etc/passwd \
    && mkdir -p /home/app /app \
    && chown 10001:10001 /home/app /app
ENV NODE_ENV=production
ENV PATH=/app/node_modules/.bin:$PATH
ENV PORT=3000
WORKDIR /app
COPY --from=build --chown=10001:10001 /app ./
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "-e", "require('http').get({port: process.env.PORT, path: process.argv[1], timeout: 4000}, r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))", "/healthz"]
ENTRYPOINT []
CMD ["npm", "run", "start"]
