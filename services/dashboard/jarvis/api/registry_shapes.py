"""The shapes of accounts at registries."""

import msgspec


class RegistryRow(msgspec.Struct):
    """An account at a registry of images. Its password is never shown."""

    host: str
    username: str
    set_by: str
    created_at: str
    updated_at: str


class Registries(msgspec.Struct):
    """All accounts at registries."""

    items: list[RegistryRow]
    next: str | None


class RegistryAccount(msgspec.Struct, forbid_unknown_fields=True):
    """The name of an account, and its password or a token."""

    username: str
    password: str
