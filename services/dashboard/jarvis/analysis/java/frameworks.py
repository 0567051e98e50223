"""The web frameworks of the Java machine, by what a build names."""

from dataclasses import dataclass

from jarvis.analysis.java.module import Module

WEB_PARTS = (
    "web", "rest", "graphql", "gateway", "config-server", "eureka-server", "jersey", "actuator",
    "rsocket", "thymeleaf", "freemarker", "mustache", "vaadin", "hilla", "tomcat", "undertow", "jetty",
    "admin-starter-server", "grpc", "authorization-server", "hateoas", "dgs", "mcp-server",
)  # fmt: skip
"""Parts of names of artifacts that make a Spring application answer requests."""
QUEUES = ("kafka", "amqp", "rabbit", "pulsar", "activemq", "artemis", "quartz", "batch", "integration")
"""Parts of names of artifacts that make it work in the background."""


@dataclass(frozen=True, slots=True)
class Framework:
    """One row.

    Attributes:
        name: As verdicts call it.
        artifacts: Beginnings of `group:name`; one of them is enough.
        plugins: Build plugins that speak for it as well.
        kind: What a program with it is.
        port: It listens there by itself; None when the program's own code says.
        flag: Argument of the Java machine that sets the port, with `{}` in its place.
        health: Artifact that brings a route, and the route.
        packed: The server is within; False for what a servlet container must carry.
    """

    name: str
    artifacts: tuple[str, ...]
    plugins: tuple[str, ...] = ()
    kind: str = "web"
    port: int | None = 8080
    flag: str = ""
    health: tuple[str, str] = ("", "")
    packed: bool = True


FRAMEWORKS: tuple[Framework, ...] = (
    Framework(
        "functions-framework",
        ("com.google.cloud.functions:functions-framework-api", "dev.openfunction.functions:"),
        ("com.google.cloud.functions:function-maven-plugin",),
        kind="function",
    ),
    Framework(
        "azure-functions",
        ("com.microsoft.azure.functions:",),
        ("com.microsoft.azure:azure-functions-maven-plugin", "com.microsoft.azure.azurefunctions"),
        kind="function",
        port=None,
    ),
    Framework(
        "quarkus",
        ("io.quarkus:", "io.quarkus.platform:", "io.quarkiverse."),
        ("io.quarkus", "quarkus-maven-plugin"),
        flag="-Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port={}",
        health=("quarkus-smallrye-health", "/q/health"),
    ),
    Framework(
        "micronaut",
        ("io.micronaut:", "io.micronaut."),
        ("io.micronaut.application", "io.micronaut.minimal.application",
        "io.micronaut.maven:micronaut-maven-plugin",
         "io.micronaut.build:micronaut-maven-plugin", "io.micronaut:micronaut-parent",
         "io.micronaut.platform:micronaut-parent"),
        flag="-Dmicronaut.server.port={}",
        health=("micronaut-management", "/health"),
    ),
    Framework(
        "grails", ("org.grails:grails-core", "org.apache.grails:"), ("org.grails.grails-web",
        "org.grails:grails-web"),
        flag="-Dserver.port={}",
    ),
    Framework(
        "spring-boot",
        ("org.springframework.boot:",),
        ("org.springframework.boot", "spring-boot", "spring-boot-maven-plugin",
         "org.springframework.boot:spring-boot-starter-parent"),
        flag="-Dserver.port={}",
        health=("spring-boot-starter-actuator", "/actuator/health"),
    ),
    Framework(
        "helidon", ("io.helidon.", "io.helidon:"), ("io.helidon.build-tools:helidon-maven-plugin",),
        flag="-Dserver.port={}", health=("helidon-health", "/health"),
    ),
    Framework("dropwizard", ("io.dropwizard:dropwizard-core", "io.dropwizard:dropwizard-bom"),
              flag="-Ddw.server.applicationConnectors[0].port={}"),
    Framework("play", ("com.typesafe.play:play", "org.playframework:play"),
              ("play", "play-application", "org.gradle.playframework",
              "com.google.code.play2-maven-plugin:play2-maven-plugin"),
              port=9000, flag="-Dhttp.port={}"),
    Framework("ktor", ("io.ktor:ktor-server",), ("io.ktor.plugin",)),
    Framework("javalin", ("io.javalin:javalin",)),
    Framework("http4k", ("org.http4k:http4k-server", "org.http4k:http4k-core"), port=8000),
    Framework("jooby", ("io.jooby:jooby", "org.jooby:jooby"), ("io.jooby.run", "jooby-maven-plugin"),
              flag="-Dserver.port={}"),
    Framework("ratpack", ("io.ratpack:ratpack-core", "io.ratpack:ratpack-groovy"),
    ("io.ratpack.ratpack-java", "io.ratpack.ratpack-groovy"),
              port=5050, flag="-Dratpack.server.port={}"),
    Framework("spark", ("com.sparkjava:spark-core", "com.sparkjava:spark-kotlin"), port=4567),
    Framework("armeria", ("com.linecorp.armeria:armeria",)),
    Framework("vertx", ("io.vertx:vertx-",), ("io.vertx.vertx-plugin", "io.reactiverse:vertx-maven-plugin"),
              flag="-Dhttp.port={}"),
    Framework("akka", ("com.typesafe.akka:akka-http", "com.typesafe.akka:akka-actor", "com.lightbend.akka:")),
    Framework("pekko", ("org.apache.pekko:pekko-http", "org.apache.pekko:pekko-actor")),
    Framework("vaadin", ("com.vaadin:vaadin",), ("com.vaadin:vaadin-maven-plugin", "com.vaadin"),
    packed=False),
    Framework("struts", ("org.apache.struts:struts2-core", "org.apache.struts:struts-core"), packed=False),
    Framework("jersey", ("org.glassfish.jersey.containers:jersey-container-grizzly2",
                         "org.glassfish.jersey.containers:jersey-container-jdk",
                         "org.glassfish.jersey.containers:jersey-container-netty",
                         "org.glassfish.jersey.containers:jersey-container-jetty")),
    Framework("blade", ("com.hellokaton:blade-core", "com.bladejava:blade-")),
    Framework("grpc", ("io.grpc:grpc-netty", "io.grpc:grpc-services", "io.grpc:grpc-server",
    "io.grpc:grpc-stub",
                       "io.grpc:grpc-protobuf", "io.grpc:grpc-kotlin-stub"), port=50051),
    Framework(
        "servlet",
        ("javax.servlet:", "jakarta.servlet:", "org.eclipse.jetty:jetty-server",
        "org.eclipse.jetty:jetty-servlet",
         "org.eclipse.jetty:jetty-webapp", "org.eclipse.jetty.ee", "org.apache.tomcat.embed:",
         "jakarta.platform:",
         "javax:javaee", "javax.ws.rs:", "jakarta.ws.rs:", "org.eclipse.microprofile:",
         "org.springframework:spring-webmvc",
         "javax.faces:", "jakarta.faces:", "org.eclipse.jetty.aggregate:", "org.mortbay.jetty:"),
        ("war", "org.gretty", "org.akhikhl.gretty", "org.eclipse.jetty:jetty-maven-plugin",
        "jetty-maven-plugin",
         "tomcat7-maven-plugin", "liberty-maven-plugin", "wildfly-maven-plugin", "maven-war-plugin"),
        packed=False,
    ),
)  # fmt: skip
"""Whole frameworks before what they are built upon; the first that fits is meant."""


