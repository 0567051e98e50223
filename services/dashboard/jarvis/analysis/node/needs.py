"""Databases and other services that a project needs: by its settings, then by its packages."""

import re
from collections.abc import Iterator

from jarvis.analysis import dsn
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.node import config
from jarvis.analysis.node.drivers import ADDONS, DIALECTS, ENGINES, SQL
from jarvis.analysis.node.manifest import Manifest
from jarvis.analysis.node.source import Sources
from jarvis.analysis.node.values import items, mapping, text
from jarvis.analysis.tree import Tree

Named = tuple[str, str, str, int | None]
"""Engine, file, reason, line."""

_DATASOURCE = re.compile(r"\bdatasource\s+\w+\s*\{(?P<body>[^}]*)\}")
_PROVIDER = re.compile(r"(?m)^\s*provider\s*=\s*\[?\s*\"([\w-]+)\"")
_MAPPERS = (
    "@prisma/client", "typeorm", "knex", "sequelize", "drizzle-orm", "mongoose", "@mikro-orm/core", "kysely",
    "objection", "@strapi/strapi", "directus",
)  # fmt: skip
_LAST = 40
"""Sources that are searched for settings of an object mapper."""


def fill(found: Candidate, manifest: Manifest, sources: Sources) -> None:
    """Put the needs of the package into the candidate."""
    tree = manifest.tree
    for engine, file, why, line in _prisma(tree):
        _add(found, engine, file, why, line)
    stated = bool(found.needs)
    if not stated:
        for engine, file, why, line in _settings(tree, manifest, sources):
            _add(found, engine, file, why, line)
    stated = any(need.engine in SQL for need in found.needs)
    if not stated:
        for engine, file, why, line in _examples(tree, manifest):
            _add(found, engine, file, why, line)
        stated = any(need.engine in SQL for need in found.needs)
    _packages(found, manifest, sources, stated)
    for engine, file, why, line in _addons(tree):
        _add(found, engine, file, why, line)


def _add(found: Candidate, engine: str, file: str, why: str, line: int | None) -> None:
    found.need(engine, "embedded" if engine == "sqlite" else "required", file, why, line)


def _prisma(tree: Tree) -> Iterator[Named]:
    for file in tree.ending(".prisma", depth=5)[:20]:
        body = tree.text(file)
        for source in _DATASOURCE.finditer(body):
            if match := _PROVIDER.search(source["body"]):
                engine = DIALECTS.get(match[1], "")
                line = body.count("\n", 0, source.start("body") + match.start(1)) + 1
                if engine:
                    yield engine, file, f"The schema is for {match[1]}.", line
                    return


def _settings(tree: Tree, manifest: Manifest, sources: Sources) -> Iterator[Named]:
    """What the settings of an object mapper name."""
    for package, places, key in (
        (
            "drizzle-orm",
            config.files(tree, "drizzle.config", "db/drizzle.config", "src/drizzle.config"),
            "dialect|driver",
        ),
        ("knex", _knex(tree, sources), "client|dialect"),
        ("objection", _knex(tree, sources), "client"),
        ("bookshelf", _knex(tree, sources), "client"),
        ("typeorm", _typeorm(tree, sources), "type"),
        ("sequelize", _sequelize(tree, sources), "dialect"),
        ("sequelize-typescript", _sequelize(tree, sources), "dialect"),
        ("@keystone-6/core", config.files(tree, "keystone"), "provider"),
        ("@strapi/strapi", config.files(tree, "config/database"), "client"),
        ("strapi", config.files(tree, "config/database"), "client"),
        ("@adonisjs/lucid", config.files(tree, "config/database"), "connection|client"),
    ):
        if not manifest.has(package) or not places:
            continue
        pattern = rf"[\"']?\b(?:{key})[\"']?\s*:\s*[^\n{{}}]{{0,60}}?[\"'`](?P<value>{_ANY})[\"'`]"
        names = _production(tree, places, pattern)
        if names:
            yield names
            return


