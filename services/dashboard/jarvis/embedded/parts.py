"""The parts of an embedded Jarvis, in the order in which they start."""

import signal
import sys
from dataclasses import fields
from pathlib import Path

import config
from jarvis import shell
from jarvis.embedded import strays
from jarvis.embedded.part import Part, answers, environment
from jarvis.embedded.postgres import Postgres
from jarvis.home import Home
from jarvis.private import write_private
from jarvis.proxy import caddy, https
from jarvis.proxy.config import caddy_config

BY_FILE = ("s3_access_key_id", "s3_secret_access_key")
NOT_PASSED = {"database_url", "token", "url", "secret_key", *BY_FILE}
"""Settings that do not stand in a part's environment: secrets go by file, the others are the client's."""


def values(settings: config.Settings, database_file: Path) -> dict[str, str]:
    """The variables of a part. Its secrets lie beside the file with the database's address."""
    passed = {
        config.variable(item.name): str(getattr(settings, item.name))
        for item in fields(config.Settings)
        if item.name not in NOT_PASSED and str(getattr(settings, item.name))
    }
    for name in BY_FILE:
        if secret := str(getattr(settings, name)):
            file = database_file.with_name(name)
            write_private(file, secret)
            passed[f"{config.variable(name)}_FILE"] = str(file)
    return {**passed, "JARVIS_DATABASE_URL_FILE": str(database_file)}


def own_values(settings: config.Settings, home: Home) -> dict[str, str]:
    """The variables of a `jarvis up` in the background. A database of the user's goes by a private file."""
    file = home.secrets / "database_url"
    passed = values(settings, file)
    if settings.database_url:
        write_private(file, settings.database_url)
    else:
        del passed["JARVIS_DATABASE_URL_FILE"]
    if settings.secret_key:
        write_private(home.session_key, settings.secret_key)
    return passed


def postgres(home: Home, server: Postgres) -> Part:
    """The embedded database. It is a child of the supervisor and ends with it."""
    return Part(
        name="database",
        begin=server.start,
        ready=lambda: _database_ready(server),
        log=home.logs / "postgres.log",
        stop_signal=signal.SIGINT,
        patience=30.0,
    )


def _database_ready(server: Postgres) -> bool:
    server.ready(30.0)
    return True


def proxy(home: Home, settings: config.Settings) -> Part:
    """Caddy. It does not die with the supervisor: sites go on when Jarvis is killed, and it is adopted."""

    def begin() -> shell.Child:
        for folder in (home.caddy, home.www):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        caddy.write_config(home.caddy_config, _proxy_config(home, settings))
        home.caddy_socket.unlink(missing_ok=True)
        return shell.start(
            caddy.command(home.caddy_config),
            env=environment(caddy.environment(home.caddy), "proxy", {"JARVIS_HOME": str(home.root)}),
            cwd=home.www,
            log=home.logs / "proxy.log",
        )

    return Part(
        name="proxy",
        begin=begin,
        ready=lambda: caddy.answers(home.caddy_socket, 2.0),
        log=home.logs / "proxy.log",
        patience=10.0,
    )


def _proxy_config(home: Home, settings: config.Settings) -> dict[str, object]:
    return caddy_config(
        www=home.www,
        admin_socket=home.caddy_socket,
        gate=home.gate,
        http_port=settings.http_port,
        log_file=home.access_log,
        storage=home.caddy,
        bind=settings.http_bind,
        https=https.of(home, settings),
    )


def running_proxy(home: Home, settings: config.Settings) -> int | None:
    """The Caddy of an earlier run, if it runs with exactly the configuration that we would give it."""
    found = strays.find(home.root, "proxy")
    if len(found) != 1 or not caddy.answers(home.caddy_socket, 2.0):
        return None
    wanted = home.caddy_config.with_name("wanted.json")
    caddy.write_config(wanted, _proxy_config(home, settings))
    same = home.caddy_config.is_file() and wanted.read_bytes() == home.caddy_config.read_bytes()
    wanted.unlink()
    return found[0] if same else None


def _python(module: str) -> list[str]:
    return [sys.executable, "-P", "-m", module]


def web(home: Home, settings: config.Settings, database_file: Path) -> Part:
    """Pages and API."""
    address = "127.0.0.1" if settings.web_host in {"0.0.0.0", "", "::"} else settings.web_host  # noqa: S104 - asked for
    return Part(
        name="web",
        begin=lambda: shell.start(
            _python("jarvis.web"),
            env=environment(config.environment(), "web", values(settings, database_file)),
            log=home.logs / "web.log",
            parent_death=signal.SIGTERM,
        ),
        ready=lambda: answers(address, settings.web_port, "/readyz"),
        log=home.logs / "web.log",
    )


def worker(home: Home, settings: config.Settings, database_file: Path) -> Part:
    """Runs the workflows."""

    def begin() -> shell.Child:
        home.worker_ready.unlink(missing_ok=True)
        return shell.start(
            _python("jarvis.worker"),
            env=environment(config.environment(), "worker", values(settings, database_file)),
            log=home.logs / "worker.log",
            parent_death=signal.SIGTERM,
        )

    return Part(
        name="worker",
        begin=begin,
        ready=home.worker_ready.is_file,
        log=home.logs / "worker.log",
        patience=20.0,
        sign=home.worker_ready,
    )
