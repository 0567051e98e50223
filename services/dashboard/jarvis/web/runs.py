"""The form on the page of a service that runs a command beside its program."""

import shlex

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from jarvis.accounts.roles import Role
from jarvis.api.operation import RULES
from jarvis.deployments import command
from jarvis.deployments.addresses import names
from jarvis.errors import InvalidInput
from services.db_service import db_service

LONGEST = 10_000
"""Signs of a command that is typed."""

blueprint = Blueprint("runs", __name__)


@blueprint.post("/services/<name>/runs")
def run(name: str) -> Response:
    """Run what was typed, and show its story."""
    service = names.service_name(name)
    words = _words(request.form.get("command", ""))
    with db_service.get_session() as session:
        key = command.ask(session, service, words, by=g.caller.name).id
    return redirect(url_for("workflows.show", id=key), 303)


def _words(text: str) -> list[str]:
    """The words as a shell would read them; no shell runs them.

    Raises:
        InvalidInput: A quotation mark is not closed, or it is too long.
    """
    if len(text) > LONGEST:
        raise InvalidInput(f"This command has more than {LONGEST:,} signs.", "", {"field": "command"})
    try:
        return shlex.split(text)
    except ValueError as error:
        raise InvalidInput(
            f"This command cannot be read: {str(error).lower().rstrip('.')}.",
            "Close every quotation mark. For pipes and the like: sh -c '…'",
            {"field": "command"},
        ) from error


RULES["runs.run"] = Role.ADMIN
