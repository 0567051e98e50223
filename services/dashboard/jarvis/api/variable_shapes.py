"""The shapes of environments and their variables."""

import msgspec

from jarvis.settings.variables import Phase


class VariableRow(msgspec.Struct):
    """A variable. The value of a secret is never shown: it is null."""

    name: str
    secret: bool
    value: str | None
    phase: Phase
    version: int
    set_by: str
    set_at: str


class Environment(msgspec.Struct):
    """The variables of a service; version 0 before anything was set."""

    service: str
    version: int
    changed_by: str | None
    changed_at: str | None
    items: list[VariableRow]


class EnvironmentChanged(Environment):
    """The variables after a change, the names that changed, and when they take effect."""

    changed: list[str]
    message: str


class VariableValue(msgspec.Struct, forbid_unknown_fields=True):
    """What a variable is to hold; null members stay as they were. New ones are plain, for both phases."""

    value: str
    secret: bool | None = None
    phase: Phase | None = None


class EnvironmentChange(msgspec.Struct, forbid_unknown_fields=True):
    """Variables to set and names to take away: all of it is done, or nothing."""

    set: dict[str, VariableValue] = msgspec.field(default_factory=dict[str, VariableValue])
    unset: list[str] = msgspec.field(default_factory=list[str])


class EnvironmentImport(msgspec.Struct, forbid_unknown_fields=True):
    """The text of a `.env` file. `secret` and `phase` hold for all that stands in it."""

    text: str
    secret: bool | None = None
    phase: Phase | None = None


class EnvironmentAlong(EnvironmentChange, forbid_unknown_fields=True):
    """Variables that are set with a deploy; `text` is that of a `.env` file, and `set` stands above it."""

    text: str = ""
