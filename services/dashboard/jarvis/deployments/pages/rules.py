"""Rules of a deployment for the gate: from its pages and from the settings that it runs with."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from jarvis.deployments import settings
from jarvis.deployments.addresses import hosts
from jarvis.mark import RULES
from jarvis.proxy.rules import compile as rules
from jarvis.proxy.rules.compile import Written

Json = dict[str, Any]


def read(facts: Json, root: Path, pages: Collection[str]) -> Written:
    """What `_redirects` and `_headers` in the folder that is served say.

    Raises:
        InvalidInput: A line cannot be meant, or would do harm.
    """
    return rules.read(root, pages, clean=settings.of(facts).clean)


def text(facts: Json, written: Json | None = None) -> str:
    """All rules of the deployment, as the gate reads them; empty where there are none."""
    wanted = settings.of(facts)
    return rules.text(
        facts["service"],
        written or {},
        hosts=hosts.leads(facts["domain"], wanted),
        routes={one.path.strip("/"): {"service": one.service, "strip": one.strip} for one in wanted.routes},
        logins={one.user: one.password for one in wanted.logins},
    )


def are_there(release: Path) -> bool:
    """Has a release rules at all?"""
    return (release / RULES).is_file()
