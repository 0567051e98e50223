"""Operations on domain records."""

from flask import Response, request
from sqlalchemy import select

from jarvis.accounts.roles import Role
from jarvis.api.operation import Parameter, answer, identifier, operation
from jarvis.api.page import PAGE, newest_first, one_of
from jarvis.api.shapes import DomainRow, Domains
from jarvis.errors import NotFound
from models import DomainRecord, RecordStatus
from services.db_service import db_service


@operation(
    "GET",
    "/domains",
    tag="domains",
    summary="List domain records, newest first",
    role=Role.VIEWER,
    parameters=(
        *PAGE,
        Parameter("domain", "Only of this name."),
        Parameter("status", "Only with this status."),
    ),
    answers={200: Domains},
)
def list_domains() -> Response:
    """A page of domain records."""
    query = select(DomainRecord)
    if domain := request.args.get("domain"):
        query = query.where(DomainRecord.domain == domain.lower())
    if (condition := one_of("status", RecordStatus, DomainRecord.status)) is not None:
        query = query.where(condition)
    with db_service.get_session() as session:
        page = newest_first(session, query, DomainRecord.created_at, DomainRecord.id, DomainRecord.to_dict)
    return answer(page)


@operation(
    "GET",
    "/domains/<id>",
    tag="domains",
    summary="Show a domain record",
    role=Role.VIEWER,
    answers={200: DomainRow},
)
def show_domain(id: str) -> Response:  # noqa: A002 - the name in the address
    """One domain record."""
    with db_service.get_session() as session:
        row = session.get(DomainRecord, identifier(id, "domain record"))
        if row is None:
            raise NotFound(f"There is no domain record {id}.", "See GET /api/v1/domains.")
        return answer(row.to_dict())
