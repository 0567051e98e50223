"""The shapes of services, of what their programs write and what they may do."""

from typing import Annotated

import msgspec

from jarvis.api.deployment_shapes import DeploymentRow
from jarvis.runtimes.compose.permissions import Permission


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


class Services(msgspec.Struct):
    """All services."""

    items: list[ServiceRow]
    next: str | None


class ProgramLine(msgspec.Struct):
    """One line that a program said."""

    time: str
    text: str


class ProgramOutput(msgspec.Struct):
    """The last lines of a program, oldest first, and where the next ones begin."""

    items: list[ProgramLine]
    next: str
    deployment_id: str | None


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
