"""What files of other platforms say that maps to settings: a Procfile's `release` line, and `app.json`."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple, cast

from jarvis.settings import check, wishes
from jarvis.settings.wishes import Wish

Json = dict[str, Any]

APP = "app.json"
LARGEST = 256 * 1024
_RELEASE = re.compile(r"^release:(.*)$", re.MULTILINE)
_PLAIN = re.compile(r"[^a-z0-9]+")


class Found(NamedTuple):
    """What was understood.

    Attributes:
        settings: Members of the service's settings.
        sources: Member → the file that says it.
        remarks: What was left aside, for people.
        env: Variables that they want.
    """

    settings: Json
    sources: dict[str, str]
    remarks: list[str]
    env: tuple[Wish, ...] = ()


def read(tree: Path) -> Found:
    """What they say. A file that cannot be read says nothing: it is another platform's."""
    members: Json = {}
    sources: dict[str, str] = {}
    remarks: list[str] = []
    match = _RELEASE.search(_text(tree / "Procfile"))
    if match and match[1].strip():
        members["release"] = match[1].strip()
    sources |= dict.fromkeys(members, "Procfile")
    app = _app(tree / APP)
    for name, value in _mapped(app).items():
        if name not in members:
            members[name], sources[name] = value, APP
    remarks += [
        f"app.json: scripts.{name} is not run. What each deploy needs is a release command."
        for name in ("postdeploy", "dokku.postdeploy")
        if _at(app, "scripts", *name.split("."))
    ]
    env, wrong = wishes.read(app.get(wishes.KEY) or {}, required=True)
    remarks += [f"app.json: {one.said} It is left aside." for one in wrong]
    good, problems = check.checked(members)
    for one in problems:
        remarks.append(f"{sources[str(one.place[0])]}: {one.said} It is left aside.")
        good.pop(str(one.place[0]), None)
    said = tuple(one._replace(source=APP) for one in env)
    return Found(good, {name: source for name, source in sources.items() if name in good}, remarks, said)


def _text(file: Path) -> str:
    try:
        if file.is_symlink() or file.stat().st_size > LARGEST:
            return ""
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _app(file: Path) -> Json:
    try:
        found = json.loads(_text(file) or "{}")
    except (ValueError, RecursionError):
        return {}
    return cast("Json", found) if isinstance(found, dict) else {}


def _mapped(app: Json) -> Json:
    """Dokku's `healthchecks`, `cron` and `scripts`, and Heroku's `formation`."""
    found: Json = {}
    before = _at(app, "scripts", "dokku", "predeploy")
    if isinstance(before, str) and before.strip():
        found["release"] = before.strip()
    checks = _at(app, "healthchecks", "web")
    for one in cast("list[Any]", checks) if isinstance(checks, list) else ():
        row: Json = cast("Json", one) if isinstance(one, dict) else {}
        if row.get("path") and row.get("type", "startup") == "startup":
            found["health"] = {"path": row["path"]}
            break
    jobs = app.get("cron")
    if isinstance(jobs, list) and jobs:
        found["cron"] = [_job(number, job) for number, job in enumerate(cast("list[Any]", jobs), 1)]
    quantity = _at(app, "formation", "web", "quantity")
    if isinstance(quantity, int) and quantity > 1:
        found["replicas"] = quantity
    return found


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = cast("Json", value).get(name) if isinstance(value, dict) else None
    return value


def _job(number: int, job: Any) -> Json:
    row: Json = cast("Json", job) if isinstance(job, dict) else {}
    words = _PLAIN.sub("-", str(row.get("command", "")).lower()).strip("-")[:24].strip("-")
    return {
        "name": f"{words or 'job'}-{number}",
        "schedule": row.get("schedule", ""),
        "command": row.get("command", ""),
    }
