"""Where everything lies in JARVIS_HOME. Pure: paths are derived here and made elsewhere."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET = 107
"""Bytes that the path of a unix socket may have (unix(7), sun_path less its final NUL)."""
_DEEPEST = "run/postgres/.s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Home:
    """The folders and files below one JARVIS_HOME.

    Attributes:
        root: JARVIS_HOME itself, mode 0700.
    """

    root: Path

    @property
    def run(self) -> Path:
        """Sockets, locks and the state of running processes; nothing in it outlives a machine's restart.

        A JARVIS_HOME that is too long for a socket's path gets a short folder of its own for it.
        """
        inside = self.root / "run"
        if len(os.fsencode(self.root / _DEEPEST)) <= LONGEST_SOCKET:
            return inside
        key = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"jarvis-{os.getuid()}-{key}"

    @property
    def secrets(self) -> Path:
        """Passwords, keys and the local token; files of mode 0600."""
        return self.root / "secrets"

    @property
    def vault_keys(self) -> Path:
        """The keys that seal secrets in the database; one a line, newest first."""
        return self.secrets / "vault_keys"

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return self.root / "logs"

    @property
    def artifacts(self) -> Path:
        """What people handed in, stored by content."""
        return self.root / "artifacts"

    @property
    def staging(self) -> Path:
        """Half-made release folders; each carries its deployment's id and may be deleted when that ended."""
        return self.root / "staging"

    @property
    def trash(self) -> Path:
        """Folders that nobody needs any more; deleted when the worker has nothing else to do."""
        return self.root / "trash"

    @property
    def releases(self) -> Path:
        """`<service>/<deployment id>`: immutable release folders."""
        return self.root / "releases"

    @property
    def apps(self) -> Path:
        """`<service>/<deployment id>`: programs with what they need, made in place, never served."""
        return self.root / "apps"

    @property
    def volumes(self) -> Path:
        """`<service>/<volume>`: what programs keep from one version to the next. No deploy deletes it."""
        return self.root / "volumes"

    @property
    def users(self) -> Path:
        """Which number of a user belongs to which service, where Jarvis runs as root."""
        return self.root / "users"

    @property
    def cache(self) -> Path:
        """What package managers keep between builds; may be deleted at any time."""
        return self.root / "cache"

    @property
    def instances(self) -> Path:
        """One folder for each program that runs, with its sockets: the paths must be short."""
        return self.run / "i"

    @property
    def gate(self) -> Path:
        """Where the proxy asks for sites that have rules."""
        return self.run / "gate.sock"

    @property
    def gates(self) -> Path:
        """The folder of the gate's keeper; not among the programs of people."""
        return self.run / "g"

    @property
    def www(self) -> Path:
        """What the proxy follows: `sites/<host>` and `services/<service>/current`, links only."""
        return self.root / "www"

    @property
    def caddy(self) -> Path:
        """The proxy's own storage and its one configuration file."""
        return self.root / "caddy"

    @property
    def certificates(self) -> Path:
        """Our own authority, and the certificates that the proxy finds; all of mode 0600."""
        return self.caddy / "tls"

    @property
    def caddy_config(self) -> Path:
        """The proxy's configuration, written at start and never changed by a deploy."""
        return self.caddy / "caddy.json"

    @property
    def caddy_socket(self) -> Path:
        """The proxy's admin API."""
        return self.run / "caddy.sock"

    @property
    def access_log(self) -> Path:
        """The proxy's access log, JSON lines."""
        return self.logs / "access.log"

    @property
    def owner(self) -> Path:
        """The name under which this JARVIS_HOME marks what it makes in Docker; made once."""
        return self.root / "owner"

    @property
    def token(self) -> Path:
        """The local command line's bearer token."""
        return self.secrets / "token"

    @property
    def session_key(self) -> Path:
        """The key that signs page sessions."""
        return self.secrets / "session_key"

    @property
    def state(self) -> Path:
        """What a running `jarvis up` tells the other commands: pid, addresses, version (JSON)."""
        return self.run / "jarvis.json"

    @property
    def worker_ready(self) -> Path:
        """Made by a worker once it takes work."""
        return self.run / "worker.ready"

    @property
    def lock(self) -> Path:
        """Held by the running `jarvis up`."""
        return self.run / "up.lock"

    def release(self, service: str, deployment_id: str) -> Path:
        """The release folder of one deployment."""
        return self.releases / service / deployment_id
