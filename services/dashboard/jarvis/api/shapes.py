"""The shapes of requests and answers. Requests are checked against them; a test holds the answers to them."""

from typing import Annotated, Any, Literal

import msgspec

from jarvis.api.setting_shapes import SettingsChange
from jarvis.api.variable_shapes import EnvironmentAlong
from jarvis.runtimes.compose.permissions import Permission


class Problem(msgspec.Struct):
    """An error (RFC 9457). Further members carry facts, such as `rule` and `entry` of a refused archive."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str


class ArtifactRow(msgspec.Struct):
    """One upload."""

    id: str
    filename: str
    original_filename: str
    file_type: str
    storage_path: str
    file_size: int
    checksum_sha256: str
    detected_service_type: str | None
    uploaded_by: str
    uploaded_at: str
    metadata: dict[str, Any]


class UploadRow(msgspec.Struct):
    """An upload in pieces: `offset` of `size` bytes have come; with the last it becomes an artifact."""

    id: str
    filename: str
    declared_type: str
    size: int
    offset: int
    checksum_sha256: str | None
    uploaded_by: str
    artifact_id: str | None
    metadata: dict[str, Any]
    created_at: str
    updated_at: str
    expires_at: str


class DeploymentRow(msgspec.Struct):
    """One version of one service."""

    id: str
    workflow_id: str
    artifact_id: str | None
    service_name: str
    service_type: str | None
    domain: str | None
    status: str
    health_status: str
    last_health_check: str | None
    configuration: dict[str, Any]
    deployed_at: str | None
    stopped_at: str | None
    created_at: str
    updated_at: str
    url: str


class ServiceRow(msgspec.Struct):
    """A service and the version that answers now; its state is `undeployed` before its first deploy."""

    name: str
    hosts: list[str]
    urls: list[str]
    deployment_id: str | None
    status: str
    health_status: str
    deployed_at: str | None
    releases: int


class ServiceDetail(ServiceRow):
    """A service with its last ten deployments."""

    deployments: list[DeploymentRow]


class WorkflowRow(msgspec.Struct):
    """One run of a procedure."""

    id: str
    name: str
    workflow_type: str
    status: str
    current_step: int
    total_steps: int
    created_by: str
    started_at: str | None
    completed_at: str | None
    error_message: str | None
    metadata: dict[str, Any]
    service: str | None
    queue: str | None
    wish: str | None
    wished_by: str | None
    life: int
    wake_at: str | None
    created_at: str
    updated_at: str


class EventRow(msgspec.Struct):
    """One line of a workflow's story."""

    sequence: int
    kind: str
    step: str | None
    message: str
    data: dict[str, Any]
    time: str


class LogRow(EventRow):
    """One line of a service's story."""

    deployment_id: str


class TaskRow(msgspec.Struct):
    """One thing that a person is asked to do."""

    id: str
    workflow_id: str | None
    title: str
    description: str | None
    task_type: str
    status: str
    priority: str
    instructions: dict[str, Any]
    assigned_to: str | None
    due_at: str | None
    completed_at: str | None
    completed_by: str | None
    metadata: dict[str, Any]
    key: str | None
    answer: dict[str, Any] | None
    created_at: str
    updated_at: str


class DomainRow(msgspec.Struct):
    """One DNS record."""

    id: str
    deployment_id: str | None
    domain: str
    record_type: str
    value: str
    ttl: int
    priority: int | None
    status: str
    auto_managed: bool
    verified_at: str | None
    metadata: dict[str, Any]
    created_at: str
    updated_at: str


class Artifacts(msgspec.Struct):
    """A page of uploads."""

    items: list[ArtifactRow]
    next: str | None


class Deployments(msgspec.Struct):
    """A page of deployments."""

    items: list[DeploymentRow]
    next: str | None


class Services(msgspec.Struct):
    """All services."""

    items: list[ServiceRow]
    next: str | None


class Workflows(msgspec.Struct):
    """A page of workflows."""

    items: list[WorkflowRow]
    next: str | None


