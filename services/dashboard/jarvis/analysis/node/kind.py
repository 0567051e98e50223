"""What a package is: pages, a server, a function, a library, or a program that only runs."""

import re

from jarvis.analysis.node import rendering, start
from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.recognise import Choice, called
from jarvis.analysis.node.source import Sources
from jarvis.analysis.node.values import dig, mapping, text
from jarvis.analysis.tree import Tree

_WORKERS = (
    "discord.js", "eris", "oceanic.js", "telegraf", "grammy", "node-telegram-bot-api", "bullmq", "bull",
    "bee-queue", "agenda", "amqplib", "kafkajs", "node-cron", "cron", "node-schedule", "tmi.js",
    "@temporalio/worker", "whatsapp-web.js", "matrix-js-sdk", "mineflayer", "pg-boss", "graphile-worker",
    "sqs-consumer", "@twurple/chat", "slack-bolt", "guilded.js", "revolt.js",
)  # fmt: skip
"""Packages of programs that wait for work, not for requests."""


_FUNCTIONS = (
    "serverless.yml", "serverless.yaml", "serverless.ts", "template.yaml", "template.yml", "samconfig.toml",
)  # fmt: skip
_SERVICES = frozenset(
    {"json-server", "verdaccio", "ghost", "n8n", "peerjs", "prism", "cors-anywhere", "y-websocket"}
)
"""Finished servers that a project may consist of."""
_SIMULATORS = frozenset({"functions-framework", "func", "sls", "serverless", "sam", "wrangler", "netlify"})
"""Programs that call functions on the developer's machine."""
_WINDOWS = {
    "electron": "a program for the desktop", "@tauri-apps/api": "a program for the desktop",
    "react-native": "an app for phones", "expo": "an app for phones",
    "@nativescript/core": "an app for phones",
}  # fmt: skip


def function(
    tree: Tree, manifest: Manifest, choice: Choice | None, sources: Sources
) -> tuple[str, Fact] | None:
    """Functions that a provider calls: the framework's name, and the reason."""
    if "host.json" in tree:
        if name := manifest.has("@azure/functions"):
            line = manifest.line_of(name)
            return "azure-functions", Fact("", manifest.file, f"It depends on {name}.", line)
        if files := tree.named("function.json", depth=2):
            return "azure-functions", Fact("", files[0], "It describes a function.")
    if choice is not None and choice.sort != "server":
        return None
    if "start" in manifest.scripts and not any(
        command.tool in _SIMULATORS for command in called(manifest, "start")
    ):
        return None
    if name := manifest.has("@google-cloud/functions-framework"):
        return "none", Fact("", manifest.file, f"{name} calls its functions.", manifest.line_of(name))
    main = start.resolve(tree, manifest.main or "index")
    reason = sources.handler(*filter(None, (main, tree.first("function.js")))) or _deployed(tree)
    return ("none", reason) if reason and sources.server is None else None


def _deployed(tree: Tree) -> Fact | None:
    """Settings of a tool that hands functions to a provider."""
    for file in _FUNCTIONS:
        if file in tree and (not file.startswith("template") or "AWS::Serverless" in tree.text(file)):
            return Fact("", file, "A provider calls its functions.")
    file = tree.first("wrangler.toml", "wrangler.jsonc", "wrangler.json")
    return Fact("", file, "It is made for Cloudflare's machines.") if file else None


def unsupported(manifest: Manifest, choice: Choice | None, sources: Sources) -> Fact | None:
    """Programs with a window of their own, for phones, or within an editor: none can be a service."""
    if "vscode" in mapping(manifest.data.get("engines")):
        return Fact("", manifest.file, "It is an extension of an editor.", manifest.line("engines", "vscode"))
    if choice is not None or sources.server is not None:
        return None
    for name, what in _WINDOWS.items():
        if manifest.has(name):
            return Fact("", manifest.file, f"It is {what}: it depends on {name}.", manifest.line_of(name))
    return None


def library(manifest: Manifest) -> Fact | None:
    """A package made for other packages."""
    if "start" in manifest.scripts or manifest.data.get("private") is True:
        return None
    for key in ("exports", "publishConfig", "types", "typings", "peerDependencies", "module"):
        if manifest.data.get(key) and (
            key != "module" or not re.search(r"\.tsx?$", text(manifest.data["module"]))
        ):
            return Fact(
                "",
                manifest.file,
                f"It is made to be used by other packages: it states {key}.",
                manifest.line(key),
            )
    return None


def decide(tree: Tree, manifest: Manifest, choice: Choice | None, sources: Sources) -> tuple[str, Fact]:
    """The kind of a package that is no function, and the reason."""
    own = manifest.file
    if choice is not None:
        pages = rendering.plain_pages(manifest, choice)
        if pages is None:
            return "web", choice.fact
        if choice.sort == "made" and (program := _own_program(tree, manifest, sources)):
            return "web", program
        return "static", pages
    if served := start.pages_served(manifest):
        return "static", served[1]
    if sources.server:
        return "web", sources.server
    ready = next((item.tool for item in called(manifest, "start") if item.tool in _SERVICES), "")
    if ready:
        return "web", Fact(
            "", own, f"Its start script runs the server {ready}.", manifest.line("scripts", "start")
        )
    if name := manifest.has(*(name for name in _WORKERS if name in manifest.runtime)):
        return "worker", Fact("", own, f"It waits for work: it depends on {name}.", manifest.line_of(name))
    if reason := library(manifest):
        return "library", reason
    if "start" in manifest.scripts:
        return "script", Fact(
            "", own, "It has a start script, and nothing in it listens.", manifest.line("scripts", "start")
        )
    if dig(manifest.data, "bin") or manifest.main:
        key = "main" if manifest.main else "bin"
        return "script", Fact("", own, "It names a program, and nothing in it listens.", manifest.line(key))
    return "script", Fact("", own, "Nothing in it listens for requests.")


def _own_program(tree: Tree, manifest: Manifest, sources: Sources) -> Fact | None:
    """The project's own server, started instead of a file server for the pages."""
    for command in called(manifest, "start"):
        file = start.resolve(tree, command.entry) if command.entry and not command.folder else ""
        if file and (fact := sources.listens(file)):
            return fact
    return None
