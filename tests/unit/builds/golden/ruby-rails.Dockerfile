# syntax=docker/dockerfile:1
# Written by Jarvis from what it found in the project.
# A Dockerfile of your own in the project is used instead of this one.

FROM ruby:3.3-bookworm AS build
WORKDIR /app
ENV BUNDLE_GLOBAL_GEM_CACHE=true
ENV BUNDLE_WITHOUT=development:test
ENV RACK_ENV=production
ENV RAILS_ENV=production
ENV RAILS_LOG_TO_STDOUT=1
# Fetched again only when these files change.
COPY Gemfile* gems.rb* gems.locked* .ruby-version* ./
RUN --mount=type=cache,sharing=locked,target=/root/.bundle/cache \
    bundle install
COPY . .
RUN --mount=type=cache,sharing=locked,target=/root/.bundle/cache \
    SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile

FROM ruby:3.3-slim-bookworm AS run
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 libvips42 \
    && rm -rf /var/lib/apt/lists/*
# The program runs as a user that is nobody on the machine.
RUN echo "app:x:10001:" >> /etc/group \
    && echo "app:x:10001:10001::/home/app:/bin/sh" >> /etc/passwd \
    && mkdir -p /home/app /app \
    && chown 10001:10001 /home/app /app
ENV BUNDLE_WITHOUT=development:test
ENV RACK_ENV=production
ENV RAILS_ENV=production
ENV RAILS_LOG_TO_STDOUT=1
ENV PORT=3000
ENV BINDING=0.0.0.0
WORKDIR /app
COPY --from=build --chown=10001:10001 /app ./
COPY --from=build --chown=10001:10001 /usr/local/bundle /usr/local/bundle
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/bin/bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/$PORT\""]
ENTRYPOINT []
CMD ["bundle", "exec", "puma", "-C", "config/puma.rb"]
