"""Java and Kotlin, built with Gradle."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import java
from java_builds import KOTLIN, MAIN, SOURCE, gradle

Look = Callable[[dict[str, str]], Candidate]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(java.detect(tree), tree)

    return write


def test_it_works(look: Look):
    build = gradle("implementation 'io.javalin:javalin:6'", head="plugins {\n  id 'application'\n}")
    found = look({"build.gradle": build, "settings.gradle": "rootProject.name = 'shop'\n", SOURCE: MAIN})
    assert (found.kind, found.framework, found.package_manager) == ("web", "javalin", "gradle")
    assert found.build_command == "gradle installDist -x test --no-daemon"
    assert found.start_command == "build/install/shop/bin/shop"


GRADLE_BOOT = "plugins {\n  id 'org.springframework.boot' version '3.2.0'\n  id 'java'\n}"


@pytest.mark.parametrize(
    ("files", "framework", "start"),
    [
        (
            {
                "build.gradle": gradle(
                    "implementation 'org.springframework.boot:spring-boot-starter-web'", head=GRADLE_BOOT
                ),
                "settings.gradle": "rootProject.name = 'shop'\n",
            },
            "spring-boot",
            "java -Dserver.port=${PORT:-8080} -jar build/libs/shop-0.3.jar",
        ),
        (
            {
                "build.gradle": gradle(
                    "implementation 'org.springframework.boot:spring-boot-starter-web'", head=GRADLE_BOOT
                )
            },
            "spring-boot",
            "java -Dserver.port=${PORT:-8080} -jar $(ls build/libs/*.jar | grep -v plain | head -n 1)",
        ),
        (
            {
                "build.gradle.kts": gradle(
                    'implementation("io.quarkus:quarkus-rest")', head='plugins { id("io.quarkus") }'
                )
            },
            "quarkus",
            (
                "java -Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=${PORT:-8080} "
                "-jar build/quarkus-app/quarkus-run.jar"
            ),
        ),
        (
            {
                "build.gradle": gradle(
                    "implementation group: 'io.javalin', name: 'javalin', version: '6'",
                    head="plugins {\n  id 'application'\n}\napplication { mainClass = 'shop.Main' }",
                ),
                "settings.gradle": "rootProject.name = 'shop'\n",
            },
            "javalin",
            "build/install/shop/bin/shop",
        ),
        (
            {
                "build.gradle": gradle(
                    "compile 'com.sparkjava:spark-core:2.9'",
                    head="plugins {\n  id 'com.github.johnrengelman.shadow' version '8'\n  id 'java'\n}",
                ),
                "settings.gradle": "rootProject.name = 'shop'\n",
            },
            "spark",
            "java -jar build/libs/shop-0.3-all.jar",
        ),
        (
            {
                "build.gradle.kts": gradle(
                    "implementation(libs.ktor.server.core)", head="plugins { alias(libs.plugins.ktor) }"
                ),
                "settings.gradle.kts": 'rootProject.name = "shop"\n',
                "gradle/libs.versions.toml": "[libraries]\nktor-server-core = { "
                'module = "io.ktor:ktor-server-core" }\n'
                '[plugins]\nktor = { id = "io.ktor.plugin", version = "3" }\n',
            },
            "ktor",
            "java -jar build/libs/shop-all.jar",
        ),
    ],
)
def test_gradle_builds_are_started_by_what_they_make(
    look: Look, files: dict[str, str], framework: str, start: str
):
    found = look({**files, SOURCE: MAIN})
    assert (found.framework, found.package_manager, found.start_command) == (framework, "gradle", start)


def test_commented_dependencies_and_plugins_that_are_not_applied_do_not_count(look: Look):
    text = gradle(
        "// implementation 'io.javalin:javalin:6'",
        "/* implementation 'com.sparkjava:spark-core:2' */",
        head="plugins {\n  id 'io.quarkus' apply false\n  id 'java'\n}",
    )
    assert look({"build.gradle": text, SOURCE: MAIN}).framework == "none"


def test_a_subproject_of_gradle_is_found(look: Look):
    app = gradle(
        "implementation project(':data')",
        "implementation 'io.javalin:javalin:6'",
        head="plugins { id 'application' }",
    )
    data = gradle("runtimeOnly 'org.postgresql:postgresql:42'")
    settings = "rootProject.name = 'all'\ninclude 'app', 'data'\n"
    found = look(
        {
            "settings.gradle": settings,
            "app/build.gradle": app,
            "data/build.gradle": data,
            f"app/{SOURCE}": MAIN,
        }
    )
    assert found.build_command == "gradle :app:installDist -x test --no-daemon"
    assert found.start_command == "app/build/install/app/bin/app"
    assert engines(found) == {"postgres": "required"}


def test_sources_tell_kotlin_from_a_build_file_in_kotlin(look: Look):
    build = gradle('implementation("io.ktor:ktor-server-netty:3")', head="plugins { application }")
    assert look({"build.gradle.kts": build, SOURCE: MAIN}).language == "java"


def test_kotlin_sources_are_kotlin(look: Look):
    build = gradle('implementation("io.ktor:ktor-server-netty:3")', head="plugins { application }")
    found = look({"build.gradle.kts": build, "src/main/kotlin/shop/sample/App.kt": KOTLIN})
    assert (found.language, found.framework) == ("kotlin", "ktor")


def test_an_old_java_is_told(look: Look):
    found = look({"build.gradle": gradle(head="sourceCompatibility = '1.7'"), SOURCE: MAIN})
    assert (found.language_version, rules(found)) == ("1.7", ["end-of-life"])


@pytest.mark.parametrize(
    "catalog", ["libraries = 5\n", "[libraries]\na = 5\n[bundles]\nb = 'x'\n", "[[libraries]]\n", "{"]
)
def test_odd_catalogs_are_no_error(look: Look, catalog: str):
    build = gradle(
        "implementation(libs.a)", "implementation(libs.bundles.b)", head="plugins { alias(libs.plugins.c) }"
    )
    found = look({"build.gradle.kts": build, SOURCE: MAIN, "gradle/libs.versions.toml": catalog})
    assert found.package_manager == "gradle"
