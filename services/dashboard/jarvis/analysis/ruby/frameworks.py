"""Gems that tell what a Ruby program is."""

FRAMEWORKS: tuple[tuple[str, str, int], ...] = (
    ("rails", "rails", 3000),
    ("railties", "rails", 3000),
    ("hanami", "hanami", 2300),
    ("padrino", "padrino", 3000),
    ("padrino-core", "padrino", 3000),
    ("grape", "grape", 9292),
    ("roda", "roda", 9292),
    ("cuba", "cuba", 9292),
    ("camping", "camping", 3301),
    ("ramaze", "ramaze", 7000),
    ("syro", "syro", 9292),
    ("agoo", "agoo", 6464),
    ("sinatra", "sinatra", 4567),
)
"""Gem, framework and the port it takes by itself; what is built on others stands before them."""

REQUIRES: tuple[tuple[str, str, int], ...] = (
    (r"^[ \t]*require[ \t]{0,9}\(?\s{0,9}[\"']hanami", "hanami", 2300),
    (r"^[ \t]*require[ \t]{0,9}\(?\s{0,9}[\"']grape[\"']", "grape", 9292),
    (r"^[ \t]*require[ \t]{0,9}\(?\s{0,9}[\"']roda[\"']", "roda", 9292),
    (r"^[ \t]*require[ \t]{0,9}\(?\s{0,9}[\"']cuba[\"']", "cuba", 9292),
    (r"^[ \t]*require[ \t]{0,9}\(?\s{0,9}[\"']camping[\"']", "camping", 3301),
    (r"^[ \t]*require[ \t]{0,9}\(?\s{0,9}[\"']sinatra(?:/base|/main)?[\"']", "sinatra", 4567),
    (r"\bRack(?:up)?::(?:Handler|Server|Builder)\b", "rack", 9292),
)
"""What a source says when no manifest names the framework."""

GENERATORS: tuple[tuple[str, str, str, str], ...] = (
    ("middleman", "middleman", "middleman build", "build"),
    ("middleman-core", "middleman", "middleman build", "build"),
    ("bridgetown", "bridgetown", "bridgetown build", "output"),
    ("nanoc", "nanoc", "nanoc compile", "output"),
    ("awestruct", "awestruct", "awestruct -g", "_site"),
)
"""Gem, its name, what makes the pages, and the folder they are put in."""

JEKYLL = ("jekyll", "github-pages")

WORKERS = (
    "sidekiq", "resque", "shoryuken", "sneakers", "kicks", "karafka", "clockwork", "rufus-scheduler", "que",
    "good_job", "delayed_job", "solid_queue", "racecar", "discordrb", "telegram-bot-ruby", "slack-ruby-bot",
    "bunny", "ruby-kafka", "eventmachine", "faktory_worker_ruby",
)  # fmt: skip
"""Gems that keep a program without a web server running."""

TOOLS = frozenset(
    {
        "cocoapods", "fastlane", "xcpretty", "rubocop", "danger", "overcommit", "rake", "bundler",
        "html-proofer",
        "travis", "mdl", "jazzy", "xcode-install", "activesupport", "concurrent-ruby", "xcodeproj", "ffi",
        "test-kitchen", "kitchen-docker", "puppet-lint", "license_finder", "solargraph", "ruby-lsp",
        "lefthook",
        "scss_lint", "sass", "compass", "bundler-audit", "nokogiri", "mutex_m", "logger", "bigdecimal",
        "benchmark",
    }
)  # fmt: skip
"""Gems of projects in other languages: phone apps, linters, style sheets."""

DRIVERS: dict[str, str] = {
    "pg": "postgres", "activerecord-postgis-adapter": "postgres", "mysql2": "mysql", "mysql": "mysql",
    "trilogy": "mysql", "ruby-mysql": "mysql", "activerecord-trilogy-adapter": "mysql", "sqlite3": "sqlite",
    "extralite": "sqlite", "tiny_tds": "mssql", "activerecord-sqlserver-adapter": "mssql",
    "ruby-oci8": "oracle",
    "activerecord-oracle_enhanced-adapter": "oracle", "mongoid": "mongodb", "mongo": "mongodb",
    "mongo_mapper": "mongodb", "redis": "redis", "redis-client": "redis", "redis-rails": "redis",
    "redis-store": "redis", "hiredis": "redis", "kredis": "redis", "sidekiq": "redis", "resque": "redis",
    "elasticsearch": "elasticsearch", "elasticsearch-rails": "elasticsearch", "searchkick": "elasticsearch",
    "chewy": "elasticsearch", "neo4j-ruby-driver": "neo4j", "activegraph": "neo4j", "neo4j": "neo4j",
    "bunny": "rabbitmq", "sneakers": "rabbitmq", "kicks": "rabbitmq", "hutch": "rabbitmq",
    "ruby-kafka": "kafka", "rdkafka": "kafka", "karafka": "kafka", "racecar": "kafka", "dalli": "memcached",
    "cassandra-driver": "cassandra", "clickhouse-activerecord": "clickhouse", "click_house": "clickhouse",
    "aws-sdk-dynamodb": "dynamodb", "dynamoid": "dynamodb",
}  # fmt: skip
"""Gem → the engine behind it."""

ADAPTERS: dict[str, str] = {
    "postgresql": "postgres", "postgres": "postgres", "postgis": "postgres", "pg": "postgres",
    "mysql2": "mysql",
    "mysql": "mysql", "trilogy": "mysql", "sqlite3": "sqlite", "sqlite": "sqlite", "sqlserver": "mssql",
    "oracle_enhanced": "oracle", "jdbcpostgresql": "postgres", "jdbcmysql": "mysql", "jdbcsqlite3": "sqlite",
    "cockroachdb": "postgres",
}  # fmt: skip
"""What database.yml calls them."""
