"""Crates that tell what a Rust program is: web frameworks, platforms that call it, queues, databases."""

FRAMEWORKS: dict[str, tuple[int, str, int]] = {
    crate: (rank, name, port)
    for rank, (crate, name, port) in enumerate(
        (
            ("loco-rs", "loco", 5150),
            ("leptos", "leptos", 3000),
            ("dioxus", "dioxus", 8080),
            ("perseus", "perseus", 8080),
            ("rocket", "rocket", 8000),
            ("actix-web", "actix", 8080),
            ("actix_web", "actix", 8080),
            ("axum", "axum", 3000),
            ("warp", "warp", 3030),
            ("poem", "poem", 3000),
            ("salvo", "salvo", 5800),
            ("tide", "tide", 8080),
            ("ntex", "ntex", 8080),
            ("gotham", "gotham", 7878),
            ("viz", "viz", 3000),
            ("pavex", "pavex", 8000),
            ("cot", "cot", 8000),
            ("trillium", "trillium", 8080),
            ("thruster", "thruster", 8080),
            ("nickel", "nickel", 6767),
            ("iron", "iron", 3000),
            ("rouille", "rouille", 8000),
            ("tiny_http", "tiny_http", 8000),
            ("may_minihttp", "may_minihttp", 8080),
            ("juniper_warp", "warp", 3030),
            ("async-graphql-axum", "axum", 3000),
            ("async-graphql-actix-web", "actix", 8080),
            ("tonic", "tonic", 50051),
            ("hyper", "hyper", 3000),
        ),
        1,
    )
}
"""Crate → its rank, the framework, and the port that its guide uses. Lower ranks are built on higher."""

AMBIGUOUS: dict[str, str] = {
    "hyper": r"hyper::(?:server|service)|service_fn\s*\(|Server::bind|http[12]::Builder",
    "tonic": r"Server::builder\s*\(",
    "warp": r"warp::(?:serve|Filter|path|Server)",
    "tide": r"tide::(?:new|with_state|Server|Request)",
    "iron": r"Iron::new|extern crate iron|iron::",
}
"""Crates that are also clients, or have a common name, and what a server writes."""

PAGES: dict[str, str] = {
    "yew": "yew", "leptos": "leptos", "dioxus": "dioxus", "sycamore": "sycamore", "seed": "seed",
    "percy-dom": "percy",
}  # fmt: skip
"""Crates for programs that run in the browser."""

FUNCTIONS = (
    "lambda_http",
    "lambda_runtime",
    "vercel_runtime",
    "vercel_lambda",
    "spin-sdk",
    "worker",
    "fastly",
)
"""Crates whose user is called by a platform."""

WORKERS = (
    "serenity", "poise", "twilight-gateway", "teloxide", "frankenstein", "slack-morphism", "matrix-sdk",
    "lapin",
    "rdkafka", "rskafka", "apalis", "tokio-cron-scheduler", "async-nats", "rumqttc", "fang", "kube",
)  # fmt: skip
"""Crates that keep a program without a web server running."""

DRIVERS: dict[str, str] = {
    "tokio-postgres": "postgres", "postgres": "postgres", "deadpool-postgres": "postgres",
    "bb8-postgres": "postgres", "r2d2_postgres": "postgres", "rbdc-pg": "postgres",
    "cornucopia_async": "postgres",
    "mysql": "mysql", "mysql_async": "mysql", "r2d2_mysql": "mysql", "rbdc-mysql": "mysql",
    "rusqlite": "sqlite", "tokio-rusqlite": "sqlite", "r2d2_sqlite": "sqlite", "sqlite": "sqlite",
    "deadpool-sqlite": "sqlite", "async-sqlite": "sqlite", "libsql": "sqlite", "rbdc-sqlite": "sqlite",
    "mongodb": "mongodb", "redis": "redis", "deadpool-redis": "redis", "bb8-redis": "redis", "fred": "redis",
    "r2d2_redis": "redis", "actix-redis": "redis", "apalis-redis": "redis", "mobc-redis": "redis",
    "tiberius": "mssql", "bb8-tiberius": "mssql", "rbdc-mssql": "mssql", "scylla": "cassandra",
    "cdrs-tokio": "cassandra", "elasticsearch": "elasticsearch", "opensearch": "opensearch",
    "neo4rs": "neo4j",
    "lapin": "rabbitmq", "deadpool-lapin": "rabbitmq", "amqprs": "rabbitmq", "rdkafka": "kafka",
    "rskafka": "kafka", "clickhouse": "clickhouse", "klickhouse": "clickhouse", "memcache": "memcached",
    "aws-sdk-dynamodb": "dynamodb", "rusoto_dynamodb": "dynamodb", "oracle": "oracle", "sibyl": "oracle",
    "influxdb": "influxdb", "influxdb2": "influxdb", "async-nats": "nats",
}  # fmt: skip
"""Crate → the engine behind it."""

BY_FEATURE = frozenset(
    {
        "sqlx", "diesel", "diesel-async", "sea-orm", "sea-query", "rocket_db_pools", "rocket_sync_db_pools",
        "refinery",
        "sqlx-core", "toasty", "welds", "ormlite", "apalis-sql", "tower-sessions-sqlx-store", "r2d2-diesel",
        "quaint",
        "rocket_contrib", "sea-orm-migration", "actix-session", "deadpool-diesel", "butane",
    }
)  # fmt: skip
"""Crates whose features say which database is meant."""

FEATURES = (
    ("postgres", "postgres"), ("pgsql", "postgres"), ("mysql", "mysql"), ("mariadb", "mysql"),
    ("sqlite", "sqlite"), ("mssql", "mssql"), ("redis", "redis"), ("mongodb", "mongodb"), ("memcache",
    "memcached"),
)  # fmt: skip
"""A part of a feature's name → the engine."""
