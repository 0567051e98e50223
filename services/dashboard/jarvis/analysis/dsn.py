"""Databases as addresses and example settings name them."""

import re
from collections.abc import Iterator

from jarvis.analysis.tree import Tree

FILES = (
    ".env", ".env.production", ".env.example", ".env.sample", ".env.dist", ".env.template", "env.example",
    "example.env", "sample.env", ".env.production.example", ".env.local.example", ".env.development",
)  # fmt: skip
"""Files with settings: those in force first, then the examples."""

SCHEMES = {
    "postgres": "postgres", "postgresql": "postgres", "pgsql": "postgres", "postgis": "postgres",
    "pdo_pgsql": "postgres", "mysql": "mysql", "mysql2": "mysql", "mariadb": "mysql", "trilogy": "mysql",
    "pdo_mysql": "mysql", "mysqli": "mysql", "sqlite": "sqlite", "sqlite3": "sqlite", "pdo_sqlite": "sqlite",
    "mongodb": "mongodb", "mongodb+srv": "mongodb", "redis": "redis", "rediss": "redis", "sqlserver": "mssql",
    "mssql": "mssql", "sqlsrv": "mssql", "amqp": "rabbitmq", "amqps": "rabbitmq", "clickhouse": "clickhouse",
    "neo4j": "neo4j", "bolt": "neo4j", "oracle": "oracle", "memcached": "memcached",
    "cockroachdb": "postgres",
}  # fmt: skip
"""What stands before the colon of an address, or the name of a driver, and the engine behind it."""

_LINE = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w{0,80})[ \t]{0,9}=(.*)$")
_SCHEME = re.compile(r"^([a-z][a-z0-9+_]*):", re.IGNORECASE)


def engine(address: str) -> str:
    """The engine of an address such as `postgres://…` or `sqlite:file.db`; empty when it names none."""
    match = _SCHEME.match(address.strip().strip("\"'"))
    scheme = match[1].lower() if match else ""
    return SCHEMES.get(scheme) or SCHEMES.get(scheme.partition("+")[0], "")


def settings(tree: Tree) -> Iterator[tuple[str, str, str, int]]:
    """Name, value, file and line of each setting in these files at the top."""
    for file in FILES:
        if file not in tree:
            continue
        for number, line in tree.lines(file):
            if match := _LINE.match(line):
                yield match[1], match[2].strip().strip("\"'"), file, number
