"""Databases and other services: what settings name counts first, then addresses in code, then drivers."""

import re

from jarvis.analysis.candidate import Candidate, Level
from jarvis.analysis.python.django import Django
from jarvis.analysis.python.drivers import BY_DRIVER, SQL
from jarvis.analysis.python.project import Project
from jarvis.analysis.python.requirements import Requirement
from jarvis.analysis.python.sources import Sources

_CACHES = frozenset({"memcached"})
"""A program goes on without them."""

_ENGINES = {
    "postgis": "postgres", "postgres": "postgres", "postgresql": "postgres", "cockroachdb": "postgres",
    "psqlextra": "postgres", "postgresql_psycopg2": "postgres", "mariadb": "mysql", "mysql": "mysql",
    "spatialite": "sqlite", "sqlite": "sqlite", "sqlite3": "sqlite", "oracle": "oracle", "mssql": "mssql",
    "sql_server": "mssql", "djongo": "mongodb", "mongodb": "mongodb", "redis": "redis", "rediss": "redis",
    "amqp": "rabbitmq", "amqps": "rabbitmq", "neo4j": "neo4j", "bolt": "neo4j",
}  # fmt: skip
"""Words of settings and schemes of addresses → engines."""
_WORDS = "|".join(sorted(_ENGINES, key=len, reverse=True))
_ENGINE = re.compile(rf"""\bENGINE["']?\s*[:=]\s*["'][\w.]{{0,80}}?\b({_WORDS})\w*["']""")
_ENGINE_DEFAULT = re.compile(
    rf"""\bENGINE["']?\s*[:=]\s*[\w.(]{{1,60}}\(\s*["']\w+["']\s*,\s*(?:default\s*=\s*)?"""
    rf"""["'][\w.]{{0,80}}?\b({_WORDS})\w*["']"""
)
_ADDRESS = re.compile(rf"""["']({_WORDS})(?:\+\w+)?:/""")
_URL_HELPER = re.compile(r"dj_database_url\.(?:config|parse)\(|\benv\.db(?:_url)?\(|environ\.Env\.db")
_BROKER = re.compile(r"[\"'](rediss?|amqps?)://|\b(?:django_redis|channels_redis|RedisCache)\b")
_REWRITES = re.compile(r"\.(?:replace|startswith)\([^()]*$")
_SQLITE = re.compile(r"\b(?:sqlite3|aiosqlite)\.connect\(\s*(?![\"']:memory:)|\bSqlite(?:Ext)?Database\(")
_EXAMPLE = re.compile(
    r"^[ \t]*(?:export\s+)?\w{0,60}(?:URL|URI|DSN|CONNECTION\w{0,20})\s*=\s*[\"']?"
    rf"({_WORDS})(?:\+\w+)?:/",
    re.MULTILINE,
)
_EXAMPLES = (
    ".env.example", ".env.sample", ".env.dist", ".env.template", "env.example", "example.env", ".env.dev",
)  # fmt: skip


def fill(candidate: Candidate, project: Project, sources: Sources, django: Django | None) -> None:
    """Say what the program needs beside it."""
    if django is not None:
        _settings(candidate, sources, django)
    else:
        _code(candidate, sources)
    _examples(candidate, sources)
    decided = {need.engine for need in candidate.needs if need.engine in SQL}
    asked = [(engine, item) for item in project.wanted.values() for engine in _engines(item)]
    servers = {engine for engine, _ in asked if engine in SQL and engine != "sqlite"}
    for engine, item in asked:
        level: Level = "embedded" if engine == "sqlite" else "required"
        if engine in _CACHES:
            level = "optional"
        elif engine in SQL and decided:
            level = "optional" if engine not in decided else level
        elif engine in SQL and (len(servers) > 1 or (engine == "sqlite" and servers)):
            level = "optional"  # several drivers and no word on which one is used
        candidate.need(engine, level, item.file, f"it asks for the driver {item.written}", item.line)


def _engines(item: Requirement) -> list[str]:
    names = [item.name, *(f"{item.name}[{extra}]" for extra in item.extras)]
    return list(dict.fromkeys(BY_DRIVER[name] for name in names if name in BY_DRIVER))


def _say(
    candidate: Candidate, engine: str, file: str, why: str, line: int | None, *, optional: bool = False
) -> None:
    level: Level = "optional" if optional else "embedded" if engine == "sqlite" else "required"
    candidate.need(engine, level, file, why, line)


def _settings(candidate: Candidate, sources: Sources, django: Django) -> None:
    """The first settings file that names an engine decides; the others are variants of it."""
    tree = sources.tree
    for path in django.settings:
        text = tree.text(path)
        found = [(match.start(), _ENGINES[match[1]]) for match in _ENGINE.finditer(text)]
        found += [(match.start(), _ENGINES[match[1]]) for match in _ENGINE_DEFAULT.finditer(text)]
        if not found and _URL_HELPER.search(text):
            found = [(match.start(), _ENGINES[match[1]]) for match in _ADDRESS.finditer(text)]
        found = [(at, engine) for at, engine in found if not _commented(text, at)]
        if found:
            for at, engine in found:
                line = text.count("\n", 0, at) + 1
                _say(candidate, engine, path, f"the settings name {engine} as the database", line)
            break
    for path in django.settings[:2]:
        text = tree.text(path)
        for match in _BROKER.finditer(text):
            engine = "rabbitmq" if (match[1] or "").startswith("amqp") else "redis"
            if not _commented(text, match.start()):
                _say(
                    candidate,
                    engine,
                    path,
                    f"the settings name {engine}",
                    text.count("\n", 0, match.start()) + 1,
                )


def _commented(text: str, at: int) -> bool:
    return text[text.rfind("\n", 0, at) + 1 : at].lstrip().startswith("#")


def _code(candidate: Candidate, sources: Sources) -> None:
    """Addresses in sources; where one place names two, the last is what counts without settings."""
    tree = sources.tree
    for path in sources.files:
        text = tree.text(path)
        by_line: dict[int, list[str]] = {}
        for match in _ADDRESS.finditer(text):
            if not _commented(text, match.start()) and not _REWRITES.search(
                text, max(0, match.start() - 60), match.start()
            ):
                line = text.count("\n", 0, match.start()) + 1
                by_line.setdefault(line, []).append(_ENGINES[match[1]])
        for line, engines in by_line.items():
            _say(candidate, engines[-1], path, f"the code names an address of {engines[-1]}", line)
        found = tree.search(path, _SQLITE)
        if found and not _commented(text, found[0].start()):
            _say(candidate, "sqlite", path, "the code opens a SQLite file", found[1])


def _examples(candidate: Candidate, sources: Sources) -> None:
    for path in sources.tree.named(*_EXAMPLES, depth=0):
        text = sources.tree.text(path)
        for match in _EXAMPLE.finditer(text):
            engine = _ENGINES[match[1]]
            line = text.count("\n", 0, match.start(1)) + 1
            _say(candidate, engine, path, f"{path} holds an address of {engine}", line)
