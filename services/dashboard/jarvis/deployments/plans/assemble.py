"""Put a plan together from what comes and from what is. Pure: the same facts give the same plan.

The configuration of a deployment is the record of a release. A plan compares the one that a deploy would
write with the one that runs.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from jarvis.artifacts.title import title
from jarvis.deployments import lasting
from jarvis.deployments.addresses import records
from jarvis.deployments.downtime import expected
from jarvis.deployments.plans import environment, members
from jarvis.deployments.plans.members import each, part
from jarvis.deployments.plans.situation import Situation

Json = dict[str, Any]

MATTERS = (
    "action",
    "service",
    "domain",
    "replaces",
    "artifact.sha256",
    "what.sha256",
    "build.sha256",
    "runtime.name",
    "image.id",
    "routes.hosts",
    "routes.paths",
    "routes.conflicts",
    "environment.version",
    "settings_sha256",
    "downtime.seconds",
    "downtime.why",
    "along.sha256",
)
"""What the hash is of. Times, room on the disk, the order of cleaning and what is said besides are not."""
LATER = ("along.sha256",)
"""Hashed only where something is said: plans that were made before these were known still hold."""


def plan(
    new: Json,
    situation: Situation,
    *,
    action: str = "deploy",
    about: Mapping[str, Any] | None = None,
    steps: Sequence[Mapping[str, Any]] = (),
) -> Json:
    """What a deploy will make, change and remove.

    Args:
        new: The configuration that the deployment would have.
        situation: What is now.
        action: `deploy` or `rollback`.
        about: What only somebody knows who has the artifact at hand: `files`, `disk`.
        steps: What will be done: name, title and, from earlier runs, seconds.

    Returns:
        The plan, with its `hash`.
    """
    about = about or {}
    now = situation.running
    wait = expected(new, now)
    made: Json = {
        "action": action,
        "service": situation.service,
        "domain": situation.domain,
        "new": situation.is_new,
        "replaces": situation.replaces,
        "artifact": _artifact(new, now, about),
        "what": _what(new, now),
        "build": _build(new, now),
        "runtime": _runtime(new, now),
        "image": {**_changed("id", new.get("image"), (now or {}).get("image")), "parts": _images(new, now)},
        "steps": [dict(step) for step in steps],
        "routes": _routes(new, now, situation),
        "records": _records(new, now, situation),
        "environment": environment.compared(new, now, situation),
        "settings": members.differences(new, now),
        "settings_sha256": checksum(part(new, "settings")),
        "along": new.get("along"),
        "volumes": members.volumes(new, now),
        "downtime": {"seconds": wait.seconds, "why": wait.why},
        "disk": about.get("disk"),
        "removes": situation.removes(new),
        "approval": bool(part(new, "settings").get("approval")) and action == "deploy",
        "todo": _todo(new, situation),
        "warnings": _warnings(new, situation),
    }
    return {**made, "hash": hashed(made)}


def checksum(value: Any) -> str:
    """SHA-256 of canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def hashed(made: Json) -> str:
    """The hash of a plan: of what matters in it, and of nothing else."""
    told = {path: value_at(made, path) for path in MATTERS}
    return checksum({path: value for path, value in told.items() if value is not None or path not in LATER})


def core(made: Json) -> Json:
    """What matters of a plan, and its hash: enough to hold another one against it."""
    found: Json = {"hash": made["hash"]}
    for path in MATTERS:
        *above, last = path.split(".")
        place = found
        for key in above:
            place = place.setdefault(key, {})
        place[last] = value_at(made, path)
    return found


def value_at(made: Json, path: str) -> Any:
    """A member of a plan, such as `build.sha256`; None where it is not."""
    value: Any = made
    for key in path.split("."):
        value = cast("Json", value).get(key) if isinstance(value, dict) else None
    return value


def _changed(key: str, new: Any, now: Any) -> Json:
    return {key: new, "before": now}


def _artifact(new: Json, now: Json | None, about: Mapping[str, Any]) -> Json:
    before = (now or {}).get("artifact_sha256")
    return {"sha256": new.get("artifact_sha256"), "before": before, "files": about.get("files")}


