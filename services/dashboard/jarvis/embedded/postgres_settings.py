"""The settings of the embedded PostgreSQL: small and idle, and durable above all.

They are given on the command line: so nothing of ours lies in a folder that the service user may write, and
nothing in the data folder can override them. `fsync`, `full_page_writes` and `synchronous_commit` stay on.
"""

PORT = 5432
"""There is no TCP listener; the number is part of the socket's name."""

ENVIRONMENT = {
    "TZ": "UTC",
    # The server itself is protected from the kernel's memory killer where we may; its backends are not.
    "PG_OOM_ADJUST_FILE": "/proc/self/oom_score_adj",
    "PG_OOM_ADJUST_VALUE": "0",
}

_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "huge_pages": "off",
    # Segments in /dev/shm are deleted when a normal user logs out (systemd's RemoveIPC), and are capped at
    # 64 MB in a container. Jarvis asks for few of them.
    "dynamic_shared_memory_type": "mmap",
    "jit": "off",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "2",
    "min_wal_size": "64MB",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "log_checkpoints": "off",
    # Statements may carry what is nobody's business.
    "log_min_error_statement": "panic",
}
_SINCE_18 = {
    # The worker processes of the default cost 10 MB and bring nothing to a database of this size.
    "io_method": "sync",
    "autovacuum_worker_slots": "2",
}


def settings(major: int, *, mark: str, socket_folder: str) -> list[str]:
    """Returns the words for postgres' command line.

    Args:
        major: PostgreSQL's major version.
        mark: A name that shows in the title of each of its processes.
        socket_folder: Where its socket goes, as the server itself reaches it.
    """
    quoted = socket_folder.replace('"', '""')
    chosen = _SETTINGS | {"cluster_name": mark, "unix_socket_directories": f'"{quoted}"'}
    if major >= 18:
        chosen |= _SINCE_18
    return [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]


def initdb_options(major: int) -> list[str]:
    """Returns the words for initdb: passwords by SCRAM, checksums, and an order of text that no upgrade of
    the operating system changes.
    """
    options = ["--username=postgres", "--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8"]
    if major >= 17:
        return [*options, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return [*options, "--locale=C"]
