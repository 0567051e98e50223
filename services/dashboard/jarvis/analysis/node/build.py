"""The command that makes what is started or served."""

from jarvis.analysis.node import typescript
from jarvis.analysis.node.config import Fact
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.package_manager import Manager
from jarvis.analysis.node.recognise import Choice, called
from jarvis.analysis.node.start import develops

SCRIPTS = (
    "build", "build:prod", "build:production", "vercel-build", "heroku-postbuild", "gcp-build", "docs:build",
    "build:docs", "docs-build", "build:web", "web:build", "compile", "build-storybook", "bundle",
)  # fmt: skip
"""Scripts that build, the plainest first."""


def command(
    manifest: Manifest, manager: Manager, choice: Choice | None, kind: str, entry: Fact | None
) -> Fact | None:
    """How it is built; `entry` is its main file when the compiler is there; None for nothing to build."""
    wanted = (
        ("generate", "export", *SCRIPTS)
        if choice and choice.framework.name in ("nuxt", "sapper") and kind == "static"
        else SCRIPTS
    )
    names = [name for name in wanted if name in manifest.scripts]
    if choice and (tools := choice.framework.tools):
        calling = [name for name in names if any(item.tool in tools for item in called(manifest, name))]
        names = calling[:1] if calling and "build" not in names[:1] else names
    for name in names:
        if not any(develops(item) for item in called(manifest, name)):
            why = f"The script {name} builds it."
            return Fact(manager.run(name), manifest.file, why, manifest.line("scripts", name))
    if choice and choice.framework.build and (kind in ("static", "web")):
        fact = choice.fact
        words = choice.framework.build
        line = words if words.startswith(("meteor ", "node ")) else manager.execute(words)
        return Fact(line, fact.file, f"{choice.framework.name} is built like this.", fact.line)
    if entry and typescript.is_source(entry.file):
        return Fact(manager.execute("tsc"), "tsconfig.json", "Its main file is compiled from TypeScript.")
    return None
