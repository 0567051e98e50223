"""What the machine of this worker can do for an artifact."""

import shutil
from typing import Any

import config
from jarvis.builds import surroundings
from jarvis.deployments.runtime import Machine
from jarvis.runtimes.docker import engine
from jarvis.runtimes.swarm import nodes

Json = dict[str, Any]


def look(plan: Json, wanted: str = "") -> Machine:
    """What there is of what the plan needs. Only the worker may ask: it is he who may use Docker.

    Args:
        plan: How it is made.
        wanted: The runtime that its settings ask for.
    """
    recipe = plan.get("recipe")
    path = ":".join(surroundings.system_path(config.environment()))
    missing = [name for name in (recipe["programs"] if recipe else ()) if not shutil.which(name, path=path)]
    docker = engine.available()
    manages = docker and wanted == "swarm" and nodes.manages()
    return Machine(docker=docker, missing=tuple(missing), manages=manages)
