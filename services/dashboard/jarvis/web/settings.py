"""The page of a service's settings: one form, which needs no script; what is wrong stands at its field."""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jarvis.accounts.roles import Role, may
from jarvis.api import settings as api
from jarvis.api.operation import RULES
from jarvis.deployments import first
from jarvis.deployments import request as requests
from jarvis.errors import Conflict, InvalidInput, NotFound
from jarvis.settings import keys, passwords, stored, table, typed
from jarvis.settings.stored import flat
from models import Service
from services.db_service import db_service

Json = dict[str, Any]

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("How it runs", ("runtime", "port", "replicas", "placement", "release", "public")),
    ("Health", ("health.path", "health.status", "health.patience", "health.interval", "unhealthy")),
    ("Limits", ("limits.memory", "limits.cpus", "limits.processes")),
    ("Deploys", ("approval", "drain", "soak", "keep")),
    ("Names", ("domains", "www", "https", "hsts", "routes", "logins")),
    ("Pages", ("spa", "clean")),
    ("What stays, and what runs at its times", ("volumes", "cron")),
)
"""Every setting once, in the order of the page."""
LONGEST = 20_000
"""Signs of one field."""

blueprint = Blueprint("settings", __name__)


class Field(NamedTuple):
    """One setting as the form shows it.

    Attributes:
        row: As the API shows it.
        kind: `text`, `choice`, `flag` or `lines`.
        words: Of a choice.
        text: What stands in the field: what a person set, or has just typed.
        example: What could stand there.
        wrong: What is wrong with it: a sentence and a hint.
    """

    row: Json
    kind: str
    words: tuple[str, ...]
    text: str
    example: str
    wrong: tuple[str, str] | None


@blueprint.post("/services")
def prepare() -> Response:
    """Keep the name of a service that is deployed later."""
    with db_service.get_session() as session:
        name = first.prepare(session, request.form.get("name", "").strip())[0].name
    return redirect(url_for("pages.service", name=name), 303)


@blueprint.get("/services/<name>/settings")
def show(name: str) -> str:
    """All settings, where each comes from, and a field for each."""
    with db_service.get_session() as session:
        return _page(session, _row(session, name), {}, None)


@blueprint.post("/services/<name>/settings")
def change(name: str) -> Response | tuple[str, int]:
    """Set what the form says, and deploy again where that is wished."""
    form = {key: text.replace("\r\n", "\n").strip() for key, text in request.form.items()}
    if any(len(text) > LONGEST or "\x00" in text for text in form.values()):
        raise InvalidInput("A field is too long, or holds the sign NUL.", "Go back and shorten it.")
    with db_service.get_session() as session:
        service = _row(session, name, lock=True)
        try:
            _check_seen(service, form.get("version", ""))
            given, unset = _meant(form, stored.members(service))
            stored.change(service, passwords.sealed(given), unset, g.caller.name)
        except (InvalidInput, Conflict) as error:
            return _page(session, service, form, error), error.status
        session.flush()
        if form.get("do") == "redeploy":
            made = requests.redeploy(session, name=name, by=g.caller.name)
            return redirect(url_for("pages.deployment", id=made.id), 303)
    return redirect(url_for("settings.show", name=name), 303)


def _row(session: Session, name: str, *, lock: bool = False) -> Service:
    if not name.isprintable():  # the database refuses some of what can stand in an address
        raise NotFound("There is no such service.", "See the overview for the services there are.")
    return stored.row(session, name, lock=lock)


def _check_seen(service: Service, version: str) -> None:
    if version != str(stored.shown(service)["version"]):
        raise Conflict(
            "Somebody else changed the settings since you opened this page.",
            "What they set is now said at each field. Save again to set what you typed.",
        )


def _meant(form: Mapping[str, str], before: Json) -> tuple[Json, list[str]]:
    """What to set and what to take back: the fields that are not as they were."""
    texts: dict[str, str] = {}
    given: Json = {}
    unset: list[str] = []
    for name in keys.NAMES:
        if name not in form or form[name] == _text(name, before):
            continue
        if not form[name]:
            unset.append(name)
        elif keys.table(name) is not None:
            given[name] = _entries(name, form[name])
        else:
            texts[name] = form[name]
    return {**given, **typed.members(texts, before)}, unset


def _entries(name: str, text: str) -> list[Json]:
    """The lines of a field as entries of a table: `data=data` each."""
    found: list[Json] = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        label, given, rest = line.partition("=")
        if given:
            made = typed.members({f"{name}.{label.strip()}": rest.strip()}, {})
            found += made[name]
        else:  # a login that keeps its password, or an entry that lacks something and is told so
            one = keys.table(name)
            found.append({one.by: label} if one else {})
    return found


def _text(name: str, members: Json) -> str:
    """What a person set, as it stands in the field."""
    value = flat(stored.hidden(members)).get(name)
    if isinstance(value, list) and keys.table(name) is not None:
        return "\n".join(table.shown(name, [one]) for one in cast("list[Any]", value))
    return table.shown(name, value)


def _page(
    session: Session, service: Service, form: Mapping[str, str], error: InvalidInput | Conflict | None
) -> str:
    told = api.show(session, service)
    rows = {row["name"]: row for row in told["items"]}
    members = stored.members(service)
    wrong = _wrong(error)
    groups = [
        (title, [_field(rows[name], members, form, wrong.get(name)) for name in names])
        for title, names in GROUPS
    ]
    return render_template(
        "settings.html",
        name=service.name,
        groups=groups,
        told=told,
        error=error,
        may=may(g.caller.role, Role.ADMIN),
        deployed=service.deployment_id is not None,
        begun=first.is_deployed(session, service.name),
        waiting=[row["title"] for row in told["items"] if row["pending"]] if service.deployment_id else [],
        longest=LONGEST,
    )


def _field(row: Json, members: Json, form: Mapping[str, str], wrong: tuple[str, str] | None) -> Field:
    name = row["name"]
    text = form[name] if name in form else _text(name, members)
    one, several = keys.key(name), keys.table(name)
    if several is not None:
        example = several.example.partition(".")[2].replace("'", "")
        return Field(row, "lines", (), text, example, wrong)
    kind = one.kind if one and one.kind in {"choice", "flag"} else "text"
    words = one.words if one else ()
    return Field(row, kind, words, text, row["shown"] or (f"such as {one.example}" if one else ""), wrong)


def _wrong(error: InvalidInput | Conflict | None) -> dict[str, tuple[str, str]]:
    """Setting → what is wrong with it."""
    found: dict[str, tuple[str, str]] = {}
    problems: list[Json] = error.facts.get("problems", []) if error else []
    for problem in problems:
        place = str(problem["key"])
        name = next((one for one in keys.NAMES if place == one or place.startswith(f"{one}.")), "")
        found.setdefault(name, (problem["message"], problem["hint"]))
    return found


RULES.update({"settings.prepare": Role.ADMIN, "settings.show": Role.VIEWER, "settings.change": Role.ADMIN})
