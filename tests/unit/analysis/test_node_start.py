"""How a Node project is installed, built and started, with which package manager."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import node
from jarvis.analysis.node.script import Command, commands
from node_packages import manifest

Look = Callable[[dict[str, str]], Candidate]
LISTENS = "require('http').createServer().listen(3000)\n"
QUIET = "console.log('done')\n"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(node.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look(
        {
            "package.json": manifest("koa", start="node a.js", build="tsc"),
            "pnpm-lock.yaml": "",
            "a.js": LISTENS,
        }
    )
    assert (found.package_manager, found.install_command) == ("pnpm", "pnpm install --frozen-lockfile")
    assert (found.build_command, found.start_command) == ("pnpm run build", "pnpm run start")


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({}, "npm"),
        ({"package-lock.json": ""}, "npm"),
        ({"npm-shrinkwrap.json": ""}, "npm"),
        ({"yarn.lock": ""}, "yarn"),
        ({"pnpm-lock.yaml": ""}, "pnpm"),
        ({"bun.lockb": ""}, "bun"),
        ({"bun.lock": ""}, "bun"),
        ({"yarn.lock": "", "package-lock.json": ""}, "yarn"),
        ({"pnpm-lock.yaml": "", "package-lock.json": ""}, "pnpm"),
        ({"pnpm-lock.yaml": "", "yarn.lock": ""}, "pnpm"),
        ({"bun.lockb": "", "yarn.lock": ""}, "bun"),
        ({"yarn.lock": "", "package.json": manifest(packageManager="pnpm@9.1.0")}, "pnpm"),
        ({"package-lock.json": "", "package.json": manifest(packageManager="yarn@4.0.0+sha1.0")}, "yarn"),
        ({"yarn.lock": "", "package.json": manifest(packageManager="npm@10")}, "npm"),
        ({"package.json": manifest(devEngines={"packageManager": {"name": "bun"}})}, "bun"),
        ({"package.json": manifest(engines={"pnpm": ">=9"})}, "pnpm"),
        ({"package.json": manifest(engines={"yarn": "please-use-npm"})}, "npm"),
        ({"package-lock.json": "", "package.json": manifest(engines={"yarn": "1.22"})}, "npm"),
        ({"package.json": manifest(scripts={"preinstall": "npx only-allow pnpm"})}, "pnpm"),
        ({"package.json": manifest(build="yarn lint && tsc")}, "yarn"),
        ({"package.json": manifest(scripts={"update": "yarn upgrade --latest"})}, "npm"),
        ({"yarn.lock": "", "pnpm-lock.yaml": "", "package.json": manifest(build="yarn lint && tsc")}, "yarn"),
        ({".yarnrc.yml": "nodeLinker: node-modules\n"}, "yarn"),
        ({"pnpm-workspace.yaml": "onlyBuiltDependencies:\n- esbuild\n"}, "pnpm"),
        ({"bunfig.toml": ""}, "bun"),
    ],
)
def test_the_package_manager_is_the_one_that_is_asked_for(look: Look, files: dict[str, str], name: str):
    assert look({"package.json": manifest(), "index.js": QUIET, **files}).package_manager == name


@pytest.mark.parametrize("file", ["package.json5", "package.yaml"])
def test_pnpm_reads_manifests_in_other_notations(look: Look, file: str):
    text = (
        "// ours\n{name: 'shop', scripts: {start: 'node \"a\".js',},}"
        if "5" in file
        else "scripts:\n  start: node a.js\n"
    )
    found = look({file: text, "a.js": LISTENS})
    assert (found.package_manager, found.start_command) == ("pnpm", "pnpm run start")


@pytest.mark.parametrize(
    ("files", "install"),
    [
        ({}, "npm install"),
        ({"package-lock.json": ""}, "npm ci"),
        ({"yarn.lock": "# yarn lockfile v1\n"}, "yarn install --frozen-lockfile"),
        ({"yarn.lock": "__metadata:\n  version: 8\n"}, "yarn install --immutable"),
        ({"yarn.lock": "", ".yarnrc.yml": ""}, "yarn install --immutable"),
        (
            {"yarn.lock": "", "package.json": manifest("a", packageManager="yarn@3.6.0")},
            "yarn install --immutable",
        ),
        ({"package.json": manifest("a", packageManager="pnpm@9")}, "pnpm install"),
        ({"bun.lock": ""}, "bun install --frozen-lockfile"),
    ],
)
def test_a_lock_file_is_obeyed(look: Look, files: dict[str, str], install: str):
    assert look({"package.json": manifest("a"), "index.js": QUIET, **files}).install_command == install


def test_a_lock_file_of_another_package_manager_is_told(look: Look):
    found = look(
        {"package.json": manifest("koa"), "pnpm-lock.yaml": "", "package-lock.json": "", "a.js": LISTENS}
    )
    assert rules(found) == ["foreign-lock-file"]
    assert found.findings[0].file == "package-lock.json"


@pytest.mark.parametrize(
    ("files", "start"),
    [
        (
            {"package.json": manifest(start="node x.js", main="index.js"), "index.js": LISTENS},
            "npm run start",
        ),
        ({"package.json": manifest(scripts={"prod": "node index.js"}), "index.js": LISTENS}, "npm run prod"),
        (
            {"package.json": manifest(scripts={"serve": "node index.js"}), "index.js": LISTENS},
            "npm run serve",
        ),
        ({"package.json": manifest(scripts={"serve": "nodemon"}), "index.js": LISTENS}, "node index.js"),
        ({"package.json": manifest(main="src/run.js"), "src/run.js": LISTENS}, "node src/run.js"),
        ({"package.json": manifest(main="./src/run"), "src/run.js": LISTENS}, "node src/run.js"),
        ({"package.json": manifest(main="src"), "src/index.js": LISTENS}, "node src/index.js"),
        ({"package.json": manifest(main="gone.js"), "app.js": LISTENS}, "node app.js"),
        ({"package.json": manifest(bin={"x": "./cli.js"}), "cli.js": QUIET}, "node cli.js"),
        ({"package.json": manifest(), "index.js": QUIET, "server.js": LISTENS}, "node server.js"),
        ({"package.json": manifest(), "index.js": QUIET, "lib/a.js": LISTENS}, "node index.js"),
        ({"package.json": manifest(), "bin/www": LISTENS, "views/a.js": ""}, "node bin/www"),
        ({"package.json": manifest(module="index.ts"), "index.ts": QUIET, "bun.lock": ""}, "bun index.ts"),
        ({"package.json": manifest(), "index.ts": QUIET}, "node index.ts"),
        ({"package.json": manifest("tsx"), "index.ts": QUIET}, "npx tsx index.ts"),
        (
            {"package.json": manifest(dev=("ts-node",)), "index.ts": QUIET, "yarn.lock": ""},
            "yarn ts-node index.ts",
        ),
        (
            {"package.json": manifest(), "a/b.js": LISTENS, "ecosystem.config.js": "script: './a/b.js'"},
            "node a/b.js",
        ),
        ({"package.json": manifest(scripts={"dev": "weird"}), "odd.jsx": LISTENS}, "node odd.jsx"),
        ({"package.json": manifest(), "notes.txt": ""}, ""),
    ],
)
def test_the_start_is_the_projects_own_before_ours(look: Look, files: dict[str, str], start: str):
    assert look(files).start_command == start


@pytest.mark.parametrize(
    ("options", "source", "build", "start"),
    [
        ('"outDir": "dist"', "src/index.ts", "npm run build", "node dist/index.js"),
        ('"outDir": "./out/", "rootDir": "."', "src/index.ts", "npm run build", "node out/src/index.js"),
        ('"outDir": "dist"', "index.mts", "npm run build", "node dist/index.mjs"),
        ("", "server.ts", "npm run build", "node server.js"),
    ],
)
def test_what_is_compiled_is_started_where_it_was_written(
    look: Look, options: str, source: str, build: str, start: str
):
    files = {"package.json": manifest(build="tsc -p .", dev=("typescript",)), source: LISTENS}
    found = look({**files, "tsconfig.json": f'{{"compilerOptions": {{{options}}}}}'})
    assert (found.build_command, found.start_command) == (build, start)


def test_a_compiler_without_a_script_is_called_by_us(look: Look):
    files = {"package.json": manifest(main="index.js", dev=("typescript",)), "index.ts": LISTENS}
    found = look({**files, "tsconfig.json": '{"compilerOptions": {"outDir": "dist"}}'})
    assert (found.build_command, found.start_command) == ("npx tsc", "node dist/index.js")


def test_a_main_file_that_the_build_writes_may_be_missing(look: Look):
    files = {"package.json": manifest("express", main="dist/run.js", build="tsc"), "src/run.ts": LISTENS}
    assert look(files).start_command == "node dist/run.js"


@pytest.mark.parametrize(
    ("scripts", "build"),
    [
        ({"build": "webpack"}, "npm run build"),
        ({"heroku-postbuild": "webpack"}, "npm run heroku-postbuild"),
        ({"gcp-build": "tsc"}, "npm run gcp-build"),
        ({"build:prod": "webpack", "test": "jest"}, "npm run build:prod"),
        ({"docs:build": "vitepress build docs"}, "npm run docs:build"),
        ({"test": "jest"}, ""),
    ],
)
def test_the_build_script_is_found(look: Look, scripts: dict[str, str], build: str):
    assert look({"package.json": manifest(scripts=scripts), "server.js": LISTENS}).build_command == build


SCRIPTS = {
    "build": "tsc -p .",
    "start:prod": "node dist/main",
    "loop": "npm run loop && node a.js",
    "dev:a": "node a.js",
    "dev:b": "node b.js",
}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("node server.js", [("node", "server.js", "", "", "")]),
        ("NODE_ENV=production PORT=$PORT node ./server", [("node", "server", "", "", "")]),
        ("cross-env A=1 node -r dotenv/config x.js", [("node", "x.js", "", "", "")]),
        ("node --max-old-space-size=99 --import ./a.mjs x.js", [("node", "x.js", "", "", "")]),
        ("npm run start:prod", [("node", "dist/main", "", "", "")]),
        ("yarn build && node .", [("tsc", "", "", "", ""), ("node", ".", "", "", "")]),
        ("run-s build start:prod", [("tsc", "", "", "", ""), ("node", "dist/main", "", "", "")]),
        ("npm-run-all dev:*", [("node", "a.js", "", "", ""), ("node", "b.js", "", "", "")]),
        (
            'concurrently "npm:dev:a" "node c.js"',
            [("node", "a.js", "", "", ""), ("node", "c.js", "", "", "")],
        ),
        ("npm run loop", [("node", "a.js", "", "", "")]),
        ("npx --yes serve out", [("serve", "", "", "", "")]),
        ("pnpm exec next start", [("next", "", "", "", "")]),
        ("yarn vite build", [("vite", "", "", "", "")]),
        ("./node_modules/.bin/next start", [("next", "", "", "", "")]),
        ("dotenv -e .env -- next start", [("next", "", "", "", "")]),
        ("bun run index.ts", [("bun", "index.ts", "", "", "")]),
        ("bun --bun run build", [("tsc", "", "", "", "")]),
        ("ts-node -P tsconfig.json src/a.ts", [("ts-node", "src/a.ts", "", "", "")]),
        ("pm2-runtime start app.js -i max", [("pm2-runtime", "app.js", "", "", "")]),
        ("node -e 'console.log(1)'", [("node", "", "", "", "")]),
        ("cd server && npm start", [("npm", "", "server", "", "start")]),
        ("(cd server; node a.js)", [("node", "a.js", "server", "", "")]),
        ("npm start --prefix server", [("npm", "", "server", "", "start")]),
        ("yarn --cwd server start", [("yarn", "", "server", "", "start")]),
        ("npm run start -w web", [("npm", "", "", "web", "start")]),
        ("npm start --workspace=web", [("npm", "", "", "web", "start")]),
        ("yarn workspace web start", [("yarn", "", "", "web", "start")]),
        ("pnpm --filter @x/web start", [("pnpm", "", "", "@x/web", "start")]),
        ("pnpm -r start", [("pnpm", "", "", "*", "start")]),
        ("turbo run start --filter=web", [("turbo", "", "", "web", "start")]),
        ("turbo start", [("turbo", "", "", "*", "start")]),
        ("lerna run start --scope web", [("lerna", "", "", "web", "start")]),
        ("nx serve web", [("nx", "", "", "web", "serve")]),
        ("nx run web:serve:production", [("nx", "", "", "web", "serve")]),
        ("echo 'unclosed", [("echo", "", "", "", "")]),
        ("", []),
    ],
)
def test_a_script_is_followed_to_the_programs_it_runs(line: str, wanted: list[tuple[str, ...]]):
    found = commands({**SCRIPTS, "it": line}, "it")
    assert [(item.tool, item.entry, item.folder, item.member, item.script) for item in found] == wanted


def test_options_are_read_in_both_notations():
    command = Command("vite", ("build", "--outDir=a", "--mode", "b", "-x"))
    assert (command.option("--outDir"), command.option("-m", "--mode"), command.option("-x")) == (
        "a",
        "b",
        "",
    )
