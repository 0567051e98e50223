# syntax=docker/dockerfile:1
# Written by Jarvis from what it found in the project.
# A Dockerfile of your own in the project is used instead of this one.

FROM elixir:1.18-otp-27 AS build
WORKDIR /app
ENV MIX_ENV=prod
ENV MIX_HOME=/opt/mix
ENV HEX_HOME=/opt/hex
RUN mix local.hex --force && mix local.rebar --force
# Fetched again only when these files change.
COPY mix.exs mix.lock* ./
RUN --mount=type=cache,sharing=locked,target=/root/.cache/rebar3 \
    mix deps.get --only prod
COPY . .
RUN --mount=type=cache,sharing=locked,target=/root/.cache/rebar3 \
    mix compile

FROM elixir:1.18-otp-27-slim AS run
# The program runs as a user that is nobody on the machine.
RUN echo "app:x:10001:" >> /etc/group \
    && echo "app:x:10001:10001::/home/app:/bin/sh" >> /etc/passwd \
    && mkdir -p /home/app /app \
    && chown 10001:10001 /home/app /app
ENV LANG=C.UTF-8
ENV MIX_ENV=prod
ENV MIX_HOME=/opt/mix
ENV HEX_HOME=/opt/hex
ENV PORT=8080
ENV PHX_SERVER=true
WORKDIR /app
COPY --from=build --chown=10001:10001 /app ./
COPY --from=build --chown=10001:10001 /opt/mix /opt/mix
COPY --from=build --chown=10001:10001 /opt/hex /opt/hex
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/bin/bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/$PORT\""]
ENTRYPOINT []
CMD ["mix", "phx.server"]
