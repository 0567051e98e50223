"""Where the finished pages of Node frameworks lie, and whether there are any."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import node
from node_packages import manifest

Look = Callable[[dict[str, str]], Candidate]
PAGE = {"index.html": ""}
STATIC = "import adapter from '@sveltejs/adapter-static'\n"
CADDY = "caddy file-server --root {} --listen :${{PORT:-8080}}"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(node.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"package.json": manifest("vite", build="vite build --outDir=site"), "index.html": ""})
    assert (found.kind, found.static_dir, found.port) == ("static", "site", 8080)
    assert found.start_command == CADDY.format("site")


@pytest.mark.parametrize(
    ("packages", "build", "files", "folder"),
    [
        ("vite", "", PAGE, "dist"),
        ("vite", "", {**PAGE, "vite.config.ts": "build: { outDir: 'site' }"}, "site"),
        ("vite", "", {**PAGE, "vite.config.ts": "// outDir: 'site'\n"}, "dist"),
        ("vite", "", {**PAGE, "vite.config.ts": "/* a\n outDir: 'site' */ url: 'http://x'"}, "dist"),
        ("vite", "tsc && vite build --outDir ../public", PAGE, "../public"),
        ("vite", "", {"web/index.html": "", "vite.config.js": "root: './web', outDir: '../out'"}, "out"),
        ("vite", "", {"web/index.html": "", "vite.config.js": "root: 'web'"}, "web/dist"),
        (
            "vite",
            "",
            {**PAGE, "vite.config.mts": "outDir: path.resolve(__dirname, '..', 'public')"},
            "../public",
        ),
        (
            "vite",
            "",
            {**PAGE, "vite.config.js": "outDir: fileURLToPath(new URL('./o', import.meta.url))"},
            "o",
        ),
        ("react-scripts", "", {}, "build"),
        ("react-scripts", "BUILD_PATH='./site' react-scripts build", {}, "site"),
        ("react-scripts", "", {".env": "BUILD_PATH=site\n"}, "site"),
        ("@vue/cli-service", "", {}, "dist"),
        ("@vue/cli-service", "", {"vue.config.js": "outputDir: 'site'"}, "site"),
        ("@vue/cli-service", "vue-cli-service build --dest site", {}, "site"),
        ("gatsby", "gatsby build", {}, "public"),
        ("@docusaurus/core", "docusaurus build", {}, "build"),
        ("@docusaurus/core", "docusaurus build --out-dir site", {}, "site"),
        ("docusaurus", "", {"siteConfig.js": "projectName: 'tea',"}, "build/tea"),
        ("vitepress", "vitepress build docs", {}, "docs/.vitepress/dist"),
        ("vitepress", "", {"docs/.vitepress/config.mts": ""}, "docs/.vitepress/dist"),
        ("vitepress", "", {"docs/.vitepress/config.mts": "outDir: '../site'"}, "site"),
        ("vuepress", "vuepress build src", {}, "src/.vuepress/dist"),
        ("vuepress", "", {"docs/.vuepress/config.js": "dest: 'site'"}, "site"),
        ("@11ty/eleventy", "", {}, "_site"),
        ("@11ty/eleventy", "", {".eleventy.js": "dir: { input: 'src', output: 'out' }"}, "out"),
        ("@11ty/eleventy", "eleventy --output=out", {}, "out"),
        ("hexo", "", {}, "public"),
        ("hexo", "", {"_config.yml": "public_dir: site\n"}, "site"),
        ("@stencil/core", "", {}, "www"),
        ("@stencil/core", "", {"stencil.config.ts": "{ type: 'www', dir: 'site' }"}, "site"),
        ("preact-cli", "preact build --dest site", {}, "site"),
        ("umi", "", {".umirc.ts": "outputPath: './site/'"}, "site"),
        ("ember-cli", "ember build -o site", {}, "site"),
        ("parcel", "parcel build index.html", {}, "dist"),
        ("parcel", "parcel build index.html --dist-dir site", {}, "site"),
        (
            "webpack html-webpack-plugin",
            "webpack",
            {"webpack.config.js": "path: path.join(__dirname, 'o')"},
            "o",
        ),
        ("storybook", "storybook build -o site", {}, "site"),
        ("expo react-native-web", "", {}, "dist"),
        ("expo react-native-web", "expo export:web", {}, "web-build"),
        ("expo react-native-web", "expo export -p web --output-dir out", {}, "out"),
        ("@ionic/react react-scripts", "", {}, "build"),
        ("@ionic/react vite", "", PAGE, "dist"),
        ("@ionic/vue vite", "", PAGE, "dist"),
        ("astro", "", {}, "dist"),
        ("astro", "", {"astro.config.mjs": "outDir: './site',"}, "site"),
        ("next", "", {"next.config.mjs": "output: 'export'"}, "out"),
        ("next", "", {"next.config.js": 'output: "export", distDir: "site"'}, "site"),
        ("next", "next build && next export -o site", {}, "site"),
        ("nuxt@^3", "nuxt generate", {}, ".output/public"),
        ("nuxt@^2", "", {"nuxt.config.js": "target: 'static'"}, "dist"),
        ("@react-router/dev", "", {"react-router.config.ts": "ssr: false"}, "build/client"),
        ("@react-router/dev", "", {"react-router.config.ts": "ssr: false, buildDirectory: 'o'"}, "o/client"),
        ("@remix-run/react vite", "", {"vite.config.ts": "remix({ ssr: false })"}, "build/client"),
        ("@sveltejs/kit @sveltejs/adapter-static", "", {"svelte.config.js": STATIC}, "build"),
        ("@sveltejs/kit", "", {"svelte.config.js": STATIC + "adapter({ pages: 'site' })"}, "site"),
        ("@analogjs/platform", "", {"vite.config.ts": "analog({ ssr: false })"}, "dist/analog/public"),
        ("@tanstack/react-start", "", {"vite.config.ts": "spa: { enabled: true }"}, "dist/client"),
        ("sapper", "sapper export", {}, "__sapper__/export"),
        ("@solidjs/start", "", {"app.config.ts": "server: { preset: 'static' }"}, ".output/public"),
        ("quasar @quasar/app-vite", "quasar build", {}, "dist/spa"),
    ],
)
def test_the_folder_of_the_pages_is_found(
    look: Look, packages: str, build: str, files: dict[str, str], folder: str
):
    found = look({"package.json": manifest(*packages.split(), build=build), **files})
    assert (found.kind, found.static_dir) == ("static", folder)
    assert found.start_command == CADDY.format(folder)


@pytest.mark.parametrize(
    ("package", "files"),
    [
        ("next", {"next.config.js": "// output: 'export'\n"}),
        ("next", {"next.config.js": "output: 'standalone'"}),
        ("nuxt@^3", {}),
        ("astro", {"astro.config.mjs": "output: 'server', adapter: node()"}),
        ("astro", {"astro.config.mjs": "adapter: node({ mode: 'standalone' })"}),
        ("astro", {"astro.config.mjs": "output: 'hybrid'"}),
        ("@sveltejs/kit", {"svelte.config.js": "import adapter from '@sveltejs/adapter-auto'"}),
        ("@react-router/dev", {"react-router.config.ts": "ssr: true"}),
        ("@remix-run/node", {}),
        ("@analogjs/platform", {}),
        ("@solidjs/start", {}),
        ("expo", {"app.json": '{"expo": {"web": {"output": "server"}}}'}),
    ],
)
def test_what_a_server_makes_is_not_static(look: Look, package: str, files: dict[str, str]):
    found = look({"package.json": manifest(package), **files})
    assert (found.kind, found.static_dir) == ("web", "")
    assert found.start_command


ANGULAR = (
    '{"projects": {"lib": {"projectType": "library"}, "tea": {"projectType": "application", "architect": '
    '{"build": {"builder": "@angular-devkit/build-angular:%s", "options": {%s}}}}}}'
)


@pytest.mark.parametrize(
    ("builder", "options", "kind", "folder"),
    [
        ("browser", '"outputPath": "dist/shop"', "static", "dist/shop"),
        ("browser", "", "static", "dist/tea"),
        ("application", '"outputPath": "dist/shop"', "static", "dist/shop/browser"),
        ("application", "", "static", "dist/tea/browser"),
        ("application", '"outputPath": {"base": "dist/shop", "browser": ""}', "static", "dist/shop"),
        ("application", '"ssr": {"entry": "server.ts"}', "web", ""),
        ("application", '"ssr": true, "outputMode": "static"', "static", "dist/tea/browser"),
    ],
)
def test_the_settings_of_angular_say_where_its_pages_lie(
    look: Look, builder: str, options: str, kind: str, folder: str
):
    found = look({"package.json": manifest("@angular/core"), "angular.json": ANGULAR % (builder, options)})
    assert (found.framework, found.kind, found.static_dir) == ("angular", kind, folder)
    if kind == "web":
        assert found.start_command == "node dist/tea/server/server.mjs"


def test_the_settings_of_the_first_angular_are_read_too(look: Look):
    found = look(
        {"package.json": manifest("@angular/core"), ".angular-cli.json": '{"apps": [{"outDir": "site"}]}'}
    )
    assert found.static_dir == "site"
