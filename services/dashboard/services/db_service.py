"""The one way to the database: connections, sessions, migrations, and what is wrong when it is away.

Nothing here shows a password: it is taken out of the address before SQLAlchemy or a message sees that, and
a reason given by libpq is dropped when it holds the password by any accident.
"""

import logging
import os
import re
import threading
import weakref
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from select import POLLIN, poll
from typing import Any, TypedDict

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

import config
from models import get_engine, get_session_factory
from services import revisions
from services.address import Address, AddressError, read

log = logging.getLogger(__name__)

ALEMBIC = Path(__file__).parent.parent / "alembic.ini"
POOL_PATIENCE = 30
"""Seconds that a request waits for a free connection: thousands at once are served late, not refused."""
BURST = 10
"""Connections beyond the pool that a busy moment may open; they are closed again afterwards."""
RECYCLE = 1800
"""Seconds after which a connection is replaced, so that changed addresses and grown caches go."""
RULE = "=" * 60

_LOST = re.compile(r"08...|53[123]00|57P0[1-5]")
_FULL = "53100"
_WORDS = {_FULL: "has a full disk", "53200": "has too little memory"}


class DatabaseUnavailable(RuntimeError):
    """The database is not configured, or does not answer; the message says which, and never a password."""


class DatabaseFull(DatabaseUnavailable):
    """The database answers, but its disk is full: what is there can be read, and hardly anything written."""


class MigrationFailed(RuntimeError):
    """The tables could not be brought to the newest revision; nothing was changed."""


class Health(TypedDict):
    """What `health_check()` says."""

    healthy: bool
    message: str


class MigrationStatus(TypedDict):
    """What `get_migration_status()` says."""

    current_revision: str | None
    head_revision: str | None
    up_to_date: bool
    message: str


def _refuse_stale(connection: psycopg.Connection[Any], *_: object) -> None:
    """Replace a connection the server has closed, before anybody meets it.

    An idle connection has nothing to say: a readable socket means that the server is gone, or was. This
    costs microseconds and no round trip, unlike SQLAlchemy's pre-ping; a peer that vanished without a word
    (a pulled cable) is found by TCP's keepalives.
    """
    watch = poll()
    if not connection.closed:
        watch.register(connection.fileno(), POLLIN)
    if connection.closed or watch.poll(0):
        raise DisconnectionError("the server has closed this connection")


