"""What a compose file may do to the machine only where an administrator allowed it for its service."""

from typing import Literal, get_args

Permission = Literal[
    "privileged",
    "docker-socket",
    "host-mounts",
    "host-network",
    "host-namespaces",
    "capabilities",
    "devices",
    "ports",
    "external",
]

MEANING: dict[Permission, str] = {
    "privileged": "containers that can do anything on this machine",
    "docker-socket": "containers that rule Docker, and with it this machine",
    "host-mounts": "files of this machine in containers",
    "host-network": "containers in the network of this machine itself",
    "host-namespaces": "containers that see the processes, memory or users of this machine",
    "capabilities": "more powers of root, and kernel settings",
    "devices": "devices of this machine, graphics cards too",
    "ports": "ports of this machine that lead into containers, past the proxy",
    "external": "networks and volumes that this service did not make",
}

NAMES: tuple[str, ...] = get_args(Permission)
