"""JARVIS_DATABASE_URL, taken apart so that its secrets go to libpq and nowhere else."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_SECRETS = ("password", "sslpassword")


class AddressError(ValueError):
    """The address cannot be read; the message does not show it."""


@dataclass(frozen=True)
class Address:
    """Where the database is.

    Attributes:
        url: The address without any secret.
        secrets: The secrets, by libpq's keywords.
    """

    url: URL
    secrets: dict[str, str] = field(repr=False)

    @property
    def place(self) -> str:
        """Host and port in words."""
        host = self.url.host or str(self.url.query.get("host", "the local socket"))
        return f"{host}, port {self.url.port}" if self.url.port else host

    @property
    def keywords(self) -> dict[str, Any]:
        """What libpq needs, secrets among it."""
        known = self.url.translate_connect_args(username="user", database="dbname")
        return {**known, **self.url.query, **self.secrets}

    def is_told_by(self, sentence: str) -> bool:
        """Whether `sentence` holds a secret, in plain or in one of the ways in which programs quote it."""
        words = self.secrets.values()
        forms = {
            form for word in words for form in (word, quote(word), quote(word, safe=""), repr(word)[1:-1])
        }
        return any(form in sentence for form in forms)


def read(url: str) -> Address:
    """Take `url` apart.

    User and password end at the last `@`, so a password that compose pasted in may hold one too.

    Raises:
        AddressError: It does not have the form `postgresql://user:password@host:port/name`.
    """
    userinfo, _, place = url.partition("://")[2].rpartition("@")
    user, _, password = userinfo.partition(":")
    try:
        bare = make_url(f"postgresql+psycopg://{place}")
    except (ArgumentError, ValueError):
        raise AddressError(
            "JARVIS_DATABASE_URL is not an address of the form postgresql://user:password@host:port/name "
            "(its value is not shown here)."
        ) from None
    secrets = {key: str(bare.query[key]) for key in _SECRETS if key in bare.query}
    if password:
        secrets["password"] = unquote(password)
    bare = bare.difference_update_query(_SECRETS)
    return Address(bare.set(username=unquote(user)) if user else bare, secrets)
