"""What jarvis/engine uses of DBOS without being promised it. A new DBOS must pass this before it is taken."""

import inspect
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest
from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, _dbos, _queue, _workflow_commands
from dbos._context import current_owner_xid
from dbos._core import WorkflowHandleFuture, execute_dequeued_workflow
from dbos._dbos import _get_dbos_instance
from dbos._error import DBOSException, DBOSWorkflowFunctionNotFoundError, MaxRecoveryAttemptsExceededError
from dbos._sys_db import SystemDatabase
from dbos._utils import GlobalParams, generate_uuid


@pytest.mark.parametrize(
    ("function", "positional", "named"),
    [
        (execute_dequeued_workflow, 3, ()),
        (SystemDatabase.start_queued_partitioned_workflows, 5, ("owner_xid",)),
        (SystemDatabase.get_workflow_statuses, 2, ()),
        (DBOS._recover_pending_workflows, 1, ()),
        (DBOSClient.enqueue_in_transaction, 4, ()),
        (current_owner_xid, 1, ()),
        (DBOS.destroy, 0, ("workflow_completion_timeout_sec",)),
        (DBOS.workflow, 0, ("name", "max_recovery_attempts")),
        (_queue.queue_thread, 2, ()),
        (_get_dbos_instance, 0, ()),
        (generate_uuid, 0, ()),
        (
            DBOS.register_queue,
            1,
            ("partition_concurrency", "worker_concurrency", "polling_interval_sec", "on_conflict"),
        ),
        (
            DBOSClient,
            0,
            (
                "system_database_engine",
                "dbos_system_schema",
                "serializer",
                "application_name",
                "lazy",
                "retry_connection_errors",
            ),
        ),
    ],
    ids=lambda item: getattr(item, "__qualname__", ""),
)
def test_it_works(function: Callable[..., Any], positional: int, named: tuple[str, ...]) -> None:
    inspect.signature(function).bind(*range(positional), **dict.fromkeys(named))


@pytest.mark.parametrize(
    "key",
    [
        "name",
        "system_database_engine",
        "dbos_system_schema",
        "executor_id",
        "application_version",
        "serializer",
        "scheduler_polling_interval_sec",
        "notification_coalesce_sec",
        "log_level",
        "enable_otlp",
    ],
)
def test_the_engine_can_be_configured_so(key: str) -> None:
    assert key in DBOSConfig.__annotations__


@pytest.mark.parametrize(
    "key", ["workflow_name", "queue_name", "workflow_id", "queue_partition_key", "app_version"]
)
def test_work_can_be_asked_for_so(key: str) -> None:
    assert key in EnqueueOptions.__annotations__


def test_the_parameters_of_the_process_are_where_they_were() -> None:
    assert hasattr(GlobalParams, "executor_id")
    assert hasattr(GlobalParams, "app_version")


def test_what_is_made_quiet_is_still_what_would_be_loud() -> None:
    assert callable(_dbos.queue_thread)  # pyright: ignore[reportPrivateImportUsage] - the name that is replaced
    assert "target=queue_thread" in inspect.getsource(DBOS._launch)
    assert isinstance(_workflow_commands._BACKGROUND_JOBS_INTERVAL_SEC, float)
    source = inspect.getsource(_workflow_commands)
    assert source.count("_BACKGROUND_JOBS_INTERVAL_SEC") == 2


def test_a_started_workflow_has_a_future() -> None:
    assert "self.future = future" in inspect.getsource(WorkflowHandleFuture.__init__)
    assert "return WorkflowHandleFuture(" in inspect.getsource(execute_dequeued_workflow)


def test_errors_of_a_claim_are_of_one_family() -> None:
    assert issubclass(DBOSWorkflowFunctionNotFoundError, DBOSException)
    assert issubclass(MaxRecoveryAttemptsExceededError, DBOSException)


def test_the_pinned_version_is_the_one_that_was_read() -> None:
    assert version("dbos").startswith("3.4")
