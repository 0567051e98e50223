"""Where a build of C or C++ puts the program, and the command that builds it."""

import re

from jarvis.analysis.cpp.tables import ASIDE
from jarvis.analysis.tree import Tree

BUILDS = (
    "CMakeLists.txt", "meson.build", "xmake.lua", "configure", "configure.ac", "configure.in", "Makefile",
    "makefile", "GNUmakefile",
)  # fmt: skip
"""Build files, the likelier ones to build the whole first."""

_COMMENT = re.compile(r"#[^\n]*")
_CMAKE = re.compile(r"\badd_executable\s*\(\s*[\"']?([^\s)\"']+)([^)]*)", re.IGNORECASE)
_CMAKE_NAME = re.compile(r"\bproject\s*\(\s*[\"']?([\w.+-]+)", re.IGNORECASE)
_CMAKE_OUT = re.compile(
    r"CMAKE_RUNTIME_OUTPUT_DIRECTORY\s+[\"']?\$\{(?:CMAKE|PROJECT|CMAKE_CURRENT)_BINARY_DIR\}/([\w./-]+)"
)
_PLACE = re.compile(r"\$\{(?:CMAKE_)?PROJECT_NAME\}")
_MESON = re.compile(r"\bexecutable\s*\(\s*(?:'([^']+)'|meson\.project_name\(\))")
_MESON_NAME = re.compile(r"\bproject\s*\(\s*'([^']+)'")
_TARGET = re.compile(
    r"^(?:TARGET|PROG(?:RAM)?|BIN(?:ARY)?|EXE(?:CUTABLE)?|NAME|OUT(?:PUT)?|APP)(?:_?NAME)?\s*[:?]?="
    r"\s*([\w./-]+)\s*$",
    re.MULTILINE,
)
_OUTPUT = re.compile(r"^\t.*?\s-o\s*([\w./-]+)", re.MULTILINE)
_ALL = re.compile(r"^all\s*:\s*([\w./-]+)", re.MULTILINE)
_AUTOMAKE = re.compile(r"^[ \t]*(?:bin|sbin|noinst)_PROGRAMS\s*\+?=\s*([\w.-]+)", re.MULTILINE)
_XMAKE = re.compile(r"target\(\s*[\"']([^\"']+)")
_NO_PROGRAM = (".o", ".a", ".so", ".dll", ".lib")


def program(tree: Tree, build: str) -> str:
    """The program that the build file makes, relative to the tree; empty when that cannot be told."""
    name = build.rpartition("/")[2]
    root = build[: build.rfind("/") + 1]
    if name == "CMakeLists.txt":
        return _cmake(tree, root, build)
    if name == "meson.build":
        return _meson(tree, root, build)
    if name.startswith("configure"):
        for file in tree.named("Makefile.am", depth=2):
            if match := _AUTOMAKE.search(tree.text(file)):
                return f"{file[: file.rfind('/') + 1]}{match[1]}"
        return ""
    text = _COMMENT.sub("", tree.text(build))
    if name == "xmake.lua":
        match = _XMAKE.search(text)
        return f"{root}build/bin/{match[1]}" if match else ""
    for pattern in (_TARGET, _OUTPUT, _ALL):
        match = pattern.search(text)
        if match and not match[1].endswith(_NO_PROGRAM):
            return root + match[1].removeprefix("./")
    return ""


def command(build: str) -> str:
    """The command that builds."""
    name = build.rpartition("/")[2]
    root = build[: build.rfind("/") + 1]
    here = root.rstrip("/") or "."
    inner = f"cd {root.rstrip('/')} && " if root else ""
    if name == "CMakeLists.txt":
        return f"cmake -S {here} -B {root}build -DCMAKE_BUILD_TYPE=Release && cmake --build {root}build"
    if name == "meson.build":
        return f"meson setup {root}build {here} --buildtype release && meson compile -C {root}build"
    if name == "xmake.lua":
        return f"{inner}xmake f -m release -y -o build && xmake"
    if name == "configure":
        return f"{inner}./configure && make"
    return f"{inner}autoreconf -i && ./configure && make" if name.startswith("configure") else f"{inner}make"


def _cmake(tree: Tree, root: str, build: str) -> str:
    text = _COMMENT.sub("", tree.text(build))
    project, out = _CMAKE_NAME.search(text), _CMAKE_OUT.search(text)
    files = [file for file in tree.named("CMakeLists.txt", depth=3) if file.startswith(root)]
    for file in [build, *(file for file in files if file != build and not ASIDE.search(file))]:
        for match in _CMAKE.finditer(_COMMENT.sub("", tree.text(file))):
            if "IMPORTED" in match[2] or re.search(r"test|example|bench", match[1], re.IGNORECASE):
                continue
            name = _PLACE.sub(project[1] if project else "", match[1])
            if variable := re.match(r"\$\{(\w+)\}$", name):
                value = re.search(rf"\bset\s*\(\s*{variable[1]}\s+[\"']?([\w.-]+)", text, re.IGNORECASE)
                name = value[1] if value else ""
            if name and "$" not in name:
                below = file[len(root) : file.rfind("/") + 1]
                return f"{root}build/{out[1].strip('/') + '/' if out else below}{name}"
    return ""


def _meson(tree: Tree, root: str, build: str) -> str:
    project = _MESON_NAME.search(tree.text(build))
    for file in tree.named("meson.build", depth=3):
        match = _MESON.search(_COMMENT.sub("", tree.text(file)))
        if match and file.startswith(root) and not ASIDE.search(file):
            name = match[1] or (project[1] if project else "")
            return f"{root}build/{file[len(root) : file.rfind('/') + 1]}{name}"
    return ""
