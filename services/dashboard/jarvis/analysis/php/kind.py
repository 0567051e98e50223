"""Whether PHP sources are a site, a function, a program or a library."""

import re

from jarvis.analysis.php.composer import FILE, Manifest
from jarvis.analysis.php.frameworks import FUNCTIONS, RUNNING, Framework
from jarvis.analysis.php.root import Root
from jarvis.analysis.tree import Tree

_FUNCTION = re.compile(
    r"^[ \t]*function\s+\w+\s*\(\s*\\?(?:[\w\\]{0,80}\\)?(?:ServerRequestInterface|CloudEventInterface)\s+\$|"
    r"\bFunctionsFramework::(?:http|cloudEvent)\s*\(",
    re.MULTILINE,
)
_PAGE = re.compile(
    r"<(?:!doctype|html|body|h[1-6]|p|div|form|table)\b|\$_(?:GET|POST|SERVER|REQUEST|SESSION|COOKIE|FILES)\b|"
    r"\bheader\s*\(|\bphpinfo\s*\(|\bhttp_response_code\s*\(",
    re.IGNORECASE,
)
_SHELL = re.compile(
    r"\A#!.*\bphp|\$argv\b|\$argc\b|\bSTDIN\b|\bPHP_SAPI\b|\bphp_sapi_name\s*\(|\breadline\s*\("
)
_PARTS = frozenset(
    {
        "library", "wordpress-plugin", "wordpress-theme", "drupal-module", "drupal-theme", "symfony-bundle",
        "composer-plugin", "metapackage", "typo3-cms-extension", "magento2-module",
    }
)  # fmt: skip
"""Types of packages that are parts of something else."""
_MAINS = (
    "main.php", "app.php", "server.php", "run.php", "cli.php", "console.php", "worker.php", "bot.php",
    "start.php",
    "src/main.php", "bin/console", "bin/run", "src/app.php",
)  # fmt: skip
_PLUGIN = re.compile(r"^[ \t*#/]*(?:Plugin|Theme) Name:", re.MULTILINE)


def kind(tree: Tree, said: Manifest, framework: Framework, root: Root) -> tuple[str, str, str]:
    """The kind, why, and the file that shows it; empty where the manifest does."""
    called = next((name for name in FUNCTIONS if name in said.requires), "")
    if called and not framework.name:
        return "function", f"{called} calls it.", FILE
    page = root.page
    if page and not framework.name and tree.search(page, _FUNCTION):
        return "function", "It declares a function that a platform calls.", page
    api = [path for path in tree.ending(".php", depth=3) if path.startswith("api/")]
    if "vercel-php" in tree.text("vercel.json") and api and not framework.name:
        return "function", "Vercel calls the files in api.", "vercel.json"
    if framework.name:
        return "web", f"{framework.name} answers requests.", ""
    if plugin := next(
        (path for path in (*tree.ending(".php", depth=0), "style.css") if _plugin(tree, path)), ""
    ):
        return "library", "It is a part for WordPress, not a site.", plugin
    if page.rpartition("/")[2] == "index.php" or root.stated:
        return "web", "A first page." if page else "A folder is named that is served.", page or root.file
    if said.kind in _PARTS or (said.there and said.bins):
        return "library" if not said.bins else "script", f"Its type is {said.kind or 'program'}.", FILE
    return _program(tree, said, page)


def _plugin(tree: Tree, path: str) -> bool:
    return path in tree and bool(_PLUGIN.search(tree.text(path)[:4000]))


def _program(tree: Tree, said: Manifest, page: str) -> tuple[str, str, str]:
    """A project without a first page."""
    top = list(tree.ending(".php", ".php5", depth=0))
    for path in top:
        text = tree.text(path)
        if _PAGE.search(text) and not _SHELL.search(text):
            return "web", "It makes a page.", path
    main = tree.first(*_MAINS) or (top[0] if top else page)
    if main:
        running = next((name for name in RUNNING if name in said.requires), "")
        if running:
            return "worker", f"{running} keeps it running.", main
        return "script", "It runs and ends.", main
    if said.there:
        return "library", "Nothing in it is started or served.", FILE
    return "script", "Sources without a first page.", ""
