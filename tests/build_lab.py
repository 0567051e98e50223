"""Projects on the disk, and a build of them as the worker does it."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jarvis.artifacts.examine import examine
from jarvis.builds import process
from jarvis.builds.process import Built
from jarvis.builds.run import Limits

DEPLOYMENT = "0198c0de-0000-7000-8000-000000000001"

FLASK = {
    "app.py": (
        "from flask import Flask\n\napp = Flask(__name__)\n\n\n"
        '@app.get("/")\ndef home() -> str:\n    return "hello from flask"\n'
    ),
    "requirements.txt": "flask>=3,<4\n",
}

NODE = {
    "package.json": (
        '{"name": "shop", "version": "1.0.0", "private": true, "scripts": {"start": "node server.js"},'
        ' "dependencies": {"ms": "2.1.3"}}\n'
    ),
    "package-lock.json": (
        '{"name": "shop", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {'
        '"": {"name": "shop", "version": "1.0.0", "dependencies": {"ms": "2.1.3"}},'
        ' "node_modules/ms": {"version": "2.1.3"}}}\n'
    ),
    "server.js": (
        'const ms = require("ms");\nrequire("http").createServer((_, answer) => answer.end(ms(60000)))'
        ".listen(process.env.PORT || 3000);\n"
    ),
}

PROCFILE = {
    "Procfile": "web: python serve.py\n",
    "serve.py": (
        "import os\nfrom http.server import HTTPServer, SimpleHTTPRequestHandler\n\n"
        'HTTPServer(("127.0.0.1", int(os.environ["PORT"])), SimpleHTTPRequestHandler).serve_forever()\n'
    ),
}


def lay(folder: Path, files: Mapping[str, str]) -> Path:
    """Write a project."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            file.chmod(0o755)
    return folder


def plan_of(tree: Path) -> dict[str, Any]:
    """The plan that Jarvis makes of it."""
    files = [str(file.relative_to(tree)) for file in tree.rglob("*") if file.is_file()]
    return examine(tree, {}, files)[1]


def scripted(*lines: str, **members: Any) -> dict[str, Any]:
    """A plan whose steps are lines for a shell."""
    recipe = {
        "programs": ["sh"],
        "version": "",
        "steps": [{"name": "build", "words": ["/bin/sh", "-c", line]} for line in lines],
        "path": [],
        "environment": {},
        "run_environment": {},
        "start": ["./start"],
        **members,
    }
    return {"root": "", "hint": "", "recipe": recipe, "port": None, "health": None}


class Yard:
    """A place to build in.

    Attributes:
        said: The lines that were told.
    """

    def __init__(self, folder: Path, deployment: str = DEPLOYMENT) -> None:
        self.folder = folder
        self.staging = folder / "staging" / "tree"
        self.staging.mkdir(parents=True, exist_ok=True)
        self.deployment = deployment
        self.app = folder / "apps" / "shop" / deployment
        self.cache = folder / "cache"
        self.said: list[str] = []

    def make(
        self,
        plan: Mapping[str, Any],
        *,
        environment: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        hide: Callable[[str], str] = str,
        outside: Mapping[str, str] | None = None,
    ) -> Built:
        """Build what lies in `staging`."""
        return process.make(
            self.staging,
            plan,
            self.app,
            deployment=self.deployment,
            workflow_id="0198c0de-0000-7000-8000-000000000002",
            environment=environment or {},
            say=self.said.append,
            cache=self.cache,
            outside=os.environ if outside is None else outside,
            limits=limits,
            hide=hide,
        )
