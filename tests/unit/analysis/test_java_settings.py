"""What settings and drivers of Java say: ports and databases."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import java
from java_builds import BOOT, MAIN, SOURCE, pom

Look = Callable[[dict[str, str]], Candidate]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(java.detect(tree), tree)

    return write


PROPERTIES = "src/main/resources/application.properties"


def test_it_works(look: Look):
    found = look({"pom.xml": BOOT, SOURCE: MAIN, PROPERTIES: "server.port=5001\n"})
    assert (found.port, engines(found)) == (5001, {"postgres": "required"})


@pytest.mark.parametrize(
    ("path", "text", "port"),
    [
        ("src/main/resources/application.properties", "server.port=${PORT:5000}\n", 5000),
        ("src/main/resources/application.yml", "server:\n  # words\n  port: 9090\n", 9090),
        ("src/main/resources/application-dev.properties", "server.port=7000\n", 8080),
    ],
)
def test_settings_say_where_it_listens(look: Look, path: str, text: str, port: int):
    assert look({"pom.xml": BOOT, SOURCE: MAIN, path: text}).port == port


def test_the_sources_say_where_it_listens(look: Look):
    source = MAIN.replace("{}", '{ app.start(7070); app.get("/healthz", x); }')
    found = look({"pom.xml": pom("io.javalin:javalin"), SOURCE: source})
    assert (found.port, found.health_path) == (7070, "/healthz")


@pytest.mark.parametrize(
    ("drivers", "settings", "expected"),
    [
        (["com.h2database:h2", "org.postgresql:postgresql"], {}, {"postgres": "optional"}),
        (["com.h2database:h2:test", "org.postgresql:postgresql"], {}, {"postgres": "required"}),
        (
            ["com.mysql:mysql-connector-j", "org.postgresql:postgresql"],
            {PROPERTIES: "spring.datasource.url=jdbc:postgresql://db/x\n"},
            {"postgres": "required", "mysql": "optional"},
        ),
        (
            ["com.h2database:h2", "com.mysql:mysql-connector-j"],
            {
                "src/main/resources/application-mysql.yml": (
                    "spring:\n  datasource:\n    url: jdbc:mysql://db/x\n"
                )
            },
            {"mysql": "optional"},
        ),
        (
            ["com.mysql:mysql-connector-j"],
            {
                PROPERTIES: "spring.profiles.active=prod\n",
                "src/main/resources/application-prod.properties": "spring.datasource.url=jdbc:mysql://db/x\n",
            },
            {"mysql": "required"},
        ),
        (["org.xerial:sqlite-jdbc"], {}, {"sqlite": "embedded"}),
        (["org.springframework.boot:spring-boot-starter-data-mongodb"], {}, {"mongodb": "required"}),
        (["org.springframework.boot:spring-boot-starter-data-redis"], {}, {"redis": "required"}),
        (["com.microsoft.sqlserver:mssql-jdbc"], {}, {"mssql": "required"}),
        (["org.springframework.kafka:spring-kafka"], {}, {"kafka": "required"}),
        (["org.postgresql:postgresql:test"], {}, {}),
        (
            [],
            {
                "src/main/resources/META-INF/persistence.xml": (
                    '<persistence><property name="javax.persistence.jdbc.url" '
                    'value="jdbc:mariadb://db/x"/></persistence>'
                )
            },
            {"mysql": "required"},
        ),
        (
            ["io.quarkus:quarkus-jdbc-postgresql"],
            {PROPERTIES: "%dev.quarkus.datasource.db-kind=mysql\nquarkus.datasource.db-kind=postgresql\n"},
            {"mysql": "optional", "postgres": "required"},
        ),
    ],
)
def test_databases_by_driver_and_by_settings(
    look: Look, drivers: list[str], settings: dict[str, str], expected: dict[str, str]
):
    assert engines(look({"pom.xml": pom(*drivers), SOURCE: MAIN, **settings})) == expected
