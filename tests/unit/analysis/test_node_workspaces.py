"""Several Node packages in one folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import node
from node_packages import manifest

Look = Callable[[dict[str, str]], Candidate]
EXPRESS = "const app = require('express')()\napp.listen(process.env.PORT || 4100)\n"
API = {
    "packages/api/package.json": manifest("express", "pg", start="node server.js"),
    "packages/api/server.js": EXPRESS,
}
SITE = {"packages/site/package.json": manifest("vite", build="vite build"), "packages/site/index.html": ""}


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(node.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"package.json": manifest(workspaces=["packages/*"]), **API, **SITE})
    assert (found.kind, found.framework, found.start_command) == ("monorepo", "none", "")


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": manifest(workspaces={"packages": ["packages/*"]})},
        {"package.json": manifest(), "pnpm-workspace.yaml": "packages:\n- packages/*\n"},
        {"package.json": manifest(), "lerna.json": '{"packages": ["packages/*"]}'},
        {"package.json": manifest(), "lerna.json": "{}"},
        {"package.json": manifest(build="turbo build"), "turbo.json": "{}"},
        {"package.json": manifest(dev=("nx",)), "nx.json": "{}"},
        {"package.json": manifest(workspaces=["./packages/**", "!packages/old"])},
    ],
)
def test_each_way_to_list_packages_is_known(look: Look, files: dict[str, str]):
    assert look({**files, **API, **SITE}).kind == "monorepo"


@pytest.mark.parametrize(
    "start",
    [
        "node packages/api/server.js",
        "npm start -w api",
        "yarn workspace shop-api start",
        "pnpm --filter ./packages/api start",
        "turbo run start --filter=api",
        "turbo run start",
        "cd packages/api && npm start",
        "npm start --prefix packages/api",
        "lerna run start --scope shop-api",
        "npm run start --workspaces",
    ],
)
def test_the_root_is_what_it_starts(look: Look, start: str):
    named = {"packages/api/package.json": manifest("express", "pg", start="node server.js", name="shop-api")}
    found = look({"package.json": manifest(start=start, workspaces=["packages/*"]), **API, **SITE, **named})
    assert (found.kind, found.start_command) == ("web", f"{found.package_manager} run start")
    assert found.port == 4100
    assert engines(found)["postgres"] == "required"


def test_pages_that_are_started_keep_their_folder(look: Look):
    site = {"packages/site/package.json": manifest("vite", start="vite preview", build="vite build")}
    found = look(
        {"package.json": manifest(start="npm start -w site", workspaces=["packages/*"]), **SITE, **site}
    )
    assert (found.kind, found.static_dir) == ("static", "packages/site/dist")


def test_a_root_with_a_program_of_its_own_is_that_program(look: Look):
    files = {"package.json": manifest("express", workspaces=["packages/*"]), "server.js": EXPRESS}
    found = look({**files, **SITE})
    assert (found.kind, found.framework, found.start_command) == ("web", "express", "node server.js")


def test_settings_of_pnpm_alone_make_no_workspace(look: Look):
    settings = {"pnpm-workspace.yaml": "onlyBuiltDependencies:\n- esbuild\n"}
    found = look({"package.json": manifest("vite", build="vite build"), "index.html": "", **settings})
    assert (found.kind, found.framework) == ("static", "vite")


def test_turbo_may_run_the_scripts_of_a_single_package(look: Look):
    found = look(
        {"package.json": manifest("next", build="turbo run build"), "turbo.json": "{}", "app/page.tsx": ""}
    )
    assert (found.kind, found.framework) == ("web", "nextjs")


def test_redwood_is_one_program_of_two_packages(look: Look):
    halves = {"api/package.json": manifest(), "web/package.json": manifest(), "web/src/App.jsx": ""}
    found = look({"package.json": manifest(dev=("@redwoodjs/core",), workspaces=["api", "web"]), **halves})
    assert (found.kind, found.framework) == ("web", "redwoodjs")


def nx(folder: str, name: str, builder: str, output: str = "") -> dict[str, str]:
    option = f'"outputPath": "{output}"' if output else ""
    build = f'{{"executor": "{builder}", "options": {{{option}}}}}'
    return {f"{folder}/project.json": f'{{"name": "{name}", "targets": {{"build": {build}}}}}'}


@pytest.mark.parametrize(
    ("files", "framework", "start"),
    [
        (
            {**nx("apps/web", "web", "@nx/next:build"), "apps/web/next.config.js": ""},
            "nextjs",
            "cd apps/web && npx next start -p ${PORT:-3000}",
        ),
        (
            {**nx("apps/web", "web", "@nx/next:build", "dist/apps/web"), "apps/web/next.config.js": ""},
            "nextjs",
            "npx next start dist/apps/web -p ${PORT:-3000}",
        ),
        (
            {
                **nx("apps/api", "api", "@nx/webpack:webpack", "dist/apps/api"),
                "apps/api/src/main.js": EXPRESS,
            },
            "express",
            "node dist/apps/api/main.js",
        ),
        (
            {**nx("apps/api", "api", "@nx/esbuild:esbuild"), "apps/api/src/main.js": EXPRESS},
            "express",
            "node dist/apps/api/main.js",
        ),
        (
            {
                **nx("apps/ui", "ui", "@nx/vite:build"),
                "apps/ui/vite.config.ts": "outDir: '../../dist/apps/ui'",
            },
            "vite",
            "caddy file-server --root dist/apps/ui --listen :${PORT:-8080}",
        ),
    ],
)
def test_the_only_application_of_nx_is_meant(look: Look, files: dict[str, str], framework: str, start: str):
    found = look({"package.json": manifest("next", "express", "vite", dev=("nx",)), "nx.json": "{}", **files})
    assert (found.framework, found.start_command) == (framework, start)
    assert found.build_command.startswith("npx nx build ")


def test_of_several_applications_nx_means_the_default_one(look: Look):
    files = {**nx("apps/web", "web", "@nx/next:build"), "apps/web/next.config.js": ""}
    files |= {**nx("apps/api", "api", "@nx/webpack:webpack"), "apps/api/src/main.js": EXPRESS}
    root = {
        "package.json": manifest("next", "express", start="nx serve"),
        "nx.json": '{"defaultProject": "api"}',
    }
    assert look({**root, **files}).framework == "express"


def test_several_applications_of_nx_without_a_default_are_a_monorepo(look: Look):
    files = {**nx("apps/web", "web", "@nx/next:build"), **nx("apps/api", "api", "@nx/webpack:webpack")}
    assert look({"package.json": manifest("next", dev=("nx",)), "nx.json": "{}", **files}).kind == "monorepo"
