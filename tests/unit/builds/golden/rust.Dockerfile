# syntax=docker/dockerfile:1
# Written by Jarvis from what it found in the project.
# A Dockerfile of your own in the project is used instead of this one.

FROM rust:1.98-bookworm AS build
WORKDIR /app
ENV PATH=/app/target/release:$PATH
COPY . .
RUN --mount=type=cache,sharing=locked,target=/usr/local/cargo/registry \
    --mount=type=cache,sharing=locked,target=/usr/local/cargo/git \
    --mount=type=cache,sharing=locked,target=/app/target \
    cargo build --release --locked && mkdir -p /out/target/release && find target/release -maxdepth 1 -type f -perm -100 -exec cp {} /out/target/release/ ';'

FROM debian:bookworm-slim AS run
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libssl3 libmariadb3 \
    && rm -rf /var/lib/apt/lists/*
# The program runs as a user that is nobody on the machine.
RUN echo "app:x:10001:" >> /etc/group \
    && echo "app:x:10001:10001::/home/app:/bin/sh" >> /etc/passwd \
    && mkdir -p /home/app /app \
    && chown 10001:10001 /home/app /app
ENV PATH=/app/target/release:$PATH
ENV PORT=8080
ENV ROCKET_ADDRESS=0.0.0.0
ENV ROCKET_PORT=8080
WORKDIR /app
COPY --from=build --chown=10001:10001 /app ./
COPY --from=build --chown=10001:10001 /out ./
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/bin/bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/$PORT\""]
ENTRYPOINT []
CMD ["./target/release/shop"]
