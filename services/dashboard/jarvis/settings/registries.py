"""Keeps accounts at registries of images. Passwords go in sealed; only the worker opens them."""

import re
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from jarvis import vault
from jarvis.errors import InvalidInput, NotFound
from models import Registry

_HOST = re.compile(r"(?=.{1,255}\Z)[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
_HUB = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com"})
HUB = "docker.io"
_LONGEST = 64 * 1024


def host_of(text: str) -> str:
    """The name of a registry as it stands before the name of an image.

    Raises:
        InvalidInput: It is none.
    """
    name = text.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")
    name = name.removesuffix("/v1").removesuffix("/v2")
    if not _HOST.fullmatch(name):
        raise InvalidInput(
            f"“{text[:80]}” is not the name of a registry.",
            "It is what stands before the first slash in the name of an image, such as ghcr.io.",
        )
    return HUB if name in _HUB else name


def listed(session: Session) -> Sequence[Registry]:
    """All of them, by name."""
    return session.scalars(select(Registry).order_by(Registry.host)).all()


def put(session: Session, host: str, *, username: str, password: str, by: str) -> Registry:
    """Keep an account, in place of the one that there was.

    Raises:
        InvalidInput: A part of it cannot be right.
    """
    name = host_of(host)
    if not username.strip() or ":" in username or len(username) > 255:
        raise InvalidInput(
            "A user of a registry has a name without a colon.", "Give the name of your account there."
        )
    if not password or len(password) > _LONGEST:
        raise InvalidInput(
            "A password or a token is needed.", "Most registries let you make a token for this."
        )
    values = {"username": username.strip(), "password": vault.seal(password), "set_by": by}
    made = insert(Registry).values(host=name, **values)
    kept = made.on_conflict_do_update(index_elements=["host"], set_={**values, "updated_at": func.now()})
    return session.scalars(kept.returning(Registry), execution_options={"populate_existing": True}).one()


def remove(session: Session, host: str) -> None:
    """Forget an account.

    Raises:
        NotFound: There is none.
    """
    row = session.get(Registry, host_of(host))
    if row is None:
        raise NotFound(f"There is no account for {host[:80]}.", "See those there are: jarvis registries list")
    session.delete(row)


def logins(session: Session) -> dict[str, tuple[str, str]]:
    """Host → user and password, opened.

    Raises:
        Sealed: The key is missing.
    """
    return {row.host: (row.username, vault.unseal(row.password)) for row in listed(session)}
