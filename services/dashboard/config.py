"""Every setting of Jarvis, read from the environment in this one place.

Each variable `NAME` may also be given as `NAME_FILE`, the path of a file that holds the value; this is how
secrets reach a container without standing in its environment. A value that cannot be used stops the start
with the variable's name. `docs/reference/settings.md` shows this table; a test keeps the two the same.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any


class ConfigError(ValueError):
    """A setting has a value that cannot be used."""


def _default_home() -> Path:
    base = os.environ.get("XDG_DATA_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path("~/.local/share").expanduser()) / "jarvis"


def _setting(default: Any, about: str, *, secret: bool = False, low: int = 0, high: int = 2**63) -> Any:
    facts = {"about": about, "secret": secret, "low": low, "high": high}
    if callable(default):
        return field(default_factory=default, repr=not secret, metadata=facts)
    return field(default=default, repr=not secret, metadata=facts)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one process. Field `x` is the variable `JARVIS_X`."""

    database_url: str = _setting(
        "",
        "PostgreSQL to use, `postgresql://user:password@host:port/name`. Empty: the embedded one.",
        secret=True,
    )
    home: Path = _setting(_default_home, "Folder for all data. Default: `jarvis` in the XDG data folder.")
    web_host: str = _setting("127.0.0.1", "Address the page and the API listen on.")
    web_port: int = _setting(8700, "Port of the page and the API.", low=1, high=65535)
    pages_url: str = _setting(
        "", "Address at which people open the page, for links in notices. Empty: that of the two above."
    )
    http_bind: str = _setting("", "Address the sites are served on. Empty: all addresses.")
    http_port: int = _setting(8080, "Port the sites are served on (HTTP).", low=1, high=65535)
    public_port: int = _setting(
        0, "Port that visitors use, where it is another than JARVIS_HTTP_PORT. 0: the same.", high=65535
    )
    https_port: int = _setting(8443, "Port the sites are served on (HTTPS). 0: no HTTPS.", low=0, high=65535)
    public_https_port: int = _setting(
        0,
        "Port that visitors use for HTTPS, where it is another than JARVIS_HTTPS_PORT. 0: the same.",
        high=65535,
    )
    acme: str = _setting(
        "auto",
        "Certificates for public names from a certificate authority: `on`, `off`, or `auto`: when visitors "
        "use the ports 80 and 443, or JARVIS_ACME_CA is set.",
    )
    acme_email: str = _setting("", "Where the certificate authority writes to when something is wrong.")
    acme_ca: str = _setting("", "Directory of the certificate authority (ACME). Empty: Let's Encrypt.")
    acme_ca_root: str = _setting(
        "", "File with the root certificates of that directory's own HTTPS, where it is a private one."
    )
    proxy_address: str = _setting(
        "127.0.0.1", "Where the worker reaches the proxy to prove a deploy from outside."
    )
    url: str = _setting(
        "", "Address of the Jarvis that the command line talks to. Empty: the one in JARVIS_HOME."
    )
    token: str = _setting(
        "", "Bearer token of the command line. Empty: the one kept in JARVIS_HOME.", secret=True
    )
    secret_key: str = _setting(
        "",
        "Key that signs page sessions, 32 characters or more. Empty: made once in JARVIS_HOME.",
        secret=True,
    )
    upload_limit: int = _setting(2 * 1024**3, "Largest upload, in bytes.", low=1)
    artifact_store: str = _setting(
        "", "Where artifacts are kept: empty for JARVIS_HOME, or `s3://bucket/prefix` for an S3 service."
    )
    s3_endpoint: str = _setting("", "Address of the S3 service. Empty: the one of Amazon for the region.")
    s3_region: str = _setting("us-east-1", "Region of the S3 bucket.")
    s3_access_key_id: str = _setting("", "Access key of the S3 service.", secret=True)
    s3_secret_access_key: str = _setting("", "Secret key of the S3 service.", secret=True)
    unpack_entries: int = _setting(50_000, "Most files and folders of one archive.", low=1)
    unpack_bytes: int = _setting(2 * 1024**3, "Most bytes of all files of one archive, unpacked.", low=1)
    unpack_file_bytes: int = _setting(1024**3, "Most bytes of one file of an archive, unpacked.", low=1)
    unpack_ratio: int = _setting(
        200, "How many times larger than itself an archive may become, above 16 MiB.", low=1, high=100_000
    )
    unpack_depth: int = _setting(48, "Most folders within each other in an archive.", low=1, high=255)
    unpack_path: int = _setting(1024, "Most bytes of a path in an archive.", low=1, high=4096)
    docker_host: str = _setting(
        "",
        "Docker of the worker: `unix:///path` or `tcp://host:port`. Empty: the usual socket. `off`: none.",
    )
    swarm_registry: str = _setting(
        "",
        "Registry from which all machines of a swarm get images, `host:port` or `host/folder`. Empty: "
        "Jarvis runs one in the swarm.",
    )
    swarm_registry_image: str = _setting("registry:2", "Image of the registry that Jarvis runs in a swarm.")
    swarm_registry_port: int = _setting(
        5000, "Port of this machine at which that registry is reached.", low=1, high=65535
    )
    build_memory: int = _setting(
        0, "Bytes of memory that all builds of this machine may take together. 0: three quarters of it."
    )
    build_processors: int = _setting(
        0, "Processors that all builds may use. 0: all, as far as those who answer visitors leave them."
    )
    keep_releases: int = _setting(
        5, "How many old releases of a service are kept to go back to.", low=1, high=1000
    )
    keep_events_days: int = _setting(
        90, "Days for which the stories of ended workflows are kept.", low=1, high=36500
    )
    rate_limit: int = _setting(
        6000, "Requests a minute of one access token; 0 for no limit.", low=0, high=1_000_000
    )
    db_pool_size: int = _setting(5, "Database connections a process keeps open.", low=1, high=200)
    db_connect_timeout: int = _setting(5, "Seconds to wait for the database to answer.", low=1, high=300)
    web_threads: int = _setting(256, "Requests and event streams that are served at once.", low=2, high=1000)
    log_level: str = _setting("INFO", "Least severe log lines to write: DEBUG, INFO, WARNING or ERROR.")


