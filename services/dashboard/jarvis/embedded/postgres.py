"""The embedded PostgreSQL: made once, started as a direct child, reached through a private socket.

    HOME/postgres/data      the data folder (of the service user when we are root, see `service_user`)
    HOME/run/postgres       its socket (see `Home.run`); there is no TCP listener
    HOME/secrets            postgres_superuser, postgres_jarvis: the passwords
    HOME/logs/postgres.log  what it says
    HOME/pg/<version>       its programs; as root /var/lib/jarvis-postgres/<version>

It is a direct child with a signal on our death: it is reaped at once when it ends, and shuts down cleanly
when its supervisor is killed. As root it runs under a user of its own and reaches its two folders by
inherited descriptors; a mount or user namespace was not needed for that (and is often forbidden in
containers). Recovery, extensions, parallel queries and `pg_dump` were tried that way.
"""

import fcntl
import hashlib
import os
import signal
import stat
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from jarvis import shell
from jarvis.embedded.postgres_binaries import Binaries, choose
from jarvis.embedded.postgres_data import check_owner, clear_half_made, data_version, make_data
from jarvis.embedded.postgres_passwords import ROLE, SUPERUSER, make_password, password
from jarvis.embedded.postgres_settings import ENVIRONMENT, PORT, settings
from jarvis.embedded.postgres_strays import clear_lock_file, stop_strays
from jarvis.embedded.service_user import give, passage, service_user
from jarvis.errors import Conflict, InvalidInput, Unavailable
from jarvis.home import Home

DATABASE = "homelab_jarvis"

_SHARED_STORE = Path("/var/lib/jarvis-postgres")
_SOCKET_BYTES = 107 - len(f"/.s.PGSQL.{PORT}")


