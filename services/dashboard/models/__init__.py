"""The tables of Jarvis, and the two factories through which they are reached."""

from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from models.access_token import AccessToken
from models.artifact import Artifact, FileType
from models.base import Base
from models.deployment import Deployment, DeploymentStatus, HealthStatus
from models.domain_record import DomainRecord, RecordStatus, RecordType
from models.health_change import HealthChange
from models.idempotency_key import IdempotencyKey
from models.registry import Registry
from models.service import Service, ServiceHost
from models.service_variable import EnvironmentVersion, ServiceVariable
from models.task import Task, TaskPriority, TaskStatus, TaskType
from models.upload import Upload
from models.usage_sample import UsageSample
from models.webhook import DeliveryStatus, Webhook, WebhookDelivery
from models.worker import Worker
from models.workflow import Workflow, WorkflowStatus
from models.workflow_event import WorkflowEvent
from models.workflow_step import StepStatus, WorkflowStep

__all__ = [
    "AccessToken",
    "Artifact",
    "Base",
    "DeliveryStatus",
    "Deployment",
    "DeploymentStatus",
    "DomainRecord",
    "EnvironmentVersion",
    "FileType",
    "HealthChange",
    "HealthStatus",
    "IdempotencyKey",
    "RecordStatus",
    "RecordType",
    "Registry",
    "Service",
    "ServiceHost",
    "ServiceVariable",
    "StepStatus",
    "Task",
    "TaskPriority",
    "TaskStatus",
    "TaskType",
    "Upload",
    "UsageSample",
    "Webhook",
    "WebhookDelivery",
    "Worker",
    "Workflow",
    "WorkflowEvent",
    "WorkflowStatus",
    "WorkflowStep",
    "get_engine",
    "get_session_factory",
]


def get_engine(url: str, **options: Any) -> Engine:
    """A new engine for `url` (`postgresql://…`, read as psycopg 3); `options` go to SQLAlchemy."""
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    return create_engine(url, **options)


def get_session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions on `engine` whose objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)
