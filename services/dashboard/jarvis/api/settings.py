"""Operations on the settings of a service."""

from typing import Any

from flask import Response, g
from sqlalchemy.orm import Session

from jarvis.accounts.roles import Role
from jarvis.api import etag
from jarvis.api.idempotency import PRIVATE
from jarvis.api.operation import answer, operation, read_body
from jarvis.api.setting_shapes import SettingsChange, SettingsChanged, SettingsRow
from jarvis.deployments import first
from jarvis.settings import passwords, stored, table, typed
from models import Deployment, Service
from services.db_service import db_service

Json = dict[str, Any]


def show(session: Session, service: Service) -> Json:
    """The settings of a service as GET answers them."""
    told = stored.shown(service)
    now = session.get(Deployment, service.deployment_id) if service.deployment_id else None
    configuration: Json = now.configuration if now else {}
    set_by = f"set by {told['by']}, {str(told['at'])[:10]}"
    runs: Json = configuration.get("settings") or {}
    sources: dict[str, str] = configuration.get("settings_from") or {}
    return {
        "service": service.name,
        **told,
        "items": table.rows(told["members"], set_by, runs, sources),
    }


@operation(
    "GET",
    "/services/<name>/settings",
    tag="services",
    summary="Show the settings of a service, where each comes from, and what runs",
    role=Role.VIEWER,
    answers={200: SettingsRow},
)
def show_settings(name: str) -> Response:
    """What counts from the next deploy on."""
    with db_service.get_session() as session:
        return answer(show(session, stored.row(session, name)))


@operation(
    "PATCH",
    "/services/<name>/settings",
    tag="services",
    summary="Change settings of a service, from its next deploy on",
    role=Role.ADMIN,
    body=SettingsChange,
    example={"set": {"limits": {"memory": "512MB"}}, "unset": ["release"]},
    answers={200: SettingsChanged},
)
def change_settings(name: str) -> Response:
    """Change them all, or none."""
    body = read_body(SettingsChange)
    with db_service.get_session() as session:
        service, new = (
            first.prepare(session, name)
            if body.set or body.text
            else (stored.row(session, name, lock=True), False)
        )
        etag.check(show(session, service))
        given = passwords.sealed({**body.set, **typed.members(body.text, stored.members(service))})
        changed = stored.change(service, given, body.unset, g.caller.name)
        session.flush()
        told: Json = {
            **show(session, service),
            "changed": changed,
            "message": effect(session, name, changed, new),
        }
    made = answer(told)
    made.headers["Cache-Control"] = PRIVATE
    return made


def effect(session: Session, service: str, changed: list[str], new: bool) -> str:
    """When a change takes effect, and what to type for it; `new` when nothing was ever set for the name."""
    if not changed:
        return "Nothing changed: all of it was so already."
    if not first.is_deployed(session, service):
        return first.told(session, service, new=new)
    return f"This takes effect with the next deploy of {service}: jarvis redeploy {service}"
