"""The shapes of the channels by which people are told."""

import msgspec


class NoticeRow(msgspec.Struct):
    """A channel; nothing of it is secret. `to` shows where it leads, `server` who takes its mail."""

    id: str
    kind: str
    name: str
    to: str
    server: str
    events: list[str]
    active: bool
    created_by: str
    created_at: str
    updated_at: str


class Notices(msgspec.Struct):
    """A page of channels."""

    items: list[NoticeRow]
    next: str | None


class NoticeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A new channel: `email` needs `to` and `smtp`, the others `url`. No events stand for what matters."""

    kind: str
    name: str = ""
    events: list[str] = msgspec.field(default_factory=list[str])
    url: str = ""
    token: str = ""
    to: list[str] = msgspec.field(default_factory=list[str])
    smtp: str = ""
    sender: str = ""
    password: str = ""


class NoticeChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is to change; null and missing members stay as they are."""

    name: str | None = None
    events: list[str] | None = None
    active: bool | None = None
