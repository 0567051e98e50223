"""Several containers that the project describes itself."""

from collections.abc import Iterator

from jarvis.analysis import dsn, stack
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.claim import claim
from jarvis.analysis.container import url_path
from jarvis.analysis.evidence import Severity
from jarvis.analysis.stack import Service
from jarvis.analysis.tree import Tree

HARMLESS = ("/etc/localtime", "/etc/timezone", "/lib/modules", "/usr/share/zoneinfo", "/dev/net/tun")
"""Paths of the host that containers read without harm."""
POWERS = frozenset({"ALL", "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "SYS_RAWIO", "DAC_READ_SEARCH"})
"""Capabilities with which a container can leave its walls."""


def detect(tree: Tree) -> Candidate | None:
    """The services at the top: what they need, which of them is public, and what makes them dangerous."""
    file = stack.compose_file(tree)
    if not file:
        return None
    found = Candidate("compose", "compose", 0.85 if file in stack.NAMES else 0.7)
    services = stack.services(tree, file)
    if not services and "services" not in tree.text(file):
        return None
    if not services:
        found.confidence = 0.3
        found.against.append(f"No service could be read from {file}.")
    names = ", ".join(item.name for item in services[:6])
    why = (
        f"names {len(services)} service{'' if len(services) == 1 else 's'}: {names}"
        if services
        else "a compose file"
    )
    claim(found, file, why, kind="compose", language="compose")
    flag = "" if file in stack.NAMES else f" --file {file}"
    claim(found, file, "starts all services", start_command=f"docker compose{flag} up")
    if (first := stack.public(services)) and (pair := stack.port_of(first)):
        claim(found, file, f"the service {first.name} is published there", first.line, port=pair[0])
        if path := url_path(first.check):
            claim(found, file, f"the healthcheck of {first.name} asks for it", first.line, health_path=path)
    for service in services:
        if service.engine:
            why = f"the service {service.name} runs {service.image}"
            found.need(service.engine, "required", file, why, service.line)
        for name, value in service.environment.items():
            if value and "://" in value and (engine := dsn.engine(value)):
                found.need(
                    engine, "required", file, f"{service.name} is given its address in {name}", service.line
                )
        for rule, severity, why in _dangers(service):
            found.find(rule, severity, file, f"The service {service.name} {why}", service.line)
    return found


def _dangers(service: Service) -> Iterator[tuple[str, Severity, str]]:
    """What gives a service power over the machine."""
    raw = service.raw
    if raw.get("privileged") is True:
        yield (
            "privileged",
            "danger",
            "is privileged: it can do anything on this machine. Remove it if you can.",
        )
    for name in ("network_mode", "pid", "ipc", "userns_mode"):
        if raw.get(name) == "host":
            yield (
                "host-namespace",
                "warning",
                f"shares the machine's own {name.partition('_')[0]}. Remove it if you can.",
            )
    powers = {item.upper().removeprefix("CAP_") for item in stack.strings(raw.get("cap_add"))} & POWERS
    if powers:
        names = ", ".join(sorted(powers))
        yield "capability", "warning", f"is given {names}, with which it can leave its container."
    for source in stack.mounted(service):
        if "docker.sock" in source:
            yield "docker-socket", "danger", "may speak to the container engine, and so rules this machine."
        elif source.startswith(("/", "~", "$HOME", "${HOME", "..")) and not source.startswith(HARMLESS):
            why = f"reaches {source[:80]} of this machine. Keep its data in a volume instead."
            yield "host-mount", "warning", why
    if service.engine and service.ports:
        yield (
            "published-database",
            "warning",
            f"publishes its port {service.ports[0][0]}: anyone can reach the database. Remove its ports.",
        )
