"""The operation by which an administrator lets a compose file do more to the machine than others may."""

from flask import Response
from sqlalchemy import select

from jarvis.accounts.roles import Role
from jarvis.api.operation import answer, operation, read_body
from jarvis.api.service_shapes import Permissions, PermissionsChange
from jarvis.deployments.addresses import names
from jarvis.deployments.compose import allowed
from jarvis.deployments.request import service_of
from jarvis.errors import NotFound
from models import Service
from services.db_service import db_service


@operation(
    "PATCH",
    "/services/<name>/permissions",
    tag="services",
    summary="Allow or forbid what a compose file may do to the machine, from the next deploy on",
    role=Role.ADMIN,
    body=PermissionsChange,
    example={"allow": ["ports"], "forbid": []},
    answers={200: Permissions},
)
def change_permissions(name: str) -> Response:
    """Change what is allowed. Without anything to change, it shows what is."""
    body = read_body(PermissionsChange)
    with db_service.get_session() as session:
        if body.allow or body.forbid:
            # It may be its first deploy that is refused: then there is no service yet.
            row = service_of(session, names.service_name(name))
        else:
            found = session.scalars(select(Service).where(Service.name == name)).one_or_none()
            if found is None:
                hint = "See jarvis status for the services there are."
                raise NotFound(f"There is no service “{name[:80]}”.", hint)
            row = found
        now = allowed.change(row, body.allow, body.forbid)
        shown = {"service": row.name, "allowed": now}
    return answer(shown)
