"""The shapes of a service's settings."""

from typing import Any

import msgspec


class SettingRow(msgspec.Struct):
    """One setting, as it will be with the next deploy.

    Attributes:
        value: Null where it is the default, which `help` tells.
        shown: The value as people write it.
        source: Who or what says so: `default`, `jarvis.toml, line 3`, `set by anna, 2026-03-02`.
        runs: The value that the deployment runs with that answers now; null for the default.
        pending: It takes effect with the next deploy only.
    """

    name: str
    title: str
    help: str
    value: Any
    shown: str
    source: str
    runs: Any
    pending: bool


class SettingsRow(msgspec.Struct):
    """The settings of a service; version 0 before anything was set."""

    service: str
    version: int
    members: dict[str, Any]
    by: str | None
    at: str | None
    items: list[SettingRow]
    changes: list[dict[str, Any]]


class SettingsChange(msgspec.Struct, forbid_unknown_fields=True):
    """What to set, and the names of what to take back.

    Attributes:
        set: Settings; those of a table in an object of their own.
        text: The same as people type it: `limits.memory` → `512MB`, `volumes.data` → `data`.
        unset: Names, such as `limits.memory` or `volumes.data`.
    """

    set: dict[str, Any] = {}
    text: dict[str, str] = {}
    unset: list[str] = []


class SettingsChanged(SettingsRow):
    """The same after a change, with the names of what changed and when it counts."""

    changed: list[str]
    message: str
