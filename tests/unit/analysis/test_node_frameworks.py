"""Node frameworks: which one it is, and how it is started."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import node
from jarvis.analysis.node.frameworks import MADE, SERVED, SERVERS
from node_packages import manifest

Look = Callable[[dict[str, str]], Candidate]
CADDY = "caddy file-server --root {} --listen :${{PORT:-8080}}"
SIGNS = {
    "vite": {"index.html": ""},
    "webpack": {"index.html": "", "webpack.config.js": ""},
    "angular": {"angular.json": "{}"},
    "svelte": {"public/index.html": ""},
}
"""What some frameworks need beside the dependency, because others use them as a tool."""
COMPANIONS = {"expo": ("react-native-web",)}
ROWS = [(row.name, name, row.tools[:1]) for row in (*SERVED, *MADE, *SERVERS) for name in row.packages]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(node.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"package.json": manifest("next@15", "react", build="next build"), "yarn.lock": ""})
    assert (found.framework, found.kind, found.port) == ("nextjs", "web", 3000)
    assert (found.build_command, found.start_command) == (
        "yarn run build",
        "yarn next start -p ${PORT:-3000}",
    )


@pytest.mark.parametrize(("name", "package", "tools"), ROWS, ids=lambda value: str(value))
def test_each_framework_is_known_by_each_of_its_packages(
    look: Look, name: str, package: str, tools: tuple[str, ...]
):
    build = f"{tools[0]} build" if tools else ""
    packages = (package, *COMPANIONS.get(name, ()))
    found = look({"package.json": manifest(*packages, build=build), **SIGNS.get(name, {})})
    assert (found.framework, found.confidence) == (name, 0.97)
    assert package.lower() in found.dependencies


@pytest.mark.parametrize(
    ("packages", "name"),
    [
        (("next", "express"), "nextjs"),
        (("nuxt", "vue", "h3"), "nuxt"),
        (("@sveltejs/kit", "svelte", "vite"), "sveltekit"),
        (("@remix-run/node", "vite", "express"), "remix"),
        (("@shopify/hydrogen", "@remix-run/react"), "hydrogen"),
        (("@react-router/dev", "react-router", "vite"), "react-router"),
        (("@tanstack/react-start", "nitro", "vite"), "tanstack-start"),
        (("@solidjs/start", "vinxi"), "solidstart"),
        (("astro", "@astrojs/react", "vite"), "astro"),
        (("nitropack", "h3"), "nitro"),
        (("@nestjs/core", "@nestjs/platform-express", "express"), "nestjs"),
        (("@feathersjs/feathers", "koa"), "feathers"),
        (("@adonisjs/core", "fastify"), "adonis"),
        (("@ionic/react", "react-scripts"), "ionic-react"),
        (("@scullyio/scully", "@angular/core"), "scully"),
        (("vitepress", "vite"), "vitepress"),
        (("@11ty/eleventy", "@11ty/eleventy-plugin-vite"), "eleventy"),
        (("@strapi/strapi", "koa"), "strapi"),
    ],
)
def test_what_builds_on_another_framework_wins(look: Look, packages: tuple[str, ...], name: str):
    assert look({"package.json": manifest(*packages), "index.html": ""}).framework == name


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": manifest(dev=("express",)), "index.js": "console.log(1)"},
        {"package.json": manifest(dev=("vite", "vitest")), "src/a.ts": "export const a = 1"},
        {"package.json": manifest(dev=("webpack",)), "index.js": "console.log(1)"},
        {"package.json": manifest(dev=("next",), peerDependencies={"next": "*"}, private=False)},
        {"package.json": manifest("polka"), "index.js": "require('polka')().listen(3000)"},
        {"package.json": manifest("react-router", "h3-js", "socket.io", "connect")},
        {"package.json": manifest(dev=("supertest", "@types/express")), "a.test.js": "require('express')"},
        {"package.json": manifest(dev=("storybook",), scripts={"storybook": "storybook dev"}, main="x.js")},
    ],
)
def test_a_tool_is_not_claimed_as_the_framework(look: Look, files: dict[str, str]):
    assert look(files).framework == "none"


def test_a_server_that_is_bundled_may_be_a_development_dependency(look: Look):
    found = look(
        {"package.json": manifest(dev=("hono", "tsup")), "src/index.ts": "import { Hono } from 'hono'"}
    )
    assert found.framework == "hono"


def test_of_several_server_libraries_the_imported_one_counts(look: Look):
    server = "const app = require('express')()\napp.listen(3000)"
    found = look({"package.json": manifest("fastify", "express"), "server.js": server})
    assert found.framework == "express"


def test_a_tool_that_is_installed_elsewhere_is_known_by_the_script(look: Look):
    found = look({"package.json": manifest(build="npx @11ty/eleventy --output=out")})
    assert (found.framework, found.static_dir) == ("eleventy", "out")


@pytest.mark.parametrize(
    ("start", "name", "kind"),
    [
        ("node server.js", "express", "web"),
        ("NODE_ENV=production node -r dotenv/config server", "express", "web"),
        ("npm run build && node server.js", "express", "web"),
        ("pm2-runtime start server.js", "express", "web"),
        ("react-scripts start", "create-react-app", "static"),
        ("", "express", "web"),
    ],
)
def test_a_server_beside_its_pages_wins_when_it_is_started(look: Look, start: str, name: str, kind: str):
    server = "const app = require('express')()\napp.listen(3000)"
    files = {"package.json": manifest("express", "react-scripts", start=start, build="react-scripts build")}
    found = look({**files, "server.js": server, "src/index.js": "import React from 'react'"})
    assert (found.framework, found.kind) == (name, kind)


def test_a_plain_server_may_hand_out_the_pages(look: Look):
    server = "require('http').createServer().listen(3000)"
    found = look({"package.json": manifest("react-scripts", start="node server.js"), "server.js": server})
    assert (found.framework, found.kind, found.static_dir) == ("create-react-app", "web", "")


def app(*packages: str, **scripts: str) -> str:
    return manifest(*packages, scripts=scripts)


@pytest.mark.parametrize(
    ("files", "start"),
    [
        ({"package.json": app("nuxt@^3")}, "node .output/server/index.mjs"),
        ({"package.json": app("nuxt@^2")}, "npx nuxt start"),
        ({"package.json": app("@sveltejs/kit", "@sveltejs/adapter-node")}, "node build"),
        ({"package.json": app("@remix-run/serve@^2", "vite")}, "npx remix-serve ./build/server/index.js"),
        ({"package.json": app("@remix-run/serve@^2")}, "npx remix-serve build/index.js"),
        ({"package.json": app("@remix-run/serve@^1")}, "npx remix-serve build"),
        ({"package.json": app("@react-router/dev")}, "npx react-router-serve ./build/server/index.js"),
        (
            {"package.json": app("astro"), "astro.config.mjs": "output: 'server'"},
            "node ./dist/server/entry.mjs",
        ),
        ({"package.json": app("@solidjs/start")}, "node .output/server/index.mjs"),
        ({"package.json": app("@tanstack/react-start", "nitro")}, "node .output/server/index.mjs"),
        ({"package.json": app("@nestjs/core")}, "node dist/main"),
        (
            {"package.json": manifest("@nestjs/core", scripts={"start:prod": "node dist/main"})},
            "npm run start:prod",
        ),
        ({"package.json": manifest("@nestjs/core", start="nest start")}, "npm run start"),
        ({"package.json": app("@adonisjs/core@^6")}, "node build/bin/server.js"),
        ({"package.json": app("@strapi/strapi")}, "npx strapi start"),
        ({"package.json": app("gatsby"), "bun.lock": ""}, CADDY.format("public")),
        ({"package.json": app("next"), "pnpm-lock.yaml": ""}, "pnpm exec next start -p ${PORT:-3000}"),
        ({"package.json": app("next"), "bun.lock": ""}, "bunx next start -p ${PORT:-3000}"),
        (
            {".meteor/release": "METEOR@3", "package.json": app("meteor-node-stubs")},
            "node ../bundle/bundle/main.js",
        ),
    ],
)
def test_a_framework_is_started_with_its_own_server(look: Look, files: dict[str, str], start: str):
    assert look(files).start_command == start


@pytest.mark.parametrize(
    ("packages", "spa"),
    [
        (("vite", "react", "react-router-dom"), True),
        (("vite", "vue", "vue-router"), True),
        (("vite", "react"), False),
        (("vitepress", "vue-router"), False),
        (("gatsby", "@reach/router"), False),
        (("@vue/cli-service", "vue-router"), True),
    ],
)
def test_pages_with_a_router_are_one_page(look: Look, packages: tuple[str, ...], spa: bool):
    assert look({"package.json": manifest(*packages), "index.html": ""}).spa is spa


def test_output_for_another_provider_is_told(look: Look):
    found = look({"package.json": app("@sveltejs/kit", "@sveltejs/adapter-vercel"), "package-lock.json": ""})
    assert rules(found) == ["foreign-adapter"]
    assert "Vercel" in found.against[0]


@pytest.mark.parametrize(
    ("packages", "start"),
    [
        ("react-scripts", "react-scripts start"),
        ("vite", "vite"),
        ("vite", "vite --host"),
        ("vite", "npm run dev"),
        ("next", "next dev"),
        ("next", "next"),
        ("gatsby", "gatsby develop"),
        ("webpack", "webpack serve --open"),
        ("webpack", "webpack-dev-server"),
        ("@vue/cli-service", "vue-cli-service serve"),
        ("@angular/core", "ng serve"),
        ("@11ty/eleventy", "eleventy --serve"),
        ("@docusaurus/core", "docusaurus start"),
        ("express", "nodemon server.js"),
        ("express", "npx nodemon server.js"),
        ("express", "node --watch server.js"),
        ("express", "tsx watch server.ts"),
        ("parcel", "parcel index.html"),
        ("astro", "astro dev --host"),
    ],
)
def test_a_development_server_as_the_start_is_told(look: Look, packages: str, start: str):
    files = {"package.json": manifest(packages, start=start, scripts={"dev": "vite"}), "index.html": ""}
    found = look({**files, "package-lock.json": "", "angular.json": "{}", "webpack.config.js": ""})
    assert rules(found) == ["debug-server"]
    assert found.start_command == "npm run start"


@pytest.mark.parametrize(
    "start",
    [
        "vite build",
        "vite preview",
        "next start",
        "node server.js",
        "nest start",
        "serve -s build",
        "astro preview",
    ],
)
def test_a_start_for_production_is_not_told(look: Look, start: str):
    found = look(
        {"package.json": manifest("vite", "next", start=start), "package-lock.json": "", "index.html": ""}
    )
    assert rules(found) == []