def framework(module: Module) -> tuple[Framework, str, int | None, str] | None:
    """The framework of a module, and where its build says so: file, line, and in words."""
    for row in FRAMEWORKS:
        if item := module.artifact(*row.artifacts):
            return row, item.file, item.line, f"depends on {item.full}"
        if plugin := module.plugin(*row.plugins):
            return row, module.file, plugin[1], f"built with {plugin[0]}"
    if module.packaging in ("war", "ear"):
        return FRAMEWORKS[-1], module.file, None, "packed as a web archive"
    return None


def answers(module: Module, row: Framework) -> str:
    """What a program with that framework is: `web`, or `worker` or `script` when no part of it listens."""
    names = [item.name for item in module.artifacts if item.scope in ("main", "provided")]
    if row.name == "spring-boot":
        if any("spring-cloud-function-adapter" in name for name in names):
            return "function"
        if any(part in name for part in WEB_PARTS for name in names) or module.packaging == "war":
            return "web"
        return "worker" if any(part in name for part in QUEUES for name in names) else "script"
    if row.name == "quarkus":
        lone = any("picocli" in name for name in names)
        served = any(
            part in name
            for part in (
                "rest",
                "http",
                "undertow",
                "routes",
                "grpc",
                "websockets",
                "qute",
                "graphql",
                "vertx",
            )
            for name in names
        )
        if any(name.startswith(("quarkus-amazon-lambda", "quarkus-azure-functions")) for name in names):
            return "function"
        return "script" if lone and not served else "web"
    if row.name == "micronaut":
        served = any("http-server" in name for name in names) or "runtime(" in module.text
        if any("function-aws" in name for name in names) and not served:
            return "function"
        return "script" if any("picocli" in name for name in names) and not served else "web"
    if row.name in ("akka", "pekko") and not any("-http" in name for name in names):
        return "script"  # actors alone answer nobody
    return row.kind
