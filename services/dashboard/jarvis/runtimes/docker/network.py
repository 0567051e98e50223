"""The private network of a service. Its range is ours to say, so that each container keeps its address.

Docker gives a fixed address only in a network whose range was asked for. Which ranges are free on the machine
it knows better than we: it is let choose one, and that is cut into pieces, one for each service. Otherwise
the about thirty ranges that Docker has would be the most services there can be.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_network
from typing import Any

from jarvis.errors import Unavailable
from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker.engine import asked, part

Json = dict[str, Any]

KIND, POOL = "jarvis.network", "jarvis.pool"
"""Labels: what the network is for, and the range that its own was cut from."""
PIECE = 24
ATTEMPTS = 20


@dataclass(frozen=True)
class Network:
    """One that is there.

    Attributes:
        name: In Docker.
        subnet: Its addresses.
    """

    name: str
    subnet: IPv4Network

    def free(self, taken: Collection[str]) -> str:
        """An address that is not taken; the first ones are Docker's own."""
        for address in list(self.subnet.hosts())[1:]:
            if str(address) not in taken:
                return str(address)
        raise Unavailable(f"The network {self.name} has no free address.", "Remove what uses it.")


def make(service: str) -> Network:
    """The network of the service, made if it is not there.

    Raises:
        Unavailable: Docker does not answer, or has no range left.
    """
    with asked("make a network"):
        for _ in range(ATTEMPTS):
            if (found := find(service)) is not None:
                return found
            for pool, subnet in _ranges(service):
                if _made(service, pool, subnet):
                    break
    raise Unavailable(
        f"No network could be made for {service}.", "See docker network ls for those there are."
    )


def find(service: str) -> Network | None:
    """The network of the service; None when it is not there."""
    with asked("list its networks"):
        for row in _rows(service):
            if row["Labels"].get(KIND) == "service" and (subnet := _subnet(row)) is not None:
                return Network(row["Name"], subnet)
    return None


def remove(service: str) -> None:
    """Remove the network of the service, if nothing is in it."""
    import docker.errors

    with asked("remove a network"):
        for row in _rows(service):
            with suppress(docker.errors.APIError):  # somebody else's container is in it: it is his now
                engine.api().remove_network(row["Id"])


def _rows(service: str) -> list[Json]:
    rows: list[Json] = engine.api().networks(filters=engine.ours(service))
    return [row for row in rows if KIND in part(row, "Labels")]


def _subnet(row: Json) -> IPv4Network | None:
    configured: list[dict[str, str]] = part(row, "IPAM").get("Config") or []
    for one in configured:
        with suppress(ValueError, KeyError):
            found = ip_network(one["Subnet"])
            if isinstance(found, IPv4Network):
                return found
    return None


def _ranges(service: str) -> Iterator[tuple[IPv4Network, IPv4Network]]:
    """Pairs of a range of Docker and a piece of it that nobody has, those that we use already first."""
    rows: list[Json] = engine.api().networks()
    pools = {row["Labels"][POOL] for row in rows if POOL in part(row, "Labels")}
    yield from _pieces(pools, rows)
    yield from _pieces({str(_chosen(service))}, rows)


def _pieces(pools: Collection[str], rows: Collection[Json]) -> Iterator[tuple[IPv4Network, IPv4Network]]:
    taken = [subnet for row in rows if (subnet := _subnet(row)) is not None]
    for pool in map(IPv4Network, sorted(pools)):
        for piece in pool.subnets(new_prefix=max(PIECE, pool.prefixlen)):
            if not any(piece.overlaps(other) for other in taken):
                yield pool, piece


def _chosen(service: str) -> IPv4Network:
    """A range that Docker says is free: it makes a network there, which goes away again at once."""
    for row in _rows(service):  # of a run that died here
        if row["Labels"].get(KIND) == "question":
            engine.api().remove_network(row["Id"])
    labels = {**engine.labels(service), KIND: "question"}
    made: Json = engine.api().create_network(f"{_name(service)}-question", driver="bridge", labels=labels)
    try:
        found = _subnet(engine.api().inspect_network(made["Id"]))
    finally:
        engine.api().remove_network(made["Id"])
    if found is None:
        raise Unavailable("Docker made a network without IPv4.", "Jarvis needs IPv4 in Docker's networks.")
    return found


def _name(service: str) -> str:
    """As `network_name`, unless another JARVIS_HOME or a person has one of that name."""
    name = engine.network_name(service)
    others: list[Json] = engine.api().networks(names=[name])
    mine = engine.owner()
    strange = any(row["Name"] == name and part(row, "Labels").get(engine.OWNER) != mine for row in others)
    return f"{name}-{mine[:8]}" if strange else name


def _made(service: str, pool: IPv4Network, subnet: IPv4Network) -> bool:
    """False when somebody was quicker."""
    import docker.errors

    labels = {**engine.labels(service), KIND: "service", POOL: str(pool)}
    ipam: Json = {"Driver": "default", "Config": [{"Subnet": str(subnet)}]}
    try:
        engine.api().create_network(
            _name(service), driver="bridge", ipam=ipam, labels=labels, check_duplicate=True
        )
    except docker.errors.APIError as error:
        if "overlap" in str(error) or "already exists" in str(error):
            return False
        raise
    return True