def _what(new: Json, now: Json | None) -> Json:
    verdict, before = part(new, "verdict"), part(now, "verdict")
    return {
        "kind": verdict.get("kind"),
        "title": _title(verdict),
        "sure": verdict.get("confidence"),
        "before": _title(before),
        "sha256": checksum(verdict),
    }


def _title(verdict: Json) -> str | None:
    return title(verdict) if {"kind", "language", "framework"} <= verdict.keys() else None


def _build(new: Json, now: Json | None) -> Json:
    plan_, before = part(new, "plan"), part(now, "plan")
    image = new.get("runtime") in {"container", "compose", "swarm"}
    made = new.get("runtime") != "static" or bool(plan_.get("recipe"))
    changed = [key for key in sorted({*plan_, *before}) if plan_.get(key) != before.get(key)]
    return {
        "sha256": new.get("plan_sha256"),
        "before": (now or {}).get("plan_sha256"),
        "uses": plan_.get("uses"),
        "changed": [key for key in changed if key != "sha256"] if before and plan_ else [],
        "images": sorted({str(one["name"]) for one in each(plan_, "images")}) if image else [],
        "commands": [str(text) for text in part(plan_, "steps").values() if text] if made else [],
    }


def _runtime(new: Json, now: Json | None) -> Json:
    return {
        "name": new.get("runtime"),
        "before": (now or {}).get("runtime"),
        "why": new.get("runtime_why") or "",
        "copies": int(part(new, "settings").get("replicas", 1)),
    }


def _routes(new: Json, now: Json | None, situation: Situation) -> Json:
    hosts, before = each(new, "hosts"), each(now, "hosts")
    paths, old = members.paths(new), members.paths(now or {})
    return {
        "hosts": sorted(hosts),
        "added": [host for host in hosts if host not in before],
        "removed": [host for host in before if host not in hosts],
        "paths": paths,
        "paths_added": [path for path in paths if path not in old],
        "paths_removed": [path for path in old if path not in paths],
        "conflicts": [
            {"host": host, "service": owner} for host, owner in sorted(situation.owners(hosts).items())
        ],
    }


def _images(new: Json, now: Json | None) -> list[Json]:
    """Of a compose file, the images that differ; nothing where they are not made yet."""
    after, before = part(new, "images"), part(now, "images")
    names = sorted({*after, *before}) if after else []
    found = [{"name": name, **_changed("id", after.get(name), before.get(name))} for name in names]
    return [one for one in found if one["id"] != one["before"]]


def _records(new: Json, now: Json | None, situation: Situation) -> Json:
    hosts, before = each(new, "hosts"), each(now, "hosts")
    # Of what was never deployed nobody knows the records yet, only the names.
    after_ = {records.line(one) for one in each(new, records.KEY)} if records.KEY in new else None
    before_ = {records.line(one) for one in each(now, records.KEY)}
    return {
        "added": [host for host in hosts if host not in situation.leading and host not in before],
        "removed": [host for host in before if host not in hosts],
        "wanted": sorted(after_ - before_) if after_ is not None else [],
        "unwanted": sorted(before_ - after_) if after_ is not None else [],
    }


def _todo(new: Json, situation: Situation) -> list[str]:
    missing = environment.missing(new, situation)
    said = [
        f"Set {name}: it does not do without. jarvis env set {situation.service} {name}=…" for name in missing
    ]
    said += [
        f"Point {host} at this machine: its name does not lead here yet."
        for host in each(new, "hosts")
        if host not in situation.leading
    ]
    owners = situation.owners(each(new, "hosts"))
    said += [f"{host} belongs to the service “{owner}”: choose another." for host, owner in owners.items()]
    return said


def _warnings(new: Json, situation: Situation) -> list[str]:
    findings: list[Json] = each(part(new, "verdict"), "findings")
    said = [f"{one['why']} ({one['file'] or '.'})" for one in findings if one["severity"] == "danger"]
    # Those of the build plan speak of an image: which version of a language it gets, and the like.
    images = new.get("runtime") in {"container", "compose", "swarm"}
    if new.get("runtime") == "process":  # an image says itself what stays
        said += lasting.lost(new, situation.service)
    return [*said, *(each(part(new, "plan"), "warnings") if images else ())]
