from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from catalog import catalog, tables
from models import Base, Workflow
from services.db_service import DatabaseService
from services.revisions import head

DOCUMENT = {"workflows", "tasks", "artifacts", "deployments", "domain_records"}


def go(service: DatabaseService, script: Config, revision: str) -> None:
    with service.engine.connect() as connection:
        script.attributes["connection"] = connection
        step = command.downgrade if revision in {"base", "-1"} else command.upgrade
        step(script, revision)


def test_it_works(empty: DatabaseService):
    empty.migrate()
    assert tables(empty.conninfo) == set(Base.metadata.tables)


def test_the_first_revision_makes_exactly_the_tables_of_the_document(empty: DatabaseService, script: Config):
    go(empty, script, "001")
    assert tables(empty.conninfo) == DOCUMENT


def test_there_is_one_head(script: Config):
    assert ScriptDirectory.from_config(script).get_heads() == [head()]


def test_the_revisions_are_numbered_without_a_hole(script: Config):
    revisions = [item.revision for item in ScriptDirectory.from_config(script).walk_revisions()]
    assert list(reversed(revisions)) == [f"{number:03}" for number in range(1, len(revisions) + 1)]


def test_alembic_finds_no_difference_between_the_revisions_and_the_models(empty: DatabaseService):
    empty.migrate()
    with empty.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_postgresql_finds_no_difference_either(empty: DatabaseService):
    empty.migrate()
    migrated = catalog(empty.conninfo)
    with empty.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        Base.metadata.create_all(connection)
    assert migrated == catalog(empty.conninfo)


def test_alembic_check_overlooks_the_schema_of_the_durable_engine(empty: DatabaseService, script: Config):
    empty.migrate()
    with empty.engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA jarvis_dbos"))
        connection.execute(text("CREATE TABLE jarvis_dbos.workflow_status (id int)"))
    with empty.engine.connect() as connection:
        script.attributes["connection"] = connection
        command.check(script)


def test_down_and_up_again_ends_where_it_began(empty: DatabaseService, script: Config):
    empty.migrate()
    first = catalog(empty.conninfo)
    go(empty, script, "base")
    assert catalog(empty.conninfo) == set()
    empty.migrate()
    assert catalog(empty.conninfo) == first


def test_each_step_down_takes_back_exactly_its_step_up(empty: DatabaseService, script: Config):
    revisions = [item.revision for item in ScriptDirectory.from_config(script).walk_revisions()][::-1]
    seen = [catalog(empty.conninfo)]
    for revision in revisions:
        go(empty, script, revision)
        seen.append(catalog(empty.conninfo))
    for before in seen[-2::-1]:
        go(empty, script, "-1")
        assert catalog(empty.conninfo) == before


def test_rows_written_at_the_first_revision_are_there_at_the_newest(empty: DatabaseService, script: Config):
    go(empty, script, "001")
    with empty.get_session() as session:
        session.execute(
            text(
                "INSERT INTO workflows (name, workflow_type, metadata)"
                """ VALUES ('Deploy mysite', 'deployment', '{"a": [1], "service": "mysite"}')"""
            )
        )
    empty.migrate()
    with empty.get_session() as session:
        row = session.query(Workflow).one()
        assert (row.name, row.service, row.life) == ("Deploy mysite", "mysite", 1)
        assert row.workflow_metadata["a"] == [1]


def test_migrating_twice_changes_nothing(empty: DatabaseService):
    empty.migrate()
    first = catalog(empty.conninfo)
    empty.migrate()
    assert catalog(empty.conninfo) == first
