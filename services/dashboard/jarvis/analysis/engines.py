"""Databases and other services, as container images and add-ons name them.

What addresses (`postgres://…`) name is in `jarvis.analysis.dsn`.
"""

IMAGES = {
    "postgres": "postgres", "postgresql": "postgres", "postgresql-repmgr": "postgres", "postgis": "postgres",
    "pgvector": "postgres", "timescaledb": "postgres", "timescaledb-ha": "postgres", "citus": "postgres",
    "alloydbomni": "postgres", "cockroach": "postgres", "spilo": "postgres", "paradedb": "postgres",
    "mysql": "mysql", "mysql-server": "mysql", "mysql-community-server": "mysql", "mariadb": "mysql",
    "mariadb-galera": "mysql", "percona": "mysql", "percona-server": "mysql", "tidb": "mysql",
    "mongo": "mongodb", "mongodb": "mongodb", "mongodb-community-server": "mongodb",
    "mongodb-enterprise-server": "mongodb", "mongodb-atlas-local": "mongodb", "ferretdb": "mongodb",
    "percona-server-mongodb": "mongodb",
    "redis": "redis", "redis-stack": "redis", "redis-stack-server": "redis", "redis-cluster": "redis",
    "valkey": "redis", "valkey-bundle": "redis", "keydb": "redis", "dragonfly": "redis",
    "mssql/server": "mssql", "mssql-server-linux": "mssql", "mssql-server": "mssql",
    "mssql-server-windows-express": "mssql", "azure-sql-edge": "mssql",
    "elasticsearch": "elasticsearch", "elasticsearch-oss": "elasticsearch", "opensearch": "elasticsearch",
    "rabbitmq": "rabbitmq", "rabbitmq-server": "rabbitmq",
    "kafka": "kafka", "kafka-native": "kafka", "cp-kafka": "kafka", "cp-server": "kafka", "redpanda": "kafka",
    "memcached": "memcached",
    "cassandra": "cassandra", "scylla": "cassandra", "dse-server": "cassandra",
    "dynamodb-local": "dynamodb",
    "clickhouse": "clickhouse", "clickhouse-server": "clickhouse",
    "neo4j": "neo4j",
    "oracle-xe": "oracle", "oracle-free": "oracle", "database/express": "oracle", "database/free": "oracle",
    "database/enterprise": "oracle", "oracle-xe-11g": "oracle", "oracle-xe-11g-r2": "oracle",
    "couchdb": "couchdb", "couchbase": "couchbase", "influxdb": "influxdb", "arangodb": "arangodb",
    "surrealdb": "surrealdb", "rethinkdb": "rethinkdb", "questdb": "questdb", "meilisearch": "meilisearch",
    "typesense": "typesense", "qdrant": "qdrant", "weaviate": "weaviate", "milvus": "milvus", "nats": "nats",
}  # fmt: skip
"""The last part of an image's name, or the last two → engine. Tools for a database (pgadmin) are none."""

ADDONS = {
    "heroku-postgresql": "postgres", "postgresql": "postgres", "crunchy-postgres": "postgres",
    "heroku-redis": "redis", "rediscloud": "redis", "redistogo": "redis", "openredis": "redis",
    "upstash-redis": "redis", "stackhero-redis": "redis",
    "jawsdb": "mysql", "jawsdb-maria": "mysql", "cleardb": "mysql", "stackhero-mysql": "mysql",
    "mongolab": "mongodb", "mongohq": "mongodb", "ormongo": "mongodb", "mongocloud": "mongodb",
    "cloudamqp": "rabbitmq", "stackhero-rabbitmq": "rabbitmq", "heroku-kafka": "kafka",
    "cloudkarafka": "kafka", "bonsai": "elasticsearch", "foundelasticsearch": "elasticsearch",
    "searchbox": "elasticsearch", "memcachier": "memcached", "memcachedcloud": "memcached",
    "graphenedb": "neo4j", "mssql": "mssql",
}  # fmt: skip
"""Add-ons of app.json, without their plan."""


def of_image(image: str) -> str:
    """The engine in a container image such as `docker.io/bitnami/postgresql:16@sha256:…`; empty for none."""
    name = image.strip().lower().partition("@")[0]
    *place, last = name.split("/")
    last = last.partition(":")[0]
    return IMAGES.get("/".join([*place[-1:], last]), IMAGES.get(last, ""))


def of_addon(addon: str) -> str:
    """The engine behind an add-on such as `heroku-postgresql:essential-0`; empty for none."""
    return ADDONS.get(addon.strip().lower().partition(":")[0], "")
