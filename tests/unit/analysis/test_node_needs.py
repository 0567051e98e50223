"""Databases that Node projects need: by their settings, then by their packages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import node
from node_packages import manifest

Look = Callable[[dict[str, str]], Candidate]
LISTENS = "require('http').createServer().listen(3000)\n"


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, {"server.js": LISTENS, **files})
        return backed(node.detect(tree), tree)

    return write


def schema(provider: str) -> str:
    return (
        'generator client {\n  provider = "prisma-client-js"\n}\n\n'
        f'datasource db {{\n  provider = "{provider}"\n  url = env("DATABASE_URL")\n}}\n'
    )


def test_it_works(look: Look):
    found = look(
        {"package.json": manifest("@prisma/client", "pg"), "prisma/schema.prisma": schema("postgresql")}
    )
    assert engines(found) == {"postgres": "required"}
    assert (found.needs[0].file, found.needs[0].line) == ("prisma/schema.prisma", 6)


@pytest.mark.parametrize(
    ("provider", "engine", "level"),
    [
        ("postgresql", "postgres", "required"),
        ("mysql", "mysql", "required"),
        ("sqlite", "sqlite", "embedded"),
        ("sqlserver", "mssql", "required"),
        ("mongodb", "mongodb", "required"),
        ("cockroachdb", "postgres", "required"),
    ],
)
def test_the_schema_of_prisma_names_the_engine(look: Look, provider: str, engine: str, level: str):
    found = look({"package.json": manifest("@prisma/client"), "db/schema.prisma": schema(provider)})
    assert engines(found) == {engine: level}


@pytest.mark.parametrize(
    ("package", "engine"),
    [
        ("pg", "postgres"),
        ("postgres", "postgres"),
        ("@neondatabase/serverless", "postgres"),
        ("mysql2", "mysql"),
        ("mariadb", "mysql"),
        ("mongoose", "mongodb"),
        ("mongodb", "mongodb"),
        ("ioredis", "redis"),
        ("bullmq", "redis"),
        ("connect-redis", "redis"),
        ("tedious", "mssql"),
        ("oracledb", "oracle"),
        ("@elastic/elasticsearch", "elasticsearch"),
        ("neo4j-driver", "neo4j"),
        ("cassandra-driver", "cassandra"),
        ("amqplib", "rabbitmq"),
        ("kafkajs", "kafka"),
        ("memjs", "memcached"),
        ("@clickhouse/client", "clickhouse"),
        ("@aws-sdk/client-dynamodb", "dynamodb"),
    ],
)
def test_a_driver_is_a_need(look: Look, package: str, engine: str):
    assert engines(look({"package.json": manifest("express", package)})) == {engine: "required"}


@pytest.mark.parametrize("package", ["better-sqlite3", "sqlite3", "@libsql/client"])
def test_sqlite_is_a_file_of_the_program(look: Look, package: str):
    assert engines(look({"package.json": manifest(package)})) == {"sqlite": "embedded"}


@pytest.mark.parametrize(
    "line", ["import { Database } from 'bun:sqlite'", 'import { DatabaseSync } from "node:sqlite"']
)
def test_the_runtimes_own_database_is_seen(look: Look, line: str):
    assert engines(look({"package.json": manifest(), "src/db.ts": line})) == {"sqlite": "embedded"}


def test_a_driver_for_tests_is_optional(look: Look):
    found = look({"package.json": manifest("express", dev=("pg",)), "test/a.js": "require('pg')"})
    assert engines(found) == {"postgres": "optional"}


def test_a_driver_that_is_bundled_is_needed(look: Look):
    found = look(
        {
            "package.json": manifest(dev=("@sveltejs/kit", "postgres")),
            "src/lib/db.ts": "import x from 'postgres'",
        }
    )
    assert engines(found) == {"postgres": "required"}


@pytest.mark.parametrize(
    ("package", "file", "text"),
    [
        ("drizzle-orm", "drizzle.config.ts", "export default { dialect: 'mysql' }"),
        ("drizzle-orm", "drizzle.config.ts", "export default { driver: 'mysql2' }"),
        ("knex", "knexfile.js", "development: { client: 'sqlite3' },\nproduction: {\n  client: 'mysql2' }"),
        ("knex", "src/db.js", "knex({ client: 'mysql', connection: url })"),
        ("typeorm", "ormconfig.json", '{"type": "mysql"}'),
        ("typeorm", "src/data-source.ts", "new DataSource({ type: 'mariadb' })"),
        ("typeorm", "src/app.module.ts", "TypeOrmModule.forRoot({\n  type: 'mysql',\n})"),
        ("sequelize", "config/config.json", '{"production": {"dialect": "mysql"}}'),
        ("sequelize", "models/index.js", "new Sequelize(url, { dialect: 'mysql' })"),
        ("@keystone-6/core", "keystone.ts", "db: { provider: 'mysql', url: 'x' }"),
        ("@strapi/strapi", "config/database.js", "client: env('DATABASE_CLIENT', 'mysql'),"),
        ("@adonisjs/lucid", "config/database.ts", "connection: env.get('DB_CONNECTION', 'mysql'),"),
        ("@prisma/client", ".env.example", "DATABASE_URL=mysql://user@host/shop\n"),
        ("directus", ".env.example", "DB_CLIENT=mysql\n"),
    ],
)
def test_settings_come_before_drivers(look: Look, package: str, file: str, text: str):
    found = look({"package.json": manifest(package, "pg"), file: text})
    assert engines(found) == {"mysql": "required", "postgres": "optional"}


def test_of_two_drivers_the_imported_one_is_needed(look: Look):
    found = look({"package.json": manifest("pg", "mysql2"), "db.js": "require('mysql2/promise')"})
    assert engines(found) == {"mysql": "required", "postgres": "optional"}


def test_with_a_file_to_fall_back_on_the_other_driver_is_optional(look: Look):
    found = look({"package.json": manifest("pg", "sqlite3")})
    assert engines(found) == {"sqlite": "embedded", "postgres": "optional"}


def test_a_database_and_a_cache_are_both_needed(look: Look):
    found = look({"package.json": manifest("pg", "redis")})
    assert engines(found) == {"postgres": "required", "redis": "required"}


def test_an_address_of_a_database_needs_a_package_that_can_use_it(look: Look):
    assert engines(look({"package.json": manifest("express"), ".env.example": "X=postgres://h/d"})) == {}


def test_add_ons_of_app_json_are_needs(look: Look):
    addons = '{"addons": ["heroku-postgresql:mini", {"plan": "heroku-redis"}, 7]}'
    found = look({"package.json": manifest("express"), "app.json": addons})
    assert engines(found) == {"postgres": "required", "redis": "required"}


def test_plain_pages_need_nothing(look: Look):
    found = look({"package.json": manifest("vite", "redis", start="vite"), "index.html": ""})
    assert (found.kind, engines(found)) == ("static", {})
