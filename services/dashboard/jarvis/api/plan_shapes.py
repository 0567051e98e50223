"""The shapes of plans and of releases."""

from typing import Any

import msgspec

from jarvis.api.artifact_shapes import Correction
from jarvis.api.setting_shapes import SettingsChange
from jarvis.api.variable_shapes import EnvironmentAlong


class PlanRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Say what a deploy of an artifact would do. Whichever of name and domain is missing is derived.

    `environment` and `settings` are what would be set with the deploy. A plan keeps no values: the deploy of
    the plan has to say the same again.
    """

    artifact_id: str
    name: str = ""
    domain: str = ""
    correction: Correction = msgspec.field(default_factory=Correction)
    environment: EnvironmentAlong = msgspec.field(default_factory=EnvironmentAlong)
    settings: SettingsChange = msgspec.field(default_factory=SettingsChange)


class PlanRow(msgspec.Struct):
    """A plan, also in words; null until it is made. `holds` says whether all that matters is still so."""

    id: str
    workflow_id: str
    status: str
    artifact_id: str
    service: str
    domain: str
    hash: str | None
    plan: dict[str, Any] | None
    words: dict[str, list[str]]
    holds: bool | None
    difference: list[str]
    error: dict[str, Any] | None
    created_by: str | None
    created_at: str


class RollbackPlan(msgspec.Struct):
    """What a rollback would change, also in words."""

    deployment_id: str
    hash: str
    plan: dict[str, Any]
    words: dict[str, list[str]]


class ReleaseRow(msgspec.Struct):
    """A release that answers, or that can be gone back to. A pinned one is never cleaned away."""

    release: str
    deployment_id: str
    deployed_at: str | None
    artifact_sha256: str | None
    runtime: str | None
    bytes: int | None
    environment: int | None
    pinned: bool
    pinned_by: str | None
    current: bool


class Releases(msgspec.Struct):
    """The releases of a service, the one that answered last first."""

    items: list[ReleaseRow]
