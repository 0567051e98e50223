"""The folder that holds the finished pages after a build."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

from jarvis.analysis.node import angular, config
from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.recognise import BUILDS, Choice, called
from jarvis.analysis.node.values import dig, mapping, text

_WRITTEN = "The pages are written there."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a framework may be told its output folder: options of its tool, and keys of its settings."""

    options: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    inner: str = ""


_OUT = ("--outDir", "--out-dir", "--output-dir", "--outdir")
PLACES = {
    "vite": Place(_OUT),  # its settings are read by `_vite`, because they lie beside its root
    "ionic-vue": Place(_OUT),
    "astro": Place(_OUT, ("astro.config",), ("outDir",)),
    "nextjs": Place(("-o", "--outdir"), ("next.config",), ("distDir",)),
    "gatsby": Place(),
    "docusaurus": Place(("--out-dir",)),
    "eleventy": Place(("--output",), (".eleventy", "eleventy.config"), ("output",)),
    "vue-cli": Place(("--dest",), ("vue.config",), ("outputDir",)),
    "gridsome": Place((), ("gridsome.config",), ("outputDir", "outDir")),
    "saber": Place((), ("saber-config", "saber.config"), ("outDir",)),
    "webpack": Place(
        ("--output-path", "-o"),
        ("webpack.config", "webpack.prod", "webpack.config.prod", "webpack.common", "config/webpack.prod"),
        ("path",),
    ),
    "parcel": Place(("--dist-dir", "-d", "--out-dir")),
    "preact": Place(("--dest", "-d")),
    "umijs": Place((), (".umirc", "config/config"), ("outputPath",)),
    "ember": Place(("--output-path", "-o")),
    "storybook": Place(("-o", "--output-dir")),
    "observable": Place((), ("observablehq.config",), ("output",)),
    "rspress": Place((), ("rspress.config",), ("outDir",)),
    "rsbuild": Place((), ("rsbuild.config",), ("root",)),
    "snowpack": Place((), ("snowpack.config",), ("out",)),
    "slidev": Place(("--out", "-o")),
    "expo": Place(("--output-dir",)),
    "react-router": Place((), ("react-router.config",), ("buildDirectory",), "client"),
    "remix": Place((), ("vite.config",), ("buildDirectory",), "client"),
    "sveltekit": Place((), ("svelte.config",), ("pages",)),
    "quasar": Place((), ("quasar.config", "quasar.conf"), ("distDir",)),
    "stencil": Place(),
    "angular": Place(("--output-path",)),
    "ionic-angular": Place(("--output-path",)),
    "scully": Place(),
    "brunch": Place((), ("brunch-config",), ("public",)),
}
"""Framework → where its folder may be stated; one that is missing here always uses the same."""


def folder(manifest: Manifest, choice: Choice) -> Fact:
    """The folder, relative to the package."""
    row = choice.framework
    place = PLACES.get(row.name, Place())
    found = _option(manifest, row.tools, place.options)
    if found is None and (special := _SPECIAL.get(row.name)):
        found = special(manifest)
    if found is None:
        files = config.files(manifest.tree, *place.stems)
        found = next(
            (fact for key in place.keys if (fact := config.setting(manifest.tree, files, key, _WRITTEN))),
            None,
        )
    if found is None:
        return Fact(row.output, choice.fact.file, f"{row.name} writes its pages there.", choice.fact.line)
    return Fact(_clean(posixpath.join(found.value, place.inner)), found.file, found.why, found.line)


