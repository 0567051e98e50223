"""The shapes of what services use of the machine."""

import msgspec


class UsagePoint(msgspec.Struct):
    """One look: percent of one processor (null where there was nothing to compare with), and bytes."""

    at: str
    cpu: float | None
    memory: int
    memory_limit: int | None


class UsageRow(msgspec.Struct):
    """What a service uses; `now` is null where it has no program of its own, or was not measured yet."""

    service: str
    runtime: str | None
    now: UsagePoint | None


class Usage(msgspec.Struct):
    """What all services use, by name."""

    items: list[UsageRow]


class ServiceUsage(msgspec.Struct):
    """What a service uses, and used during the last day, oldest first."""

    service: str
    runtime: str | None
    now: UsagePoint | None
    history: list[UsagePoint]
