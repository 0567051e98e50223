"""How a compose file becomes a release: read, checked, its files copied, its images built or pulled."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jarvis.analysis.engines import of_image
from jarvis.analysis.yamls import load
from jarvis.deployments import settings
from jarvis.deployments.compose import allowed
from jarvis.deployments.programs.program import home
from jarvis.deployments.variables import of_release
from jarvis.errors import InvalidInput
from jarvis.runtimes.compose import files, groups, override, public, read, rules, source
from jarvis.runtimes.compose.rules import items, part
from jarvis.runtimes.compose.stack import Stack
from jarvis.runtimes.docker import engine
from jarvis.runtimes.docker.image import Image
from jarvis.settings import versions
from jarvis.workflows import ledger

Json = dict[str, Any]
Say = Callable[[str], None]

COPIES = ".files"
"""The folder beside the releases of a service with the files that its containers see."""


@dataclass(frozen=True)
class Seen:
    """A compose file that may run here.

    Attributes:
        document: With everything filled in; nothing in it leads to the artifact but what is built.
        uses: Permissions that it needs, and has.
        said: What a person should know.
        ports: Whether ports of the machine may lead into its containers.
    """

    document: Json
    uses: list[str] = field(default_factory=list[str])
    said: list[str] = field(default_factory=list[str])
    ports: bool = False

    @property
    def databases(self) -> list[str]:
        """Services whose image is known to be a database or a queue."""
        services = part(self.document, "services")
        return sorted(name for name, raw in services.items() if of_image(str(raw.get("image") or "")))

    def published(self, public_name: str, port: int) -> list[str]:
        """Services that get a port of the machine; the one that visitors reach has the proxy's."""
        return [
            name
            for name, raw in part(self.document, "services").items()
            if self.ports
            and any(
                one.get("published") and not (name == public_name and one.get("target") == port)
                for one in items(raw, "ports")
            )
        ]


def look(facts: Json, tree: Path, plan: Json, *, make: bool = False) -> Seen:
    """Read and check the compose file of an artifact.

    Args:
        facts: Of the deployment, or what stands for them in a plan: `service` and `configuration`.
        tree: The unpacked artifact.
        plan: With `file` and `root`.
        make: Copy the files that its containers see.

    Raises:
        InvalidInput: It is wrong, uses a variable that nobody set, or asks for what nobody allowed.
    """
    service, tree = facts["service"], tree.resolve()
    file = tree / plan["root"] / plan["file"]
    file = file if file.is_file() else tree / plan["file"]
    source.check(tree, file, load)
    variables = {**of_release(facts, at="build"), **of_release(facts, at="run")}
    document = read.read(service, tree, file, variables)
    permitted = allowed.now(service)
    uses = rules.check(document, tree, permitted, service)
    document, said = files.own(document, tree, home().apps / service / COPIES, variables, make=make)
    return Seen(document, list(uses), said, ports="ports" in permitted)


def outline(facts: Json, tree: Path, plan: Json) -> Json:
    """What a plan may tell of a stack, and a later plan compares; as `groups.outline`.

    Raises:
        InvalidInput: As `look`.
    """
    if "environment" not in facts["configuration"]:
        newest = ledger.patiently(lambda session: versions.newest(session, facts["service"]))
        number = newest.number if newest else 0
        facts = {**facts, "configuration": {**facts["configuration"], "environment": number}}
    seen = look(facts, tree, plan)
    try:
        wanted = settings.of(facts)
        name = public.choose(seen.document, wanted.public, seen.databases)
        port = public.port(seen.document["services"][name], wanted.port)
    except InvalidInput:  # its images may say more, and they are not there yet
        name, port = "", 0
    kept = groups.reasons(seen.document, seen.databases, seen.published(name, port))
    said = groups.outline(seen.document, kept, _key())
    return {"public": name, "domains": list(public.domains(seen.document, name)), "uses": seen.uses, **said}


def _key() -> bytes:
    try:
        return home().session_key.read_bytes()
    except FileNotFoundError:
        return engine.owner().encode()


def stack_of(facts: Json, seen: Seen, images: dict[str, Image]) -> tuple[Stack, list[str]]:
    """The release, and what a person should know of it.

    Args:
        facts: Of the deployment.
        seen: Its compose file.
        images: Service → its image.

    Raises:
        InvalidInput: It is not clear which service visitors reach.
    """
    wanted, document = settings.of(facts), seen.document
    said = _declared(document, images)
    exposed = {name: one.ports for name, one in images.items()}
    name = public.choose(document, wanted.public, seen.databases, exposed)
    port = public.port(document["services"][name], wanted.port, exposed.get(name, ()))
    published = seen.published(name, port)
    made = Stack(
        service=facts["service"],
        release=facts["deployment_id"],
        document=document,
        public=name,
        port=port,
        images={other: one.id for other, one in images.items()},
        kept=groups.reasons(document, seen.databases, published),
        once=groups.once(document),
        uses=sorted({*seen.uses, *(["ports"] if published else [])}),
    )
    notes = override.notes(made, ports=seen.ports)
    return made, [*seen.said, *said, *notes, *public.suggestions(document, facts["hosts"])]


def _declared(document: Json, images: dict[str, Image]) -> list[str]:
    """Let paths be volumes that an image says must outlive it; a nameless volume would be lost."""
    said: list[str] = []
    for name, raw in sorted(part(document, "services").items()):
        there = {str(mount["target"]).rstrip("/") for mount in items(raw, "volumes")}
        there |= {str(one).partition(":")[0].rstrip("/") for one in items(raw, "tmpfs")}
        for path in images[name].volumes:
            if path.rstrip("/") not in there:
                volume = files.volume_name(f"{name}-{path}")
                raw.setdefault("volumes", []).append({"type": "volume", "source": volume, "target": path})
                said.append(f"{name}: {path} is the volume {volume}, since its image wants it kept.")
    return said
