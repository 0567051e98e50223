"""The shapes of how a service is."""

import msgspec


class HealthChangeRow(msgspec.Struct):
    """When a version began to answer as it should, or no longer did; `why` in words."""

    id: int
    deployment_id: str
    at: str
    before: str
    after: str
    why: str


class ServiceHealth(msgspec.Struct):
    """How a service is now, since when and why, and the last changes of that, newest first."""

    service: str
    deployment_id: str | None
    status: str
    since: str | None
    why: str
    checked_at: str | None
    changes: list[HealthChangeRow]