class Postgres:
    """One PostgreSQL below one JARVIS_HOME.

    Args:
        home: JARVIS_HOME.
        binaries: A folder with PostgreSQL's programs; by default the ones that came with Jarvis are used,
            or the system's where those do not run.
    """

    def __init__(self, home: Path, *, binaries: Path | None = None) -> None:
        self._home = Home(home.absolute())
        self._given = binaries
        self._folder = self._home.root / "postgres"
        self._data = self._folder / "data"
        self._socket = self._home.run / "postgres"
        self._log = self._home.logs / "postgres.log"
        # In the title of each process: how we know our own where the kernel hides their working folder.
        self._mark = f"jarvis-{hashlib.sha256(os.fsencode(self._data)).hexdigest()[:12]}"
        self._user: shell.User | None = None
        self._binaries: Binaries | None = None
        self._child: shell.Child | None = None
        self._log_start = 0
        self._lock: int | None = None

    @property
    def url(self) -> str:
        """The address of Jarvis' database with its password, for psycopg and SQLAlchemy."""
        secret = quote(password(self._home.secrets, ROLE), safe="")
        return f"postgresql://{ROLE}:{secret}@/{DATABASE}?host={quote(str(self._socket))}"

    @property
    def binaries(self) -> Binaries:
        """The programs in use, for instance for `pg_dump`.

        Raises:
            Unavailable: Before `prepare`.
        """
        if self._binaries is None:
            raise Unavailable(
                "The embedded PostgreSQL is not prepared yet.", "Start Jarvis, which does it: jarvis up"
            )
        return self._binaries

    def prepare(self) -> None:
        """Makes everything that a start needs; where all is there, it only checks.

        Raises:
            InvalidInput: JARVIS_HOME cannot hold a socket.
            Conflict: Another Jarvis runs in it, its data is another version's or another user's, or others
                may write to the socket's folder.
            StorageFull: There is too little room.
            Unavailable: No PostgreSQL or no service user can be had.
        """
        self._check_socket_path()
        for folder in (self._home.root, self._folder, self._home.run, self._home.secrets, self._home.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._check_private()
        self._take_lock()
        self._user = service_user()
        store = self._home.root / "pg" if self._user is None else _SHARED_STORE
        clear_half_made(self._data)
        version = data_version(self._data)
        self._binaries = choose(store, major=version, given=self._given)
        give(self._socket, self._user)
        if version is None:
            make_password(self._home.secrets, SUPERUSER)
            make_password(self._home.secrets, ROLE)
            make_data(self._data, self._binaries, password(self._home.secrets, SUPERUSER), self._user)
        else:
            check_owner(self._data, self._user)

    def start(self) -> shell.Child:
        """Starts the server as a child of the calling **thread**, whose end is the server's end as well.

        A server of an earlier run is stopped first.

        Raises:
            Unavailable: An earlier server does not end.
            CommandFailed: It could not be started.
        """
        if self._child is not None and self._child.poll() is None:
            raise Conflict(
                "The embedded PostgreSQL runs already.", "To start it anew: jarvis down, then jarvis up."
            )
        stop_strays(self._data, self._mark)
        clear_lock_file(self._data)
        # No server of ours is left: whom the socket's lock file names is a zombie or a stranger.
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (self._socket / name).unlink(missing_ok=True)
        self._log_start = self._log.stat().st_size if self._log.exists() else 0
        with passage([self._data, self._socket], self._user) as ((data, socket), descriptors):
            words = settings(self.binaries.major, mark=self._mark, socket_folder=socket)
            self._child = shell.start(
                [self.binaries.program("postgres"), "-D", data, *words],
                env=ENVIRONMENT,
                cwd=Path("/"),
                log=self._log,
                user=self._user,
                parent_death=signal.SIGINT,  # PostgreSQL's fast shutdown
                pass_fds=descriptors,
            )
        if self._user is not None:
            with suppress(OSError):  # some containers forbid it even to root
                Path(f"/proc/{self._child.pid}/oom_score_adj").write_text("-900")
        return self._child

    def ready(self, timeout: float) -> None:
        """Waits until a connection works.

        Raises:
            Unavailable: It ended, or did not answer in time; with the last lines of its log.
        """
        end = time.monotonic() + timeout
        while True:
            try:
                self._connect().close()
            except psycopg.OperationalError as error:
                reason = str(error).strip()
            else:
                return
            code = None if self._child is None else self._child.poll()
            if code is not None:
                raise self._not_ready(f"PostgreSQL ended while it started (code {code}).", reason)
            if time.monotonic() > end:
                raise self._not_ready(f"PostgreSQL does not answer after {timeout:g} seconds.", reason)
            time.sleep(0.03)

    def stop(self, timeout: float) -> None:
        """Shuts down cleanly; by force after `timeout` seconds. Does nothing when it does not run."""
        if self._child is not None:
            for number, seconds in ((signal.SIGINT, timeout), (signal.SIGQUIT, 5.0)):
                self._child.terminate(number)
                if self._child.wait(seconds) is not None:
                    break
            else:
                self._child.kill_group()
            self._child = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def ensure_database(self) -> None:
        """Makes the role and its database where they are missing, and sets the role's password."""
        with self._connect() as connection:
            # Only the SCRAM verifier travels, so the password can show up in no log.
            verifier = connection.pgconn.encrypt_password(
                password(self._home.secrets, ROLE).encode(), ROLE.encode(), b"scram-sha-256"
            ).decode()
            role = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone()
            verb = sql.SQL(
                "CREATE ROLE {} LOGIN PASSWORD {}" if role is None else "ALTER ROLE {} PASSWORD {}"
            )
            connection.execute(verb.format(sql.Identifier(ROLE), sql.Literal(verifier)))
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                create = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self._socket),
            port=PORT,
            user=SUPERUSER,
            password=password(self._home.secrets, SUPERUSER),
            dbname="postgres",
            connect_timeout=5,
            autocommit=True,
        )

    def _take_lock(self) -> None:
        """Held until `stop` or our death: a second supervisor would take our server for a stray."""
        if self._lock is not None:
            return
        lock = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise Conflict(f"Another Jarvis runs in {self._home.root}.", "Stop it first.") from None
        self._lock = lock

    def _check_socket_path(self) -> None:
        if len(os.fsencode(self._socket)) > _SOCKET_BYTES:
            raise InvalidInput(
                f"The path of the database's socket folder is too long: {self._socket}.",
                "Choose a shorter JARVIS_HOME or TMPDIR.",
            )
        if "," in str(self._socket):
            raise InvalidInput(
                f"The path of the database's socket folder has a comma, which PostgreSQL reads as a list: "
                f"{self._socket}.",
                "Choose a JARVIS_HOME without a comma.",
            )

    def _check_private(self) -> None:
        """With a long JARVIS_HOME this folder lies in /tmp, where anybody may have made it before us."""
        found = self._home.run.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise Conflict(
                f"{self._home.run} is not a folder that is private to this user.",
                "Remove it, or choose a shorter JARVIS_HOME.",
            )

    def _not_ready(self, sentence: str, reason: str) -> Unavailable:
        said = self._log.read_bytes()[self._log_start :] if self._log.exists() else b""
        lines = said.decode(errors="replace").splitlines()[-10:]
        hint = "\n".join([f"The last lines of {self._log}, and the last answer:", *lines, reason])
        return Unavailable(sentence, hint)
