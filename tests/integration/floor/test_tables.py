"""The rules of the tables, as PostgreSQL enforces them."""

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from models import (
    AccessToken,
    Artifact,
    Base,
    Deployment,
    DomainRecord,
    EnvironmentVersion,
    FileType,
    HealthChange,
    IdempotencyKey,
    RecordType,
    Registry,
    Service,
    ServiceHost,
    ServiceVariable,
    Task,
    TaskType,
    Upload,
    UsageSample,
    Webhook,
    WebhookDelivery,
    Worker,
    Workflow,
    WorkflowEvent,
    WorkflowStep,
)
from services.db_service import DatabaseService


def one_of_each() -> dict[str, Base]:
    """A row of every table, each tied to the next."""
    workflow = Workflow(
        name="Deploy mysite", workflow_type="deployment", workflow_metadata={"step": "unpack"}
    )
    artifact = Artifact(
        filename="a.zip",
        original_filename="site.zip",
        file_type=FileType.ZIP,
        storage_path="ab/cd",
        file_size=3,
        checksum_sha256="ab" * 32,
    )
    deployment = Deployment(workflow=workflow, artifact=artifact, service_name="mysite")
    record = DomainRecord(
        deployment=deployment, domain="example.com", record_type=RecordType.A, value="192.0.2.1"
    )
    task = Task(workflow=workflow, title="Set the record", task_type=TaskType.DNS_MANUAL)
    service = Service(name="mysite", hosts=[ServiceHost(host="example.com")])
    token = AccessToken(name="laptop", role="admin", token_sha256="cd" * 32)
    upload = Upload(filename="b.zip", size=3)
    worker = Worker(id="box:1", host="box", pid=1, version="1")
    key = IdempotencyKey(caller="laptop", key="k", request_sha256="ef" * 32)
    hook = Webhook(name="chat", url="https://chat.example.com", secret=b"sealed")
    version = EnvironmentVersion(service="mysite", number=1, created_by="anna")
    variable = ServiceVariable(service="mysite", name="LEVEL", since=1, value="1", size=1, set_by="anna")
    rows = (workflow, artifact, deployment, record, task, service, token, upload, worker, key, hook)
    registry = Registry(host="images.example.com", username="anna", password=b"sealed", set_by="anna")
    rows += (version, variable, registry)
    return {row.__tablename__: row for row in rows}


@pytest.fixture
def rows(service: DatabaseService) -> dict[str, Base]:
    rows = one_of_each()
    with service.get_session() as session:
        session.add_all(rows.values())
        session.flush()
        workflow, deployment, named = rows["workflows"], rows["deployments"], rows["services"]
        assert isinstance(workflow, Workflow)
        assert isinstance(deployment, Deployment)
        assert isinstance(named, Service)
        named.deployment_id = deployment.id
        hook = rows["webhooks"]
        assert isinstance(hook, Webhook)
        session.add(WorkflowEvent(workflow_id=workflow.id, sequence=1, kind="step", message="Unpacked"))
        session.add(
            WorkflowStep(workflow_id=workflow.id, name="unpack", number=1, title="Unpack", status="done")
        )
        session.add(HealthChange(deployment_id=deployment.id, before="unknown", after="healthy"))
        session.add(
            UsageSample(service_id=named.id, deployment_id=deployment.id, cpu_seconds=1.5, memory=4096)
        )
        session.add(WebhookDelivery(webhook_id=hook.id, workflow_id=workflow.id, event="workflow.completed"))
    return rows


def delete(session: Session, table: str) -> None:
    """Delete as SQL does, so that the rule is PostgreSQL's and not the mapper's."""
    session.execute(text(f"DELETE FROM {table}"))


def counts(session: Session) -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    return {table.name: len(session.execute(select(table)).all()) for table in tables}


def test_it_works(service: DatabaseService, rows: dict[str, Base]):
    with service.get_session() as session:
        assert set(counts(session).values()) == {1}
    assert set(rows) < set(Base.metadata.tables)


def test_a_deleted_workflow_takes_its_deployments_and_leaves_tasks_and_records(
    service: DatabaseService, rows: dict[str, Base]
):
    with service.get_session() as session:
        delete(session, "workflows")
        left = counts(session)
        assert (left["deployments"], left["workflow_events"]) == (0, 0)
        assert (left["tasks"], left["artifacts"], left["domain_records"], left["services"]) == (1, 1, 1, 1)
        assert session.query(Task).one().workflow_id is None
        assert session.query(DomainRecord).one().deployment_id is None
        assert session.query(Service).one().deployment_id is None