def _clean(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/").lstrip("/") or ".")


def _option(manifest: Manifest, tools: tuple[str, ...], options: tuple[str, ...]) -> Fact | None:
    for name in BUILDS:
        for command in called(manifest, name):
            if command.tool in tools and options and (value := command.option(*options)):
                return Fact(
                    value,
                    manifest.file,
                    f"The script {name} writes the pages there.",
                    manifest.line("scripts", name),
                )
    return None


def _vite(manifest: Manifest) -> Fact | None:
    tree = manifest.tree
    places = config.files(tree, "vite.config", "config/vite.config")
    found = config.setting(tree, places, "outDir", _WRITTEN)
    root = config.setting(tree, places, "root", _WRITTEN)
    if root is None or root.value.startswith("/"):
        return found
    if found is None:
        return Fact(posixpath.join(root.value, "dist"), root.file, root.why, root.line)
    absolute = re.search(r"\boutDir[\"']?\s*:\s*[\w.$]*\(", config.plain(tree, found.file))
    return (
        found
        if absolute
        else Fact(posixpath.join(root.value, found.value), found.file, found.why, found.line)
    )


def _create_react_app(manifest: Manifest) -> Fact | None:
    for file in (".env.production", ".env"):
        for number, line in manifest.tree.lines(file):
            if match := re.match(r"\s*BUILD_PATH\s*=\s*[\"']?([^\s\"']+)", line):
                return Fact(match[1], file, _WRITTEN, number)
    for name in BUILDS:
        if match := re.search(r"\bBUILD_PATH=[\"']?([^\s\"']+)", manifest.scripts.get(name, "")):
            return Fact(match[1], manifest.file, _WRITTEN, manifest.line("scripts", name))
    return None


def _docs(tool: str) -> Callable[[Manifest], Fact | None]:
    """For VitePress and VuePress: the folder of the documents, then a hidden folder with the pages."""

    def look(manifest: Manifest) -> Fact | None:
        tree = manifest.tree
        hidden = f".{tool}"
        settings = [path for path in tree.files if f"/{hidden}/config" in f"/{path}" and path.count("/") <= 5]
        if settings:
            above = settings[0].partition(hidden)[0]
            fact = Fact(f"{above}{hidden}/dist", settings[0], _WRITTEN)
        else:
            above = ""
            fact = None
        stated = config.setting(tree, settings, "outDir" if tool == "vitepress" else "dest", _WRITTEN)
        if stated:
            start = "" if tool == "vuepress" or stated.value.startswith("/") else above
            return Fact(start + stated.value, stated.file, stated.why, stated.line)
        for name in BUILDS:
            for command in called(manifest, name):
                if command.tool == tool and command.arguments[:1] == ("build",):
                    if dest := command.option("--dest", "-d", "--outDir"):
                        return Fact(dest, manifest.file, _WRITTEN, manifest.line("scripts", name))
                    rest = [word for word in command.arguments[1:] if not word.startswith("-")]
                    if rest:
                        return Fact(
                            f"{rest[0]}/{hidden}/dist",
                            manifest.file,
                            _WRITTEN,
                            manifest.line("scripts", name),
                        )
        return fact

    return look


def _angular(manifest: Manifest) -> Fact | None:
    found = angular.build(manifest.tree)
    return found.pages if found else None


def _ionic_react(manifest: Manifest) -> Fact | None:
    if manifest.has("react-scripts"):
        return _create_react_app(manifest)
    file = manifest.file
    return _vite(manifest) or Fact("dist", file, "Vite writes the pages there.", manifest.line_of("vite"))


def _hexo(manifest: Manifest) -> Fact | None:
    stated = text(manifest.tree.yaml("_config.yml").get("public_dir"))
    line = manifest.tree.line_of("_config.yml", "public_dir")
    return Fact(stated, "_config.yml", _WRITTEN, line) if stated else None


def _nuxt(manifest: Manifest) -> Fact | None:
    if manifest.major("nuxt") == 2 or manifest.has("nuxt-edge"):
        return Fact("dist", manifest.file, "Nuxt 2 writes the pages there.", manifest.line_of("nuxt"))
    return None


def _docusaurus(manifest: Manifest) -> Fact | None:
    """The first generation put each site into a folder of its name."""
    file = manifest.tree.first("siteConfig.js")
    if not file:
        return None
    name = config.setting(manifest.tree, [file], "projectName", _WRITTEN)
    return Fact(f"build/{name.value}", file, _WRITTEN, name.line) if name else None


def _stencil(manifest: Manifest) -> Fact | None:
    places = config.files(manifest.tree, "stencil.config")
    pattern = r"type\s*:\s*[\"'`]www[\"'`][^}]*?\b(?:dir|buildDir)\s*:\s*[\"'`](?P<value>[^\"'`]+)"
    return config.look(manifest.tree, places, pattern, _WRITTEN)


def _parcel(manifest: Manifest) -> Fact | None:
    for name, target in mapping(manifest.data.get("targets")).items():
        if stated := text(mapping(target).get("distDir")):
            return Fact(stated, manifest.file, _WRITTEN, manifest.line("targets", name))
    return None


def _expo(manifest: Manifest) -> Fact | None:
    for name in (*BUILDS, *manifest.scripts):
        for command in called(manifest, name):
            if command.tool == "expo" and command.arguments[:1] == ("export:web",):
                return Fact("web-build", manifest.file, _WRITTEN, manifest.line("scripts", name))
    return None


def _umi(manifest: Manifest) -> Fact | None:
    stated = text(dig(manifest.data, "umi", "outputPath"))
    return Fact(stated, manifest.file, _WRITTEN, manifest.line("umi", "outputPath")) if stated else None


_SPECIAL: dict[str, Callable[[Manifest], Fact | None]] = {
    "vite": _vite,
    "ionic-vue": _vite,
    "ionic-react": _ionic_react,
    "create-react-app": _create_react_app,
    "vitepress": _docs("vitepress"),
    "vuepress": _docs("vuepress"),
    "angular": _angular,
    "ionic-angular": _angular,
    "hexo": _hexo,
    "nuxt": _nuxt,
    "docusaurus": _docusaurus,
    "stencil": _stencil,
    "parcel": _parcel,
    "expo": _expo,
    "umijs": _umi,
}
"""Those whose folder is not simply stated."""