def variable(name: str) -> str:
    """The environment variable of the field `name`."""
    return f"JARVIS_{name.upper()}"


def _text(name: str, environment: Mapping[str, str]) -> str | None:
    """The raw value of the variable `name`, straight or from the file that `NAME_FILE` names."""
    path = environment.get(f"{name}_FILE", "")
    if not path:
        return environment.get(name) or None
    if environment.get(name):
        raise ConfigError(f"{name} and {name}_FILE are both set; keep one of them.")
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n") or None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(f"{name}_FILE names {path}, which cannot be read: {reason}.") from error


def _number(name: str, text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise ConfigError(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
    return int(text)


def _value(name: str, text: str, facts: Mapping[str, Any], kind: object) -> Any:
    if kind is int:
        return _number(name, text, facts["low"], facts["high"])
    if kind is Path:
        path = Path(text).expanduser()
        if not path.is_absolute():
            raise ConfigError(f"{name} must be an absolute path, not {text!r}.")
        return path
    return text


def _check(settings: Settings) -> None:
    url = settings.database_url
    if url and not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        raise ConfigError("JARVIS_DATABASE_URL must begin with postgresql:// (its value is not shown here).")
    if settings.secret_key and len(settings.secret_key) < 32:
        raise ConfigError("JARVIS_SECRET_KEY must have 32 characters or more (its value is not shown here).")
    if settings.log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ConfigError(
            f"JARVIS_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not {settings.log_level!r}."
        )
    store = settings.artifact_store
    if store and (not store.startswith("s3://") or not store.removeprefix("s3://").split("/")[0]):
        raise ConfigError(f"JARVIS_ARTIFACT_STORE must be empty or s3://bucket/prefix, not {store!r}.")
    if settings.acme not in {"auto", "on", "off"}:
        raise ConfigError(f"JARVIS_ACME must be auto, on or off, not {settings.acme!r}.")
    if settings.acme_ca and not settings.acme_ca.startswith("https://"):
        raise ConfigError(f"JARVIS_ACME_CA must begin with https://, not {settings.acme_ca!r}.")
    if settings.acme_ca_root and not Path(settings.acme_ca_root).is_absolute():
        raise ConfigError(f"JARVIS_ACME_CA_ROOT must be an absolute path, not {settings.acme_ca_root!r}.")
    if settings.https_port and settings.https_port == settings.http_port:
        raise ConfigError("JARVIS_HTTPS_PORT and JARVIS_HTTP_PORT must be two ports.")
    if settings.docker_host not in {"", "off"} and not settings.docker_host.startswith(("unix://", "tcp://")):
        raise ConfigError(
            f"JARVIS_DOCKER_HOST must begin with unix:// or tcp://, or be off, not {settings.docker_host!r}."
        )
    if settings.pages_url and not settings.pages_url.startswith(("http://", "https://")):
        raise ConfigError(
            f"JARVIS_PAGES_URL must begin with http:// or https://, not {settings.pages_url!r}."
        )
    if settings.url and not settings.url.startswith(("http://", "https://")):
        raise ConfigError(f"JARVIS_URL must begin with http:// or https://, not {settings.url!r}.")


def read(environment: Mapping[str, str]) -> Settings:
    """Read all settings from `environment`.

    Raises:
        ConfigError: A value cannot be used; the sentence names the variable and never shows a secret.

    """
    found: dict[str, Any] = {}
    for item in fields(Settings):
        name = variable(item.name)
        text = _text(name, environment)
        if text is not None:
            found[item.name] = _value(name, text, item.metadata, item.type)
    settings = Settings(**found)
    _check(settings)
    return settings


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return read(os.environ)


def environment() -> dict[str, str]:
    """A copy of this process's environment, for the programs that it starts."""
    return dict(os.environ)


def __getattr__(name: str) -> Any:
    """`config.JARVIS_DATABASE_URL` and its like, as the document has them."""
    for item in fields(Settings):
        if variable(item.name) == name:
            return getattr(settings(), item.name)
    raise AttributeError(f"module 'config' has no attribute {name!r}")
