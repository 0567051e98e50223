"""Files that say: a project begins in this folder."""

from jarvis.analysis.tree import Tree

NAMES = frozenset(
    {
        "package.json", "deno.json", "deno.jsonc", "bun.lockb", "requirements.txt", "pyproject.toml",
        "Pipfile", "setup.py", "setup.cfg", "environment.yml", "environment.yaml", "manage.py", "go.mod",
        "Cargo.toml", "Gemfile", "gems.rb", "config.ru", "composer.json", "index.php", "wp-config.php",
        "pom.xml", "build.gradle", "build.gradle.kts", "build.sbt", "project.clj", "deps.edn", "build.xml",
        "mix.exs", "gleam.toml", "pubspec.yaml", "Package.swift", "stack.yaml", "shard.yml", "build.zig",
        "CMakeLists.txt", "Makefile.PL", "cpanfile", "app.psgi", "DESCRIPTION", "hugo.toml", "hugo.yaml",
        "zola.toml", "_config.yml", "mkdocs.yml", "book.toml", "Trunk.toml", "elm.json",
    }
)  # fmt: skip
"""Manifests by their whole name."""
SUFFIXES = (".csproj", ".fsproj", ".vbproj", ".sln", ".slnx", ".cabal", ".runtimeconfig.json", ".war", ".jar")
"""Manifests by how their name ends."""
SIDE = frozenset(
    {
        "test", "tests", "testing", "__tests__", "spec", "specs", "e2e", "fixtures", "testdata", "mocks",
        "example", "examples", "sample", "samples", "demo", "demos", "doc", "docs", "documentation",
        "benchmark", "benchmarks", "bench", "vendor", "third_party", "thirdparty", "external", "deps",
        "tools", "tooling", "scripts", "script", "hack", "ci", "contrib", "target", "obj", "bin", "dist",
        "out", "coverage", "templates", "template", "skeleton", "stubs", "node_modules", "migrations",
        "k8s", "kubernetes", "helm", "charts", "terraform", "infra", "infrastructure", "ansible", "deploy",
        "deployment", "docker",
    }
)  # fmt: skip
"""Folders beside a program: what lies in them is not what is deployed."""


def is_manifest(name: str) -> bool:
    """Does a file of this name begin a project?"""
    return name in NAMES or name.endswith(SUFFIXES)


def is_aside(folder: str) -> bool:
    """Is `folder`, or one above it, one of `SIDE` or hidden?"""
    return any(part.startswith(".") or part.lower() in SIDE for part in folder.split("/"))


def at_top(tree: Tree) -> str:
    """The first manifest at the top; empty for none."""
    return next((path for path in tree.top if is_manifest(path)), "")
