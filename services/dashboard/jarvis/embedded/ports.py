"""Is a port free, and if not, who holds it?"""

import socket
from contextlib import closing, suppress
from pathlib import Path

from jarvis.errors import InvalidInput, PortTaken

_LISTENING = "0A"
"""The state of a listening socket in /proc/net/tcp (include/net/tcp_states.h)."""


def _inodes(port: int) -> set[str]:
    found: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                words = line.split()
                if words[3] == _LISTENING and int(words[1].rpartition(":")[2], 16) == port:
                    found.add(f"socket:[{words[9]}]")
    return found


def holder(port: int) -> str:
    """Who listens on `port`, as `nginx (pid 123)`; `another program` when the kernel does not tell us."""
    wanted = _inodes(port)
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        with suppress(OSError):
            for entry in (process / "fd").iterdir():
                with suppress(OSError):
                    if str(entry.readlink()) in wanted:
                        name = (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
                        return f"{name} (pid {process.name})"
    return "another program"


def check(port: int, address: str, purpose: str, option: str) -> None:
    """See that we could listen on `port`.

    Args:
        port: The TCP port.
        address: Where we would listen; empty for all addresses.
        purpose: What for, as in `the sites`.
        option: The option that chooses another port.

    Raises:
        PortTaken: Somebody listens there; the sentence says who.
        InvalidInput: The address is not one of this machine, or the port is not for us.
    """
    if address:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        places = [(family, address)]
    else:
        places = [(socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")]  # noqa: S104 - what we would do
    for family, place in places:
        try:
            with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind((place, port))
                probe.listen(1)
        except PermissionError as error:
            raise InvalidInput(
                f"This user may not listen on port {port} ({purpose}).",
                f"Choose a port above 1023 with {option}, or run as root.",
            ) from error
        except OSError as error:
            if family == socket.AF_INET6 and not address and not _inodes(port):
                continue  # a machine without IPv6
            if not _inodes(port):
                raise InvalidInput(
                    f"Jarvis cannot listen on {address or 'all addresses'}, port {port} ({purpose}): "
                    f"{error.strerror}.",
                    f"Choose an address of this machine, and a port with {option}.",
                ) from error
            raise PortTaken(
                f"Port {port} ({purpose}) is taken by {holder(port)}.",
                f"Stop that program, or choose another port with {option}.",
                {"port": port},
            ) from error
