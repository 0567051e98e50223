"""Operations on the environment of a service. All are an administrator's: any value may be private."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, g
from sqlalchemy import select
from sqlalchemy.orm import Session

from jarvis.accounts.roles import Role
from jarvis.api import etag
from jarvis.api.idempotency import PRIVATE
from jarvis.api.operation import answer, operation, read_body
from jarvis.api.variable_shapes import Environment, EnvironmentChange, EnvironmentChanged, EnvironmentImport
from jarvis.deployments import first
from jarvis.errors import NotFound
from jarvis.settings import dotenv, variables, versions
from jarvis.settings.variables import Given
from models import Service
from services.db_service import db_service


def _known(session: Session, name: str) -> bool:
    """Whether there is a service `name`."""
    return session.scalars(select(Service.id).where(Service.name == name)).one_or_none() is not None


@operation(
    "GET",
    "/services/<name>/environment",
    tag="variables",
    summary="Show the variables of a service; secrets by their names only",
    role=Role.ADMIN,
    answers={200: Environment},
)
def show_environment(name: str) -> Response:
    """The version that counts from the next deploy on."""
    with db_service.get_session() as session:
        shown = variables.shown(session, name)
        if not shown["version"] and not _known(session, name):
            raise NotFound(
                f"There is no service “{name[:80]}”, and nothing is set for one.",
                "See the services there are: jarvis status. Or set something: jarvis env set NAME KEY=VALUE.",
            )
    return answer(shown)


@operation(
    "PATCH",
    "/services/<name>/environment",
    tag="variables",
    summary="Set and take away variables of a service, from its next deploy on",
    role=Role.ADMIN,
    body=EnvironmentChange,
    example={
        "set": {"LOG_LEVEL": {"value": "info"}, "API_KEY": {"value": "s3cret", "secret": True}},
        "unset": [],
    },
    answers={200: EnvironmentChanged},
)
def change_environment(name: str) -> Response:
    """Make the next version of the environment, in one transaction."""
    body = read_body(EnvironmentChange)
    given = {key: Given(each.value, each.secret, each.phase) for key, each in body.set.items()}
    return _change(name, given, body.unset)


@operation(
    "POST",
    "/services/<name>/environment/import",
    tag="variables",
    summary="Set the variables that a .env file names; others stay",
    role=Role.ADMIN,
    body=EnvironmentImport,
    example={"text": "LOG_LEVEL=info\n# for the shop\nCURRENCY='EUR'\n"},
    answers={200: EnvironmentChanged},
)
def import_environment(name: str) -> Response:
    """Read all of it, then make the next version: a bad line stops it before anything is set."""
    body = read_body(EnvironmentImport)
    read = dotenv.read(body.text)
    return _change(name, {key: Given(value, body.secret, body.phase) for key, value in read.items()}, ())


def _change(name: str, given: Mapping[str, Given], unset: Sequence[str]) -> Response:
    with db_service.get_session() as session:
        service, new = first.prepare(session, name)
        versions.lock(session, name)
        etag.check(variables.shown(session, name))
        changed = variables.change(session, name, given=given, unset=unset, by=g.caller.name)
        if new and not changed:
            session.delete(service)
        shown: dict[str, Any] = {
            **variables.shown(session, name),
            "changed": changed,
            "message": effect(session, name, changed, new=new),
        }
    made = answer(shown)
    made.headers["Cache-Control"] = PRIVATE
    return made


def effect(session: Session, service: str, changed: Sequence[str], *, new: bool) -> str:
    """When a change takes effect, and what to type for it; `new` when nothing was ever set for the name."""
    if not changed:
        return "Nothing changed: all of it was so already."
    if not first.is_deployed(session, service):
        return first.told(session, service, new=new)
    return f"This takes effect with the next deploy of {service}: jarvis redeploy {service}"
