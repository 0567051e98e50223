"""The databases of a program for the Java machine, by its drivers and its settings."""

import re

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.java.module import Module
from jarvis.analysis.java.settings import Setting, settings
from jarvis.analysis.tree import Tree

SQL = {
    "org.postgresql:postgresql": "postgres", "r2dbc-postgresql": "postgres",
    "jdbc-postgres": "postgres", "reactive-pg-client": "postgres", "vertx-pg-client": "postgres",
    "pgjdbc-ng": "postgres", "postgresql": "postgres", "mysql-connector": "mysql",
    "mariadb-java-client": "mysql", "r2dbc-mysql": "mysql", "r2dbc-mariadb": "mysql",
    "jdbc-mysql": "mysql", "jdbc-mariadb": "mysql", "reactive-mysql-client": "mysql",
    "vertx-mysql-client": "mysql", "mssql-jdbc": "mssql", "r2dbc-mssql": "mssql", "jdbc-mssql": "mssql",
    "vertx-mssql-client": "mssql", "jtds": "mssql", "ojdbc": "oracle", "oracle-r2dbc": "oracle",
    "jdbc-oracle": "oracle", "sqlite-jdbc": "sqlite", "clickhouse-jdbc": "clickhouse",
    "cockroachdb": "postgres", "jcc": "db2", "jdbc-db2": "db2",
}  # fmt: skip
"""Part of the name of a driver → engine. A program speaks to one of these as a rule, so settings decide."""
OTHER = {
    "mongodb": "mongodb", "mongo-driver": "mongodb", "mongo-java-driver": "mongodb",
    "mongo-client": "mongodb", "mongo-panache": "mongodb", "kmongo": "mongodb", "morphia": "mongodb",
    "micronaut-mongo": "mongodb", "data-redis": "redis", "jedis": "redis", "lettuce": "redis",
    "redisson": "redis", "redis-client": "redis", "micronaut-redis": "redis", "session-redis": "redis",
    "session-data-redis": "redis", "elasticsearch": "elasticsearch", "opensearch": "elasticsearch",
    "neo4j": "neo4j", "starter-amqp": "rabbitmq", "amqp-client": "rabbitmq", "rabbitmq": "rabbitmq",
    "spring-kafka": "kafka", "kafka-clients": "kafka", "messaging-kafka": "kafka",
    "stream-kafka": "kafka", "binder-kafka": "kafka", "micronaut-kafka": "kafka",
    "kafka-streams": "kafka", "vertx-kafka-client": "kafka", "cassandra": "cassandra",
    "java-driver-core": "cassandra", "dynamodb": "dynamodb", "spymemcached": "memcached",
    "couchbase": "couchbase", "influxdb-client": "influxdb",
}  # fmt: skip
BESIDES = {
    "com.h2database": "H2", "org.hsqldb": "HSQLDB", "org.apache.derby": "Derby", "jdbc-h2": "H2",
    "r2dbc-h2": "H2", "hsqldb": "HSQLDB", "jdbc-derby": "Derby",
}  # fmt: skip
"""Databases that run within the program and need nothing beside it."""

_JDBC = {
    "postgresql": "postgres", "postgres": "postgres", "mysql": "mysql", "mariadb": "mysql",
    "sqlserver": "mssql", "mssql": "mssql", "jtds": "mssql", "oracle": "oracle", "sqlite": "sqlite",
    "clickhouse": "clickhouse", "db2": "db2", "h2": "", "hsqldb": "", "derby": "", "pool": "",
    "pgsql": "postgres", "cockroachdb": "postgres",
}  # fmt: skip
_URL = re.compile(r"\b(?:jdbc|r2dbc|vertx-reactive):(?:log4jdbc:|p6spy:|otel:|pool:)?(?!tc:)([a-z0-9]+)")
_KIND = re.compile(r"(?:db-kind|dialect|platform|driver-?class-?name|db-type|\bdatabase)$", re.IGNORECASE)
_KEYS = (
    (re.compile(r"mongodb(?:\.|$)|mongo\.uri"), "mongodb"),
    (re.compile(r"(?:^|\.)redis\.(?:host|url|uri|cluster|sentinel|servers|hosts)"), "redis"),
    (re.compile(r"elasticsearch\.(?:uris|hosts|rest|cluster|http)"), "elasticsearch"),
    (re.compile(r"neo4j\.(?:uri|authentication)"), "neo4j"),
    (re.compile(r"rabbitmq\.(?:host|addresses|uri)"), "rabbitmq"),
    (re.compile(r"kafka\.bootstrap[.-]servers"), "kafka"),
    (re.compile(r"cassandra\.(?:contact-?points|basic)"), "cassandra"),
)


def need_databases(found: Candidate, tree: Tree, module: Module) -> None:
    """Say which databases the module needs, by its settings first and its drivers after."""
    known = list(settings(tree, module.folder))
    for item in known:
        for pattern, engine in _KEYS:
            if pattern.search(item.key):
                level = "optional" if item.profile else "required"
                found.need(engine, level, item.file, f"the setting {item.key}", item.line)
    named, within = _named(known)
    for item, engine in named:
        if item.profile:
            found.need(engine, "optional", item.file, f"named for the profile {item.profile}", item.line)
    fixed = {engine for item, engine in named if not item.profile}
    for item, engine in named:
        if not item.profile:
            level = "embedded" if engine == "sqlite" else "required"
            found.need(engine, level, item.file, f"the setting {item.key} names it", item.line)
    _drivers(found, module, fixed, within)


def _named(known: list[Setting]) -> tuple[list[tuple[Setting, str]], bool]:
    """Settings that name an SQL engine; and whether one without a profile names one that runs within."""
    named: list[tuple[Setting, str]] = []
    within = False
    for item in known:
        urls = _URL.findall(item.value)
        engines = [_JDBC[word] for word in urls if word in _JDBC]
        if not engines and not urls and _KIND.search(item.key):
            words = re.findall(r"[a-z0-9]+", item.value.lower())
            engines = [
                _JDBC[word.replace("dialect", "")] for word in words if word.replace("dialect", "") in _JDBC
            ]
        for engine in engines[:1]:
            if engine:
                named.append((item, engine))
            elif not item.profile:
                within = True
    return named, within


def _drivers(found: Candidate, module: Module, fixed: set[str], within: bool) -> None:
    """Drivers on the class path: needed when nothing speaks against."""
    main = [item for item in module.artifacts if item.scope in ("main", "provided")]
    for item in main:
        within = within or any(part in item.full for part in BESIDES)
    wanted = fixed
    for item in main:
        engine = next((engine for part, engine in SQL.items() if part in item.full), "")
        if engine:
            level = "embedded" if engine == "sqlite" else "required"
            if (within and not fixed) or (wanted and engine not in wanted):
                level = "optional"
            else:
                wanted = wanted | {engine}
            found.need(engine, level, item.file, f"the driver {item.full}", item.line)
            continue
        other = next((engine for part, engine in OTHER.items() if part in item.name), "")
        if other and "embedded" not in item.name and "testcontainers" not in item.group:
            found.need(other, "required", item.file, f"depends on {item.full}", item.line)
