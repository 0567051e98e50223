"""A plan in words, for tasks, pages and the command line. Pure."""

from typing import Any, cast

from jarvis.deployments.plans.members import each, part
from jarvis.settings import keys, table, values

Json = dict[str, Any]


def sections(plan: Json) -> dict[str, list[str]]:
    """Heading → sentences; headings with nothing to say are left out."""
    found = {
        "changes": [*_what(plan), *_settings(plan), *_environment(plan), *_along(plan)],
        "names": _names(plan),
        "while it happens": _meanwhile(plan),
        "removed afterwards": _removed(plan),
        "to do": [str(text) for text in each(plan, "todo")],
        "warnings": [str(text) for text in each(plan, "warnings")],
    }
    return {heading: said for heading, said in found.items() if said}


def _short(text: Any) -> str:
    return str(text).removeprefix("sha256:")[:12] if text else "nothing"


def _what(plan: Json) -> list[str]:
    artifact, what, runtime = part(plan, "artifact"), part(plan, "what"), part(plan, "runtime")
    build, image = part(plan, "build"), part(plan, "image")
    said = [
        f"“{plan['service']}” is new."
        if plan["new"]
        else f"It takes the place of deployment {str(plan['replaces'])[:8]}."
    ]
    if artifact["sha256"] == artifact["before"]:
        said.append(f"The artifact is the one that runs: {_short(artifact['sha256'])}.")
    elif artifact["before"]:
        said.append(f"Artifact: {_short(artifact['before'])} → {_short(artifact['sha256'])}.")
    else:
        said.append(f"Artifact: {_short(artifact['sha256'])}.")
    said += _files(part(artifact, "files"))
    title, before = what["title"], what["before"]
    if title:
        said.append(f"It is {title}." if before in (None, title) else f"It was {before}; now it is {title}.")
    name, old = runtime["name"], runtime["before"]
    how = f"“{name}”" if old in (None, name) else f"“{name}”, no longer “{old}”"
    copies = f", {runtime['copies']} copies" if runtime["copies"] > 1 else ""
    said.append(f"It runs as {how}{copies}. {runtime['why']}".strip())
    if each(build, "changed"):
        said.append(f"It is built differently: {', '.join(each(build, 'changed'))}.")
    said += [f"Built on the image {one}." for one in each(build, "images")]
    if plan["action"] == "rollback" and image["id"]:
        said.append(f"Image: {_short(image['before'])} → {_short(image['id'])}.")
    said += [
        f"Image of {one['name']}: {_short(one['before'])} → {_short(one['id'])}."
        for one in each(image, "parts")
    ]
    return said


def _files(files: Json) -> list[str]:
    if not files:
        return []
    if files["added"] is None:
        return [f"{files['count']:,} files."]
    names = part(files, "names")
    said: list[str] = []
    for sort in ("added", "changed", "removed"):
        if files[sort]:
            shown = ", ".join(names.get(sort, []))
            more = files[sort] - len(names.get(sort, []))
            said.append(f"{files[sort]:,} {sort}: {shown}{f' and {more:,} more' if more else ''}.")
    return said or ["No file differs."]


def _settings(plan: Json) -> list[str]:
    return [
        f"Setting {one['name']}: {_set(one['name'], one['before'])} → {_set(one['name'], one['after'])}"
        + (f" ({one['source']})." if one.get("source") else ".")
        for one in each(plan, "settings")
        if not (plan["new"] and one["after"] == one["before"])
    ]


def _set(name: str, item: Any) -> str:
    """A value of this setting as people write it: 200MB, 2m."""
    if any(isinstance(row, dict) for row in each({name: item}, name)):
        return table.shown(name, item)
    key = keys.key(name)
    if key is None or isinstance(item, bool) or not isinstance(item, int | float):
        return value(item)
    return values.amount(key, item) if item else "nothing"


def value(item: Any) -> str:
    """A setting's value in words."""
    if isinstance(item, bool):
        return "yes" if item else "no"
    if item in (None, "", []):
        return "nothing"
    if isinstance(item, list):
        return ", ".join(value(one) for one in cast("list[Any]", item))
    if isinstance(item, dict):
        return " ".join(value(one) for one in cast("Json", item).values())
    return str(item)


def _environment(plan: Json) -> list[str]:
    environment = part(plan, "environment")
    secrets = set(each(environment, "secrets"))
    said: list[str] = []
    for sort in ("added", "changed", "removed"):
        names = [f"{name} (secret)" if name in secrets else name for name in each(environment, sort)]
        if names:
            said.append(f"Environment, {sort}: {', '.join(names)}.")
    return said


def _along(plan: Json) -> list[str]:
    """What is set together with the deploy: names, never values."""
    along = part(plan, "along")
    secrets = set(each(part(plan, "environment"), "secrets"))
    named = [f"{name} (secret)" if name in secrets else name for name in each(along, "variables")]
    given, gone = [*named, *each(along, "settings")], [*each(along, "unset"), *each(along, "taken_back")]
    return [
        *([f"Set with it, for later deploys too: {', '.join(given)}."] if given else ()),
        *([f"Taken back with it, for later deploys too: {', '.join(gone)}."] if gone else ()),
    ]


def _names(plan: Json) -> list[str]:
    routes = part(plan, "routes")
    said = [f"It answers to {', '.join(each(routes, 'hosts'))}."]
    if not plan["new"] and each(routes, "added"):
        said.append(f"New: {', '.join(each(routes, 'added'))}.")
    if each(routes, "removed"):
        said.append(f"Given up: {', '.join(each(routes, 'removed'))}.")
    said += [f"New part: {path}." for path in each(routes, "paths_added")]
    said += [f"Part given up: {path}." for path in each(routes, "paths_removed")]
    told = part(plan, "records")
    said += [f"DNS record that counts again: {line}." for line in each(told, "wanted")]
    said += [f"DNS record that counts no more: {line}." for line in each(told, "unwanted")]
    return said


def _meanwhile(plan: Json) -> list[str]:
    wait, disk = part(plan, "downtime"), part(plan, "disk")
    seconds = wait["seconds"]
    first = "It keeps answering. " if seconds == 0 else "It will not answer for a while. "
    said = [f"{'' if plan['new'] else first}{wait['why']}"]
    known = [step["seconds"] for step in each(plan, "steps") if step.get("seconds") is not None]
    if known:
        said.append(f"It takes about {sum(known):.0f} s, as before.")
    if disk:
        said.append(
            f"It needs {disk['needed'] / 1e6:,.1f} MB of the disk; {disk['free'] / 1e9:,.1f} GB are free."
        )
    said += [
        f"Volume {one['name']} at {one['path']}: "
        + {"new": "is made.", "kept": "stays.", "unused": "is not used any more, and stays."}[one["state"]]
        for one in each(plan, "volumes")
    ]
    if plan.get("approval"):
        said.append("A person has to agree before it goes on.")
    return said


def _removed(plan: Json) -> list[str]:
    return [f"Release {release[:8]}: more are not kept." for release in each(plan, "removes")]
