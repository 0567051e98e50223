"""Which files are looked into for secrets: small texts, settings before sources."""

import re

from jarvis.analysis.tree import Tree

LARGEST = 192 * 1024
"""Bytes of one file; what is larger was not written by hand."""
SMALLEST = 8

_LOCKS = frozenset(
    {
        "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
        "deno.lock", "poetry.lock", "uv.lock", "pdm.lock", "pipfile.lock", "pixi.lock", "cargo.lock",
        "go.sum", "gemfile.lock", "composer.lock", "mix.lock", "pubspec.lock", "packages.lock.json",
        "gradle.lockfile", "renv.lock", "flake.lock", "package.resolved", "podfile.lock", "manifest.toml",
        ".terraform.lock.hcl", "license", "license.txt", "license.md", "copying", "changelog.md",
        "changelog", "notice",
    }
)  # fmt: skip
_SETTINGS = frozenset(
    {
        ".env", ".yml", ".yaml", ".json", ".toml", ".ini", ".cfg", ".conf", ".config", ".properties",
        ".xml", ".tf", ".tfvars", ".sh", ".bash", ".zsh", ".ps1", ".bat", ".pem", ".key", ".crt", ".plist",
        ".http", ".rest", ".npmrc", ".hcl", ".nomad", ".service", ".envrc", "",
    }
)  # fmt: skip
_SOURCES = frozenset(
    {
        ".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".jsx", ".rb", ".php", ".go", ".rs", ".java",
        ".kt", ".kts", ".scala", ".groovy", ".gradle", ".cs", ".fs", ".vb", ".ex", ".exs", ".clj", ".cljs",
        ".edn", ".swift", ".dart", ".lua", ".pl", ".pm", ".r", ".jl", ".c", ".cc", ".cpp", ".h", ".hpp",
        ".m", ".vue", ".svelte", ".astro", ".html", ".htm", ".ejs", ".erb", ".hbs", ".pug", ".jinja", ".j2",
        ".tpl", ".twig", ".sql", ".graphql", ".proto", ".ipynb", ".md", ".mdx", ".rst", ".txt", ".adoc",
        ".csproj", ".sbt", ".gleam", ".zig", ".nim", ".cr", ".elm", ".hs", ".erl", ".cshtml", ".razor",
        ".aspx", ".asp", ".jsp", ".cob", ".cbl", ".dockerfile", ".mk", ".nix", ".css", ".log", ".bak",
    }
)  # fmt: skip
_MADE = re.compile(r"[.-]min\.|\.bundle\.|[.-][0-9a-f]{8,20}\.(?:js|css)$|\.map$|\.snap$")


def likely(tree: Tree) -> list[str]:
    """The small text files: settings first, then sources; shallow ones before deep ones."""
    settings: list[str] = []
    sources: list[str] = []
    for path in tree.files:
        if not SMALLEST <= tree.sizes[path] <= LARGEST or path in tree.links:
            continue
        name = path[path.rfind("/") + 1 :].lower()
        at = name.rfind(".")
        suffix = name[at:] if at >= 0 else ""
        if suffix in _SETTINGS or name.startswith(".") or ".env" in name:
            into = settings
        elif suffix in _SOURCES:
            into = sources
        else:
            continue
        if name not in _LOCKS and not _MADE.search(name):
            into.append(path)
    return settings + sources
