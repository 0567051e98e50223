"""Packages that talk to a database or another service, and the engine behind each."""

_PACKAGES = {
    "postgres": """
        pg postgres pg-promise pg-native @neondatabase/serverless @vercel/postgres slonik
        connect-pg-simple @fastify/postgres fastify-postgres postgraphile pg-boss graphile-worker
        pgtyped @mikro-orm/postgresql @payloadcms/db-postgres @databases/pg @prisma/adapter-pg
        massive zapatos @nestjs-pg/core
    """,
    "mysql": """
        mysql mysql2 mariadb promise-mysql serverless-mysql @planetscale/database
        express-mysql-session @fastify/mysql @mikro-orm/mysql @mikro-orm/mariadb @databases/mysql
        express-myconnection
    """,
    "sqlite": """
        better-sqlite3 sqlite3 sqlite @libsql/client libsql connect-sqlite3
        better-sqlite3-session-store @mikro-orm/sqlite @mikro-orm/better-sqlite
        @payloadcms/db-sqlite @databases/sqlite sqlite-async @prisma/adapter-better-sqlite3
        @prisma/adapter-libsql @keyv/sqlite bun:sqlite @vscode/sqlite3 @mikro-orm/libsql
    """,
    "mongodb": """
        mongodb mongoose monk connect-mongo connect-mongodb-session mongojs @typegoose/typegoose
        @nestjs/mongoose @fastify/mongodb fastify-mongodb @mikro-orm/mongodb agenda
        @payloadcms/db-mongodb papr mongodb-core mongoskin promised-mongo koa-mongo camo sails-mongo
    """,
    "redis": """
        redis ioredis bull bullmq bee-queue connect-redis kue @fastify/redis fastify-redis
        handy-redis @socket.io/redis-adapter socket.io-redis @nestjs/bull @nestjs/bullmq
        rate-limit-redis cache-manager-redis-store cache-manager-ioredis @keyv/redis koa-redis
        resque node-resque rsmq iovalkey @valkey/valkey-glide redis-om async-redis promise-redis
        tedis
    """,
    "mssql": "tedious mssql msnodesqlv8 @mikro-orm/mssql node-mssql",
    "oracle": "oracledb",
    "cassandra": "cassandra-driver express-cassandra",
    "neo4j": "neo4j-driver neo4j-driver-lite @neo4j/graphql neode neo4j",
    "elasticsearch": """
        @elastic/elasticsearch elasticsearch @nestjs/elasticsearch @opensearch-project/opensearch
        mongoosastic
    """,
    "rabbitmq": """
        amqplib amqp-connection-manager amqp rascal @golevelup/nestjs-rabbitmq rabbitmq-client
        rabbot amqp-client @cloudamqp/amqp-client jackrabbit
    """,
    "kafka": """
        kafkajs node-rdkafka kafka-node no-kafka @confluentinc/kafka-javascript @platformatic/kafka
    """,
    "memcached": "memcached memjs connect-memcached memcache-pp memcache-plus",
    "clickhouse": "@clickhouse/client clickhouse @apla/clickhouse @depyronick/clickhouse-client",
    "dynamodb": """
        @aws-sdk/client-dynamodb @aws-sdk/lib-dynamodb dynamoose dynamodb-toolbox electrodb dynamodb
    """,
    "couchbase": "couchbase ottoman",
    "couchdb": "nano pouchdb-adapter-http cradle",
    "influxdb": "@influxdata/influxdb-client influx @influxdata/influxdb3-client",
    "rethinkdb": "rethinkdb rethinkdbdash thinky",
    "arangodb": "arangojs",
    "surrealdb": "surrealdb surrealdb.js",
    "nats": "nats @nats-io/transport-node",
    "meilisearch": "meilisearch",
    "typesense": "typesense",
    "qdrant": "@qdrant/js-client-rest",
}
ENGINES: dict[str, str] = {name: engine for engine, names in _PACKAGES.items() for name in names.split()}
"""Package → the engine that it talks to."""
SQL = frozenset({"postgres", "mysql", "sqlite", "mssql", "oracle", "clickhouse"})
"""Engines of which a program usually uses one; with several drivers its settings decide."""

DIALECTS = {
    "postgres": "postgres", "postgresql": "postgres", "pg": "postgres", "pgnative": "postgres",
    "cockroachdb": "postgres", "cockroach": "postgres", "redshift": "postgres", "aurora-postgres": "postgres",
    "mysql": "mysql", "mysql2": "mysql", "mariadb": "mysql", "aurora-mysql": "mysql", "singlestore": "mysql",
    "sqlite": "sqlite", "sqlite3": "sqlite", "better-sqlite": "sqlite", "better-sqlite3": "sqlite",
    "libsql": "sqlite", "turso": "sqlite", "sqljs": "sqlite", "mongodb": "mongodb", "mongo": "mongodb",
    "mssql": "mssql", "sqlserver": "mssql", "oracle": "oracle", "oracledb": "oracle",
}  # fmt: skip
"""Engines as the settings of object mappers name them."""

ADDONS = {
    "heroku-postgresql": "postgres", "jawsdb": "mysql", "cleardb": "mysql", "jawsdb-maria": "mysql",
    "mongolab": "mongodb", "mongohq": "mongodb", "objectrocket": "mongodb", "heroku-redis": "redis",
    "rediscloud": "redis", "redistogo": "redis", "openredis": "redis", "cloudamqp": "rabbitmq",
    "memcachier": "memcached", "memcachedcloud": "memcached", "bonsai": "elasticsearch",
    "searchbox": "elasticsearch", "graphenedb": "neo4j", "heroku-kafka": "kafka", "cloudkarafka": "kafka",
}  # fmt: skip
"""Add-ons that app.json asks for."""