class DatabaseService:
    """The database of one process. Made without any connection; the first use connects.

    Args:
        settings: Where to connect and how; by default what the environment says at the first use.
    """

    def __init__(self, settings: config.Settings | None = None) -> None:
        self._given = settings
        self._engine: Engine | None = None
        self._factory: sessionmaker[Session] | None = None
        self._lock = threading.Lock()
        _services.add(self)

    def __repr__(self) -> str:
        return f"<DatabaseService {self.place}>"

    @property
    def settings(self) -> config.Settings:
        """The settings in use."""
        return self._given or config.settings()

    @property
    def is_configured(self) -> bool:
        """Whether there is an address to connect to."""
        return bool(self.settings.database_url)

    @property
    def place(self) -> str:
        """Where the database is, in words without secrets."""
        return self._address().place if self.is_configured else "nowhere"

    @property
    def is_available(self) -> bool:
        """Whether the database is configured and answers now."""
        return self.health_check()["healthy"]

    @property
    def engine(self) -> Engine:
        """The process's one engine; its address holds no password.

        Raises:
            DatabaseUnavailable: No address is configured, or it cannot be read.
        """
        with self._lock:
            if self._engine is None:
                self._engine = self._new_engine()
            return self._engine

    @property
    def session_factory(self) -> sessionmaker[Session]:
        """Sessions on `engine`; prefer `get_session()`, which commits and closes."""
        engine = self.engine
        with self._lock:
            if self._factory is None:
                self._factory = get_session_factory(engine)
            return self._factory

    @contextmanager
    def get_session(self) -> Generator[Session]:
        """A session for one unit of work: committed at the end, rolled back on an error, always closed.

        Raises:
            DatabaseUnavailable: The database is not configured, does not answer, or was lost meanwhile.
            DatabaseFull: Its disk is full.
        """
        with self.translated(), self.session_factory() as session:
            yield session
            session.commit()

    @property
    def conninfo(self) -> str:
        """The address as libpq reads it, for a connection of one's own (LISTEN). Holds the password.

        Raises:
            DatabaseUnavailable: No address is configured, or it cannot be read.
        """
        return make_conninfo(**{**self._manners(), **self._address().keywords})

    @property
    def url(self) -> str:
        """The address as SQLAlchemy reads it, rightly percent-encoded. Holds the password.

        Raises:
            DatabaseUnavailable: No address is configured, or it cannot be read.
        """
        address = self._address()
        return address.url.set(password=address.secrets.get("password")).render_as_string(hide_password=False)

    def health_check(self) -> Health:
        """Ask the database the smallest question; never raises for a database that is away."""
        try:
            with self.translated(), self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DatabaseUnavailable as error:
            return {"healthy": False, "message": str(error)}
        return {"healthy": True, "message": "Database connection successful"}

    def migrate(self) -> None:
        """Bring the tables to the newest revision, in one transaction and under a lock.

        Raises:
            DatabaseUnavailable: The database is not configured or does not answer.
            MigrationFailed: A revision could not be applied; all of them were rolled back.
        """
        with self.translated(), self.engine.connect() as connection:
            if revisions.current(_asking(connection)) == revisions.head():
                return
        from alembic import command
        from alembic.util import CommandError

        with self.translated(), self.engine.connect() as connection:
            try:
                command.upgrade(self._alembic(connection=connection), "head")
            except CommandError as error:
                raise MigrationFailed(
                    f"The tables cannot be migrated: {error}. A database of a newer Jarvis needs that Jarvis."
                ) from error
            except SQLAlchemyError as error:
                if self._is_lost(error):
                    raise
                raise MigrationFailed(f"The tables cannot be migrated: {self._reason(error)}") from None

    def run_migrations(self) -> bool:
        """Do as `migrate()`, but say False and write the reason to the log where that raises."""
        try:
            self.migrate()
        except (DatabaseUnavailable, MigrationFailed) as error:
            log.error("%s", error)  # noqa: TRY400 - the sentence says it all; a traceback may quote a secret
            return False
        return True

    def get_migration_status(self) -> MigrationStatus:
        """Which revision the tables have and which is the newest; no error for a database that is away."""
        head = revisions.head()
        try:
            with self.translated(), self.engine.connect() as connection:
                current = revisions.current(_asking(connection))
        except DatabaseUnavailable as error:
            return _status(None, head, str(error))
        return _status(current, head, "")

    def initialise(self, say: Callable[[str], None]) -> bool:
        """Migrate the database at the start of the application and report it line by line to `say`.

        Without a database the application starts all the same; what needs one says so when it is used.

        Returns:
            Whether the tables are there and at the newest revision.
        """
        for line in (RULE, "Initializing Jarvis Platform Database", RULE):
            say(line)
        ready = self._initialised(say)
        if not ready:
            say("Continuing without the database; what needs it is unavailable until it answers.")
        say(RULE)
        return ready

    def _initialised(self, say: Callable[[str], None]) -> bool:
        health = self.health_check()
        if not health["healthy"]:
            say(f"✗ Database service is not available: {health['message']}")
            return False
        say("Database service is available, running migrations...")
        try:
            self.migrate()
        except (DatabaseUnavailable, MigrationFailed) as error:
            say(f"✗ Database migrations failed: {error}")
            return False
        say("✓ Database migrations completed successfully")
        health = self.health_check()
        if not health["healthy"]:
            say(f"✗ Database health check failed: {health['message']}")
            return False
        say("✓ Database health check passed")
        status = self.get_migration_status()
        say(f"✓ Current migration: {status['current_revision']}")
        say(f"✓ Latest migration: {status['head_revision']}")
        return status["up_to_date"]

    def close(self) -> None:
        """Close all idle connections. The next use connects again."""
        with self._lock:
            engine, self._engine, self._factory = self._engine, None, None
        if engine is not None:
            engine.dispose()

    @contextmanager
    def translated(self) -> Generator[None]:
        """Turn "the database is away", however SQLAlchemy or psycopg says it, into `DatabaseUnavailable`."""
        try:
            yield
        except (PoolTimeout, DBAPIError, psycopg.OperationalError) as error:
            if not self._is_lost(error):
                raise
            kind = DatabaseFull if _state(error) == _FULL else DatabaseUnavailable
            # No chain: the original may quote what it was given.
            raise kind(self._reason(error)) from None

    def forget(self) -> None:
        """After a fork: leave the parent's connections alone and begin with none."""
        self._lock = threading.Lock()
        if self._engine is not None:
            self._engine.dispose(close=False)

    def _address(self) -> Address:
        if not self.is_configured:
            raise DatabaseUnavailable("JARVIS_DATABASE_URL is not set.")
        try:
            return read(self.settings.database_url)
        except AddressError as error:
            raise DatabaseUnavailable(str(error)) from None

    def _new_engine(self) -> Engine:
        settings, address = self.settings, self._address()
        manners = {key: value for key, value in self._manners().items() if key not in address.url.query}
        engine = get_engine(
            address.url.render_as_string(),
            connect_args={**manners, **address.secrets},
            pool_size=settings.db_pool_size,
            max_overflow=BURST,
            pool_timeout=max(POOL_PATIENCE, settings.db_connect_timeout),
            pool_recycle=RECYCLE,
            # A failed statement must not show what was to be written: configurations hold people's secrets.
            hide_parameters=True,
        )
        event.listen(engine, "checkout", _refuse_stale)
        return engine

    def _manners(self) -> dict[str, Any]:
        return {
            "connect_timeout": self.settings.db_connect_timeout,
            "application_name": "jarvis",
            "keepalives_idle": 30,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
        }

    def _alembic(self, **attributes: object) -> Any:
        from alembic.config import Config

        settings = Config(str(ALEMBIC))
        settings.attributes.update(attributes)
        return settings

    def _is_lost(self, error: BaseException) -> bool:
        """Whether `error` is about the connection or the server, and not about what was asked."""
        if isinstance(error, PoolTimeout):
            return True
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, psycopg.OperationalError):
            return isinstance(error, DBAPIError) and error.connection_invalidated
        # While connecting there is no SQLSTATE; later there is one, unless the connection just went away.
        return cause.sqlstate is None or bool(_LOST.fullmatch(cause.sqlstate))

    def _reason(self, error: BaseException) -> str:
        """Say what went wrong in a sentence without secrets."""
        if isinstance(error, PoolTimeout):
            most = self.settings.db_pool_size + BURST
            return f"All {most} database connections of this process are busy."
        cause = error.orig if isinstance(error, DBAPIError) else error
        line = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
        if "password authentication failed" in line:
            return (
                f"The database at {self.place} refuses the user or the password of JARVIS_DATABASE_URL. "
                "Signs other than letters and digits must be percent-encoded there."
            )
        if self._address().is_told_by(line):
            line = "its reason is not shown here, as it holds the password"
        if not self._is_lost(error):
            return line
        return f"The database at {self.place} {_WORDS.get(_state(error), 'does not answer')}: {line}"


def _state(error: BaseException) -> str:
    """What PostgreSQL calls it (SQLSTATE); empty when it said nothing."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return (cause.sqlstate or "") if isinstance(cause, psycopg.Error) else ""


def _asking(connection: Connection) -> revisions.Ask:
    return lambda question: connection.exec_driver_sql(question).scalar()


def _status(current: str | None, head: str | None, message: str) -> MigrationStatus:
    known = current is not None and current == head
    return {"current_revision": current, "head_revision": head, "up_to_date": known, "message": message}


def _forget_all() -> None:
    for service in tuple(_services):
        service.forget()


_services: "weakref.WeakSet[DatabaseService]" = weakref.WeakSet()
os.register_at_fork(after_in_child=_forget_all)

db_service = DatabaseService()
