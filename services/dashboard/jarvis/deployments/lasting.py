"""What a program keeps in files that the next version begins without. Pure."""

from collections.abc import Sequence
from typing import Any

from jarvis.deployments.plans.members import each, part

Json = dict[str, Any]

LOST = "lost"
"""By this name a deploy remembers what `lost` said, until its image tells what stays."""


def lost(configuration: Json, service: str) -> list[str]:
    """A warning for people where its data would go with the next deploy.

    Args:
        configuration: Of the deployment, or of the plan of one.
        service: Whose it is.
    """
    if each(part(configuration, "settings"), "volumes"):
        return []
    found: Sequence[Json] = part(configuration, "verdict").get("needs") or ()
    needs = [one for one in found if one["level"] == "embedded"]
    folder = "data" if configuration.get("runtime") == "process" else "/data"
    return [
        f"It keeps its data in a file ({one['engine']}, as {one['file']} says), and the next deploy begins "
        f"without what was written beside the program. Let a folder stay, and keep the file in it: "
        f"jarvis settings set {service} volumes.data={folder}"
        for one in needs[:1]
    ]
