# syntax=docker/dockerfile:1
# Written by Jarvis from what it found in the project.
# A Dockerfile of your own in the project is used instead of this one.

FROM eclipse-temurin:21-jdk-noble AS build
WORKDIR /app
COPY . .
RUN --mount=type=cache,sharing=locked,target=/root/.m2 \
    chmod +x mvnw && ./mvnw -DskipTests package

FROM eclipse-temurin:21-jre-noble AS run
# The program runs as a user that is nobody on the machine.
RUN echo "app:x:10001:" >> /etc/group \
    && echo "app:x:10001:10001::/home/app:/bin/sh" >> /etc/passwd \
    && mkdir -p /home/app /app \
    && chown 10001:10001 /home/app /app
ENV PORT=8080
WORKDIR /app
COPY --from=build --chown=10001:10001 /app ./
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["/bin/bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/$PORT\""]
ENTRYPOINT []
CMD ["/bin/sh", "-c", "exec java -Dserver.port=$PORT -jar target/*.jar"]
