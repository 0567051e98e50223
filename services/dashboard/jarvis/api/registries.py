"""Operations on accounts at registries of images. All are an administrator's."""

from flask import Response, g

from jarvis.accounts.roles import Role
from jarvis.api.idempotency import PRIVATE
from jarvis.api.operation import answer, operation, read_body
from jarvis.api.registry_shapes import Registries, RegistryAccount, RegistryRow
from jarvis.settings import registries
from services.db_service import db_service


@operation(
    "GET",
    "/registries",
    tag="registries",
    summary="List the registries that Jarvis has an account for",
    role=Role.ADMIN,
    answers={200: Registries},
)
def list_registries() -> Response:
    """All of them, without their passwords."""
    with db_service.get_session() as session:
        rows = [row.to_dict() for row in registries.listed(session)]
    return answer({"items": rows, "next": None})


@operation(
    "PUT",
    "/registries/<host>",
    tag="registries",
    summary="Keep an account for a registry, from the next build on",
    role=Role.ADMIN,
    body=RegistryAccount,
    example={"username": "shop", "password": "s3cret"},
    answers={200: RegistryRow},
)
def put_registry(host: str) -> Response:
    """Keep the password sealed."""
    body = read_body(RegistryAccount)
    with db_service.get_session() as session:
        row = registries.put(session, host, username=body.username, password=body.password, by=g.caller.name)
        shown = row.to_dict()
    made = answer(shown)
    made.headers["Cache-Control"] = PRIVATE
    return made


@operation(
    "DELETE",
    "/registries/<host>",
    tag="registries",
    summary="Forget the account for a registry",
    role=Role.ADMIN,
    answers={204: None},
)
def delete_registry(host: str) -> Response:
    """Images that are here already stay."""
    with db_service.get_session() as session:
        registries.remove(session, host)
    return Response(status=204)
