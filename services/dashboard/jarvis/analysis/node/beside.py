"""Signs that the program is written in another language, and package.json only makes its pages' parts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from jarvis.analysis.tree import Tree


@dataclass(frozen=True, slots=True)
class Other:
    """Another ecosystem at the top: its file, its name, and whether a web framework of it was seen."""

    file: str
    language: str
    web: bool


_PYTHON = (
    r"(?im)^\s*[\"']?(?:django|flask|fastapi|starlette|sanic|tornado|aiohttp|bottle|pyramid|falcon|quart|litestar"
    r"|streamlit|gradio|dash|wagtail|gunicorn|uvicorn|cherrypy|masonite|robyn|reflex|nicegui)\b"
)
_RUBY = (
    r"gem\s*\(?\s*[\"'](?:rails|railties|sinatra|hanami|roda|puma|rack|grape|padrino|jekyll|middleman|bridgetown"
    r"|nanoc)[\"']"
)
_PHP = (
    r"\"(?:laravel|symfony|slim|cakephp|yiisoft|codeigniter4?|laminas|drupal|roots|craftcms|statamic|getgrav|typo3"
    r"|magento|october|wintercms|livewire|inertiajs)/"
)
_JAVA = (
    r"spring-boot|springframework|quarkus|micronaut|ktor|vertx|dropwizard|jetty|servlet|javalin|jhipster|play\b"
    r"|helidon"
)
_RUST = r"(?m)^\s*(?:actix-web|axum|rocket|warp|poem|tide|salvo|loco-rs|leptos|hyper)\b"
_REQUIREMENTS = (
    "requirements.txt", "pyproject.toml", "Pipfile", "setup.py", "setup.cfg", "environment.yml",
    "requirements/base.txt", "requirements/production.txt", "requirements.in",
)  # fmt: skip
_PAGES = ("artisan", "wp-config.php", "wp-load.php", "index.php", "public/index.php", "web/index.php")
_HUGO = ("hugo.toml", "hugo.yaml", "hugo.json", "config/_default/hugo.toml", "archetypes/default.md")
SIGNS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("php", _PAGES, ""),
    ("php", ("composer.json",), _PHP),
    ("ruby", ("config.ru", "bin/rails", "config/routes.rb"), ""),
    ("ruby", ("Gemfile", "gems.rb"), _RUBY),
    ("python", ("manage.py",), ""),
    ("python", _REQUIREMENTS, _PYTHON),
    ("elixir", ("mix.exs",), r":phoenix|:plug|:bandit"),
    ("java", ("pom.xml", "build.gradle", "build.gradle.kts", "build.sbt", "build.sc"), _JAVA),
    ("clojure", ("project.clj", "deps.edn"), r"ring|compojure|pedestal|luminus|http-kit"),
    ("rust", ("Cargo.toml",), _RUST),
    ("swift", ("Package.swift",), r"vapor|hummingbird"),
    ("crystal", ("shard.yml",), r"kemal|lucky|amber"),
    ("dart", ("pubspec.yaml",), r"(?m)^\s*(?:flutter|shelf|dart_frog|serverpod)\b"),
    ("gleam", ("gleam.toml",), r"wisp|mist"),
    ("haskell", ("stack.yaml",), r"yesod|servant|scotty|ihp"),
    ("hugo", _HUGO, ""),
    (
        "zola",
        ("config.toml",),
        r"(?m)^\s*(?:compile_sass|generate_feeds?|build_search_index|baseURL|base_url)\b",
    ),
    ("dotnet", ("Program.cs", "Startup.cs"), r"WebApplication|WebHost|IApplicationBuilder|UseStartup"),
)
"""Language, its files at the top, and what in them shows a web framework; nothing if the file is enough."""


def other(tree: Tree) -> Other | None:
    """The other ecosystem at the top that has the most to say; None for none."""
    weak: Other | None = None
    for language, files, pattern in SIGNS:
        for file in files:
            if file not in tree:
                continue
            if not pattern or re.search(pattern, tree.text(file)):
                return Other(file, language, web=True)
            weak = weak or Other(file, language, web=False)
    if "_config.yml" in tree and {"_posts", "_layouts"} & tree.folders:
        return Other("_config.yml", "jekyll", web=True)
    if "go.mod" in tree:
        main = next((path for path in tree.ending(".go", depth=2) if not path.endswith("_test.go")), "")
        if main:
            return Other("go.mod", "go", web=True)
    projects = [*tree.ending(".csproj", ".fsproj", ".vbproj", depth=0), *tree.ending(".sln", depth=0)]
    if projects:
        return Other(
            projects[0], "dotnet", web="Sdk.Web" in tree.text(projects[0]) or projects[0].endswith(".sln")
        )
    return weak


def deno(tree: Tree, scripts: Mapping[str, str]) -> str:
    """The settings of Deno at the top, when the scripts that matter do not run without it; empty for none."""
    if any(name in scripts and "deno" not in scripts[name] for name in ("start", "build")):
        return ""
    return tree.first("deno.json", "deno.jsonc")
