"""The port a program listens on, and the path on which it says that it is well."""

import re

from jarvis.analysis.python.sources import Sources
from jarvis.analysis.python.values import table, word

_SERVERS = re.compile(
    r"(?:^|\.)(?:run|serve|run_app|listen|launch|start_server|run_simple|run_server|\w*HTTPServer|\w*TCPServer|WSGIServer"
    r"|make_server|bind|create_server)$"
)
_BIND = re.compile(r"^bind[ \t]*=[^\n]{0,200}\D(\d{2,5})[^\d\n]{0,60}$", re.MULTILINE)
_FLASK = re.compile(r"^[ \t]*(?:export\s+)?FLASK_RUN_PORT\s*=\s*[\"']?(\d{2,5})", re.MULTILINE)
_WHOSE = "(?:(?:HTTP|WEB|APP|API|SERVER|LISTEN|FLASK|FLASK_RUN|UVICORN|SERVICE|BIND)_)?"
"""Before PORT in a name; others are the ports of databases and mail servers."""
_PLAIN = re.compile(
    rf"""(?:environ\.get|getenv)\(\s*["']{_WHOSE}PORT["']\s*(?:,\s*|\)\s*or\s+)["']?(\d{{2,5}})\b"""
    r"""|^(?:PORT|port)\s*(?::\s*int\s*)?=\s*(\d{2,5})\s*$""",
    re.MULTILINE,
)
_EXPOSE = re.compile(r"^EXPOSE\s+(\d{2,5})", re.MULTILINE | re.IGNORECASE)

HEALTH = (
    "healthz", "health", "health_check", "health-check", "healthcheck", "livez", "readyz", "ping", "up",
    "_health", "__heartbeat__", "__lbheartbeat__", "heartbeat", "ht", "liveness", "readiness",
)  # fmt: skip
"""Last parts of paths that are made for probes, the likeliest first."""
_CALLS = "route|get|add_url_rule|add_route|add_get|path|re_path|url|Route|head|api_route|resource"
_ROUTE = re.compile(
    rf"""\b(?:{_CALLS})\(\s*(?:\w+\s*,\s*)?(?:r|path\s*=\s*)?"""
    rf"""["']\^?(/?(?:[\w.-]+/){{0,3}}(?:{"|".join(HEALTH)})/?)\$?["']"""
)
_PREFIXED = re.compile(r"APIRouter\(|Blueprint\(|Namespace\(")


def gunicorn_config(sources: Sources) -> str:
    """A configuration file of gunicorn at the top; empty for none."""
    return sources.tree.first(
        "gunicorn.conf.py", "gunicorn_config.py", "gunicorn_conf.py", "gunicorn.py", "config/gunicorn.py"
    )


def find(sources: Sources, entries: list[str]) -> tuple[int, str, int | None, str] | None:
    """The port, the file that says so, its line, and the reason.

    Args:
        sources: Where to look.
        entries: The files that start the program.
    """
    tree = sources.tree
    for path in dict.fromkeys(entries):
        module = sources.module(path) if path.endswith(".py") else None
        for run in module.runs if module else ():
            if run.port and _SERVERS.search(run.call):
                return run.port, path, run.line, f"{path} listens on port {run.port}"
    config = gunicorn_config(sources)
    found = tree.search(config, _BIND) if config else None
    if found:
        return int(found[0][1]), config, found[1], f"gunicorn binds port {found[0][1]}"
    for path in (".flaskenv",):
        found = tree.search(path, _FLASK)
        if found:
            return int(found[0][1]), path, found[1], f"FLASK_RUN_PORT is {found[0][1]}"
    path = ".streamlit/config.toml"
    if path in tree:
        port = word(table(tree.toml(path), "server").get("port"))
        if port.isdecimal() and 0 < int(port) < 65536:
            return int(port), path, tree.line_of(path, "port"), f"Streamlit is told port {port}"
    for path in dict.fromkeys(entries):
        found = tree.search(path, _PLAIN)
        if found:
            port = found[0][1] or found[0][2]
            if 0 < int(port) < 65536:
                return int(port), path, found[1], f"{path} names port {port}"
    found = tree.search("Dockerfile", _EXPOSE)
    if found:
        return int(found[0][1]), "Dockerfile", found[1], f"the Dockerfile exposes port {found[0][1]}"
    return None


def health(sources: Sources) -> tuple[str, str, int] | None:
    """The path of a route that is made for probes, the file and the line."""
    best: tuple[int, str, str, int] | None = None
    for path in sources.files:
        text = sources.tree.text(path)
        for match in _ROUTE.finditer(text):
            if _PREFIXED.search(text) and match[1].count("/") < 2:
                continue  # the prefix that stands before it is not known
            route = "/" + match[1].lstrip("/")
            rank = HEALTH.index(route.strip("/").rpartition("/")[2])
            if best is None or rank < best[0]:
                best = (rank, route, path, text.count("\n", 0, match.start()) + 1)
    return best[1:] if best else None
