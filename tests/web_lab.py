"""The web process on a database of its own, for the tests of the pages."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from caddy_lab import free_port, poll
from config import Settings
from postgres_lab import Server
from seed import Seed
from services.db_service import DatabaseService


@dataclass(frozen=True)
class Reply:
    """An answer of the web process."""

    status: int
    headers: dict[str, str]
    text: str


class Site:
    """A web process on one database, in one JARVIS_HOME."""

    def __init__(self, database_url: str, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = DatabaseService(Settings(database_url=database_url))
        self.seed = Seed(self.database)
        self.variables = {name: value for name, value in os.environ.items() if not name.startswith("JARVIS_")}
        self.variables |= {
            "JARVIS_DATABASE_URL": database_url,
            "JARVIS_HOME": str(home),
            "JARVIS_WEB_PORT": str(self.port),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        words = [sys.executable, "-m", "jarvis.web"]
        with (self.home / "web.log").open("ab") as log:
            process = self._process = subprocess.Popen(words, env=self.variables, stdout=log, stderr=log)
        assert poll(lambda: process.poll() is not None or self._answers()), self.log()
        assert process.poll() is None, self.log()

    def stop(self) -> None:
        """Stop it; open event streams are cut off."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def log(self) -> str:
        """What it has written."""
        return (self.home / "web.log").read_text(errors="replace")

    def _answers(self) -> bool:
        try:
            return self.ask("/healthz").status == 200
        except OSError:
            return False

    def ask(
        self, path: str, *, cookie: str = "", form: dict[str, str] | None = None, **headers: str
    ) -> Reply:
        """One request as a browser sends it; header names are written with underscores."""
        wire = HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Accept": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"Cookie": cookie} if cookie else {}
        body = None
        if form is not None:
            body = urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            wire.request("GET" if form is None else "POST", path, body, sent)
            answer = wire.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, fields, answer.read().decode())
        finally:
            wire.close()

    def log_in(self, token: str = "") -> str:
        """Log in by the form; returns the cookie."""
        answer = self.ask("/login", form={"token": token or self.seed.token(), "next": "/"})
        assert answer.status == 303, answer.text
        return answer.headers["set-cookie"].partition(";")[0]


@contextmanager
def serve(database_url: str, home: Path) -> Generator[Site]:
    """The web process on `database_url`, answering; stopped afterwards."""
    home.mkdir(parents=True, exist_ok=True)
    site = Site(database_url, home)
    try:
        site.start()
        yield site
    finally:
        site.stop()
        site.database.close()


@contextmanager
def fresh(server: Server, template: str, home: Path) -> Generator[Site]:
    """The web process on a fresh copy of the database `template`."""
    name = server.create(template)
    try:
        with serve(server.url(name), home) as site:
            yield site
    finally:
        server.drop(name)
