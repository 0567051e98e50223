"""C and C++."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import cpp

Look = Callable[[dict[str, str]], Candidate]
MAIN = "#include <cstdio>\nint main() { return 0; }\n"
CMAKE = "cmake_minimum_required(VERSION 3.10)\nproject(shop CXX)\nadd_executable(shop main.cpp)\n"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(cpp.detect(tree), tree)

    return write


def test_it_works(look: Look):
    source = '#include "crow.h"\nint main() { CROW_ROUTE(app, "/healthz"); app.port(18081).run(); }\n'
    found = look({"CMakeLists.txt": CMAKE, "main.cpp": source})
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "cpp", "crow", 0.97)
    assert (found.port, found.health_path) == (18081, "/healthz")
    assert found.build_command == "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build"
    assert found.start_command == "./build/shop"


@pytest.mark.parametrize(
    ("include", "framework"),
    [
        ("<drogon/drogon.h>", "drogon"),
        ("<oatpp/network/Server.hpp>", "oatpp"),
        ("<pistache/endpoint.h>", "pistache"),
        ('"httplib.h"', "cpp-httplib"),
        ("<microhttpd.h>", "libmicrohttpd"),
        ('"mongoose.h"', "mongoose"),
        ("<boost/beast/http.hpp>", "beast"),
        ("<string>", "none"),
    ],
)
def test_each_framework_is_known_by_its_header(look: Look, include: str, framework: str):
    source = f"#include {include}\n{MAIN}Server s; tcp::acceptor acceptor;\n"
    found = look({"CMakeLists.txt": CMAKE, "main.cpp": source})
    assert (found.framework, found.kind) == (framework, "script" if framework == "none" else "web")


def test_a_client_is_no_server(look: Look):
    found = look({"main.cpp": f'#include "httplib.h"\n{MAIN}httplib::Client c("http://a");\n'})
    assert (found.framework, found.kind) == ("none", "script")


def test_a_server_on_plain_sockets_is_web(look: Look):
    source = "int main() { addr.sin_port = htons(8081); listen(fd, 5); }\n"
    found = look({"main.c": source})
    assert (found.kind, found.framework, found.port) == ("web", "none", 8081)


@pytest.mark.parametrize(
    ("files", "start"),
    [
        ({"CMakeLists.txt": "project(shop)\nadd_executable(${PROJECT_NAME} main.cpp)\n"}, "./build/shop"),
        ({"CMakeLists.txt": "project(a)\nset(EXE till)\nadd_executable(${EXE} main.cpp)\n"}, "./build/till"),
        (
            {
                "CMakeLists.txt": (
                    "project(a)\nset(CMAKE_RUNTIME_OUTPUT_DIRECTORY "
                    "${CMAKE_BINARY_DIR}/bin)\nadd_executable(a main.cpp)\n"
                )
            },
            "./build/bin/a",
        ),
        (
            {
                "CMakeLists.txt": "project(a)\nadd_subdirectory(src)\n",
                "src/CMakeLists.txt": "add_executable(shop main.cpp)\n",
            },
            "./build/src/shop",
        ),
        (
            {"CMakeLists.txt": "project(a)\n# add_executable(old main.cpp)\nadd_executable(new main.cpp)\n"},
            "./build/new",
        ),
        ({"meson.build": "project('shop', 'cpp')\nexecutable('till', 'main.cpp')\n"}, "./build/till"),
        ({"Makefile": "TARGET = shop\nall: $(TARGET)\n"}, "./shop"),
        ({"Makefile": "all:\n\tg++ main.cpp -o bin/shop\n"}, "./bin/shop"),
        ({"configure.ac": "AC_INIT([shop])\n", "Makefile.am": "bin_PROGRAMS = shop\n"}, "./shop"),
        ({"xmake.lua": 'target("shop")\n  set_kind("binary")\n'}, "./build/bin/shop"),
        ({}, "./main"),
    ],
)
def test_each_build_tells_where_the_program_is(look: Look, files: dict[str, str], start: str):
    found = look({"main.cpp": MAIN, **files})
    assert found.start_command == start
    assert found.build_command


def test_lone_sources_are_compiled_together(look: Look):
    found = look({"main.c": "int main(void) { return f(); }\n", "f.c": "int f(void) { return 0; }\n"})
    assert (found.build_command, found.confidence) == ("cc -O2 f.c main.c -o main -pthread -lm", 0.6)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("<libpq-fe.h>", {"postgres": "required"}),
        ("<mysql/mysql.h>", {"mysql": "required"}),
        ("<sqlite3.h>", {"sqlite": "embedded"}),
        ("<hiredis/hiredis.h>", {"redis": "required"}),
    ],
)
def test_databases_by_header(look: Look, header: str, expected: dict[str, str]):
    assert engines(look({"main.cpp": f"#include {header}\n{MAIN}"})) == expected


def test_a_package_manager_is_told(look: Look):
    found = look({"CMakeLists.txt": CMAKE, "main.cpp": MAIN, "conanfile.txt": "[requires]\n"})
    assert (found.package_manager, found.install_command) == ("conan", "conan install . --build=missing")


def test_parts_of_another_language_are_doubted(look: Look):
    found = look({"Makefile": "all:\n\tcc a.c -o a\n", "a.c": MAIN, "package.json": "{}"})
    assert found.confidence == 0.45
    assert found.against


def test_a_build_without_a_program_is_a_library(look: Look):
    found = look({"CMakeLists.txt": "project(a)\nadd_library(a a.cpp)\n", "a.cpp": "int f();"})
    assert (found.kind, found.start_command) == ("library", "")


@pytest.mark.parametrize("text", ["", "add_executable(", "project(" * 2000, "\0", "\n" * 4000])
def test_odd_builds_are_no_error(look: Look, text: str):
    assert look({"CMakeLists.txt": text, "main.cpp": MAIN}).language == "cpp"


@pytest.mark.parametrize(
    "files", [{"index.html": "x"}, {"Makefile": "x", "a.py": "x"}, {"a.ino": "x", "a.cpp": MAIN}]
)
def test_other_folders_are_none(tmp_path: Path, files: dict[str, str]):
    assert cpp.detect(plant(tmp_path, files)) is None
