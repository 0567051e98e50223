"""What the machine of this worker can do for an artifact."""

import shutil
from typing import Any

import config
from jarvis.builds import surroundings
from jarvis.deployments.runtime import Machine
from jarvis.runtimes.docker import engine

Json = dict[str, Any]


def look(plan: Json) -> Machine:
    """What there is of what the plan needs. Only the worker may ask: it is he who may use Docker."""
    recipe = plan.get("recipe")
    path = ":".join(surroundings.system_path(config.environment()))
    missing = [name for name in (recipe["programs"] if recipe else ()) if not shutil.which(name, path=path)]
    return Machine(docker=engine.available(), missing=tuple(missing))