def test_a_deleted_artifact_leaves_its_deployments(service: DatabaseService, rows: dict[str, Base]):
    with service.get_session() as session:
        delete(session, "artifacts")
        assert session.query(Deployment).one().artifact_id is None


def test_a_deleted_artifact_takes_the_upload_that_it_came_from(
    service: DatabaseService, rows: dict[str, Base]
):
    with service.get_session() as session:
        session.execute(text("UPDATE uploads SET artifact_id = (SELECT id FROM artifacts)"))
        delete(session, "artifacts")
        assert counts(session)["uploads"] == 0


def test_a_deleted_deployment_leaves_its_records(service: DatabaseService, rows: dict[str, Base]):
    with service.get_session() as session:
        delete(session, "deployments")
        assert session.query(DomainRecord).one().deployment_id is None


def test_a_deleted_service_takes_its_hosts(service: DatabaseService, rows: dict[str, Base]):
    with service.get_session() as session:
        delete(session, "services")
        assert counts(session)["service_hosts"] == 0


def test_the_mapper_deletes_as_the_database_does(service: DatabaseService, rows: dict[str, Base]):
    with service.get_session() as session:
        session.delete(session.query(Workflow).one())
    with service.get_session() as session:
        left = counts(session)
        assert (left["deployments"], left["tasks"], left["domain_records"]) == (0, 1, 1)


@pytest.mark.parametrize("table", sorted({*one_of_each(), "service_hosts", "workflow_events"}))
def test_to_dict_gives_every_column_ready_for_json(
    service: DatabaseService, rows: dict[str, Base], table: str
):
    kind = next(mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ == table)
    with service.get_session() as session:
        row = session.execute(select(kind)).scalar_one()
        shown = row.to_dict()
    columns = {column.name for column in Base.metadata.tables[table].columns}
    assert set(shown) == columns - kind.hidden
    assert json.loads(json.dumps(shown)) == shown


def test_to_dict_shows_metadata_under_its_own_name(service: DatabaseService, rows: dict[str, Base]):
    with service.get_session() as session:
        shown = session.query(Workflow).one().to_dict()
    assert shown["metadata"] == {"step": "unpack"}
    assert shown["status"] == "pending"


def test_a_token_never_shows_its_hash(rows: dict[str, Base]):
    assert "token_sha256" not in rows["access_tokens"].to_dict()


def test_to_dict_works_after_a_change_was_saved_and_the_session_is_gone(
    service: DatabaseService, rows: dict[str, Base]
):
    with service.get_session() as session:
        row = session.query(Workflow).one()
        row.error_message = "The build failed."
    assert row.to_dict()["error_message"] == "The build failed."


REFUSED = [
    "UPDATE workflows SET current_step = 1",
    "UPDATE workflows SET current_step = -1",
    "UPDATE artifacts SET file_size = -1",
    "UPDATE artifacts SET checksum_sha256 = repeat('G', 64)",
    "UPDATE uploads SET size = 0",
    "UPDATE domain_records SET ttl = 0",
    "UPDATE domain_records SET priority = 65536",
    "UPDATE deployments SET workflow_id = NULL",
    "INSERT INTO service_hosts (host, service_id) SELECT host, service_id FROM service_hosts",
    "INSERT INTO services (name) SELECT name FROM services",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_what_cannot_be_true_is_refused(service: DatabaseService, rows: dict[str, Base], statement: str):
    with pytest.raises(IntegrityError), service.get_session() as session:
        session.execute(text(statement))


ENUMS = {
    "workflow_status": ["pending", "running", "completed", "failed", "paused"],
    "artifact_file_type": ["zip", "tar", "directory", "single_file"],
    "record_type": ["A", "CNAME", "TXT", "MX", "AAAA"],
}
"""The lists that the document gives in full."""


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_an_enum_has_exactly_the_values_of_the_document(service: DatabaseService, name: str):
    with service.get_session() as session:
        found = session.scalars(text(f"SELECT unnest(enum_range(NULL::{name}))::text")).all()
        assert found == ENUMS[name]


def test_a_status_that_does_not_exist_is_refused(service: DatabaseService, rows: dict[str, Base]):
    with pytest.raises(DataError), service.get_session() as session:
        session.execute(text("UPDATE workflows SET status = 'done'"))


def test_rows_may_be_written_by_plain_sql_too(service: DatabaseService):
    with service.get_session() as session:
        session.execute(text("INSERT INTO workflows (name, workflow_type) VALUES ('by hand', 'deployment')"))
        row = session.query(Workflow).one()
        assert (row.created_by, row.total_steps, row.workflow_metadata) == ("system", 0, {})
