"""Databases that a PHP project opens."""

import re
from collections.abc import Iterable

from jarvis.analysis.candidate import Candidate
from jarvis.analysis.dsn import SCHEMES, engine, settings
from jarvis.analysis.php.composer import FILE, Manifest
from jarvis.analysis.tree import Tree

SOURCES_AT_MOST = 60
"""Sources that are searched for a connection."""

_CALLS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("mysql", re.compile(r"\bmysqli?_p?connect\s*\(|\bnew\s+\\?mysqli\s*\(|\bmysqli_real_connect\s*\(")),
    ("postgres", re.compile(r"\bpg_p?connect\s*\(")),
    ("sqlite", re.compile(r"\bnew\s+\\?SQLite3\s*\(|[\"']sqlite:")),
    (
        "mongodb",
        re.compile(r"\bnew\s+\\?MongoDB\\(?:Client|Driver\\Manager)\s*\(|\bnew\s+\\?MongoClient\s*\("),
    ),
    ("redis", re.compile(r"\bnew\s+\\?Redis(?:Cluster)?\s*\(|\bnew\s+\\?Predis\\Client\s*\(")),
    ("memcached", re.compile(r"\bnew\s+\\?Memcached?\s*\(")),
    ("mssql", re.compile(r"\bsqlsrv_connect\s*\(|\bmssql_connect\s*\(|[\"']sqlsrv:")),
    ("oracle", re.compile(r"\boci_p?connect\s*\(|[\"']oci:")),
)
_DSN = re.compile(
    r"[\"'](mysql|pgsql|sqlite|sqlsrv):(?=[\w{$ ]*(?:host|dbname|unix_socket|server|port)\b|[/:{$\"'.])",
    re.IGNORECASE,
)
_DRIVER = re.compile(
    r"[\"'](?:driver|DBDriver|dbdriver|adapter)[\"']\s*(?:=>|\]\s*=)\s*[\"']?(?:\w+::class\b|(?:pdo_)?(\w+))"
    r"|\b(?:public\s+array\s+\$default)[\s\S]{0,400}?[\"']DBDriver[\"']\s*=>\s*[\"'](\w+)",
    re.IGNORECASE,
)
_CAKE = re.compile(
    r"[\"']driver[\"']\s*=>\s*\\?(?:Cake\\Database\\Driver\\)?(Mysql|Postgres|Sqlite|Sqlserver)::class"
)
_LARAVEL = re.compile(r"[\"']default[\"']\s*=>\s*env\(\s*[\"']DB_CONNECTION[\"']\s*,\s*[\"'](\w+)[\"']")
_PACKAGES = {
    "mongodb/mongodb": "mongodb", "mongodb/laravel-mongodb": "mongodb", "jenssegers/mongodb": "mongodb",
    "doctrine/mongodb-odm": "mongodb", "doctrine/mongodb-odm-bundle": "mongodb", "predis/predis": "redis",
    "php-amqplib/php-amqplib": "rabbitmq", "bunny/bunny": "rabbitmq", "symfony/amqp-messenger": "rabbitmq",
    "elasticsearch/elasticsearch": "elasticsearch", "ruflin/elastica": "elasticsearch",
    "laudis/neo4j-php-client": "neo4j", "graphaware/neo4j-php-client": "neo4j",
    "smi2/phpclickhouse": "clickhouse", "aws/aws-sdk-php-dynamodb": "dynamodb",
    "ext-mongodb": "mongodb", "ext-mongo": "mongodb", "ext-amqp": "rabbitmq", "ext-rdkafka": "kafka",
}  # fmt: skip
_EXTENSIONS = {
    "ext-mysqli": "mysql", "ext-pdo_mysql": "mysql",
    "ext-pgsql": "postgres", "ext-pdo_pgsql": "postgres", "ext-sqlsrv": "mssql", "ext-pdo_sqlsrv": "mssql",
    "ext-oci8": "oracle",
    "ext-redis": "redis", "ext-memcached": "memcached", "ext-memcache": "memcached",
    "ext-pdo_sqlite": "sqlite",
    "ext-sqlite3": "sqlite",
}  # fmt: skip
"""Extensions that are also there for sessions, for caches or by habit; a connection in the sources tells."""
_KINDS = frozenset({"postgres", "mysql", "sqlite", "mssql", "oracle", "mongodb"})


