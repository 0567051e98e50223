"""Java without Maven or Gradle: sources alone, and what was built already."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import java
from java_builds import MAIN

Look = Callable[[dict[str, str]], Candidate]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(java.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"Main.java": MAIN})
    assert (found.kind, found.language, found.package_manager) == ("script", "java", "none")
    assert found.start_command == "java Main.java"


def test_one_file_is_run_as_it_is(look: Look):
    source = "import com.sun.net.httpserver.HttpServer;\n" + MAIN.replace("package shop;\n", "").replace(
        "{}", "{ HttpServer.create(new InetSocketAddress(8000), 0); }"
    )
    found = look({"Main.java": source})
    assert (found.kind, found.framework, found.port) == ("web", "none", 8000)
    assert (found.start_command, found.confidence) == ("java Main.java", 0.7)


def test_several_files_are_compiled(look: Look):
    found = look({"shop/Main.java": MAIN, "shop/Price.java": "package shop;\nclass Price {}\n"})
    assert found.build_command.startswith("javac -d out")
    assert found.start_command == "java -cp 'out' shop.Main"


def test_lines_for_jbang_name_the_framework(look: Look):
    found = look({"Main.java": "//DEPS io.javalin:javalin:6.1\n" + MAIN})
    assert (found.framework, found.package_manager, found.start_command) == (
        "javalin",
        "jbang",
        "jbang Main.java",
    )


def test_ant_is_a_build(look: Look):
    build = '<project>\n<target><javac srcdir="src"/>\n<jar destfile="dist/shop.jar"/></target></project>'
    found = look({"build.xml": build, "src/shop/Main.java": MAIN})
    assert (found.package_manager, found.start_command) == ("ant", "java -jar dist/shop.jar")


MANIFEST = "META-INF/MANIFEST.MF"


@pytest.mark.parametrize(
    ("files", "framework", "start"),
    [
        ({"artifact.jar": "x"}, "prebuilt", "java -Dserver.port=${PORT:-8080} -jar artifact.jar"),
        ({"shop.war": "x"}, "prebuilt", "catalina.sh run"),
        (
            {
                MANIFEST: "Main-Class: org.springframework.boot.loader.launch.JarLauncher\n",
                "BOOT-INF/classes/a.class": "x",
            },
            "prebuilt",
            "java -Dserver.port=${PORT:-8080} -cp . org.springframework.boot.loader.launch.JarLauncher",
        ),
        ({MANIFEST: "Main-Class: shop.Main\n", "shop/Main.class": "x"}, "prebuilt", "java -cp . shop.Main"),
        ({"WEB-INF/web.xml": "<web-app/>", "index.jsp": "x"}, "servlet", "catalina.sh run"),
        ({"index.jsp": "<%= 1 %>"}, "servlet", "catalina.sh run"),
    ],
)
def test_what_was_built_already_is_started(look: Look, files: dict[str, str], framework: str, start: str):
    found = look(files)
    assert (found.framework, found.start_command, found.build_command) == (framework, start, "")
