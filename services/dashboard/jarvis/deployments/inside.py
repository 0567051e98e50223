"""What an unpacked artifact will be as a release: for the deploy, and for the plan that comes before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from jarvis.artifacts.examine import examine
from jarvis.deployments import effective, machine, variables
from jarvis.deployments.addresses import hosts
from jarvis.deployments.cluster import swarmed
from jarvis.deployments.compose import assembly
from jarvis.deployments.runtime import Chosen
from jarvis.deployments.runtime import chosen as runtime_of
from jarvis.runtimes.compose import public
from jarvis.settings import foreign, service
from jarvis.settings.service import ServiceSettings
from jarvis.settings.wishes import Wish

Json = dict[str, Any]


@dataclass(frozen=True)
class Inside:
    """What was found.

    Attributes:
        verdict: What it is.
        plan: How it is made.
        wanted: The settings that it will run with.
        names: The hosts that it will answer to.
        how: What will run it.
        stack: Of a compose file, what a plan may tell; see `assembly.outline`.
        sources: Name of each setting that is not a default → where it comes from.
        remarks: What was left aside, for people.
        wishes: Variables that the project wants.
        defaults: Those of them that it says itself, as a deployment keeps them.
    """

    verdict: Json
    plan: Json
    wanted: ServiceSettings
    names: tuple[str, ...]
    how: Chosen
    stack: Json = field(default_factory=dict[str, Any])
    sources: dict[str, str] = field(default_factory=dict[str, str])
    remarks: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
    defaults: Json = field(default_factory=dict[str, Any])

    def configuration(self) -> Json:
        """The members of a deployment's configuration that follow from it."""
        return {
            "verdict": self.verdict,
            "plan": self.plan,
            "plan_sha256": self.plan["sha256"],
            "runtime": self.how.runtime,
            "runtime_why": self.how.why,
            "settings": service.written(self.wanted),
            "settings_from": self.sources,
            variables.DEFAULTS: self.defaults,
            "needs": [wish.name for wish in self.wishes if wish.required],
            "generates": [wish.name for wish in self.wishes if wish.generated],
            **({"stack": self.stack} if self.stack else {}),
        }


def look(facts: Json, tree: Path, files: Mapping[str, str]) -> Inside:
    """Look at the folder `tree`. Nothing is written.

    Args:
        facts: Of the deployment, or of the plan of one: `domain`, `configuration`, `correction`.
        tree: The unpacked artifact.
        files: Paths in it → checksums.

    Raises:
        JarvisError: It cannot run here.
    """
    counts = effective.settle(tree, facts.get("person", {}))
    verdict, plan = examine(tree, {**counts.build, **facts.get("correction", {})}, files)
    wanted = counts.settings
    names = hosts.wanted(facts["domain"], wanted)
    how = runtime_of(
        verdict, plan, files, names, wanted=wanted.runtime, machine=machine.look(plan, wanted.runtime)
    )
    if how.runtime == "swarm":
        swarmed.check(wanted, [one["path"] for one in plan.get("volumes") or ()])
    # An app.json is for a platform that builds the project itself; the compose file is another way to run it.
    wishes = [one for one in counts.wishes if how.runtime != "compose" or one.source != foreign.APP]
    kept = variables.defaults(wishes)
    known = {"settings": service.written(wanted), variables.DEFAULTS: variables.supposed(wishes)}
    facts = {**facts, "configuration": {**facts["configuration"], **known}}
    stack = assembly.outline(facts, tree, plan) if how.runtime == "compose" else {}
    wanted, sources = labelled(wanted, stack, counts.sources, plan)
    names = hosts.wanted(facts["domain"], wanted)
    return Inside(verdict, plan, wanted, names, how, stack, sources, counts.remarks, tuple(wishes), kept)


def labelled(
    wanted: ServiceSettings, stack: Json, sources: dict[str, str], plan: Json
) -> tuple[ServiceSettings, dict[str, str]]:
    """The settings with the names that the label of a compose file says, where nothing else says any."""
    names = stack.get("domains")
    if not names or wanted.domains:
        return wanted, sources
    made = msgspec.structs.replace(wanted, domains=tuple(names))
    return made, {**sources, "domains": f"{plan.get('file') or 'compose file'}, label {public.DOMAIN}"}
