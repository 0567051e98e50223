"""The shapes of deployments, and of how they are asked for."""

from typing import Any

import msgspec

from jarvis.api.artifact_shapes import Correction
from jarvis.api.setting_shapes import SettingsChange
from jarvis.api.variable_shapes import EnvironmentAlong


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


class Deployments(msgspec.Struct):
    """A page of deployments."""

    items: list[DeploymentRow]
    next: str | None


class GitSource(msgspec.Struct, forbid_unknown_fields=True):
    """A git repository. `ref` is a branch, a tag or a commit; empty: the repository's own choice."""

    url: str
    ref: str = ""


class DeploymentRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Deploy an artifact or a git repository: one of the two.

    Whichever of name and domain is missing is derived from the other. `plan` is the hash of a plan: nothing
    but that is done, and it says the artifact, name, domain and correction, too, where they are left out.
    `environment` and `settings` are set for the service, for this deploy and those after it; where the deploy
    is refused, nothing of them is. With a plan they must be those that it was made with.
    """

    artifact_id: str = ""
    git: GitSource | None = None
    name: str = ""
    domain: str = ""
    correction: Correction = msgspec.field(default_factory=Correction)
    plan: str = ""
    environment: EnvironmentAlong = msgspec.field(default_factory=EnvironmentAlong)
    settings: SettingsChange = msgspec.field(default_factory=SettingsChange)


class RollbackRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Go back; without `deployment_id` to the version before. `plan` is the hash of what was shown."""

    deployment_id: str = ""
    plan: str = ""