_ANY = "|".join(sorted(map(re.escape, DIALECTS), key=len, reverse=True))


def _production(tree: Tree, places: list[str], pattern: str) -> Named | None:
    """The engine that is named, in the settings for production when there are several."""
    known = re.compile(pattern)
    for file in places:
        match = config.search(tree, file, known, after="production")
        if match and (engine := DIALECTS.get(match["value"], "")):
            line = match.string.count("\n", 0, match.start("value")) + 1
            return engine, file, f"The settings name {match['value']}.", line
    return None


def _knex(tree: Tree, sources: Sources) -> list[str]:
    return [
        *config.files(tree, "knexfile", "src/knexfile", "db/knexfile", "database/knexfile"),
        *sources.files[:_LAST],
    ]


def _typeorm(tree: Tree, sources: Sources) -> list[str]:
    named = [path for path in ("ormconfig.json", "ormconfig.yml", "ormconfig.yaml") if path in tree]
    told = [
        path
        for path in sources.files
        if re.search(r"(?i)data-?source|ormconfig|database|app\.module|typeorm|db", path)
    ]
    return [*named, *config.files(tree, "ormconfig"), *told, *sources.files[:10]]


def _sequelize(tree: Tree, sources: Sources) -> list[str]:
    named = [
        path
        for path in ("config/config.json", "src/config/config.json", "config/database.json")
        if path in tree
    ]
    return [
        *named,
        *config.files(tree, "config/config", "config/database", "src/config/database"),
        *sources.files[:_LAST],
    ]


def _examples(tree: Tree, manifest: Manifest) -> Iterator[Named]:
    """Addresses of databases in example settings, when a package could use them."""
    if not manifest.has(*_MAPPERS, *ENGINES):
        return
    for name, value, file, line in dsn.settings(tree):
        client = (
            DIALECTS.get(value.lower(), "")
            if re.search(r"(?:DB|DATABASE)_?(?:CLIENT|DIALECT|TYPE|CONNECTION|ENGINE)$", name)
            else ""
        )
        if engine := client or (dsn.engine(value) if "://" in value or value.startswith("file:") else ""):
            yield engine, file, f"{name} names it.", line


def _packages(found: Candidate, manifest: Manifest, sources: Sources, stated: bool) -> None:
    """Drivers among the dependencies; with several for SQL, only one that is imported counts."""
    drivers = {name: ENGINES[name] for name in (*manifest.runtime, *manifest.development) if name in ENGINES}
    used = {name: place for name, place in sources.imports.items() if name in drivers} if drivers else {}
    rivals = {engine for name, engine in drivers.items() if engine in SQL and name in manifest.runtime}
    imported = {drivers[name] for name in used if drivers[name] in SQL}
    for name, engine in drivers.items():
        file, line = manifest.file, manifest.line_of(name)
        certain = name in manifest.runtime or name in used
        if engine in SQL and (
            (stated and not any(need.engine == engine for need in found.needs))
            or (len(rivals) > 1 and engine not in (imported or ({"sqlite"} & rivals) or rivals))
        ):
            certain = False
        if certain:
            _add(found, engine, file, f"It depends on {name}.", line)
        else:
            found.need(engine, "optional", file, f"It depends on {name}, which it may do without.", line)
    if not any(need.engine == "sqlite" for need in found.needs) and (
        place := sources.mention('"bun:sqlite"', "'bun:sqlite'", '"node:sqlite"', "'node:sqlite'")
    ):
        _add(found, "sqlite", place[0], "The runtime's own database is used.", place[1])


def _addons(tree: Tree) -> Iterator[Named]:
    for item in items(tree.json("app.json").get("addons")):
        plan = text(item) or text(mapping(item).get("plan"))
        name = plan.partition(":")[0]
        if name in ADDONS:
            yield ADDONS[name], "app.json", f"app.json asks for {name}.", tree.line_of("app.json", name)
