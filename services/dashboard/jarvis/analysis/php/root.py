"""The folder that a PHP site serves."""

import re
from dataclasses import dataclass

from jarvis.analysis.php.composer import FILE, Manifest
from jarvis.analysis.procfile import processes
from jarvis.analysis.tree import Tree

FOLDERS = (
    "public", "web", "htdocs", "www", "public_html", "httpdocs", "webroot", "html", "docroot", "pub",
    "wwwroot",
    "site", "src/public", "app/public", "app/webroot", "backend/public", "frontend/web", "backend/web",
    "app/web",
    "src", "app", "api", "backend", "php", "code",
)  # fmt: skip
"""Where the first page lies, from the most usual."""
PAGES = ("index.php", "app.php", "home.php", "default.php", "main.php")

_HEROKU = re.compile(r"\bheroku-(?:php|hhvm)-(?:apache2|nginx)\s+(.+)$")
_TAKES = frozenset({"-C", "-F", "-i", "-l", "-p"})
"""Switches of Heroku's command that take the next word."""
_SERVER = re.compile(r"\bphp\s.{0,200}?\s-t\s+([\w./-]+)|--root[= ]([\w./-]+)")
_SETTINGS = (
    ("app.yaml", re.compile(r"^[ \t]*document_root:\s*[\"']?([\w./-]+)", re.MULTILINE)),
    (".platform.app.yaml", re.compile(r"^[ \t]*root:\s*[\"']?([\w./-]+)", re.MULTILINE)),
    ("project.toml", re.compile(r"BP_PHP_WEB_DIR\"?[\s\S]{0,40}?value\s*=\s*[\"']([\w./-]+)", re.MULTILINE)),
    (".buildpacks.env", re.compile(r"BP_PHP_WEB_DIR=([\w./-]+)")),
    (".bp-config/options.json", re.compile(r"\"WEBDIR\"\s*:\s*\"([\w./-]+)\"")),
    ("nixpacks.toml", re.compile(r"NIXPACKS_PHP_ROOT_DIR\s*=\s*[\"']/app/([\w./-]+)")),
)


@dataclass(frozen=True, slots=True)
class Root:
    """The folder that is served.

    Attributes:
        folder: Its path; `.` for the top.
        page: Its first page; empty when it has none.
        file: What shows that it is this folder: the page, or a setting.
        line: The line of the setting there.
        stated: The project's settings name it.
    """

    folder: str
    page: str
    file: str
    line: int | None = None
    stated: bool = False


def root(tree: Tree, usual: str, manifest: Manifest) -> Root:
    """The folder that is served.

    Args:
        tree: The project.
        usual: The folder of its framework; empty for none.
        manifest: Its composer.json.
    """
    for stated, file, line in _stated(tree, manifest):
        folder = stated.removeprefix("./").strip("/") or "."
        if folder == "." or folder in tree.folders:
            return Root(folder, _page(tree, folder), file, line, stated=True)
    order = [usual, *FOLDERS, "."] if manifest.there else [usual, ".", *FOLDERS]
    for name in PAGES:
        for folder in filter(None, order):
            path = name if folder == "." else f"{folder}/{name}"
            if path in tree:
                return Root(folder, path, path)
    deep = [path for path in tree.named("index.php", depth=4) if not path.startswith("vendor/")]
    top = tree.ending(".php", ".phtml", ".php5", depth=0)
    if deep and not top:
        return Root(deep[0].rpartition("/")[0], deep[0], deep[0])
    return Root(".", "", next(iter(top), ""))


def _page(tree: Tree, folder: str) -> str:
    return tree.first(*(name if folder == "." else f"{folder}/{name}" for name in PAGES))


def _stated(tree: Tree, manifest: Manifest) -> list[tuple[str, str, int | None]]:
    """What the project's own settings say of it."""
    found: list[tuple[str, str, int | None]] = []
    command, line = processes(tree).get("web", ("", 0))
    if folder := _told(command):
        found.append((folder, "Procfile", line))
    for file, pattern in _SETTINGS:
        if hit := tree.search(file, pattern):
            found.append((hit[0][1], file, hit[1]))
    extra = {name: manifest.extra.get(name) for name in ("public-dir", "symfony-web-dir")}
    return found + [
        (said, FILE, tree.line_of(FILE, name)) for name, said in extra.items() if isinstance(said, str)
    ]


def _told(command: str) -> str:
    """The folder that a start command serves; empty when it names none."""
    if match := _SERVER.search(command):
        return match[1] or match[2]
    match = _HEROKU.search(command)
    words = ["", *match[1].split()] if match else []
    return words[-1] if words and words[-2] not in _TAKES and words[-1][0] != "-" else ""
