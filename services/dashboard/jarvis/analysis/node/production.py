"""The production server that a framework brings, where the project has no script for it."""

from jarvis.analysis.node import angular, config
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.recognise import Choice
from jarvis.analysis.tree import Tree

RUNNERS = frozenset({"nestjs", "adonis", "egg", "midway", "sails"})
"""Libraries whose programs are not started by their main source."""

_SERVE = ("@remix-run/serve", "@react-router/serve")
_OWN = ("server.js", "server.mjs", "server.ts")
"""A server of the project's own that calls the framework."""


def server(tree: Tree, manifest: Manifest, choice: Choice) -> str:
    """The program and its words, as they stand in a script; empty when there is none."""
    row = choice.framework
    if row.name == "nuxt" and manifest.major("nuxt") == 2:
        return "nuxt start"
    if row.name == "sveltekit" and manifest.has(
        "@sveltejs/adapter-node", "svelte-adapter-bun", "@sveltejs/adapter-deno"
    ):
        out = config.setting(tree, config.files(tree, "svelte.config"), "out", "")
        return f"node {out.value if out else 'build'}"
    if row.name in ("remix", "react-router") and not manifest.has(*_SERVE) and tree.first(*_OWN):
        return ""
    if row.name == "remix" and not manifest.has("vite"):
        return (
            "remix-serve build"
            if (manifest.major("@remix-run/serve") or 2) < 2
            else "remix-serve build/index.js"
        )
    if row.name == "tanstack-start" and not _has_nitro(tree, manifest):
        return "srvx --prod -s ../client dist/server/server.js"
    if row.name == "angular":
        built = angular.build(tree)
        return f"node {built.server}/server.mjs" if built and built.server else ""
    if row.name == "adonis":
        return "node build/server.js" if (manifest.major("@adonisjs/core") or 6) < 6 else row.start
    if row.name == "hydrogen" and not manifest.has(
        "@shopify/cli", "@shopify/cli-hydrogen", "@shopify/remix-oxygen"
    ):
        return "vite preview --host --port ${PORT:-3000}"
    if row.name == "qwik":
        for server in ("express", "fastify", "node-server", "hono", "koa"):
            if tree.first(f"src/entry.{server}.ts", f"src/entry.{server}.tsx"):
                return f"node server/entry.{server}"
        return "vite preview --host --port ${PORT:-4173}"
    return row.start


def _has_nitro(tree: Tree, manifest: Manifest) -> bool:
    if manifest.has("nitro", "nitropack", "@tanstack/nitro-v2-vite-plugin", "vinxi"):
        return True
    return bool(config.files(tree, "app.config"))
