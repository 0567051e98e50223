"""Gleam: projects for the Erlang machine, for JavaScript and for the browser."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.shape import mapping
from jarvis.analysis.toolchain import pinned
from jarvis.analysis.tree import Tree

MANIFEST = "gleam.toml"
FRAMEWORKS = (
    ("wisp", "wisp"),
    ("mist", "mist"),
    ("glen", "glen"),
    ("gleam_cowboy", "cowboy"),
    ("gleam_elli", "elli"),
)
DATABASES = {
    "pog": "postgres", "gleam_pgo": "postgres", "squirrel": "postgres", "sqlight": "sqlite",
    "gmysql": "mysql", "shork": "mysql", "radish": "redis", "valkyrie": "redis", "mungo": "mongodb",
    "gmongo": "mongodb",
}  # fmt: skip
_PORT = re.compile(r"\bmist\.port\(\s*(\d{2,5})|\|>\s*\w+\.port\(\s*(\d{2,5})")


def detect(tree: Tree) -> Candidate | None:
    """A program in Gleam, or None."""
    files = tree.named(MANIFEST, depth=2)
    if not files:
        return None
    file = files[0]
    root = file[: -len(MANIFEST)]
    facts = tree.toml(file)
    found = Candidate("script", "gleam", 0.93)
    claim(found, file, "a Gleam project", language="gleam", package_manager="gleam")
    for name in mapping(facts.get("dependencies")):
        found.dependencies[name.lower()] = (file, tree.line_of(file, name))
    row = next((row for row in FRAMEWORKS if row[0] in found.dependencies), None)
    if row:
        line = found.dependencies[row[0]][1]
        found.confidence = 0.97
        claim(found, file, f"depends on {row[0]}", line, kind="web", framework=row[1])
        _listens(found, tree, root, file)
    else:
        _pages(found, tree, root, file)
    if root:
        found.confidence = 0.8 if root.count("/") == 1 else 0.76
    for name, (place, line) in found.dependencies.items():
        if engine := DATABASES.get(name):
            found.need(
                engine, "embedded" if engine == "sqlite" else "required", place, f"depends on {name}", line
            )
    if version := pinned(tree, "gleam"):
        claim(found, version[1], "the version that is pinned", version[2], language_version=version[0])
    elif isinstance(facts.get("gleam"), str):
        claim(
            found,
            file,
            "the version it asks for",
            tree.line_of(file, "gleam ="),
            language_version=str(facts["gleam"]),
        )
    _commands(found, root, file, str(facts.get("target") or "erlang"))
    if root + "manifest.toml" not in tree and found.dependencies:
        found.find(
            "missing-lock-file",
            "warning",
            file,
            "manifest.toml is missing: run gleam deps download and add it.",
        )
    return found


def _listens(found: Candidate, tree: Tree, root: str, file: str) -> None:
    sources = [path for path in tree.ending(".gleam") if path.startswith(root + "src/")]
    for path in sources[:60]:
        if match := tree.search(path, _PORT):
            claim(found, path, "the port it names", match[1], port=int(match[0][1] or match[0][2]))
            break
    else:
        claim(found, file, "the usual port", port=4000 if found.framework == "mist" else 8000)
    if route := health_route(tree, sources):
        claim(found, route[1], "a route for it", route[2], health_path=route[0])


def _pages(found: Candidate, tree: Tree, root: str, file: str) -> None:
    """Pages that run in the browser, made by Lustre's tools; else a program."""
    if "lustre" not in found.dependencies or "target" not in tree.toml(file):
        claim(found, file, "without a web framework", kind="script")
        return
    line = found.dependencies["lustre"][1]
    claim(
        found,
        file,
        "depends on lustre",
        line,
        kind="static",
        framework="lustre",
        static_dir=f"{root}dist",
        spa=True,
    )


def _commands(found: Candidate, root: str, file: str, target: str) -> None:
    inner = f"cd {root.rstrip('/')} && " if root else ""
    claim(found, file, "fetches what it depends on", install_command=f"{inner}gleam deps download")
    if found.kind == "static":
        claim(
            found, file, "makes the pages", build_command=f"{inner}gleam run -m lustre/dev build app --minify"
        )
    elif target == "javascript":
        claim(found, file, "is compiled to JavaScript", build_command=f"{inner}gleam build")
        claim(found, file, "starts it", start_command=f"{inner}gleam run")
    else:
        claim(found, file, "makes what is shipped", build_command=f"{inner}gleam export erlang-shipment")
        shipment = f"./{root}build/erlang-shipment/entrypoint.sh run"
        claim(found, file, "starts what is shipped", start_command=shipment)
