"""The shapes of requests about tasks."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

Kind = Literal["dns_manual", "approval_required", "verification"]
Priority = Literal["low", "medium", "high", "urgent"]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Person = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
Words = Annotated[str, msgspec.Meta(max_length=10_000)]
Time = Annotated[datetime, msgspec.Meta(tz=True)]


class TaskRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Open a task by hand. A time needs its zone, such as 2026-03-02T09:30:00Z."""

    type: Kind
    title: Title
    description: Words = ""
    priority: Priority = "medium"
    instructions: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])
    assigned_to: Person | None = None
    due_at: Time | None = None


class TaskChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be different; what is missing stays, null takes it away."""

    priority: Priority | msgspec.UnsetType = msgspec.UNSET
    assigned_to: Person | msgspec.UnsetType | None = msgspec.UNSET
    due_at: Time | msgspec.UnsetType | None = msgspec.UNSET


class DoneRequest(msgspec.Struct, forbid_unknown_fields=True):
    """It is done. `answer` is for whoever asked, `note` for people."""

    answer: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])
    note: Words = ""


class RejectRequest(msgspec.Struct, forbid_unknown_fields=True):
    """It will not be done, and why."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]
