"""How a PHP site is made and served."""

import re
from shlex import quote

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.health import health_route
from jarvis.analysis.php.frameworks import Framework
from jarvis.analysis.php.needs import own
from jarvis.analysis.php.root import Root
from jarvis.analysis.procfile import NAME as PROCFILE
from jarvis.analysis.procfile import processes
from jarvis.analysis.tree import Tree

_UP = re.compile(r"\bhealth:\s*[\"'](/[\w/-]+)[\"']")
_TRIAL = re.compile(r"\bphp\s(?:.{0,200}\s)?-S\s|\bartisan\s+serve\b")
_LARAVEL = "bootstrap/app.php"
_LOCKS = (
    ("pnpm-lock.yaml", "pnpm install --frozen-lockfile && pnpm run build"),
    ("yarn.lock", "yarn install --frozen-lockfile && yarn run build"),
    ("bun.lock", "bun install --frozen-lockfile && bun run build"),
    ("bun.lockb", "bun install --frozen-lockfile && bun run build"),
    ("package-lock.json", "npm ci && npm run build"),
    ("package.json", "npm install && npm run build"),
)


def fill(candidate: Candidate, tree: Tree, framework: Framework, root: Root, shown: str) -> None:
    """Fill in what builds and starts the site.

    Args:
        candidate: Gets the members.
        tree: The project.
        framework: Its framework; one without a name for none.
        root: The folder that is served.
        shown: A file that stands for the project when no page does.
    """
    shown, line = root.file or shown, root.line
    main = (
        tree.first("server.php", "main.php", "index.php", "src/server.php", "public/index.php") or root.page
    )
    if framework.start:
        command = framework.start.format(main=quote(main))
        claim(candidate, shown, f"{framework.name} has its own server.", line, start_command=command)
    else:
        # FrankenPHP is a web server and PHP in one program that needs no settings; php-fpm needs a second
        # server and a file for each, and `php -S` says itself that it is not for production.
        command = f"frankenphp php-server --listen :${{PORT:-8080}} --root {quote(root.folder)}"
        why = "One program serves the files of this folder and runs PHP."
        claim(candidate, shown, why, line, start_command=command)
    claim(candidate, shown, "The usual port of an app behind a proxy.", line, port=8080)
    _assets(candidate, tree)
    command, at = processes(tree).get("web", ("", 0))
    if _TRIAL.search(command):
        why = "PHP's own server is for trying things out: it answers one request at a time. Use a web server."
        candidate.find("debug-server", "warning", PROCFILE, why, at)
    if hit := tree.search(_LARAVEL, _UP):
        claim(candidate, _LARAVEL, "Laravel answers there while it is well.", hit[1], health_path=hit[0][1])
        return
    routes = [path for path in own(tree) if path.startswith(("routes/", "config/routes")) or path == shown]
    if found := health_route(tree, routes):
        claim(candidate, found[1], "A path that is there to be asked.", found[2], health_path=found[0])


def _assets(candidate: Candidate, tree: Tree) -> None:
    """Styles and scripts that Node makes for the pages."""
    if "package.json" not in tree:
        return
    scripts: object = tree.json("package.json").get("scripts")
    if isinstance(scripts, dict) and "build" in scripts:
        command = next(command for lock, command in _LOCKS if lock in tree)
        claim(candidate, "package.json", "Node makes the styles and scripts.", build_command=command)
