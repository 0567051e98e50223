"""What the TypeScript compiler makes of a program, and where it writes it."""

import posixpath
import re

from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.recognise import called
from jarvis.analysis.node.values import mapping, text
from jarvis.analysis.tree import Tree

SCRIPTS = (
    "build", "gcp-build", "heroku-postbuild", "vercel-build", "compile", "postinstall", "prepare", "prestart",
)  # fmt: skip
_COMPILERS = frozenset({"tsc", "swc", "tsup", "nest", "tsdown", "unbuild", "ncc"})


def is_source(file: str) -> bool:
    """Is it TypeScript, which has to be compiled or stripped of its types?"""
    return bool(re.search(r"\.[cm]?tsx?$", file)) and not re.search(r"\.d\.[cm]?ts$", file)


def compiled_by_script(manifest: Manifest) -> bool:
    """Does a script that runs before the start compile it?"""
    return any(command.tool in _COMPILERS for command in called(manifest, *SCRIPTS))


def has_compiler(manifest: Manifest) -> bool:
    """Is the compiler there and set up to write programs, without anything that runs sources as they are?"""
    options = _options(manifest.tree)
    silent = any(
        options.get(name) is True for name in ("noEmit", "emitDeclarationOnly", "allowImportingTsExtensions")
    )
    ready = "tsconfig.json" in manifest.tree and bool(manifest.has("typescript"))
    return (
        ready
        and not silent
        and not manifest.has("tsx", "ts-node", "@types/bun", "bun-types", "@swc-node/register")
    )


def output(tree: Tree, file: str) -> str:
    """The program that the compiler writes for a source."""
    options = _options(tree)
    folder = text(options.get("outDir")).removeprefix("./").strip("/")
    root = text(options.get("rootDir")).removeprefix("./").strip("/")
    if (
        not root
        and file.startswith("src/")
        and not any(is_source(path) for path in tree.top if ".config." not in path)
    ):
        root = "src"  # the compiler takes the deepest folder that holds all sources
    inner = file.removeprefix(f"{root}/") if root not in ("", ".") and folder else file
    return posixpath.join(folder, re.sub(r"\.([cm]?)tsx?$", r".\1js", inner))


def _options(tree: Tree) -> dict[str, object]:
    return mapping(tree.json("tsconfig.json").get("compilerOptions"))
