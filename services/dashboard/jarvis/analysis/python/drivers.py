"""Drivers of databases and other services, by the engine they speak to. A new engine is one row."""

SQL = ("postgres", "mysql", "sqlite", "mssql", "oracle")
"""Engines of which a program usually needs one."""

DRIVERS: dict[str, tuple[str, ...]] = {
    "postgres": (
        "psycopg2", "psycopg2-binary", "psycopg", "psycopg-binary", "psycopg-c", "psycopg-pool", "asyncpg",
        "pg8000", "aiopg", "psycopg2cffi", "py-postgresql", "pygresql", "pgvector", "postgres",
        "databases[postgresql]", "databases[asyncpg]", "sqlalchemy[postgresql]", "tortoise-orm[asyncpg]",
        "langchain-postgres", "langgraph-checkpoint-postgres",
    ),
    "mysql": (
        "mysqlclient", "pymysql", "mysql-connector", "mysql-connector-python", "mysql-connector-python-rf",
        "aiomysql", "asyncmy", "mysql-python", "flask-mysqldb", "flask-mysql", "mysql", "mariadb",
        "databases[mysql]", "tortoise-orm[aiomysql]", "django-mysql", "databases[aiomysql]",
    ),
    "mssql": (
        "pymssql", "pyodbc", "aioodbc", "mssql-django", "django-mssql-backend", "django-pyodbc-azure",
        "mssql-python",
    ),
    "oracle": ("cx-oracle", "oracledb"),
    "sqlite": (
        "aiosqlite", "databases[sqlite]", "databases[aiosqlite]", "sqlite-utils", "tortoise-orm[aiosqlite]",
    ),
    "mongodb": (
        "pymongo", "motor", "mongoengine", "beanie", "odmantic", "flask-pymongo", "flask-mongoengine",
        "djongo", "umongo", "django-mongodb-backend",
    ),
    "redis": (
        "redis", "aioredis", "django-redis", "flask-redis", "channels-redis", "rq", "arq", "celery[redis]",
        "redis-om", "django-rq", "flask-rq2", "coredis", "walrus", "kombu[redis]", "dramatiq[redis]",
        "taskiq-redis", "valkey", "django-redis-cache", "aiocache[redis]", "broadcaster[redis]",
    ),
    "rabbitmq": (
        "pika", "aio-pika", "aiormq", "celery[librabbitmq]", "librabbitmq", "dramatiq[rabbitmq]",
        "taskiq-aio-pika",
    ),
    "kafka": ("kafka-python", "kafka-python-ng", "confluent-kafka", "aiokafka", "faust", "faust-streaming"),
    "elasticsearch": (
        "elasticsearch", "elasticsearch-dsl", "django-elasticsearch-dsl", "elasticsearch-async",
        "opensearch-py",
    ),
    "neo4j": ("neo4j", "neo4j-driver", "py2neo", "neomodel", "django-neomodel"),
    "memcached": (
        "pymemcache", "python-memcached", "pylibmc", "python-binary-memcached", "aiomcache",
        "django-pylibmc",
    ),
    "cassandra": ("cassandra-driver", "scylla-driver", "django-cassandra-engine"),
    "dynamodb": ("pynamodb",),
    "clickhouse": (
        "clickhouse-driver", "clickhouse-connect", "clickhouse-sqlalchemy", "asynch", "aiochclient",
    ),
    "couchdb": ("couchdb", "cloudant", "ibmcloudant"),
    "influxdb": ("influxdb", "influxdb-client"),
    "qdrant": ("qdrant-client",),
    "milvus": ("pymilvus",),
    "weaviate": ("weaviate-client",),
}  # fmt: skip
BY_DRIVER = {driver: engine for engine, drivers in DRIVERS.items() for driver in drivers}
