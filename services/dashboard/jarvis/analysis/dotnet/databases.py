"""The databases of a program for .NET, by its packages, its sources and its settings."""

import re
from itertools import islice

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.tree import Tree

SQL = (
    ("npgsql", "postgres"), ("aspire.npgsql", "postgres"), ("marten", "postgres"),
    ("linq2db.postgresql", "postgres"), ("devart.data.postgresql", "postgres"),
    ("pomelo.entityframeworkcore.mysql", "mysql"), ("mysql.", "mysql"), ("mysqlconnector", "mysql"),
    ("aspire.mysql", "mysql"), ("aspire.pomelo", "mysql"),
    ("microsoft.entityframeworkcore.sqlserver", "mssql"), ("microsoft.data.sqlclient", "mssql"),
    ("system.data.sqlclient", "mssql"), ("aspire.microsoft.data.sqlclient", "mssql"),
    ("aspire.microsoft.entityframeworkcore.sqlserver", "mssql"), ("hangfire.sqlserver", "mssql"),
    ("microsoft.entityframeworkcore.sqlite", "sqlite"), ("microsoft.data.sqlite", "sqlite"),
    ("system.data.sqlite", "sqlite"), ("sqlite-net", "sqlite"), ("oracle.", "oracle"),
    ("clickhouse.", "clickhouse"), ("firebirdsql", "firebird"),
)  # fmt: skip
"""Beginning of a package → engine."""
OTHER = (
    ("mongodb.driver", "mongodb"), ("mongodb.entityframeworkcore", "mongodb"),
    ("aspire.mongodb", "mongodb"), ("stackexchange.redis", "redis"),
    ("microsoft.extensions.caching.stackexchangeredis", "redis"),
    ("microsoft.extensions.caching.redis", "redis"), ("servicestack.redis", "redis"),
    ("csredis", "redis"), ("aspire.stackexchange.redis", "redis"), ("freeredis", "redis"),
    ("nest", "elasticsearch"), ("elasticsearch.net", "elasticsearch"),
    ("elastic.clients.elasticsearch", "elasticsearch"), ("opensearch.", "elasticsearch"),
    ("neo4j", "neo4j"), ("rabbitmq.client", "rabbitmq"), ("masstransit.rabbitmq", "rabbitmq"),
    ("easynetq", "rabbitmq"), ("aspire.rabbitmq", "rabbitmq"), ("rebus.rabbitmq", "rabbitmq"),
    ("confluent.kafka", "kafka"), ("masstransit.kafka", "kafka"), ("aspire.confluent.kafka", "kafka"),
    ("cassandracsharpdriver", "cassandra"), ("awssdk.dynamodb", "dynamodb"),
    ("enyimmemcached", "memcached"), ("ravendb.client", "ravendb"), ("couchbase", "couchbase"),
    ("influxdb.client", "influxdb"),
)  # fmt: skip

_CALLS = {
    "UseNpgsql": "postgres", "UsePostgreSQL": "postgres", "AddNpgsql": "postgres",
    "NpgsqlConnection": "postgres", "UseMySql": "mysql", "UseMySQL": "mysql",
    "MySqlConnection": "mysql", "UseSqlServer": "mssql", "SqlConnection": "mssql",
    "UseSqlite": "sqlite", "SqliteConnection": "sqlite", "SQLiteConnection": "sqlite",
    "UseOracle": "oracle", "UseInMemoryDatabase": "",
}  # fmt: skip
_CALL = re.compile(r"\b(" + "|".join(_CALLS) + r")\b\s*[<(]")
_SOURCES = 150


def need_databases(
    found: Candidate, tree: Tree, folders: list[str], packages: dict[str, tuple[str, int]]
) -> None:
    """Say which databases a program needs.

    Args:
        found: The candidate.
        tree: Its folder.
        folders: Those of the project and of all that it refers to.
        packages: Packages of all these, in lower case → file and line.
    """
    drivers = [
        (engine, name, place)
        for name, place in packages.items()
        for beginning, engine in SQL
        if name.startswith(beginning)
    ]
    called = _called(tree, folders) if drivers else set[str]()
    for engine, name, (file, line) in drivers:
        speaks = engine in called or not (called & {"", *(other for other, _, _ in drivers)})
        level = "optional" if not speaks else "embedded" if engine == "sqlite" else "required"
        found.need(engine, level, file, f"depends on {name}", line)
    for name, (file, line) in packages.items():
        for beginning, engine in OTHER:
            if name.startswith(beginning):
                found.need(engine, "required", file, f"depends on {name}", line)


def _called(tree: Tree, folders: list[str]) -> set[str]:
    """Engines whose drivers the sources call; an empty word for a database in memory."""
    called: set[str] = set()
    files = (file for file in tree.ending(".cs", ".fs", ".vb") if _inside(file, folders))
    for file in islice(files, _SOURCES):
        called |= {_CALLS[name] for name in _CALL.findall(tree.text(file))}
    return called


def _inside(file: str, folders: list[str]) -> bool:
    return any(file.startswith(folder) for folder in folders) and "/Migrations/" not in file
