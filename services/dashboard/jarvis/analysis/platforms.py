"""What a project says to other platforms in their own files."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from jarvis.analysis.engines import of_addon
from jarvis.analysis.tree import Tree

FILES: dict[str, tuple[tuple[str, ...], ...]] = {
    "nixpacks.toml": (("start", "cmd"),),
    "nixpacks.json": (("start", "cmd"),),
    "railpack.json": (("deploy", "startCommand"),),
    "railway.toml": (("deploy", "startCommand"),),
    "railway.json": (("deploy", "startCommand"),),
    "render.yaml": (("services", "web", "startCommand"),),
    "fly.toml": (("processes", "web"), ("processes", "app")),
    "app.yaml": (("entrypoint",),),
    "heroku.yml": (("run", "web"), ("run", "web", "command")),
    "manifest.yml": (("applications", "0", "command"),),
    ".platform.app.yaml": (("web", "commands", "start"),),
    "apprunner.yaml": (("run", "command"),),
}
"""File at the top → the places in it that may hold the command that starts the program."""
HEALTH: dict[str, tuple[tuple[str, ...], ...]] = {
    "railpack.json": (("deploy", "healthcheckPath"),),
    "railway.toml": (("deploy", "healthcheckPath"),),
    "railway.json": (("deploy", "healthcheckPath"),),
    "render.yaml": (("services", "web", "healthCheckPath"),),
    "fly.toml": (
        ("http_service", "checks", "0", "path"),
        ("services", "0", "http_checks", "0", "path"),
        ("checks", "0", "path"),
    ),
    "app.yaml": (("readiness_check", "path"), ("liveness_check", "path")),
    "app.json": (("healthchecks", "web", "0", "path"),),
    "manifest.yml": (("applications", "0", "health-check-http-endpoint"),),
}
"""File at the top → the places in it that may hold the path that answers when the program is well."""
PROVIDER: dict[str, tuple[tuple[str, ...], ...]] = {
    "nixpacks.toml": (("providers", "first"),),
    "nixpacks.json": (("providers", "first"),),
    "railpack.json": (("provider",),),
}
"""File at the top → the places in it that may hold the language."""
CONFIG = (
    *FILES,
    "app.json",
    "captain-definition",
    "vercel.json",
    "netlify.toml",
    "wrangler.toml",
    "project.toml",
)
"""Files that configure a deploy, and are no program by themselves."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text that a file says, and where."""

    text: str
    file: str
    line: int | None


def start(tree: Tree) -> Said | None:
    """The command that starts the program, as the first of these files says it."""
    return _first(tree, FILES)


def health(tree: Tree) -> Said | None:
    """The path that answers when the program is well."""
    said = _first(tree, HEALTH)
    return said if said and said.text.startswith("/") else None


def provider(tree: Tree) -> Said | None:
    """The language that another platform is told to expect."""
    return _first(tree, PROVIDER)


def addons(tree: Tree) -> Iterator[tuple[str, str, str, int | None]]:
    """Engine, its add-on, file and line of each database in app.json."""
    listed = tree.json("app.json").get("addons") if "app.json" in tree else None
    for item in cast("list[Any]", listed) if isinstance(listed, list) else []:
        name = cast("dict[str, Any]", item).get("plan") if isinstance(item, dict) else item
        if isinstance(name, str) and (engine := of_addon(name)):
            yield engine, name, "app.json", tree.line_of("app.json", name)


def document(tree: Tree, file: str) -> dict[str, Any]:
    """What a file says, by its ending."""
    if file.endswith(".toml"):
        return tree.toml(file)
    return tree.json(file) if file.endswith(".json") else tree.yaml(file)


def config_file(tree: Tree) -> str:
    """The first file at the top that only configures a deploy; empty for none."""
    return tree.first(*CONFIG)


def _first(tree: Tree, places: dict[str, tuple[tuple[str, ...], ...]]) -> Said | None:
    for file, paths in places.items():
        if file not in tree:
            continue
        said = document(tree, file)
        for path in paths:
            value = _at(said, path)
            words: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
            if words and all(isinstance(word, str) and word.strip() for word in words):
                text = " ".join(" && ".join(words).split())
                return Said(text, file, tree.line_of(file, words[0].strip().split("\n")[0][:60]))
    return None


def _at(value: Any, path: tuple[str, ...]) -> Any:
    """The value at `path`; in a list `0` is the first item and `web` the one of that type."""
    for step in path:
        if isinstance(value, dict):
            mapping = cast("dict[str, Any]", value)
            value = mapping.get(step) if step != "0" else next(iter(mapping.values()), None)
        elif isinstance(value, list) and step == "first":
            value = next((item for item in cast("list[Any]", value) if item != "..."), None)
        elif isinstance(value, list):
            items = [
                cast("dict[str, Any]", item) for item in cast("list[Any]", value) if isinstance(item, dict)
            ]
            value = next((item for item in items if step == "0" or item.get("type") == step), None)
        else:
            return None
    return value