class Events(msgspec.Struct):
    """A page of events, oldest first; `next` is the sequence to give as `after`."""

    items: list[EventRow]
    next: int | None


class Logs(msgspec.Struct):
    """The last lines of a service's story, oldest first."""

    items: list[LogRow]


class ProgramLine(msgspec.Struct):
    """One line that a program said."""

    time: str
    text: str


class ProgramOutput(msgspec.Struct):
    """The last lines of a program, oldest first, and where the next ones begin."""

    items: list[ProgramLine]
    next: str
    deployment_id: str | None


class Tasks(msgspec.Struct):
    """A page of tasks."""

    items: list[TaskRow]
    next: str | None


class Domains(msgspec.Struct):
    """A page of DNS records."""

    items: list[DomainRow]
    next: str | None


class Health(msgspec.Struct):
    """Whether Jarvis can work."""

    healthy: bool
    version: str
    database: dict[str, Any]
    migrations: dict[str, Any]


class Accepted(msgspec.Struct):
    """The work was asked for; follow `/api/v1/workflows/{workflow_id}/events`."""

    workflow_id: str


class Analysis(msgspec.Struct):
    """What an artifact is and how it would be made; `error` says why it could not be looked at."""

    verdict: dict[str, Any] | None
    plan: dict[str, Any] | None
    error: dict[str, Any] | None


class CorrectionRow(msgspec.Struct):
    """What a person said better about a service."""

    members: dict[str, Any]
    by: str | None
    at: str | None


class Correction(msgspec.Struct, forbid_unknown_fields=True):
    """Members of the verdict that a person sets; null and missing ones are left to the analysis."""

    kind: Literal["static", "web", "worker", "script", "compose", "dockerfile"] | None = None
    root: str | None = None
    language: str | None = None
    framework: str | None = None
    install_command: str | None = None
    build_command: str | None = None
    start_command: str | None = None
    static_dir: str | None = None
    spa: bool | None = None
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] | None = None
    health_path: str | None = None


class AnalysisRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Analyse an artifact; what was said better about `service` counts."""

    service: str = ""


class GitRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Fetch a git repository. `ref` is a branch, a tag or a commit; empty: the repository's own choice."""

    url: str
    ref: str = ""
    service: str = ""
    analyse: bool = True


class GitSource(msgspec.Struct, forbid_unknown_fields=True):
    """A git repository. `ref` is a branch, a tag or a commit; empty: the repository's own choice."""

    url: str
    ref: str = ""


class DeploymentRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Deploy an artifact or a git repository: one of the two.

    Whichever of name and domain is missing is derived from the other. `plan` is the hash of a plan: nothing
    but that is done, and it says the artifact, name, domain and correction, too, where they are left out.
    `environment` and `settings` are set for the service, for this deploy and those after it; where the deploy
    is refused, nothing of them is.
    """

    artifact_id: str = ""
    git: GitSource | None = None
    name: str = ""
    domain: str = ""
    correction: Correction = msgspec.field(default_factory=Correction)
    plan: str = ""
    environment: EnvironmentAlong = msgspec.field(default_factory=EnvironmentAlong)
    settings: SettingsChange = msgspec.field(default_factory=SettingsChange)


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """The address says all of it."""


class RunRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A command, as a list of words."""

    command: list[str]
    seconds: Annotated[int, msgspec.Meta(ge=1, le=86400)] = 3600


class PermissionsChange(msgspec.Struct, forbid_unknown_fields=True):
    """What the compose file of a service may do to the machine from now on, and what no more."""

    allow: list[Permission] = msgspec.field(default_factory=list[Permission])
    forbid: list[Permission] = msgspec.field(default_factory=list[Permission])


class Permissions(msgspec.Struct):
    """What the compose file of a service may do to the machine, beyond what every one may."""

    service: str
    allowed: list[Permission]


class RollbackRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Go back; without `deployment_id` to the version before. `plan` is the hash of what was shown."""

    deployment_id: str = ""
    plan: str = ""
