"""Java and Kotlin: builds, sources alone, and what was built already."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import java
from java_builds import BOOT, MAIN, SHADE, SOURCE, gradle, pom

Look = Callable[[dict[str, str]], Candidate]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(java.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"pom.xml": BOOT, SOURCE: MAIN})
    assert (found.kind, found.language, found.framework) == ("web", "java", "spring-boot")
    assert (found.confidence, found.package_manager, found.language_version) == (0.97, "maven", "21")
    assert found.build_command == "mvn -B -DskipTests package"
    assert found.start_command == "java -Dserver.port=${PORT:-8080} -jar target/shop-1.2.jar"
    assert (found.port, found.health_path) == (8080, "/actuator/health")
    assert engines(found) == {"postgres": "required"}
    assert "org.postgresql:postgresql" in found.dependencies


@pytest.mark.parametrize(
    ("artifact", "framework", "kind"),
    [
        ("io.quarkus:quarkus-rest", "quarkus", "web"),
        ("io.micronaut:micronaut-http-server-netty", "micronaut", "web"),
        ("io.helidon.webserver:helidon-webserver", "helidon", "web"),
        ("io.dropwizard:dropwizard-core", "dropwizard", "web"),
        ("io.javalin:javalin", "javalin", "web"),
        ("com.sparkjava:spark-core", "spark", "web"),
        ("io.vertx:vertx-web", "vertx", "web"),
        ("io.ktor:ktor-server-netty-jvm", "ktor", "web"),
        ("org.http4k:http4k-server-jetty", "http4k", "web"),
        ("com.typesafe.akka:akka-http_2.13", "akka", "web"),
        ("org.apache.pekko:pekko-http_2.13", "pekko", "web"),
        ("com.typesafe.play:play-java_2.13", "play", "web"),
        ("com.google.cloud.functions:functions-framework-api:provided", "functions-framework", "function"),
        ("com.microsoft.azure.functions:azure-functions-java-library", "azure-functions", "function"),
        ("com.typesafe.akka:akka-actor-typed_2.13", "akka", "script"),
        ("org.eclipse.jetty:jetty-server", "servlet", "web"),
        ("org.slf4j:slf4j-api", "none", "script"),
    ],
)
def test_each_framework_is_known_by_its_artifact(look: Look, artifact: str, framework: str, kind: str):
    found = look({"pom.xml": pom(artifact), SOURCE: MAIN})
    assert (found.framework, found.kind) == (framework, kind)
    assert found.start_command or kind == "function"


@pytest.mark.parametrize(
    ("body", "framework"),
    [("ServerBuilder.forPort(50051);", "grpc"), ("ManagedChannelBuilder.forTarget(x);", "none")],
)
def test_only_the_side_of_grpc_that_serves_is_web(look: Look, body: str, framework: str):
    found = look({"pom.xml": pom("io.grpc:grpc-netty-shaded"), SOURCE: MAIN.replace("{}", f"{{ {body} }}")})
    assert (found.framework, found.kind) == (framework, "script" if framework == "none" else "web")


def test_a_filter_for_others_servers_is_a_library(look: Look):
    source = "package shop;\npublic class Log implements Filter {}\n"
    found = look(
        {
            "pom.xml": pom("jakarta.servlet:jakarta.servlet-api:provided"),
            "src/main/java/shop/Log.java": source,
        }
    )
    assert (found.framework, found.kind) == ("none", "library")


def test_a_framework_in_tests_only_is_none(look: Look):
    found = look({"pom.xml": pom("io.javalin:javalin:test"), SOURCE: MAIN})
    assert (found.framework, found.kind) == ("none", "script")


@pytest.mark.parametrize(
    ("artifact", "kind"),
    [
        ("spring-boot-starter-webflux", "web"),
        ("spring-boot-starter-amqp", "worker"),
        ("spring-boot-starter", "script"),
    ],
)
def test_spring_boot_answers_only_with_a_part_that_does(look: Look, artifact: str, kind: str):
    found = look({"pom.xml": pom(f"org.springframework.boot:{artifact}"), SOURCE: MAIN})
    assert (found.framework, found.kind) == ("spring-boot", kind)


def test_a_controller_makes_it_web(look: Look):
    source = MAIN.replace("public class", "@RestController\npublic class")
    assert (
        look({"pom.xml": pom("org.springframework.boot:spring-boot-starter"), SOURCE: source}).kind == "web"
    )


@pytest.mark.parametrize(
    ("plugins", "start"),
    [
        ("", "java -cp target/classes:target/dependency/* shop.Main"),
        (SHADE, "java -jar target/shop-1.2.jar"),
        (
            (
                "<plugin><artifactId>maven-assembly-plugin</artifactId><configuration><descriptorRefs>"
                "<descriptorRef>jar-with-dependencies</descriptorRef></descriptorRefs></configuration></plugin>"
            ),
            "java -jar target/shop-1.2-jar-with-dependencies.jar",
        ),
        (
            (
                "<plugin><artifactId>maven-shade-plugin</artifactId><configuration><outputFile>"
                "${project.build.directory}/${project.artifactId}-fat.jar</outputFile></configuration></plugin>"
            ),
            "java -jar target/shop-fat.jar",
        ),
        (
            (
                "<plugin><artifactId>appassembler-maven-plugin</artifactId>"
                "<configuration><assembleDirectory>target"
                "</assembleDirectory><programs><program><mainClass>"
                "shop.Main</mainClass><name>web</name></program>"
                "</programs></configuration></plugin>"
            ),
            "target/bin/web",
        ),
    ],
)
def test_what_the_plugins_of_maven_pack_is_started(look: Look, plugins: str, start: str):
    assert look({"pom.xml": pom(plugins=plugins), SOURCE: MAIN}).start_command == start


def test_names_come_from_properties_and_from_the_parent(look: Look):
    parent = (
        "<project><artifactId>all</artifactId><version>${revision}</version><packaging>pom</packaging>"
        "<properties><revision>7.1</revision></properties><modules><module>web</module></modules></project>"
    )
    web = (
        "<project><parent><artifactId>all</artifactId><version>"
        "${revision}</version></parent><artifactId>web</artifactId>"
        "<dependencies><dependency><groupId>io.javalin</groupId><artifactId>javalin</artifactId></dependency>"
        f"</dependencies><build><plugins>{SHADE}</plugins></build></project>"
    )
    found = look({"pom.xml": parent, "web/pom.xml": web, f"web/{SOURCE}": MAIN})
    assert found.framework == "javalin"
    assert found.build_command == "mvn -B -DskipTests -pl web -am package"
    assert found.start_command == "java -jar web/target/web-7.1.jar"


def test_the_module_with_the_program_is_run_and_its_siblings_are_counted(look: Look):
    top = (
        "<project><artifactId>all</artifactId><packaging>pom</packaging>"
        "<modules><module>store</module><module>app</module></modules></project>"
    )
    store = pom("com.mysql:mysql-connector-j").replace("shop", "store")
    app = pom("x:store", "org.springframework.boot:spring-boot-starter-web").replace("shop", "app")
    found = look({"pom.xml": top, "store/pom.xml": store, "app/pom.xml": app, f"app/{SOURCE}": MAIN})
    assert found.framework == "spring-boot"
    assert engines(found) == {"mysql": "required"}


def test_a_web_archive_needs_a_container_unless_the_server_is_within(look: Look):
    war = pom("javax.servlet:servlet-api:provided", rest="<packaging>war</packaging>")
    found = look({"pom.xml": war, "src/main/webapp/WEB-INF/web.xml": "<web-app/>"})
    assert (found.kind, found.framework, found.start_command) == ("web", "servlet", "catalina.sh run")
    boot = look(
        {"pom.xml": BOOT.replace("<version>1.2", "<packaging>war</packaging><version>1.2"), SOURCE: MAIN}
    )
    assert boot.start_command.endswith("-jar target/shop-1.2.war")


def test_a_runner_that_the_build_fetches_starts_the_archive(look: Look):
    runner = (
        "<plugin><artifactId>maven-dependency-plugin</artifactId><configuration><artifactItems>"
        "<artifactItem><artifactId>webapp-runner</artifactId>"
        "</artifactItem></artifactItems></configuration></plugin>"
    )
    found = look(
        {
            "pom.xml": pom(
                "javax.servlet:servlet-api:provided", plugins=runner, rest="<packaging>war</packaging>"
            )
        }
    )
    assert (
        found.start_command
        == "java -jar target/dependency/webapp-runner.jar --port ${PORT:-8080} target/shop-1.2.war"
    )


def test_the_wrapper_is_used_when_it_is_complete(look: Look):
    files = {
        "pom.xml": BOOT,
        SOURCE: MAIN,
        "mvnw": "#!/bin/sh\n",
        ".mvn/wrapper/maven-wrapper.properties": "x",
    }
    assert look(files).build_command == "sh mvnw -B -DskipTests package"
    gradlew = {"build.gradle": gradle(), SOURCE: MAIN, "gradlew": "#!/bin/sh\n"}
    java_files = look(gradlew | {"pom.xml": BOOT})
    assert java_files.package_manager == "maven"


@pytest.mark.parametrize("name", ["pom.yaml", "pom.groovy", "pom.atom"])
def test_polyglot_builds_of_maven_are_builds(look: Look, name: str):
    text = (
        pom("io.javalin:javalin") if name.endswith("atom") else "dependencies:\n  - io.javalin:javalin:6.1\n"
    )
    found = look({name: text, SOURCE: MAIN})
    assert (found.package_manager, found.framework) == ("maven", "javalin")


@pytest.mark.parametrize(
    ("path", "text", "version"),
    [
        ("system.properties", "java.runtime.version=17\n", "17"),
        (".java-version", "temurin-21.0.2\n", "21.0.2"),
        (".sdkmanrc", "java=11.0.20-tem\n", "11.0.20"),
        (".tool-versions", "java temurin-21.0.1\n", "21.0.1"),
    ],
)
def test_a_pinned_version_comes_before_the_build(look: Look, path: str, text: str, version: str):
    assert look({"pom.xml": BOOT, SOURCE: MAIN, path: text}).language_version == version


def test_a_build_below_the_top_is_less_sure_and_entered(look: Look):
    found = look({"backend/pom.xml": BOOT, f"backend/{SOURCE}": MAIN, "README.md": "x"})
    assert found.confidence == 0.8
    assert found.build_command == "cd backend && mvn -B -DskipTests package"
    assert found.start_command.endswith("-jar backend/target/shop-1.2.jar")


def test_a_build_without_a_program_is_a_library(look: Look):
    source = "package shop;\npublic class Price {}\n"
    found = look({"pom.xml": pom("org.slf4j:slf4j-api"), "src/main/java/shop/Price.java": source})
    assert (found.kind, found.start_command) == ("library", "")


@pytest.mark.parametrize(
    "files",
    [
        {"index.html": "x"},
        {"build.gradle": "plugins { id 'com.android.application' }\n", "src/main/java/A.java": "class A {}"},
        {"deps.edn": "{}", "pom.xml": pom("org.clojure:clojure"), "src/a.clj": "(ns a)"},
        {"android/build.gradle": "x", "package.json": "{}"},
        {"lib/Helper.java": "class Helper {}", "a.py": "x", "b.py": "x", "c.py": "x", "d.py": "x"},
    ],
)
def test_other_things_are_not_java(tmp_path: Path, files: dict[str, str]):
    assert java.detect(plant(tmp_path, files)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<project>",
        "<project><parent><artifactId>a</artifactId></parent>",
        "<<<<>>>>",
        "<a " * 2000,
        "<![CDATA[" * 2000,
        "<project><dependencies><dependency></dependency></dependencies></project>",
        "\0\1\2",
        "${a}" * 900,
    ],
)
def test_odd_build_files_are_no_error(look: Look, text: str):
    assert look({"pom.xml": text, SOURCE: MAIN}).package_manager == "maven"