def find(candidate: Candidate, tree: Tree, manifest: Manifest, fallback: tuple[str, str]) -> None:
    """Add what is opened: settings before code, code before packages.

    Args:
        candidate: Gets the needs.
        tree: The project.
        manifest: Its composer.json.
        fallback: The engine that its framework cannot do without, and the file that shows the framework.
    """
    laravel = candidate.framework in ("laravel", "lumen", "statamic", "october")
    _stated(candidate, tree, laravel=laravel, doctrine=_doctrine(manifest))
    if laravel:
        _default(candidate, tree, manifest)
    else:
        _opened(candidate, tree)
    for name, line in manifest.requires.items():
        if known := _PACKAGES.get(name):
            # Laravel's skeleton brings a client for Redis along; it is used only when a setting says so.
            spare = laravel and known == "redis"
            candidate.need(known, "optional" if spare else "required", FILE, f"It requires {name}.", line)
        elif known := _EXTENSIONS.get(name):
            why = f"It requires {name}, but nothing is seen that uses it."
            candidate.need(known, "optional", FILE, why, line)
    if fallback[0] and not any(item.engine in _KINDS for item in candidate.needs):
        candidate.need(
            fallback[0], "required", fallback[1], f"{candidate.framework} keeps its contents in it."
        )


def _add(candidate: Candidate, name: str, file: str, why: str, line: int | None) -> None:
    candidate.need(name, "embedded" if name == "sqlite" else "required", file, why, line)


def _doctrine(manifest: Manifest) -> bool:
    return any(
        name.startswith(("doctrine/", "symfony/orm-pack", "symfony/doctrine")) for name in manifest.requires
    )


def _stated(candidate: Candidate, tree: Tree, *, laravel: bool, doctrine: bool) -> None:
    """What the settings name: the first file that speaks of the database decides."""
    decided = False
    for name, value, file, line in settings(tree):
        plain = value.strip().lower()
        if name in ("DB_CONNECTION", "DB_DRIVER", "DB_TYPE", "database.default.DBDriver") and not decided:
            if known := SCHEMES.get(plain):
                _add(candidate, known, file, f"{name} is {plain}.", line)
                decided = True
        elif name == "DATABASE_URL" and not decided and not laravel:
            known = engine(value)
            if known and (doctrine or candidate.framework != "symfony"):
                _add(candidate, known, file, f"{name} names {known}.", line)
                decided = True
        elif name in ("MONGODB_URL", "MONGO_URL", "MONGODB_URI") and engine(value):
            _add(candidate, "mongodb", file, f"{name} is set.", line)
        elif name == "MESSENGER_TRANSPORT_DSN" and (known := engine(value)) in ("rabbitmq", "redis"):
            _add(candidate, known, file, f"{name} names {known}.", line)
        elif (
            laravel
            and name.endswith(("_DRIVER", "_STORE", "_CONNECTION"))
            and plain in ("redis", "memcached")
        ):
            _add(candidate, plain, file, f"{name} is {plain}.", line)


def _default(candidate: Candidate, tree: Tree, manifest: Manifest) -> None:
    """Laravel's own default, where no setting names another one.

    A default that was left as it came gives way to an engine that is required on purpose.
    """
    file = "config/database.php"
    hit = tree.search(file, _LARAVEL)
    usual = SCHEMES.get(hit[0][1], "") if hit else ""
    said = next((item for item in candidate.needs if item.engine in _KINDS), None)
    purpose = {known for name in manifest.requires if (known := _PACKAGES.get(name)) in _KINDS}
    if said is not None and said.engine == usual and purpose and usual not in purpose:
        candidate.needs.remove(said)
        candidate.need(
            usual, "optional", said.file, "It is the framework's default, left as it came.", said.line
        )
    elif said is None and hit and usual and not purpose:
        _add(candidate, usual, file, f"Its default connection is {hit[0][1]}.", hit[1])


def _opened(candidate: Candidate, tree: Tree) -> None:
    """What the sources connect to."""
    for path in own(tree):
        text = tree.text(path)
        for name, pattern in _CALLS:
            if match := pattern.search(text):
                _add(candidate, name, path, f"It connects to {name}.", text.count("\n", 0, match.start()) + 1)
        for match in _DSN.finditer(text):
            known = SCHEMES[match[1].lower()]
            _add(candidate, known, path, f"It names {known}.", text.count("\n", 0, match.start()) + 1)
        if path.startswith(("config/", "app/Config/", "application/config/")) or "'driver'" in text:
            for match in (*_CAKE.finditer(text), *_DRIVER.finditer(text)):
                word = (match[1] or (match[2] if match.re is _DRIVER else "") or "").lower()
                known = SCHEMES.get(
                    {"sqlite3": "sqlite", "postgre": "pgsql", "sqlserver": "sqlsrv"}.get(word, word)
                )
                if known:
                    line = text.count("\n", 0, match.start()) + 1
                    _add(candidate, known, path, f"Its settings name {known}.", line)


def own(tree: Tree) -> list[str]:
    """The project's own sources, shallow ones first; no dependencies and no tests."""
    return list(_first(tree.ending(".php", ".inc", ".phtml")))


def _first(paths: Iterable[str]) -> Iterable[str]:
    count = 0
    for path in paths:
        parts = path.split("/")
        if any(
            part in ("vendor", "tests", "test", "core", "wp-includes", "wp-admin", "system")
            for part in parts[:-1]
        ):
            continue
        yield path
        count += 1
        if count >= SOURCES_AT_MOST:
            return
